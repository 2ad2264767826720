//! What the kernel tells of the machine and of this process.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use model::Host;
use nix::sched::{CpuSet, sched_getaffinity};
use nix::sys::resource::{Resource, getrlimit};
use nix::unistd::{Pid, geteuid};
use serde::Serialize;

use crate::machine::kernel::{self, Processors};
use crate::meter::{nanoseconds, status};

/// The folder of the control groups, by file-hierarchy(7).
const CONTROL_GROUPS: &str = "/sys/fs/cgroup";

/// The folder of all processors.
const PROCESSORS: &str = "/sys/devices/system/cpu";

/// What limits measurements here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// As every run stores it.
    pub host: Host,
    /// Processors that are there and switched on.
    pub processors_online: Option<usize>,
    /// Those of them that this process may use, by its affinity.
    pub processors_allowed: Option<usize>,
    /// The narrowest CPU quota of the control groups around this process.
    pub quota: Option<Quota>,
    /// Open files before the soft limit is raised to the hard one, as workers and server do.
    pub descriptors_soft: Option<u64>,
    /// Memory that can be had without swapping.
    pub memory_available_bytes: Option<u64>,
    /// Frequency governors of all processors, each once.
    pub governors: BTreeSet<String>,
    /// Whether the clock may go above its nominal frequency.
    pub turbo: Option<Turbo>,
    /// Whether the processor says that a hypervisor runs it.
    pub hypervisor: Option<bool>,
    /// CPU time of all processors since the machine was started.
    pub busy_ns: Option<u64>,
    /// What the hypervisor took of it for others.
    pub steal_ns: Option<u64>,
    /// Processes that ran or wanted to, as a mean over the last minute, in hundredths.
    pub load_hundredths: Option<u32>,
    /// `kernel.randomize_va_space`: 0 is off.
    pub address_randomisation: Option<u32>,
    /// How much later than asked the kernel may end a wait of this thread.
    pub timer_slack_ns: Option<u64>,
    /// `kernel.io_uring_disabled`: 0 for nobody, 1 but for a group and the privileged, 2 for all. Kernels before 6.6 have none.
    pub io_uring_disabled: Option<u32>,
    /// Whether a ring could be opened; none in a build that knows no rings.
    pub io_uring_opened: Option<bool>,
    /// Whether a filter decides which system calls this process may make.
    pub system_calls_filtered: Option<bool>,
    /// Whether the processor's counters of cycles and instructions can be seen at all.
    pub counters: bool,
    /// `kernel.perf_event_paranoid`: above 2 they are for the privileged alone.
    pub perf_event_paranoid: Option<i32>,
    /// Whether this process is privileged.
    pub root: bool,
}

/// So much CPU time in each period, over all processors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Quota {
    /// CPU time.
    pub quota_ns: u64,
    /// Wall time.
    pub period_ns: u64,
}

impl Quota {
    /// How many processors could be busy all the time.
    pub fn processors(&self) -> f64 {
        self.quota_ns as f64 / self.period_ns as f64
    }
}

/// The switch of the frequencies above the nominal one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Turbo {
    /// Whether they may be used.
    pub on: bool,
    /// Where that is set.
    pub switch: String,
    /// What to write there to forbid them.
    pub off: u32,
}

