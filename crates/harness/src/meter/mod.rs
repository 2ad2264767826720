//! The clocks of one sample, read in the process that runs it.

pub(crate) mod allocations;

use std::fs::{self, File};
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use model::Measurement;
use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use nix::time::{ClockId, clock_gettime};
use workloads::Tally;

use crate::meter::allocations::Allocations;

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
    /// Starts all clocks; the wall clock last, and before it those that a file is read for.
    pub fn start() -> Result<Meter> {
        // Resets the kernel's mark of the highest resident memory (proc(5)); where that is refused there is no peak per sample.
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

    /// Stops all clocks; the wall clock first.
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
            // The call that read the first count came after it.
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

/// The clocks of a process that waits for a message.
pub(crate) struct Parked {
    wall: Instant,
    cpu: Duration,
}

impl Parked {
    /// Begins to wait.
    pub(crate) fn now() -> Result<Parked> {
        Ok(Parked {
            wall: Instant::now(),
            cpu: cpu_time()?,
        })
    }

    /// How long it has waited, and the CPU time that it used meanwhile, both in nanoseconds.
    pub(crate) fn so_far(&self) -> Result<(u64, u64)> {
        let cpu = cpu_time()?.saturating_sub(self.cpu);
        Ok((nanoseconds(self.wall.elapsed()), nanoseconds(cpu)))
    }
}

/// How often all threads of this process, also those that ended, have called `read` and `write` or their kin.
#[derive(Clone, Copy)]
struct Calls {
    read: u64,
    write: u64,
}

impl Calls {
    /// None where the system does not tell. One call of `read` itself, behind what it returns.
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

/// Threads of this process now.
pub(crate) fn threads() -> Option<u64> {
    status("Threads")
}

/// Runs `work` and counts the threads of this process meanwhile, twice per millisecond, the counting one left out.
/// That costs time, so it is done in the warm-up and never in a sample.
pub(crate) fn most_threads<T>(work: impl FnOnce() -> T) -> (T, Option<u64>) {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let counter = thread::Builder::new().spawn_scoped(scope, || {
            let mut most = None;
            while !done.load(Ordering::Relaxed) {
                most = most.max(threads());
                thread::sleep(Duration::from_micros(500));
            }
            most.map(|most| most - 1)
        });
        let result = work();
        done.store(true, Ordering::Relaxed);
        // Where the system starts no thread more, the row goes on and nobody knows how many it had.
        let most = counter.ok().and_then(|counter| {
            let counted = counter.join();
            counted.expect("counting threads does not panic")
        });
        (result, most)
    })
}

/// One number of `/proc/self/status`; none where the system has no such file.
pub(crate) fn status(key: &str) -> Option<u64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
    line.split_whitespace().next()?.parse().ok()
}

/// CPU time of this process: exact, other than its split into user and system.
pub(crate) fn cpu_time() -> Result<Duration> {
    let time =
        clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID).context("cannot read the CPU clock")?;
    Ok(time.into())
}

/// As the protocol has it.
pub(crate) fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
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

    #[test]
    fn whoever_is_parked_and_busy_is_seen() {
        let parked = Parked::now().unwrap();
        let (pause, before) = (Duration::from_millis(5), cpu_time().unwrap());
        thread::sleep(pause);
        while cpu_time().unwrap() < before + pause {}
        let (wall, cpu) = parked.so_far().unwrap();
        assert!(wall >= nanoseconds(pause) && cpu >= nanoseconds(pause));
    }

    #[test]
    fn threads_that_live_only_meanwhile_are_counted() {
        let ((), most) = most_threads(|| {
            thread::scope(|scope| {
                for _ in 0..50 {
                    scope.spawn(|| thread::sleep(Duration::from_millis(30)));
                }
            });
        });
        if let Some(most) = most {
            assert!(most > 50, "{most}");
            assert!(threads() < Some(most), "they have ended");
        }
    }
}
