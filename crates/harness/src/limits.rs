//! What the operating system lets a process hold, and whether that is enough.

use anyhow::{Result, ensure};
use model::Limits;
use nix::sys::resource::{Resource, getrlimit, setrlimit};

use crate::Prepared;

/// Descriptors beside connections: standard streams, timers, event loops.
const BESIDE: u64 = 64;

/// Threads and connections that all workers may hold at once; above it they let go of them between samples.
pub(crate) const HELD_AT_ONCE: usize = 8000;

/// The limits of this process.
pub fn limits() -> Limits {
    let hard = |resource| getrlimit(resource).ok().map(|(_, hard)| hard);
    #[cfg(target_os = "linux")]
    let threads = hard(Resource::RLIMIT_NPROC);
    #[cfg(not(target_os = "linux"))]
    let threads = None;
    Limits {
        descriptors: hard(Resource::RLIMIT_NOFILE),
        threads,
    }
}

/// Raises the soft limit of open files to the hard one. What cannot be raised is found by [`check`].
pub(crate) fn raise_descriptors() {
    if let Ok((_, hard)) = getrlimit(Resource::RLIMIT_NOFILE) {
        let _ = setrlimit(Resource::RLIMIT_NOFILE, hard, hard);
    }
}

/// Whether workers let go of threads and connections between samples, because together they would hold too many.
pub(crate) fn must_release(cells: &[Prepared]) -> bool {
    cells.iter().map(|cell| cell.holds).sum::<usize>() > HELD_AT_ONCE
}

/// Refuses a run that could not open its connections. The server needs one descriptor for each that is open at a time.
pub fn check(cells: &[Prepared], limits: &Limits) -> Result<()> {
    let Some(descriptors) = limits.descriptors else {
        return Ok(());
    };
    let connections = cells.iter().map(|cell| cell.setup.connections as u64);
    let needed = if must_release(cells) {
        connections.max()
    } else {
        connections.reduce(|a, b| a + b)
    };
    let needed = needed.unwrap_or(0) + BESIDE;
    ensure!(
        needed <= descriptors,
        "concurrency = {}: the mock server would need {needed} open files and the limit is {descriptors} (ulimit -Hn); \
         allowed here are 1 to {}",
        cells.iter().map(|cell| cell.setup.limit).max().unwrap_or(0),
        descriptors.saturating_sub(BESIDE).max(1)
    );
    Ok(())
}
