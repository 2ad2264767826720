//! The noise of this machine, as a quiet program sees it.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use nix::sys::resource::{UsageWho, getrusage};
use serde::Serialize;

use crate::machine::kernel::{Processors, cpu_of, spin};
use crate::meter::process::{cpu_time, nanoseconds};

/// How long the probe lasts. A thousand turns or more are enough for a 99th percentile, and nobody waits long for them.
pub const PROBE: Duration = Duration::from_secs(3);

/// The length of the wait in each turn.
pub const WAIT: Duration = Duration::from_millis(1);

/// What a probe saw.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Probe {
    /// How long it lasted.
    pub wall_ns: u64,
    /// How long the same computation took each time.
    pub spin: Spread,
    /// How long each wait should have been.
    pub wait_ns: u64,
    /// By how much each wait was too long.
    pub overshoot: Spread,
    /// CPU time of this process.
    pub own_ns: u64,
    /// CPU time of all other processes.
    pub others_ns: Option<u64>,
    /// Which other processes used most CPU time. Processes that ended meanwhile are not counted.
    pub busiest: Option<Busiest>,
    /// What the hypervisor took for other machines.
    pub steal_ns: Option<u64>,
    /// How often the processor was taken away from this process.
    pub switches_involuntary: u64,
}

/// The distribution of some durations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Spread {
    /// How many.
    pub count: u64,
    /// Half of the durations are at most this long.
    pub p50_ns: u64,
    /// 99 of 100 are at most this long.
    pub p99_ns: u64,
    /// The longest.
    pub max_ns: u64,
}

impl Spread {
    /// Takes nearest ranks. Of no values, all are zero.
    pub fn of(mut values: Vec<u64>) -> Spread {
        values.sort_unstable();
        let rank = |percent: usize| {
            let rank = (values.len() * percent).div_ceil(100);
            values.get(rank.saturating_sub(1)).copied().unwrap_or(0)
        };
        Spread {
            count: values.len() as u64,
            p50_ns: rank(50),
            p99_ns: rank(99),
            max_ns: rank(100),
        }
    }
}

/// Other processes that have the same name. A compiler, for one, is a hundred processes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Busiest {
    /// Their name.
    pub name: String,
    /// How many.
    pub processes: u64,
    /// Their CPU time during the probe.
    pub cpu_ns: u64,
}

/// Computes and sleeps in turns for as long as `lasts`, and says what came in between.
///
/// # Errors
///
/// If a clock of this process cannot be read.
pub fn probe(lasts: Duration) -> Result<Probe> {
    // The first spin also loads the code, and may wake a slow processor.
    spin();
    let (mut spins, mut overshoots) = (Vec::new(), Vec::new());
    let switches = || {
        let usage = getrusage(UsageWho::RUSAGE_SELF).context("cannot read the resource usage")?;
        anyhow::Ok(usage.involuntary_context_switches())
    };
    let processes = cpu_of_others();
    let (own, switched, all) = (cpu_time()?, switches()?, Processors::now());
    let start = Instant::now();
    while start.elapsed() < lasts {
        spins.push(nanoseconds(spin()));
        let asleep = Instant::now();
        thread::sleep(WAIT);
        overshoots.push(nanoseconds(asleep.elapsed().saturating_sub(WAIT)));
    }
    let wall = start.elapsed();
    let (all_after, switched_after, own_after) = (Processors::now(), switches()?, cpu_time()?);
    let own = own_after.saturating_sub(own);
    let grown = |of: fn(&Processors) -> Duration| {
        Some(of(all_after.as_ref()?).saturating_sub(of(all.as_ref()?)))
    };
    Ok(Probe {
        wall_ns: nanoseconds(wall),
        spin: Spread::of(spins),
        wait_ns: nanoseconds(WAIT),
        overshoot: Spread::of(overshoots),
        own_ns: nanoseconds(own),
        others_ns: grown(|all| all.busy).map(|busy| nanoseconds(busy.saturating_sub(own))),
        busiest: busiest(&processes),
        steal_ns: grown(|all| all.steal).map(nanoseconds),
        switches_involuntary: u64::try_from(switched_after - switched).unwrap_or(0),
    })
}

/// The CPU time so far of every other process.
fn cpu_of_others() -> HashMap<u32, Duration> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let processes = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let others = processes.filter(|process| *process != std::process::id());
    others
        .filter_map(|process| Some((process, cpu_of(process)?)))
        .collect()
}

/// The processes of one name whose CPU time has grown most. Processes that began meanwhile count; those that ended do not.
fn busiest(before: &HashMap<u32, Duration>) -> Option<Busiest> {
    let mut by_name: BTreeMap<String, Busiest> = BTreeMap::new();
    for (process, cpu) in cpu_of_others() {
        let grown = cpu.saturating_sub(before.get(&process).copied().unwrap_or_default());
        let Ok(name) = fs::read_to_string(format!("/proc/{process}/comm")) else {
            continue;
        };
        if !grown.is_zero() {
            let all = by_name.entry(name.trim().to_owned()).or_default();
            all.processes += 1;
            all.cpu_ns += nanoseconds(grown);
        }
    }
    let (name, busiest) = by_name.into_iter().max_by_key(|(_, all)| all.cpu_ns)?;
    Some(Busiest { name, ..busiest })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_ranks_are_values_that_were_seen() {
        let spread = |p50_ns, p99_ns, max_ns, count| Spread {
            count,
            p50_ns,
            p99_ns,
            max_ns,
        };
        assert_eq!(
            Spread::of((1..=200).rev().collect()),
            spread(100, 198, 200, 200)
        );
        assert_eq!(Spread::of(vec![7]), spread(7, 7, 7, 1));
        assert_eq!(Spread::of(vec![]), Spread::default());
    }

    #[test]
    fn the_probe_takes_turns_and_sees_itself() {
        let probe = probe(Duration::from_millis(50)).unwrap();
        assert!(probe.spin.count > 0 && probe.spin.count == probe.overshoot.count);
        assert!(probe.spin.p50_ns > 0 && probe.own_ns > 0);
        assert!(probe.wall_ns >= probe.spin.count * probe.wait_ns);
    }
}
