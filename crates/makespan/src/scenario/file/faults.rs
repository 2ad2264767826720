//! All that is wrong with a scenario file, each fault with its line.

use std::fmt;
use std::ops::Range;

/// The faults of one text.
#[derive(Debug)]
pub(super) struct Faults<'a> {
    /// The path or the name of the text.
    name: &'a str,
    text: &'a str,
    /// Each fault: where it begins, and what is wrong.
    found: Vec<(usize, String)>,
}

impl<'a> Faults<'a> {
    pub(super) fn new(name: &'a str, text: &'a str) -> Self {
        Faults {
            name,
            text,
            found: Vec::new(),
        }
    }

    /// Adds a fault of this part of the text.
    pub(super) fn add(&mut self, at: &Range<usize>, what: impl Into<String>) {
        self.found.push((at.start, what.into()));
    }

    /// A part of the text as it is written.
    pub(super) fn written(&self, at: &Range<usize>) -> &'a str {
        self.text.get(at.clone()).unwrap_or_default()
    }

    /// The line of a part of the text, from 1.
    pub(super) fn line(&self, at: &Range<usize>) -> usize {
        let before = self.text.as_bytes().iter().take(at.start);
        before.filter(|byte| **byte == b'\n').count() + 1
    }

    /// # Errors
    ///
    /// If there are faults: all of them in one error.
    pub(super) fn check(&mut self) -> anyhow::Result<()> {
        self.found.sort();
        match self.found.is_empty() {
            true => Ok(()),
            false => Err(anyhow::anyhow!("{self}")),
        }
    }
}

impl fmt::Display for Faults<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.found.len() > 1 {
            writeln!(f, "scenario {} has {} faults", self.name, self.found.len())?;
        }
        for (index, (at, what)) in self.found.iter().enumerate() {
            let (end, line) = (if index > 0 { "\n" } else { "" }, self.line(&(*at..*at)));
            // Each fault is one line.
            let what = what.lines().collect::<Vec<_>>().join(", ");
            write!(f, "{end}{}:{line}: {what}", self.name)?;
        }
        Ok(())
    }
}
