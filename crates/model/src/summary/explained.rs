//! From a row and its samples to what the rules of the reasons may look at.

use std::time::Duration;

use workloads::Latency;

use crate::judge::SHOWN;
use crate::reasons::evidence::Evidence;
use crate::reasons::reason::Reason;
use crate::reasons::reasons;
use crate::statistics::{median, median_interval};
use crate::summary::calibration::CalibrationRow;
use crate::summary::floors::Floors;
use crate::{Cell, CellSummary, Measurement, Outcome, Recorded, Sample};

/// Below so many other rows, their CPU time says little of the work.
const FEWEST_OTHERS: usize = 3;

/// What the rows of a run share that explains them.
pub(crate) struct Explained<'a> {
    recorded: &'a Recorded,
    calibration: &'a [CalibrationRow],
}

impl<'a> Explained<'a> {
    pub(crate) fn new(recorded: &'a Recorded, calibration: &'a [CalibrationRow]) -> Self {
        Explained {
            recorded,
            calibration,
        }
    }

    /// The reasons for the numbers of the row at that place among those of its workload, by its samples that count.
    pub(crate) fn reasons(
        &self,
        cell: &Cell,
        at: usize,
        rows: &[CellSummary],
        counted: &[(&Sample, &Measurement)],
    ) -> Vec<Reason> {
        let row = &rows[at];
        if row.outcome != Outcome::Measured || cell.asks {
            return Vec::new();
        }
        let others = rows.iter().enumerate();
        let others: Vec<&CellSummary> = others
            .filter(|(other, it)| *other != at && is_other(it))
            .map(|(_, it)| it)
            .collect();
        let seen = self.evidence(cell, row, &others, counted);
        seen.map(|seen| reasons(&seen)).unwrap_or_default()
    }

    fn evidence(
        &self,
        cell: &Cell,
        row: &CellSummary,
        others: &[&CellSummary],
        counted: &[(&Sample, &Measurement)],
    ) -> Option<Evidence> {
        let (common, own) = (Floors::common(cell, counted), Floors::own(cell, counted));
        let whole = |floor: Option<u64>| floor.map(Duration::from_nanos);
        // Where each round draws new delays, the floors are those of the rounds that count.
        let cell = Cell {
            floor: whole(common.floor_ns()),
            own_floor: whole(own.floor_ns()),
            ..cell.clone()
        };
        let of_others = |value: fn(&CellSummary) -> Option<u64>| {
            let values = others.iter().filter_map(|it| Some(value(it)? as f64));
            let values: Vec<f64> = values.collect();
            median(&values).filter(|_| values.len() >= FEWEST_OTHERS)
        };
        let header = &self.recorded.header;
        let allowed = header.spec.cpus;
        let processors = allowed.unwrap_or(header.host.computer.processors) as u64;
        let few = |it: &&&CellSummary| it.threads_peak.is_some_and(|it| it < 2 * processors);
        let rival = others.iter().filter(few);
        let rival = rival.filter_map(|it| it.wall_ns?.high).min();
        let p90 = |row: &CellSummary| row.latencies.map(|it| it.p90_ns);
        let fastest = others.iter().filter_map(|it| p90(it)?.high_ns).min();
        let both = |own: Option<u64>, other: Option<u64>| {
            let both = own.zip(other);
            both.map(|(own, other)| (own as f64, other as f64))
        };
        let interval = |floors: &Floors| median_interval(&floors.excesses(), SHOWN);
        let mut loads = header.spec.workloads.iter();
        let load = loads.rfind(|it| it.label() == cell.workload);
        Some(Evidence {
            spread: load.is_some_and(|it| !matches!(it.latency, Latency::Fixed(_))),
            processors,
            wall_ns: row.wall_ns?.median as f64,
            excess_ns: interval(&common),
            own_excess_ns: interval(&own),
            own: own.times().zip(cell.own_floor),
            cpu_ns: row.cpu_ns.map(|cpu| cpu as f64),
            others_cpu_ns: of_others(|it| it.cpu_ns),
            preempted: row.switches_involuntary,
            others_preempted: of_others(|it| it.switches_involuntary),
            threads: row.threads_peak,
            late_ns: self.late_ns(&cell),
            against_few_threads_ns: both(row.wall_ns?.low, rival),
            latency_p90_ns: both(p90(row).and_then(|it| it.low_ns), fastest),
            cell,
        })
    }

