//! How much the operating system lets a process hold.

use std::fs;

use model::Limits;
use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Descriptors and threads that do no work themselves: standard streams, timers, event loops, other programs.
const BESIDE: u64 = 64;

/// The limits of this process. A limit that the system does not tell is left out; then a cell fails when it reaches it.
pub fn limits() -> Limits {
    let hard = |resource| getrlimit(resource).ok().map(|(_, hard)| hard);
    let number = |path: &str| fs::read_to_string(path).ok()?.trim().parse::<u64>().ok();
    let threads = [
        // The limit per user does not bind root.
        hard(Resource::RLIMIT_NPROC).filter(|_| !nix::unistd::geteuid().is_root()),
        number("/proc/sys/kernel/threads-max"),
        number("/proc/sys/kernel/pid_max"),
        number("/sys/fs/cgroup/pids.max"),
    ];
    let ports = fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range")
        .ok()
        .and_then(|range| {
            let (low, high) = range.trim().split_once(char::is_whitespace)?;
            (high.trim().parse::<u64>().ok()? + 1).checked_sub(low.parse().ok()?)
        });
    Limits {
        descriptors: hard(Resource::RLIMIT_NOFILE),
        threads: threads.into_iter().flatten().min(),
        ports,
    }
}

/// Raises the soft limit of open files to the hard one. Where the system refuses that, cells fail when they reach the soft one.
pub fn raise_descriptors() {
    if let Ok((_, hard)) = getrlimit(Resource::RLIMIT_NOFILE) {
        let _ = setrlimit(Resource::RLIMIT_NOFILE, hard, hard);
    }
}

/// The most of something that can be held at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Most {
    /// How much is left for one cell, beside what every process needs.
    pub number: u64,
    /// What the narrowest limit allows.
    pub allowed: u64,
    /// What sets this limit.
    pub set_by: &'static str,
}

/// The most connections that a cell can hold. `None` if the system tells no limit.
pub fn most_connections(limits: &Limits) -> Option<Most> {
    narrowest(needs(1, 0, limits))
}

/// The most threads that a cell can hold. `None` if the system tells no limit.
pub fn most_threads(limits: &Limits) -> Option<Most> {
    narrowest(needs(0, 1, limits))
}

fn narrowest(needs: Vec<Need>) -> Option<Most> {
    let need = needs.into_iter().min_by_key(|need| need.allowed)?;
    Some(Most {
        number: need.left(),
        allowed: need.allowed,
        set_by: need.set_by,
    })
}

/// How much of something is needed, and how much of it is allowed.
pub(crate) struct Need {
    /// What it is.
    pub(crate) of: &'static str,
    /// How much is needed, with what every process needs.
    pub(crate) needed: u64,
    /// How much is allowed.
    pub(crate) allowed: u64,
    /// What sets that limit.
    pub(crate) set_by: &'static str,
}

impl Need {
    /// Whether the limit is wide enough.
    pub(crate) fn is_met(&self) -> bool {
        self.needed <= self.allowed
    }

    /// What is left for one cell beside what every process needs.
    pub(crate) fn left(&self) -> u64 {
        self.allowed.saturating_sub(BESIDE)
    }
}

/// What so many connections and threads need. Each connection takes a descriptor of the server, and a descriptor and a port of the
/// client.
pub(crate) fn needs(connections: u64, threads: u64, limits: &Limits) -> Vec<Need> {
    let need = |of, needed, allowed: Option<u64>, set_by| {
        let allowed = allowed.filter(|_| needed > 0)?;
        Some(Need {
            of,
            needed: needed + BESIDE,
            allowed,
            set_by,
        })
    };
    let needs = [
        need(
            "open files",
            connections,
            limits.descriptors,
            "`ulimit -Hn`",
        ),
        need(
            "local ports",
            connections,
            limits.ports,
            "net.ipv4.ip_local_port_range",
        ),
        need(
            "threads",
            threads,
            limits.threads,
            "the system (ulimit -u, pid_max, threads-max, cgroup)",
        ),
    ];
    needs.into_iter().flatten().collect()
}
