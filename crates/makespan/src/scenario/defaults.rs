//! The sizes of a workload where nobody says any.

use std::time::Duration;

use model::{Load, Spec};
use workloads::Latency;

/// Units of a workload that `core` does not have.
pub(crate) const TASKS: u64 = 20;

/// How long its waits last.
pub(crate) const LATENCY: Latency = Latency::Fixed(Duration::from_millis(20));

/// A workload as `core` has it, or else at sizes that are quickly measured.
pub(super) fn load(core: &Spec, name: &str) -> Load {
    let load = core.workloads.iter().find(|load| load.name == name);
    load.cloned()
        .unwrap_or_else(|| Load::new(name, TASKS, LATENCY))
}
