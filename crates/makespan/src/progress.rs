//! What a person sees while a run goes on: a bar on a terminal, a line per round elsewhere.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use harness::{Event, Prepared};
use indicatif::{ProgressBar, ProgressStyle};
use model::{Plan, Row, Sample};

use crate::runs::outlook::{Outlook, floor};

/// How far a run is. It is measured in expected time: the floors of the samples that are done, against those of all samples.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    floors: BTreeMap<(String, Row), Duration>,
    launches: usize,
    /// All rounds that are planned, and how many have begun.
    rounds: (usize, usize),
    round: Option<u32>,
    /// How far the widest interval reached at the last look, and how far it may reach.
    reached: Option<(f64, f64)>,
    done: Duration,
    planned: Duration,
    start: Instant,
}

impl Progress {
    pub(crate) fn new(plan: &Plan, cells: &[Prepared]) -> Self {
        let outlook = Outlook::of_plan(plan, cells);
        let planned = outlook.waiting();
        let name = |cell: &Prepared| (cell.cell.workload.clone(), cell.cell.row.clone());
        let floors = cells.iter().map(|cell| (name(cell), floor(cell))).collect();
        let bar = std::io::stderr().is_terminal().then(|| bar(planned));
        eprintln!("{}", outlook.line(cells.len()));
        let start = Instant::now();
        Progress {
            bar,
            floors,
            launches: plan.launches.len(),
            rounds: (plan.launches.iter().map(|it| it.rounds.len()).sum(), 0),
            round: None,
            reached: None,
            done: Duration::ZERO,
            planned,
            start,
        }
    }

    /// Shows an event. No thread and no timer draws: the screen changes only between samples, so that it disturbs none.
    pub(crate) fn tell(&mut self, event: &Event) {
        match event {
            Event::Launching { launch } => {
                // A launch that was not planned takes about as long as the others.
                if *launch >= self.launches {
                    let launches = self.launches.max(1);
                    self.planned += self.planned / launches as u32;
                    self.rounds.0 += self.rounds.0 / launches;
                    self.launches = launch + 1;
                    if let Some(bar) = &self.bar {
                        bar.set_length(self.planned.as_millis() as u64);
                    }
                }
                self.say(&format!("launch {} of {}", launch + 1, self.launches))
            }
            Event::Started { .. } | Event::Block(_) => {}
            Event::Looked { widest, wanted } => {
                self.reached = widest.map(|widest| (widest, *wanted));
            }
            Event::ServerLost { launch, reason } => self.stays(&format!(
                "makespan: launch {}: the server was lost: {reason}; rows that need it stop until the next launch",
                launch + 1
            )),
            Event::ServerStartedAnew { launch } => self.stays(&format!(
                "makespan: launch {}: the server had ended and was started anew; nothing is lost",
                launch + 1
            )),
            Event::KeptNoMore { reason } => self.stays(&format!(
                "makespan: {reason:#}; the run goes on, and what it measures is in its tables only"
            )),
            Event::Sampled(sample) => self.sampled(sample),
        }
    }

    fn sampled(&mut self, sample: &Sample) {
        let name = (sample.workload.clone(), sample.row.clone());
        self.done += self.floors.get(&name).copied().unwrap_or_default();
        let begins = self.round.replace(sample.round) != Some(sample.round);
        self.rounds.1 += usize::from(begins);
        let row = report::one_line(&format!("{}/{}", sample.workload, sample.row));
        match &self.bar {
            Some(bar) => {
                bar.set_position(self.done.as_millis() as u64);
                bar.set_message(format!("{}, {row}", self.reached_so_far()));
            }
            None if begins => self.say(&self.reached_so_far()),
            None => {}
        }
    }

    /// The round, the precision where it was looked at, and the time that is left.
    fn reached_so_far(&self) -> String {
        let (all, begun) = self.rounds;
        let mut parts = vec![format!("round {begun} of {}", all.max(begun))];
        if let Some((widest, wanted)) = self.reached {
            let percent = |share: f64| format!("{:.1} %", 100.0 * share);
            parts.push(format!("+-{} of {}", percent(widest), percent(wanted)));
        }
        parts.extend(left(self.start.elapsed(), self.done, self.planned));
        parts.join(", ")
    }

    fn say(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.set_message(line.to_owned()),
            None => eprintln!("{line}"),
        }
    }

    /// Prints a line that stays on the screen while the bar moves on.
    fn stays(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| eprintln!("{line}")),
            None => eprintln!("{line}"),
        }
    }

    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// How long the rest will take, if it goes on as until now. Nothing is said of it before something is done.
fn left(elapsed: Duration, done: Duration, planned: Duration) -> Option<String> {
    let known = done >= planned / 50 && !done.is_zero();
    let rest = planned.saturating_sub(done).as_secs_f64() / done.as_secs_f64();
    known.then(|| {
        let seconds = elapsed.as_secs_f64() * rest;
        match seconds < 99.5 {
            true => format!("{seconds:.0} s left"),
            false => format!("{:.0} min left", seconds / 60.0),
        }
    })
}

fn bar(planned: Duration) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:16} {percent:>3} %  {wide_msg}");
    let bar = ProgressBar::new(planned.as_millis() as u64);
    bar.set_style(style.expect("the template is well-formed"));
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_follows_from_what_is_done() {
        let seconds = Duration::from_secs;
        let after = |elapsed, done| left(seconds(elapsed), seconds(done), seconds(100));
        assert_eq!(after(0, 0), None);
        assert_eq!(after(5, 1), None, "that is too little to tell");
        assert_eq!(after(60, 50).unwrap(), "60 s left");
        assert_eq!(after(600, 25).unwrap(), "30 min left");
        assert_eq!(after(600, 100).unwrap(), "0 s left");
    }
}
