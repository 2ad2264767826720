//! What the kernel says of the whole machine, and of single processes.

use std::fs;
use std::hint::black_box;
use std::time::{Duration, Instant};

use nix::sched::sched_getaffinity;
use nix::time::{clock_getcpuclockid, clock_gettime};
use nix::unistd::{Pid, SysconfVar, sysconf};

use crate::machine::affinity;

/// CPU time since the machine was started, counted in the kernel's ticks (proc(5), `/proc/stat`). It is summed over the processors
/// that this program may use. Where the program keeps to some processors, it is summed over those and its server's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Processors {
    /// How many processors.
    pub(crate) count: u32,
    /// Time in which something ran: user, nice, system, interrupts.
    pub(crate) busy: Duration,
    /// Time in which the hypervisor ran another machine.
    pub(crate) steal: Duration,
}

impl Processors {
    /// As of now; `None` where the system does not tell.
    pub(crate) fn now() -> Option<Processors> {
        let tick = sysconf(SysconfVar::CLK_TCK).ok()??;
        let allowed = sched_getaffinity(Pid::from_raw(0)).ok()?;
        let text = fs::read_to_string("/proc/stat").ok()?;
        let own = |number| allowed.is_set(number).unwrap_or(false);
        let usable = |number| affinity::uses(number).unwrap_or_else(|| own(number));
        Self::parse(&text, u64::try_from(tick).ok()?, usable)
    }

    fn parse(text: &str, ticks_per_second: u64, usable: impl Fn(usize) -> bool) -> Option<Self> {
        let time = |ticks: u64| Duration::from_nanos(ticks * (1_000_000_000 / ticks_per_second));
        let mut sum = Processors::default();
        for line in text.lines() {
            let mut words = line.split_whitespace();
            let number = words
                .next()
                .and_then(|word| word.strip_prefix("cpu")?.parse().ok());
            if !number.is_some_and(&usable) {
                continue;
            }
            let fields: Vec<u64> = words.map_while(|it| it.parse().ok()).collect();
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
            sum.count += 1;
            sum.busy += time(user + nice + system + interrupts + soft);
            sum.steal += time(steal);
        }
        (sum.count > 0).then_some(sum)
    }
}

/// The load: processes that ran or waited for a processor, as a mean over the last minute, in hundredths. `None` where the system does
/// not tell.
pub(crate) fn load_hundredths() -> Option<u32> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    let load: f64 = text.split_whitespace().next()?.parse().ok()?;
    Some((load * 100.0).round() as u32)
}

/// The exact CPU time of all threads of a process. `None` if the process is gone.
pub(crate) fn cpu_of(process: u32) -> Option<Duration> {
    let clock = clock_getcpuclockid(Pid::from_raw(i32::try_from(process).ok()?)).ok()?;
    Some(clock_gettime(clock).ok()?.into())
}

/// Steps of the calibration spin. They take most of a millisecond on current machines.
const STEPS: u64 = 400_000;

/// How long a fixed number of dependent integer steps takes. It takes longer if the processor is slower, or was taken away.
pub(crate) fn spin() -> Duration {
    let start = Instant::now();
    black_box((0..STEPS).fold(black_box(1), workloads::mix));
    start.elapsed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn busy_is_everything_but_waiting_on_the_processors_that_may_be_used() {
        let text = "cpu  30 40 60 3000 900 8 10 14 0 0\ncpu0 10 20 30 1000 500 4 5 7 0 0\ncpu1 20 20 30 2000 400 4 5 7 0 0\nintr 5\n";
        let sum = |usable: fn(usize) -> bool| Processors::parse(text, 100, usable);
        let expected = |count, busy, steal| Processors {
            count,
            busy: Duration::from_millis(busy),
            steal: Duration::from_millis(steal),
        };
        assert_eq!(sum(|_| true), Some(expected(2, 1480, 140)));
        assert_eq!(sum(|number| number == 0), Some(expected(1, 690, 70)));
        assert_eq!(sum(|_| false), None);
        assert_eq!(Processors::parse("cpu0 1 2 3\n", 100, |_| true), None);
    }

    #[test]
    fn a_process_that_is_gone_has_no_clock() {
        assert!(cpu_of(std::process::id()).is_some_and(|cpu| cpu > Duration::ZERO));
        assert_eq!(cpu_of(u32::MAX), None);
    }
}
