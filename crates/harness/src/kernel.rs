//! What the kernel says of the whole machine and of single processes.

use std::fs;
use std::hint::black_box;
use std::time::{Duration, Instant};

use nix::time::{clock_getcpuclockid, clock_gettime};
use nix::unistd::{Pid, SysconfVar, sysconf};

/// CPU time of all processors since the machine was started, counted in the kernel's ticks (proc(5), `/proc/stat`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Processors {
    /// Something ran: user, nice, system, interrupts.
    pub busy: Duration,
    /// The hypervisor ran somebody else.
    pub steal: Duration,
}

impl Processors {
    /// As of now; `None` where the system does not tell.
    pub fn now() -> Option<Processors> {
        let tick = sysconf(SysconfVar::CLK_TCK).ok()??;
        Self::parse(
            &fs::read_to_string("/proc/stat").ok()?,
            u64::try_from(tick).ok()?,
        )
    }

    fn parse(text: &str, ticks_per_second: u64) -> Option<Processors> {
        let all = text.lines().find_map(|line| line.strip_prefix("cpu "))?;
        let fields: Vec<u64> = all
            .split_whitespace()
            .map_while(|it| it.parse().ok())
            .collect();
        let time = |ticks: u64| Duration::from_nanos(ticks * (1_000_000_000 / ticks_per_second));
        let [
            user,
            nice,
            system,
            _idle,
            _waiting,
            interrupts,
            soft,
            steal,
            ..,
        ] = fields[..]
        else {
            return None;
        };
        Some(Processors {
            busy: time(user + nice + system + interrupts + soft),
            steal: time(steal),
        })
    }
}

/// Processes that run or want to, as a mean over the last minute, in hundredths; `None` where the system does not tell.
pub fn load_hundredths() -> Option<u32> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    let load: f64 = text.split_whitespace().next()?.parse().ok()?;
    Some((load * 100.0).round() as u32)
}

/// CPU time of a process, all threads, exact; `None` if it is gone.
pub fn cpu_of(process: u32) -> Option<Duration> {
    let clock = clock_getcpuclockid(Pid::from_raw(i32::try_from(process).ok()?)).ok()?;
    Some(clock_gettime(clock).ok()?.into())
}

/// Steps of the calibration spin: most of a millisecond on the machines of these years.
const STEPS: u64 = 400_000;

/// How long a fixed number of dependent integer steps takes. Longer than usual means that the processor was slower, or taken away.
pub fn spin() -> Duration {
    let start = Instant::now();
    black_box((0..STEPS).fold(black_box(1), workloads::mix));
    start.elapsed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn busy_is_everything_but_waiting() {
        let text = "cpu  10 20 30 1000 500 4 5 7 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n";
        let expected = Processors {
            busy: Duration::from_millis(690),
            steal: Duration::from_millis(70),
        };
        assert_eq!(Processors::parse(text, 100), Some(expected));
        assert_eq!(Processors::parse("cpu 1 2 3\n", 100), None);
        assert_eq!(Processors::parse("intr 5\n", 100), None);
    }

    #[test]
    fn a_process_that_is_gone_has_no_clock() {
        assert!(cpu_of(std::process::id()).is_some_and(|cpu| cpu > Duration::ZERO));
        assert_eq!(cpu_of(u32::MAX), None);
    }
}
