//! One thing that was found, in plain words.

use serde::Serialize;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Level {
    /// All is well.
    Good,
    /// Worth knowing before a number is quoted.
    Note,
    /// A plain run asks for more than this machine has.
    Problem,
}

impl Level {
    /// How it is written in front of a line.
    pub(crate) fn mark(self) -> &'static str {
        match self {
            Level::Good => "ok",
            Level::Note => "note",
            Level::Problem => "problem",
        }
    }
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    /// What it is about, in a word or two, always the same.
    pub(crate) about: &'static str,
    /// How much it matters.
    pub(crate) level: Level,
    /// What is the case.
    pub(crate) what: String,
    /// What follows for measuring.
    pub(crate) means: String,
    /// What can be done about it, if anything.
    pub(crate) fix: Option<String>,
}

impl Finding {
    /// Makes a finding. A good one has no fix.
    pub(super) fn new(
        about: &'static str,
        level: Level,
        what: String,
        means: String,
        fix: &str,
    ) -> Finding {
        let fix = Some(fix.to_owned()).filter(|fix| level > Level::Good && !fix.is_empty());
        Finding {
            about,
            level,
            what,
            means,
            fix,
        }
    }
}
