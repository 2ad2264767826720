//! Who keeps every line of a run in its journal.

use anyhow::Result;
use model::Header;

use crate::parent::before::Before;
use crate::parent::event::Event;
use crate::store::journal::Journal;

/// Writes the journal as long as that is possible. What was measured is in memory too.
pub(super) struct Keeper<'a> {
    journal: Option<&'a mut Journal>,
    samples: u32,
    failure: Option<anyhow::Error>,
}

/// Who hears what happens.
type Tell<'a> = dyn FnMut(&Event) + 'a;

impl<'a> Keeper<'a> {
    /// Writes the first line.
    pub(super) fn begin(
        journal: Option<&'a mut Journal>,
        header: &Header,
        tell: &mut Tell,
    ) -> Self {
        let mut keeper = Keeper {
            journal,
            samples: 0,
            failure: None,
        };
        keeper.write(tell, |journal| journal.begin(header));
        keeper
    }

    /// Writes that a run goes on.
    pub(super) fn go_on(
        journal: Option<&'a mut Journal>,
        before: &Before,
        tell: &mut Tell,
    ) -> Self {
        let resumed = before.resumed();
        let mut keeper = Keeper {
            journal,
            samples: resumed.samples,
            failure: None,
        };
        keeper.write(tell, |journal| journal.resumed(&resumed));
        keeper
    }

    /// Writes the line of an event, if it has one.
    pub(super) fn keep(&mut self, event: &Event, tell: &mut Tell) {
        match event {
            Event::Sampled(sample) => {
                self.write(tell, |journal| journal.sample(sample));
                self.samples += 1;
            }
            Event::Block(conditions) => self.write(tell, |journal| journal.block(conditions)),
            _ => {}
        }
    }

    /// Writes a line, unless one before it could not be written.
    pub(super) fn write(
        &mut self,
        tell: &mut Tell,
        write: impl FnOnce(&mut Journal) -> Result<()>,
    ) {
        let Some(journal) = self.journal.as_mut().filter(|_| self.failure.is_none()) else {
            return;
        };
        if let Err(error) = write(journal) {
            // A line that is cut off would hide the one behind it, so nothing more is written.
            let error = error.context(format!("kept until sample {}", self.samples));
            tell(&Event::KeptNoMore { reason: &error });
            self.failure = Some(error);
        }
    }

    /// Why the journal ends before the run does, if it does.
    pub(super) fn failure(self) -> Option<anyhow::Error> {
        self.failure
    }
}
