//! What a reader must know before quoting a row.

use std::fmt;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::judge::disturbed::Disturbed;
use crate::judge::span::span;
use crate::statistics::median;
use crate::{Cell, MARGIN, Measurement, Noise};

/// A caveat of one cell. The kind is for programs, the text for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Flag {
    /// What it is about.
    pub kind: FlagKind,
    /// What it means, the same for all rows.
    pub text: String,
    /// The numbers of this row.
    pub detail: Option<String>,
}

/// Kinds of caveats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FlagKind {
    /// Its units ask one by one what those of others ask together.
    OneByOne,
    /// Fewer units were in flight than the strategy can have.
    BelowLimit,
    /// The 99th percentile of the server's own lateness is over 5 % of the wait.
    LateServer,
    /// The server used over 70 % of a processor.
    BusyServer,
    /// Connections were opened inside samples.
    Reconnected,
    /// The strategy should not be taken into new use.
    Advisory,
    /// The program was built without optimisation.
    DebugBuild,
    /// The worker used the processor while it should have waited.
    Parked,
    /// Allocations were counted, which costs each of them time.
    Counted,
    /// The A/A pair differs by as much as would count as a difference, or has no result.
    Noise,
    /// Other processes, the hypervisor or the processor itself disturbed too many rounds to drop them.
    Interference,
    /// Fewer than five launches: how they differ is in no interval.
    FewLaunches,
    /// Launches differ by more than the rounds within them.
    LaunchesDiffer,
    /// Neighbouring rounds are alike, so they say less than as many independent ones.
    Correlated,
    /// The mean of its ratios is elsewhere than their median.
    Skewed,
}

impl FlagKind {
    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            FlagKind::OneByOne => "one-by-one",
            FlagKind::BelowLimit => "below-limit",
            FlagKind::LateServer => "late-server",
            FlagKind::BusyServer => "busy-server",
            FlagKind::Reconnected => "reconnected",
            FlagKind::Advisory => "advisory",
            FlagKind::DebugBuild => "debug-build",
            FlagKind::Parked => "parked",
            FlagKind::Counted => "counted",
            FlagKind::Noise => "noise",
            FlagKind::Interference => "interference",
            FlagKind::FewLaunches => "few-launches",
            FlagKind::LaunchesDiffer => "launches-differ",
            FlagKind::Correlated => "correlated",
            FlagKind::Skewed => "skewed",
        }
    }
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.detail {
            Some(detail) => write!(f, "{} ({detail})", self.text),
            None => f.write_str(&self.text),
        }
    }
}

impl Flag {
    /// All caveats of one cell with its measured samples, which took so many times their own floor.
    pub(crate) fn all(
        cell: &Cell,
        samples: &[&Measurement],
        own: Option<(f64, Duration)>,
        optimised: bool,
    ) -> Vec<Flag> {
        let raised = [
            debug_build(optimised),
            one_by_one(cell, own),
            below_limit(cell, samples),
            late_server(cell, samples),
            busy_server(samples),
            reconnected(cell, samples),
            parked(samples),
            counted(samples),
            advisory(cell),
        ];
        raised.into_iter().flatten().collect()
    }

    /// The caveats that all rows of a workload share.
    pub(crate) fn of_workload(noise: Option<&Noise>, disturbed: &Disturbed) -> Vec<Flag> {
        let raised = [noisy(noise), interference(disturbed)];
        raised.into_iter().flatten().collect()
    }

    pub(crate) fn new(kind: FlagKind, text: &str, detail: Option<String>) -> Option<Flag> {
        Some(Flag {
            kind,
            text: text.to_owned(),
            detail,
        })
    }
}

fn debug_build(optimised: bool) -> Option<Flag> {
    let text = "built without optimisation: the times mean nothing";
    if optimised {
        None
    } else {
        Flag::new(FlagKind::DebugBuild, text, None)
    }
}

fn one_by_one(cell: &Cell, own: Option<(f64, Duration)>) -> Option<Flag> {
    let times = own_times(own.filter(|_| cell.is_one_by_one())?);
    let text = "sends the requests of a unit one by one, where others join them";
    Flag::new(FlagKind::OneByOne, text, Some(times))
}

/// How far a row is from the floor of what it can do.
fn own_times((times, own): (f64, Duration)) -> String {
    format!("{times:.2} times its own best possible {}", span(own))
}

/// Where waits last a millisecond or more, the first is still waiting when the last starts.
fn below_limit(cell: &Cell, samples: &[&Measurement]) -> Option<Flag> {
    let peak = median_of(samples, |sample| {
        Some(sample.witness.as_ref()?.peak_in_flight as f64)
    })?;
    let possible = cell.peak?;
    if cell.latency < Duration::from_millis(1) || peak >= possible as f64 {
        return None;
    }
    let detail = format!("{peak} of {possible}");
    Flag::new(
        FlagKind::BelowLimit,
        "had fewer units in flight than it could have",
        Some(detail),
    )
}

