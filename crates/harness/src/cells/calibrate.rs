//! How fast units compute on this machine: measured once, at the start of a run that needs to know.

use anyhow::Result;
use model::Spec;

use crate::cells::registry::Registry;
use crate::machine::pace::measure;

/// Measures how fast this machine computes, if any workload of the spec computes, and says so in the spec.
///
/// # Errors
///
/// If the system refuses to say or to set where this thread runs, or to tell its time.
pub fn calibrate(registry: &Registry, spec: &mut Spec) -> Result<()> {
    let computes = |name: &str| {
        registry
            .workload(name)
            .is_ok_and(|entry| entry.facts.computes)
    };
    let needed = spec.workloads.iter().any(|load| computes(&load.name));
    spec.computing = if needed { Some(measure()?) } else { None };
    Ok(())
}
