//! What parent and worker say to each other: protocol 1, JSON lines over the worker's standard input and output.
//!
//! Any program that speaks it can be a strategy. Each message is one JSON object on one line, with its kind in `type`; unknown
//! fields are ignored. Durations are integer nanoseconds. Standard error is free; its last line becomes the reason if the
//! worker dies.
//!
//! 1. The worker starts with `hello`, which names the protocol, its own version and the cells it can open
//!    (`workload/strategy`).
//! 2. The parent sends `open` with one cell, its sizes and its setup. The worker starts runtimes, opens connections, runs one
//!    wave of the work and answers `opened`, or `failed` with a reason.
//! 3. For each sample: if the cell was opened with `release`, the parent sends `wake` and the worker reopens what it had let go,
//!    runs one wave again and answers `opened`. Then the parent resets the server and sends `go`. The worker runs the whole work once and answers
//!    `sample`, or `failed`. A cell with `release` then lets its threads and connections go.
//! 4. The end of its standard input ends the worker. Between messages it waits without using the processor.
//!
//! A worker runs units against the server in `setup.server`: what a unit asks for is in the `workloads` crate, as is the tally
//! that the parent expects. The parent never believes a time without the tally, and asks the server for its own account.
//!
//! ```
//! use harness::protocol::ToWorker;
//! let line = r#"{"type":"go"}"#;
//! assert_eq!(serde_json::from_str::<ToWorker>(line).unwrap(), ToWorker::Go);
//! ```

use model::Measurement;
use serde::{Deserialize, Serialize};
use strategies::Setup;
use workloads::Params;

/// Version of this protocol.
pub const PROTOCOL: u32 = 1;

/// From the parent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
#[expect(clippy::large_enum_variant, reason = "there is one message at a time")]
pub enum ToWorker {
    /// Open one cell and run one wave of it.
    Open(OpenCell),
    /// Reopen what was released, and run one wave.
    Wake,
    /// Take one sample.
    Go,
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
#[expect(clippy::large_enum_variant, reason = "there is one message at a time")]
pub enum FromWorker {
    /// Its first words.
    Hello {
        /// [`PROTOCOL`].
        protocol: u32,
        /// Version of the worker.
        version: String,
        /// Cells it can open, as `workload/strategy`.
        cells: Vec<String>,
    },
    /// The cell is open.
    Opened,
    /// A sample was taken.
    Sample(Measurement),
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
            limit: 4,
            workers: 2,
            connections: 4,
            server: Some(([127, 0, 0, 1], 80).into()),
        };
        let params = Params {
            seed: 1,
            tasks: 8,
            latency: "1ms".parse().unwrap(),
            folder: None,
            numbers: Default::default(),
        };
        let cell = OpenCell {
            workload: "get".into(),
            strategy: "tokio".into(),
            params,
            setup,
            release: false,
        };
        for message in [ToWorker::Open(cell), ToWorker::Wake, ToWorker::Go] {
            let line = serde_json::to_string(&message).unwrap();
            assert!(!line.contains('\n'));
            assert_eq!(serde_json::from_str::<ToWorker>(&line).unwrap(), message);
        }
        for message in [
            FromWorker::Opened,
            FromWorker::Sample(Measurement::default()),
        ] {
            let line = serde_json::to_string(&message).unwrap();
            assert_eq!(serde_json::from_str::<FromWorker>(&line).unwrap(), message);
        }
    }
}