    /// How late the timer of a strategy was for the wait that is nearest to that of the cell.
    fn late_ns(&self, cell: &Cell) -> Option<f64> {
        let row = self.calibration.iter().find(|it| it.row == cell.row)?;
        let wait = cell.latency.as_nanos() as u64;
        let nearest = row.timers.iter().filter(|it| it.late_ns.is_some());
        let nearest = nearest.min_by_key(|it| it.asked_ns.abs_diff(wait))?;
        nearest.late_ns.map(|late| late as f64)
    }
}

/// The second entry of an A/A pair is no other row.
fn is_other(row: &CellSummary) -> bool {
    row.outcome == Outcome::Measured && row.row.twin_of().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SampleOutcome, Summary, fixtures};

    /// Reasons of a row of `get` under two cells' worth of rounds, each so long and with so much CPU time.
    fn found(change: fn(&mut Cell), rounds: u32, wall_ns: u64, cpu_ns: u64) -> Vec<Reason> {
        let mut cell = fixtures::cell("tokio");
        change(&mut cell);
        let samples = (1..=rounds).map(|round| {
            let mut sample = fixtures::sample("get", "tokio", round, wall_ns + u64::from(round));
            if let SampleOutcome::Measured(it) = &mut sample.outcome {
                it.cpu_ns = cpu_ns;
            }
            sample
        });
        let samples: Vec<Sample> = samples.collect();
        let mut recorded = fixtures::recorded(fixtures::spec(&["get"]), &[cell], &samples);
        recorded.header.host.computer.processors = 2;
        Summary::new(&recorded).cells[0].reasons.clone()
    }

    fn on_one_thread(cell: &mut Cell) {
        cell.manner.funnel = Some("the calling thread".into());
    }

    #[test]
    fn what_is_measured_reaches_the_rules() {
        let reasons = found(on_one_thread, 8, 60_000_000, 57_000_000);
        assert_eq!(reasons.len(), 1, "{reasons:?}");
        assert_eq!(reasons[0].id, "funnel");
        assert!(
            reasons[0]
                .detail
                .starts_with("CPU time is 95 % of the makespan, on 2 processors; at least 33 %"),
            "{}",
            reasons[0].detail
        );
        assert!(found(|_| (), 8, 60_000_000, 57_000_000).is_empty());
    }

    #[test]
    fn five_rounds_have_no_interval_and_say_nothing_of_time() {
        assert!(found(on_one_thread, 5, 60_000_000, 57_000_000).is_empty());
        assert_eq!(found(on_one_thread, 6, 60_000_000, 57_000_000).len(), 1);
    }

    #[test]
    fn a_row_whose_question_is_what_happens_has_no_reason() {
        let asks = |cell: &mut Cell| {
            on_one_thread(cell);
            cell.asks = true;
        };
        assert!(found(asks, 8, 60_000_000, 57_000_000).is_empty());
    }

    /// What an older run did not record is unknown, and stays so.
    #[test]
    fn a_cell_without_a_manner_reads_and_writes_as_before() {
        let text = toml::to_string(&Written {
            cell: fixtures::cell("tokio"),
        })
        .unwrap();
        assert!(!text.contains("manner"), "{text}");
        let read: Written = toml::from_str(&text).unwrap();
        assert_eq!(read.cell, fixtures::cell("tokio"));
    }

    #[derive(serde::Serialize, serde::Deserialize)]
    struct Written {
        cell: Cell,
    }
}
