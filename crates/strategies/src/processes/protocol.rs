//! What is said to a child and what it answers: JSON lines over its standard input and output.

use serde::{Deserialize, Serialize};
use workloads::{Params, Tally};

use crate::Setup;

/// The first argument that gives an executable another role than its own. Not for people.
pub const HIDDEN: &str = "__makespan";

/// The role of a child, as the argument behind [`HIDDEN`].
pub const ROLE: &str = "child";

/// To a child.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum ToChild {
    /// Get ready for units of this work.
    Open {
        /// Name of the workload.
        workload: String,
        /// Its sizes.
        params: Params,
        /// Numbers of the child, which does one unit at a time.
        setup: Setup,
    },
    /// Take up the delays of another draw of the work that is open. Connections stay as they are.
    Draw {
        /// Which.
        draw: u32,
    },
    /// Do one unit.
    Unit {
        /// Its number.
        unit: u64,
    },
}

/// From a child.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum FromChild {
    /// It is ready.
    Opened,
    /// The unit is done.
    Done {
        /// What it produced.
        tally: Tally,
        /// Units that it uncovered.
        next: Vec<u64>,
        /// CPU time of the child since its last answer.
        cpu_ns: u64,
    },
    /// What was asked could not be done.
    Failed {
        /// Why.
        reason: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_is_one_line_and_can_be_read_back() {
        let params = Params::new(1, 8, "1ms".parse().unwrap());
        let setup = Setup::new(1, 1);
        let workload = "get".to_owned();
        let open = ToChild::Open {
            workload,
            params,
            setup,
        };
        for message in [open, ToChild::Draw { draw: 3 }, ToChild::Unit { unit: 7 }] {
            let line = serde_json::to_string(&message).unwrap();
            assert!(!line.contains('\n'));
            assert_eq!(serde_json::from_str::<ToChild>(&line).unwrap(), message);
        }
        let done = FromChild::Done {
            tally: Tally::of(7, b"seven"),
            next: vec![8, u64::MAX],
            cpu_ns: 9,
        };
        let reason = "two\nlines".to_owned();
        for message in [FromChild::Opened, done, FromChild::Failed { reason }] {
            let line = serde_json::to_string(&message).unwrap();
            assert!(!line.contains('\n'));
            assert_eq!(serde_json::from_str::<FromChild>(&line).unwrap(), message);
        }
    }
}