impl Facts {
    /// As of now.
    pub fn read() -> Facts {
        let processors = Processors::now();
        Facts {
            host: crate::machine::host::host(),
            processors_online: text(&format!("{PROCESSORS}/online")).and_then(|it| listed(&it)),
            processors_allowed: allowed(),
            quota: text("/proc/self/cgroup")
                .and_then(|groups| quota(Path::new(CONTROL_GROUPS), &groups)),
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

/// What stands in a file of the kernel.
fn text(path: &str) -> Option<String> {
    Some(fs::read_to_string(path).ok()?.trim().to_owned())
}

fn number<T: std::str::FromStr>(path: &str) -> Option<T> {
    text(path)?.parse().ok()
}

/// The names in a folder; none where there is no such folder.
fn names(folder: &str) -> impl Iterator<Item = String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok())
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

/// A group is bound by every group around it, so the narrowest quota counts. Where a container hides the path of its group, its
/// own group is what it sees at the top.
fn quota(root: &Path, groups: &str) -> Option<Quota> {
    let folders = groups.lines().flat_map(|line| {
        let mut fields = line.splitn(3, ':').skip(1);
        let (controllers, path) = (fields.next().unwrap_or(""), fields.next().unwrap_or(""));
        let mounts = match controllers {
            "" => ["", "unified"].as_slice(),
            _ if controllers.split(',').any(|it| it == "cpu") => &["cpu", "cpu,cpuacct"],
            _ => &[],
        };
        let path = PathBuf::from(path.trim_start_matches('/'));
        mounts.iter().flat_map(move |mount| {
            let groups = path.ancestors().map(|group| root.join(mount).join(group));
            groups.collect::<Vec<_>>()
        })
    });
    let quotas = folders.filter_map(|folder| quota_in(&folder));
    quotas.min_by(|one, other| one.processors().total_cmp(&other.processors()))
}

/// The quota of one group: version 2 has both numbers in one file, version 1 a file each. Both count in microseconds, and where
/// there is no quota, neither has a number.
fn quota_in(folder: &Path) -> Option<Quota> {
    let read = |name: &str| fs::read_to_string(folder.join(name)).ok();
    let of = |quota: &str, period: &str| {
        let nanoseconds = |text: &str| text.trim().parse::<u64>().ok()?.checked_mul(1000);
        Some(Quota {
            quota_ns: nanoseconds(quota)?,
            period_ns: nanoseconds(period).filter(|period| *period > 0)?,
        })
    };
    match read("cpu.max") {
        Some(both) => both
            .split_once(' ')
            .and_then(|(quota, period)| of(quota, period)),
        None => of(&read("cpu.cfs_quota_us")?, &read("cpu.cfs_period_us")?),
    }
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

/// Intel's driver has a switch that forbids, the others one that allows.
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

/// Whether any source of events counts cycles, whatever its name is on this architecture.
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

    /// Writes files below a folder of its own, as control groups have them.
    fn groups(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        root
    }

    #[test]
    fn the_narrowest_quota_of_all_groups_around_counts() {
        let root = groups(&[
            ("cpu.max", "max 100000\n"),
            ("outer/cpu.max", "150000 100000\n"),
            ("outer/inner/cpu.max", "400000 100000\n"),
        ]);
        let expected = Quota {
            quota_ns: 150_000_000,
            period_ns: 100_000_000,
        };
        assert_eq!(quota(root.path(), "0::/outer/inner\n"), Some(expected));
        assert_eq!(expected.processors(), 1.5);
        assert_eq!(quota(root.path(), "0::/\n"), None, "max is no quota");
    }

    #[test]
    fn the_first_version_has_a_file_for_each_number_and_a_container_sees_its_group_on_top() {
        let root = groups(&[
            ("cpu/cpu.cfs_quota_us", "50000\n"),
            ("cpu/cpu.cfs_period_us", "100000\n"),
            ("memory/cpu.cfs_quota_us", "1\n"),
        ]);
        let found = quota(
            root.path(),
            "5:memory:/hidden\n4:cpuacct,cpu:/hidden\n0::/hidden\n",
        );
        assert_eq!(found.map(|quota| quota.processors()), Some(0.5));
        fs::write(root.path().join("cpu/cpu.cfs_quota_us"), "-1\n").unwrap();
        assert_eq!(quota(root.path(), "4:cpu:/\n"), None);
    }

    #[test]
    fn this_process_may_use_a_processor() {
        let facts = Facts::read();
        assert!(facts.processors_allowed.is_none_or(|allowed| allowed > 0));
        assert!(facts.processors_online.is_none_or(|online| online > 0));
    }
}
