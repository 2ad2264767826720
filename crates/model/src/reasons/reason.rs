//! One reason beside a row, and the rule that finds it.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::reasons::evidence::Evidence;

/// The reason of a row that cannot use its whole limit. Others ask for it by name.
pub const CAPPED: &str = "capped";

/// Why a row has a number that surprises. It says *may* where the rule cannot prove it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Which of the [catalogue](crate::REASONS) it is.
    pub id: String,
    /// What is the reason, the same for all rows that it holds for.
    pub text: String,
    /// The numbers of this row.
    pub detail: String,
    /// Where to read more: the address of a documentation page or an issue.
    pub source: String,
}

/// The sentence: what, and the numbers.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.text, self.detail)
    }
}

/// One entry of the catalogue.
#[derive(Debug)]
pub struct Rule {
    /// A short name, in kebab case.
    pub id: &'static str,
    /// When it holds, in words.
    pub when: &'static str,
    /// Where to read more.
    pub source: &'static str,
    /// What it says of a row; `None` where it does not hold.
    pub(crate) finds: fn(&Evidence) -> Option<Said>,
}

/// What a rule says of a row: the text, and the numbers.
pub(crate) type Said = (String, String);

impl Rule {
    /// The reason, if it holds.
    pub(crate) fn reason(&self, seen: &Evidence) -> Option<Reason> {
        let (text, detail) = (self.finds)(seen)?;
        Some(Reason {
            id: self.id.to_owned(),
            text,
            detail,
            source: self.source.to_owned(),
        })
    }
}