fn late_server(cell: &Cell, samples: &[&Measurement]) -> Option<Flag> {
    let late = median_of(samples, |sample| {
        Some(sample.witness.as_ref()?.lateness_p99_ns as f64)
    })?;
    let late = Duration::from_nanos(late as u64);
    if late.is_zero() || late * 20 <= cell.latency {
        return None;
    }
    let detail = format!("{}, {}", span(late), percent(late, cell.latency));
    Flag::new(
        FlagKind::LateServer,
        "the server answered late (p99) by over 5 % of the wait",
        Some(detail),
    )
}

fn busy_server(samples: &[&Measurement]) -> Option<Flag> {
    let busy = median_of(samples, |sample| {
        let witness = sample.witness.as_ref()?;
        Some(witness.cpu_ns as f64 / witness.elapsed_ns.max(1) as f64)
    })?;
    if busy <= 0.7 {
        return None;
    }
    let detail = format!("{:.0}%", busy * 100.0);
    Flag::new(
        FlagKind::BusyServer,
        "the server used over 70 % of a processor",
        Some(detail),
    )
}

fn reconnected(cell: &Cell, samples: &[&Measurement]) -> Option<Flag> {
    if cell.reconnects {
        return None;
    }
    let opened = samples
        .iter()
        .filter_map(|sample| Some(sample.witness.as_ref()?.connections_accepted));
    let (some, all) = (
        opened.clone().filter(|opened| *opened > 0).count(),
        samples.len(),
    );
    let most = opened.max().filter(|most| *most > 0)?;
    let detail = format!("{some} of {all} samples, up to {most}");
    Flag::new(
        FlagKind::Reconnected,
        "opened connections inside samples",
        Some(detail),
    )
}

/// A worker that is not asked for anything waits for a line, and needs no processor for that.
fn parked(samples: &[&Measurement]) -> Option<Flag> {
    const MOST_SHARE: f64 = 0.01;
    const LEAST: Duration = Duration::from_millis(20);
    let parked = samples
        .iter()
        .filter_map(|sample| sample.parked_ns.zip(sample.parked_cpu_ns));
    let (wall, cpu) = parked.fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
    let (wall, cpu) = (Duration::from_nanos(wall), Duration::from_nanos(cpu));
    if cpu < LEAST || cpu <= wall.mul_f64(MOST_SHARE) {
        return None;
    }
    let detail = format!("{} of a processor", percent(cpu, wall));
    let text = "used the processor between its samples, at the cost of other rows";
    Flag::new(FlagKind::Parked, text, Some(detail))
}

fn counted(samples: &[&Measurement]) -> Option<Flag> {
    let counts = samples.iter().any(|sample| sample.allocations.is_some());
    let text = "allocations were counted, which costs each of them time";
    counts.then(|| Flag::new(FlagKind::Counted, text, None))?
}

fn advisory(cell: &Cell) -> Option<Flag> {
    Flag::new(FlagKind::Advisory, cell.advisory.as_ref()?, None)
}

fn noisy(noise: Option<&Noise>) -> Option<Flag> {
    let Some(noise) = noise else {
        let text =
            "no row that is entered twice has a result, so nothing can be called faster or slower";
        return Flag::new(FlagKind::Noise, text, None);
    };
    let floor = noise.floor.filter(|floor| *floor > MARGIN)?;
    let text = format!(
        "too noisy: {} differs from itself by {:.0} %, so {:.0} % cannot be judged",
        noise.row,
        floor * 100.0,
        MARGIN * 100.0
    );
    Flag::new(FlagKind::Noise, &text, None)
}

fn interference(disturbed: &Disturbed) -> Option<Flag> {
    let (rounds, all) = disturbed.kept?;
    let machine = disturbed.machine.as_ref()?;
    let share = |share: Option<f64>| format!("{:.0}%", 100.0 * share.unwrap_or_default());
    let detail = format!(
        "{rounds} of {all} rounds; others used {} of the processors, {} was stolen",
        share(machine.others_share),
        share(machine.steal_share)
    );
    let text = "the machine was disturbed in too many rounds to leave them out";
    Flag::new(FlagKind::Interference, text, Some(detail))
}

fn median_of(samples: &[&Measurement], value: impl Fn(&Measurement) -> Option<f64>) -> Option<f64> {
    median(
        &samples
            .iter()
            .filter_map(|sample| value(sample))
            .collect::<Vec<_>>(),
    )
}

fn percent(part: Duration, whole: Duration) -> String {
    match whole {
        Duration::ZERO => "all".to_owned(),
        _ => format!("{:.1}%", 100.0 * part.as_secs_f64() / whole.as_secs_f64()),
    }
}

#[cfg(test)]
mod tests;
