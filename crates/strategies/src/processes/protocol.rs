//! What is said to a child and what it answers: JSON lines over its standard input and output.

use serde::{Deserialize, Serialize};
use workloads::{Params, Tally};

use crate::Setup;

/// The first argument that gives an executable another role than its own. Not for people.
pub const HIDDEN: &str = "__makespan";

/// The role of a child, as the argument behind [`HIDDEN`].
pub const ROLE: &str = "child";

/// What a child is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum ToChild {
    /// To get ready for units of this work.
    Open {
        /// Name of the workload.
        workload: String,
        /// Its sizes.
        params: Params,
        /// The numbers of the child. Its limit is one unit.
        setup: Setup,
    },
    /// To change to the delays of another draw. Connections stay as they are.
    Draw {
        /// The number of the draw.
        draw: u32,
    },
    /// To do one unit.
    Unit {
        /// Its number.
        unit: u64,
    },
}

/// What a child answers.
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
    /// It could not do what was asked.
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
