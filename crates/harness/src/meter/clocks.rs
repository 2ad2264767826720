//! The clocks of one sample, read in the process that runs it.

use std::fs::{self, File};
use std::io::Read;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use model::Measurement;
use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use workloads::Tally;

use crate::meter::allocations::{self, Allocations};
use crate::meter::process::{cpu_time, nanoseconds, status, threads};

/// Running clocks.
pub struct Meter {
    rss_base_bytes: Option<u64>,
    peak_is_fresh: bool,
    calls: Option<Calls>,
    usage: Usage,
    allocations: Option<Allocations>,
    cpu: Duration,
    wall: Instant,
}

impl Meter {
    /// Starts all clocks. The wall clock starts last, and clocks that are read from a file start first.
    pub fn start() -> Result<Meter> {
        // Resets the kernel's mark of the highest resident memory (proc(5)). If that is refused, there is no peak per sample.
        let peak_is_fresh = fs::write("/proc/self/clear_refs", "5").is_ok();
        let rss_base_bytes = status("VmRSS").map(|kib| kib * 1024);
        let calls = Calls::so_far();
        let usage = getrusage(UsageWho::RUSAGE_SELF).context("cannot read the resource usage")?;
        Ok(Meter {
            rss_base_bytes,
            peak_is_fresh,
            calls,
            usage,
            allocations: allocations::so_far(),
            cpu: cpu_time()?,
            wall: Instant::now(),
        })
    }

    /// Stops all clocks, the wall clock first.
    pub fn stop(self, tally: Tally) -> Result<Measurement> {
        let wall = self.wall.elapsed();
        let cpu = cpu_time()?;
        let allocations = self.allocations.zip(allocations::so_far());
        let after = getrusage(UsageWho::RUSAGE_SELF).context("cannot read the resource usage")?;
        let calls = self.calls.zip(Calls::so_far());
        let grown = |value: fn(&Usage) -> i64| {
            u64::try_from(value(&after) - value(&self.usage)).unwrap_or(0)
        };
        Ok(Measurement {
            wall_ns: nanoseconds(wall),
            cpu_ns: nanoseconds(cpu.saturating_sub(self.cpu)),
            cpu_user_ns: grown(|usage| usage.user_time().num_nanoseconds()),
            cpu_system_ns: grown(|usage| usage.system_time().num_nanoseconds()),
            switches_voluntary: grown(Usage::voluntary_context_switches),
            switches_involuntary: grown(Usage::involuntary_context_switches),
            minor_faults: grown(Usage::minor_page_faults),
            // One of the calls is that which read the first count.
            read_syscalls: calls
                .map(|(before, after)| (after.read - before.read).saturating_sub(1)),
            write_syscalls: calls.map(|(before, after)| after.write - before.write),
            allocations: allocations.map(|(before, after)| after.count - before.count),
            allocated_bytes: allocations.map(|(before, after)| after.bytes - before.bytes),
            threads_peak: threads(),
            rss_base_bytes: self.rss_base_bytes,
            rss_peak_bytes: status("VmHWM")
                .filter(|_| self.peak_is_fresh)
                .map(|kib| kib * 1024),
            reopened: false,
            tally,
            ..Measurement::default()
        })
    }
}

/// How often all threads of this process have called `read` and `write` or their kin. Threads that ended are included.
#[derive(Clone, Copy)]
struct Calls {
    read: u64,
    write: u64,
}

impl Calls {
    /// The calls up to now. `None` where the system does not tell. This itself is one more call of `read`, not yet counted.
    fn so_far() -> Option<Calls> {
        let mut text = [0; 512];
        let length = File::open("/proc/self/io").ok()?.read(&mut text).ok()?;
        let text = str::from_utf8(&text[..length]).ok()?;
        let count = |key: &str| {
            let line = |line: &str| line.strip_prefix(key)?.strip_prefix(": ")?.parse().ok();
            text.lines().find_map(line)
        };
        Some(Calls {
            read: count("syscr")?,
            write: count("syscw")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_seen_on_every_clock() {
        let meter = Meter::start().unwrap();
        let memory = vec![1u8; 64 << 20];
        let tally = Tally {
            count: memory.iter().map(|byte| u64::from(*byte)).sum(),
            digest: 0,
        };
        let sample = meter.stop(tally).unwrap();
        assert_eq!(sample.tally.count, 64 << 20);
        assert!(sample.wall_ns > 0 && sample.cpu_ns > 0);
        if let (Some(base), Some(peak)) = (sample.rss_base_bytes, sample.rss_peak_bytes) {
            assert!(
                peak >= base + (60 << 20),
                "64 MiB were touched: {base} -> {peak}"
            );
        }
    }
}
