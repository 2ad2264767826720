//! What a person sees while a run goes on: a bar on a terminal, a line per round elsewhere.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use harness::{Event, Prepared};
use indicatif::{ProgressBar, ProgressStyle};
use model::{Plan, Row, Sample};

use crate::outlook::{Outlook, floor};

/// How far a run is. It is measured in expected time: the floors of the samples that are done, against those of all samples.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    floors: BTreeMap<(String, Row), Duration>,
    launches: usize,
    round: Option<u32>,
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
            round: None,
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
                    self.planned += self.planned / self.launches.max(1) as u32;
                    self.launches = launch + 1;
                    if let Some(bar) = &self.bar {
                        bar.set_length(self.planned.as_millis() as u64);
                    }
                }
                self.say(&format!("launch {} of {}", launch + 1, self.launches))
            }
            Event::Started { .. } | Event::Block(_) => {}
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
        if let Some(bar) = &self.bar {
            bar.set_position(self.done.as_millis() as u64);
            let row = format!("{}/{}", sample.workload, sample.row);
            bar.set_message(report::one_line(&row));
        } else if self.round.replace(sample.round) != Some(sample.round) {
            let percent = 100.0 * self.done.as_secs_f64() / self.planned.as_secs_f64();
            self.say(&format!(
                "round {}, {percent:.0} %, {:.0} s",
                sample.round,
                self.start.elapsed().as_secs_f64()
            ));
        }
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

fn bar(planned: Duration) -> ProgressBar {
    let style = ProgressStyle::with_template(
        "{wide_bar} {percent:>3} %  {elapsed} of about {duration}  {msg:32!}",
    );
    let bar = ProgressBar::new(planned.as_millis() as u64);
    bar.set_style(style.expect("the template is well-formed"));
    bar
}
