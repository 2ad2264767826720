//! The workloads that measure timers and clients before a comparison.

use std::time::Duration;

use workloads::Latency;

use crate::{Load, Spec, Swept};

/// Rounds that count: the fewest that have an interval.
pub(crate) const ROUNDS: u32 = 6;

/// The client that the others are compared with: HTTP by hand over blocking sockets.
pub const RAW: &str = "thread-pool-raw";

impl Spec {
    /// Puts the workloads of the calibration before the others, if it is wanted and they are not there.
    pub fn calibrate(&mut self) {
        if self.calibration && !self.workloads.iter().any(|load| load.calibration) {
            self.workloads.splice(0..0, loads());
        }
    }
}

fn loads() -> Vec<Load> {
    let load = |name: &str, swept: Swept, tasks: u64, wait_ms: u64, concurrency: usize| Load {
        swept: Some(swept),
        calibration: true,
        concurrency: Some(concurrency),
        ..Load::new(name, tasks, Latency::Fixed(Duration::from_millis(wait_ms)))
    };
    let timer = |wait_ms| {
        let wait = Latency::Fixed(Duration::from_millis(wait_ms));
        load("sleep", Swept::Timer(wait), 1, wait_ms, 1)
    };
    // Enough requests for a sample of some milliseconds.
    let client =
        |concurrency: usize, tasks| load("get", Swept::Client(concurrency), tasks, 0, concurrency);
    vec![
        timer(1),
        timer(5),
        timer(20),
        client(1, 32),
        client(64, 640),
    ]
}
