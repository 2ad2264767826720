//! The messages between parent and worker.

use model::Measurement;
use serde::{Deserialize, Serialize};
use strategies::Setup;
use workloads::{Params, Trace};

/// From the parent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum ToWorker {
    /// Open one cell and run one wave of it.
    Open(Box<OpenCell>),
    /// Reopen what was released, and run one wave.
    Wake,
    /// Open one cell with a recorder around its work, for one run. Only makespan's own workers can do that.
    OpenTraced(Box<OpenCell>),
    /// Take one sample.
    Go {
        /// Which delays it has; see [`Params::draw`].
        #[serde(default, skip_serializing_if = "is_first")]
        draw: u32,
    },
}

fn is_first(draw: &u32) -> bool {
    *draw == 0
}

/// One cell, with everything a worker needs to know of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenCell {
    /// Name of the workload.
    pub workload: String,
    /// Name of the strategy.
    pub strategy: String,
    /// Sizes of the workload.
    pub params: Params,
    /// Numbers of the strategy.
    pub setup: Setup,
    /// Let threads and connections go between samples.
    pub release: bool,
}

/// From the worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum FromWorker {
    /// Its first words.
    Hello {
        /// The version that it speaks.
        protocol: u32,
        /// Version of the worker. Free.
        #[serde(default)]
        version: String,
        /// Cells it can open, as `workload/strategy`; a program may list `workload/*` or `workload`.
        #[serde(default)]
        cells: Vec<String>,
        /// Why it cannot run here, if it cannot.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unsupported: Option<String>,
    },
    /// The cell is open.
    Opened,
    /// A sample was taken.
    Sample(Box<Measurement>),
    /// A traced run. What was measured beside it only tells that the work was done; its time includes the recording.
    Traced {
        /// What it produced and what it cost.
        sample: Box<Measurement>,
        /// What each unit did, and when.
        trace: Box<Trace>,
    },
    /// What was asked could not be done. The worker goes on.
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
        let setup = Setup {
            connections: 4,
            server: Some(([127, 0, 0, 1], 80).into()),
            ..Setup::new(4, 2)
        };
        let params = Params::new(1, 8, "1ms".parse().unwrap());
        let cell = OpenCell {
            workload: "get".into(),
            strategy: "tokio".into(),
            params,
            setup,
            release: false,
        };
        let go = [0, 7].map(|draw| ToWorker::Go { draw });
        let traced = ToWorker::OpenTraced(cell.clone().into());
        for message in [ToWorker::Open(cell.into()), ToWorker::Wake, traced]
            .into_iter()
            .chain(go)
        {
            let line = serde_json::to_string(&message).unwrap();
            assert!(!line.contains('\n'));
            assert_eq!(serde_json::from_str::<ToWorker>(&line).unwrap(), message);
        }
        let traced = FromWorker::Traced {
            sample: Box::default(),
            trace: Box::default(),
        };
        for message in [
            FromWorker::Opened,
            FromWorker::Sample(Box::default()),
            traced,
        ] {
            let line = serde_json::to_string(&message).unwrap();
            assert_eq!(serde_json::from_str::<FromWorker>(&line).unwrap(), message);
        }
    }
}
