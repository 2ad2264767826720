//! The version of the protocol, and which versions are understood.

use std::fmt::{self, Display, Formatter};

/// Version of this protocol.
pub const PROTOCOL: u32 = 2;

/// The version before, which cannot take up another draw.
const WITHOUT_DRAWS: u32 = 1;

/// Why a worker that speaks another version is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// It cannot draw new delays for each round, and the cell has such delays.
    WithoutDraws,
    /// Nobody here understands this version.
    Unknown(u32),
}

/// Refuses a version that is not enough. `varies` says whether each round has delays of its own.
pub(crate) fn check(protocol: u32, varies: bool) -> Result<(), Mismatch> {
    match protocol {
        PROTOCOL => Ok(()),
        WITHOUT_DRAWS if varies => Err(Mismatch::WithoutDraws),
        WITHOUT_DRAWS => Ok(()),
        other => Err(Mismatch::Unknown(other)),
    }
}

impl Display for Mismatch {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self {
            Mismatch::WithoutDraws => write!(
                f,
                "it speaks protocol {WITHOUT_DRAWS}, which cannot draw new delays for each round; allowed are protocol {PROTOCOL}, or a latency that is the same for all"
            ),
            Mismatch::Unknown(version) => {
                write!(f, "the worker speaks protocol {version}, not {PROTOCOL}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_before_is_understood_where_delays_are_equal() {
        assert!(check(2, true).is_ok() && check(2, false).is_ok() && check(1, false).is_ok());
        let reason = check(1, true).unwrap_err().to_string();
        assert!(
            reason.contains("protocol 1") && reason.contains("allowed are"),
            "{reason}"
        );
        let newer = check(3, false).unwrap_err().to_string();
        assert_eq!(newer, "the worker speaks protocol 3, not 2");
    }
}
