//! What the kernel tells of the machine and of this process, read from its files.

use std::collections::BTreeSet;
use std::path::Path;

use model::Host;
use nix::sched::{CpuSet, sched_getaffinity};
use nix::sys::resource::{Resource, getrlimit};
use nix::unistd::{Pid, geteuid};
use serde::Serialize;

use crate::machine::doctor::files::{names, number, text};
use crate::machine::doctor::quota::{self, Quota};
use crate::machine::host::host;
use crate::machine::kernel::{self, Processors};
use crate::meter::process::{nanoseconds, status};

/// The folder of all processors.
const PROCESSORS: &str = "/sys/devices/system/cpu";

/// What limits measurements here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// The machine, as every run stores it.
    pub host: Host,
    /// Processors that are switched on.
    pub processors_online: Option<usize>,
    /// Processors that this process may use, by its affinity.
    pub processors_allowed: Option<usize>,
    /// The narrowest CPU quota of the control groups around this process.
    pub quota: Option<Quota>,
    /// The soft limit of open files. Workers and server raise it to the hard one.
    pub descriptors_soft: Option<u64>,
    /// Memory that is available without swapping.
    pub memory_available_bytes: Option<u64>,
    /// The frequency governors of all processors, each once.
    pub governors: BTreeSet<String>,
    /// Whether the clock may go above its nominal frequency.
    pub turbo: Option<Turbo>,
    /// Whether the processor says that a hypervisor runs it.
    pub hypervisor: Option<bool>,
    /// CPU time of all processors since the machine was started.
    pub busy_ns: Option<u64>,
    /// What the hypervisor took for other machines.
    pub steal_ns: Option<u64>,
    /// Processes that ran or wanted to, as a mean over the last minute, in hundredths.
    pub load_hundredths: Option<u32>,
    /// `kernel.randomize_va_space`: 0 is off.
    pub address_randomisation: Option<u32>,
    /// How much later than asked the kernel may end a wait of this thread.
    pub timer_slack_ns: Option<u64>,
    /// `kernel.io_uring_disabled`: with 0 everybody may use io_uring, with 1 a group and privileged processes, with 2 nobody. Kernels
    /// before 6.6 have no such setting.
    pub io_uring_disabled: Option<u32>,
    /// Whether an io_uring could be opened. `None` in a build without io_uring.
    pub io_uring_opened: Option<bool>,
    /// Whether a filter decides which system calls this process may make.
    pub system_calls_filtered: Option<bool>,
    /// Whether the processor's counters of cycles and instructions can be seen at all.
    pub counters: bool,
    /// `kernel.perf_event_paranoid`: above 2, only privileged processes may use the counters.
    pub perf_event_paranoid: Option<i32>,
    /// Whether this process is privileged.
    pub root: bool,
}

/// The switch that allows frequencies above the nominal one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Turbo {
    /// Whether it is on.
    pub on: bool,
    /// The file of the switch.
    pub switch: String,
    /// What to write there to turn it off.
    pub off: u32,
}

impl Facts {
    /// As of now.
    pub fn read() -> Facts {
        let processors = Processors::now();
        Facts {
            host: host(),
            processors_online: text(&format!("{PROCESSORS}/online")).and_then(|it| listed(&it)),
            processors_allowed: allowed(),
            quota: quota::narrowest(),
            descriptors_soft: getrlimit(Resource::RLIMIT_NOFILE)
                .ok()
                .map(|(soft, _)| soft),
            memory_available_bytes: memory_available(),
            governors: governors(),
            turbo: turbo(),
            hypervisor: hypervisor(),
            busy_ns: processors.map(|it| nanoseconds(it.busy)),
            steal_ns: processors.map(|it| nanoseconds(it.steal)),
            load_hundredths: kernel::load_hundredths(),
            address_randomisation: number("/proc/sys/kernel/randomize_va_space"),
            timer_slack_ns: number("/proc/self/timerslack_ns"),
            io_uring_disabled: number("/proc/sys/kernel/io_uring_disabled"),
            io_uring_opened: strategies::io_uring(),
            system_calls_filtered: status("Seccomp").map(|mode| mode > 0),
            counters: counters(),
            perf_event_paranoid: number("/proc/sys/kernel/perf_event_paranoid"),
            root: geteuid().is_root(),
        }
    }
}

/// How many numbers a list such as `0-3,8` holds.
fn listed(list: &str) -> Option<usize> {
    let part = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
        Some((last + 1).saturating_sub(first))
    };
    list.split(',').map(part).sum()
}

fn allowed() -> Option<usize> {
    let set = sched_getaffinity(Pid::from_raw(0)).ok()?;
    let may = |processor: &usize| set.is_set(*processor).unwrap_or(false);
    Some((0..CpuSet::count()).filter(may).count())
}

fn memory_available() -> Option<u64> {
    let text = text("/proc/meminfo")?;
    let mut lines = text.lines();
    let line = lines.find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1024)
}

fn governors() -> BTreeSet<String> {
    let processors = names(PROCESSORS).filter(|name| {
        let number = name.strip_prefix("cpu").unwrap_or("");
        number.parse::<usize>().is_ok()
    });
    let governor = |name| text(&format!("{PROCESSORS}/{name}/cpufreq/scaling_governor"));
    processors.filter_map(governor).collect()
}

/// The switch of Intel's driver forbids turbo, and that of the others allows it.
fn turbo() -> Option<Turbo> {
    let switches = [("intel_pstate/no_turbo", 1), ("cpufreq/boost", 0)];
    let read = |(name, off)| {
        let switch = format!("{PROCESSORS}/{name}");
        let on = number::<u32>(&switch)? != off;
        Some(Turbo { on, switch, off })
    };
    switches.into_iter().find_map(read)
}

fn hypervisor() -> Option<bool> {
    let text = text("/proc/cpuinfo")?;
    let (_, flags) = text
        .lines()
        .find(|line| line.starts_with("flags"))?
        .split_once(':')?;
    Some(flags.split_whitespace().any(|flag| flag == "hypervisor"))
}

/// Whether any source of events counts cycles. Its name depends on the architecture.
fn counters() -> bool {
    let folder = "/sys/bus/event_source/devices";
    let counts = |source: String, event| {
        Path::new(folder)
            .join(source)
            .join("events")
            .join(event)
            .exists()
    };
    let cycles = ["cpu-cycles", "cpu_cycles"];
    names(folder).any(|source| cycles.iter().any(|event| counts(source.clone(), event)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_processors_is_counted() {
        assert_eq!(listed("0"), Some(1));
        assert_eq!(listed("0-3,8,10-11"), Some(7));
        assert_eq!(listed(""), None);
    }

    #[test]
    fn this_process_may_use_a_processor() {
        let facts = Facts::read();
        assert!(facts.processors_allowed.is_none_or(|allowed| allowed > 0));
        assert!(facts.processors_online.is_none_or(|online| online > 0));
    }
}
