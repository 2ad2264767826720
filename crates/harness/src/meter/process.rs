//! What the system says of this process.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};
use nix::time::{ClockId, clock_gettime};

/// Threads of this process now.
pub(crate) fn threads() -> Option<u64> {
    status("Threads")
}

/// One number of `/proc/self/status`. `None` where the system has no such file.
pub(crate) fn status(key: &str) -> Option<u64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The exact CPU time of this process. Its split into user and system time is not exact.
pub(crate) fn cpu_time() -> Result<Duration> {
    let time =
        clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID).context("cannot read the CPU clock")?;
    Ok(time.into())
}

/// A duration as the protocol has it.
pub(crate) fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
