//! What the operating system lets a process hold, and whether that is enough.

use std::fs;

use anyhow::{Result, bail};
use model::Limits;
use nix::sys::resource::{Resource, getrlimit, setrlimit};

use crate::Prepared;

/// Descriptors and threads beside those that work: standard streams, timers, event loops, other programs.
const BESIDE: u64 = 64;

/// Threads and connections that all workers may hold at once; above it they let go of them between samples.
const HELD_AT_ONCE: u64 = 8000;

/// The limits of this process. What the system does not tell is left out and met when it is reached.
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

/// Raises the soft limit of open files to the hard one. What cannot be raised is found by [`apply`].
pub fn raise_descriptors() {
    if let Ok((_, hard)) = getrlimit(Resource::RLIMIT_NOFILE) {
        let _ = setrlimit(Resource::RLIMIT_NOFILE, hard, hard);
    }
}

/// How much of something can be held at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Most {
    /// Left for one cell, beside what every process needs.
    pub number: u64,
    /// What the narrowest limit allows.
    pub allowed: u64,
    /// That limit.
    pub set_by: &'static str,
}

/// The most connections that a cell can hold; none where the system tells no limit.
pub fn most_connections(limits: &Limits) -> Option<Most> {
    narrowest(needs(1, 0, limits))
}

/// The most threads that a cell can hold; none where the system tells no limit.
pub fn most_threads(limits: &Limits) -> Option<Most> {
    narrowest(needs(0, 1, limits))
}

fn narrowest(needs: Vec<Need>) -> Option<Most> {
    let need = needs.into_iter().min_by_key(|need| need.allowed)?;
    Some(Most {
        number: need.allowed.saturating_sub(BESIDE),
        allowed: need.allowed,
        set_by: need.set_by,
    })
}

/// Whether workers let go of threads and connections between samples, because together they would hold too many.
pub(crate) fn must_release(cells: &[Prepared], limits: &Limits) -> bool {
    // Those of the calibration are gone before the others are opened.
    let counts = |cell: &&Prepared| cell.cell.unsupported.is_none() && !cell.cell.calibration;
    let cells = || cells.iter().filter(counts);
    let connections: u64 = cells().map(|cell| cell.setup.connections as u64).sum();
    let threads: u64 = cells().map(|cell| cell.threads as u64).sum();
    connections + threads > HELD_AT_ONCE
        || needs(connections, threads, limits)
            .iter()
            .any(|need| !need.is_met())
}

/// Marks the cells that could not open what they need with what limits them.
///
/// # Errors
///
/// If that leaves nothing to run.
pub fn apply(cells: &mut [Prepared], limits: &Limits) -> Result<()> {
    let mut first = None;
    for cell in cells
        .iter_mut()
        .filter(|cell| cell.cell.unsupported.is_none())
    {
        let needs = needs(cell.setup.connections as u64, cell.threads as u64, limits);
        let Some(need) = needs.into_iter().find(|need| !need.is_met()) else {
            continue;
        };
        let (names, limit) = (&cell.cell, cell.setup.limit);
        let most = need.allowed.saturating_sub(BESIDE).max(1);
        let reason = format!(
            "limited by {}, which allows {}: it would need {} {}",
            need.set_by, need.allowed, need.needed, need.of
        );
        let (workload, row) = (&names.workload, &names.row);
        if cell.cell.calibration {
            cell.cell.unsupported = Some(reason);
            continue;
        }
        first.get_or_insert_with(|| {
            format!(
                "concurrency = {limit}: {workload}/{row}: {reason}; allowed here are 1 to {most}"
            )
        });
        cell.cell.unsupported = Some(reason);
    }
    match first {
        Some(first) if nothing_is_left(cells) => bail!(first),
        _ => Ok(()),
    }
}

/// Whether no cell of the comparison itself can run.
fn nothing_is_left(cells: &[Prepared]) -> bool {
    let mut compared = cells.iter().filter(|cell| !cell.cell.calibration);
    compared.all(|cell| cell.cell.unsupported.is_some())
}

/// So much of something that is limited.
struct Need {
    of: &'static str,
    needed: u64,
    allowed: u64,
    set_by: &'static str,
}

impl Need {
    fn is_met(&self) -> bool {
        self.needed <= self.allowed
    }
}

/// The server needs a descriptor for each connection, and the client a descriptor and a port.
fn needs(connections: u64, threads: u64, limits: &Limits) -> Vec<Need> {
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
