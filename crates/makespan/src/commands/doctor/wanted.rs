//! What a plain run asks of a machine.

use std::time::Duration;

use model::Spec;
use workloads::Latency;

/// The sizes that matter to a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// The shortest wait.
    pub(crate) wait: Duration,
    /// The most units in flight.
    pub(crate) concurrency: u64,
    /// The most worker threads of an asynchronous runtime.
    pub(crate) workers: usize,
}

impl Wanted {
    /// By the sizes of a scenario.
    pub(crate) fn by(spec: &Spec) -> Wanted {
        let shortest = |latency: &Latency| match *latency {
            Latency::Fixed(wait) => wait,
            Latency::Uniform { low, .. } => low,
            Latency::LogNormal { median, .. } => median,
        };
        let loads = || spec.workloads.iter();
        let (waits, limits) = (
            loads().map(|load| shortest(&load.latency)),
            loads().map(|load| load.concurrency(spec)),
        );
        Wanted {
            wait: waits.min().unwrap_or_default(),
            concurrency: limits.max().unwrap_or(spec.concurrency) as u64,
            workers: loads()
                .map(|load| load.workers(spec))
                .max()
                .unwrap_or(spec.workers),
        }
    }
}
