//! A bucket brigade: units hand one message on in a circle. This shows what it costs to switch to another thread or task.
//!
//! After jimblandy/context-switch, where the message is a byte in a pipe. Here it lies in memory, so no strategy needs pipes.

use std::sync::Arc;

use anyhow::Result;

use crate::mailbox::Mailbox;
use crate::{Done, Facts, Io, Need, Number, Outline, Params, Tally, Unit, Work, Workload, mix};

/// Each unit waits for the message, adds its mark and hands it on, as often as the message goes around.
#[derive(Clone, Debug)]
pub struct Brigade {
    params: Params,
    laps: u64,
    boxes: Arc<[Mailbox]>,
}

const LAPS: Number = Number {
    name: "laps",
    about: "how often the message goes around",
    default: 10,
    min: 1,
    max: 100_000,
};

impl Brigade {
    fn of(params: &Params, laps: u64) -> Self {
        let boxes: Arc<[Mailbox]> = (0..params.tasks).map(|_| Mailbox::default()).collect();
        // The message is at the first unit.
        if let Some(first) = boxes.first() {
            first.put(params.seed);
        }
        Brigade {
            params: params.clone(),
            laps,
            boxes,
        }
    }

    /// The mark that a unit leaves on the message.
    fn marked(message: u64, unit: u64) -> u64 {
        mix(message, unit)
    }

    /// What a unit proves: the message as it last handed it on.
    fn tally(&self, unit: u64, message: u64) -> Tally {
        Tally::of(mix(self.params.seed, unit), &message.to_le_bytes())
    }
}

impl Outline for Brigade {
    fn facts(&self) -> &'static Facts {
        &Self::FACTS
    }

    fn params(&self) -> &Params {
        &self.params
    }

    fn expected(&self) -> Tally {
        let mut message = self.params.seed;
        let mut last = Tally::default();
        for lap in 0..self.laps {
            for unit in 0..self.params.tasks {
                message = Self::marked(message, unit);
                if lap + 1 == self.laps {
                    last += self.tally(unit, message);
                }
            }
        }
        last
    }

    fn together(&self) -> u64 {
        self.params.tasks
    }
}

impl Work for Brigade {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        let own = unit.0 as usize;
        let next = &self.boxes[(own + 1) % self.boxes.len()];
        let mut message = 0;
        for _ in 0..self.laps {
            io.wait(self.boxes[own].filled()).await;
            message = Self::marked(self.boxes[own].take()?, unit.0);
            next.put(message);
        }
        Ok(self.tally(unit.0, message).into())
    }

    fn begin(&self) -> Self {
        Brigade::of(&self.params, self.laps)
    }
}

impl Workload for Brigade {
    const FACTS: Facts = Facts {
        needs: &[Need::Together, Need::Messages, Need::Memory],
        waits: false,
        numbers: &[LAPS],
        ..Facts::new(
            "brigade",
            "units hand one message on in a circle: the price of a switch to another thread or task",
        )
    };

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        Ok(Brigade::of(params, params.number(&Self::FACTS, LAPS.name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_unit_proves_the_message_of_its_last_lap() {
        let params = Params {
            numbers: [("laps".to_owned(), 2)].into(),
            ..Params::new(7, 3, "1ms".parse().unwrap())
        };
        let brigade = Brigade::new(&params).unwrap();
        let mut message = 7;
        for unit in 0..3 {
            message = mix(message, unit);
        }
        let mut expected = Tally::default();
        for unit in 0..3 {
            message = mix(message, unit);
            expected += brigade.tally(unit, message);
        }
        assert_eq!(brigade.expected(), expected);
        assert_eq!(brigade.together(), 3);
    }
}
