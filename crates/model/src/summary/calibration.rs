//! What comes before a comparison: how late each strategy's timer is, and what its client costs where nothing has to be waited for.
//! Without it a reader would call a coarse timer a slow scheduler, and a slow client a slow runtime.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::judge::{Makespans, SHOWN};
use crate::plan::calibration::RAW;
use crate::statistics::{median, median_interval};
use crate::{Cell, Load, Ratio, Row, Sample, SampleOutcome, Spec};

/// One strategy's timer and client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CalibrationRow {
    /// The row.
    #[serde(rename = "strategy")]
    pub row: Row,
    /// What speaks HTTP for it.
    pub client: Option<String>,
    /// How late it wakes, by what was asked for.
    pub timers: Vec<Overshoot>,
    /// What a request costs where the server answers at once, by the requests in flight.
    pub taxes: Vec<Tax>,
}

/// How late a single wait ended, with all that starting a unit and joining it costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Overshoot {
    /// The wait asked for.
    pub asked_ns: u64,
    /// Median time beyond it; null where there is no result.
    pub late_ns: Option<u64>,
    /// Lower end of its 95 % interval.
    pub low_ns: Option<u64>,
    /// Upper end.
    pub high_ns: Option<u64>,
    /// Why there is no result, if there is none.
    pub reason: Option<String>,
}

/// The price of a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tax {
    /// Requests in flight.
    pub concurrency: usize,
    /// Median makespan over requests; null where there is no result.
    pub request_ns: Option<u64>,
    /// Makespan over that of [`RAW`], from the same rounds.
    pub ratio: Option<Ratio>,
    /// Why there is no result, if there is none.
    pub reason: Option<String>,
}

/// All rows of the calibration, in the order of the cells.
pub(crate) fn calibration(spec: &Spec, cells: &[Cell], samples: &[Sample]) -> Vec<CalibrationRow> {
    let mut rows: Vec<CalibrationRow> = Vec::new();
    for load in spec.workloads.iter().filter(|load| load.calibration) {
        let label = load.label();
        let seen = Seen::of(&label, samples);
        for cell in cells.iter().filter(|cell| cell.workload == label) {
            let at = rows
                .iter()
                .position(|row| row.row == cell.row)
                .unwrap_or_else(|| {
                    rows.push(CalibrationRow {
                        row: cell.row.clone(),
                        client: None,
                        timers: Vec::new(),
                        taxes: Vec::new(),
                    });
                    rows.len() - 1
                });
            let row = &mut rows[at];
            match &cell.client {
                None => row.timers.push(seen.overshoot(cell, load)),
                Some(client) => {
                    row.client = Some(client.clone());
                    row.taxes.push(seen.tax(cell, load, spec));
                }
            }
        }
    }
    rows
}

/// The samples of one of its workloads.
struct Seen<'a> {
    walls: BTreeMap<&'a Row, BTreeMap<u32, (u32, f64)>>,
    reasons: BTreeMap<&'a Row, &'a str>,
}

impl<'a> Seen<'a> {
    fn of(label: &str, samples: &'a [Sample]) -> Self {
        let mut seen = Seen {
            walls: BTreeMap::new(),
            reasons: BTreeMap::new(),
        };
        for sample in samples.iter().filter(|sample| sample.workload == label) {
            match &sample.outcome {
                SampleOutcome::Measured(measurement) if sample.kept => {
                    let walls = seen.walls.entry(&sample.row).or_default();
                    walls.insert(sample.round, (sample.launch, measurement.wall_ns as f64));
                }
                SampleOutcome::Measured(_) => {}
                SampleOutcome::Refused { reason, .. } | SampleOutcome::Failed { reason } => {
                    seen.reasons.entry(&sample.row).or_insert(reason);
                }
            }
        }
        seen
    }

    fn walls(&self, row: &Row) -> Vec<f64> {
        let walls = self.walls.get(row).into_iter().flat_map(BTreeMap::values);
        walls.map(|(_, wall)| *wall).collect()
    }

    fn reason(&self, cell: &Cell) -> Option<String> {
        let failed = self
            .reasons
            .get(&cell.row)
            .map(|reason| (*reason).to_owned());
        let none = || {
            self.walls(&cell.row)
                .is_empty()
                .then(|| "it has no sample that counts".to_owned())
        };
        cell.unsupported.clone().or(failed).or_else(none)
    }

    fn overshoot(&self, cell: &Cell, load: &Load) -> Overshoot {
        let asked = load.latency.median().as_nanos() as u64;
        let late: Vec<f64> = self
            .walls(&cell.row)
            .iter()
            .map(|wall| wall - asked as f64)
            .collect();
        let interval = median_interval(&late, SHOWN);
        Overshoot {
            asked_ns: asked,
            late_ns: median(&late).map(|late| late as u64),
            low_ns: interval.map(|(low, _)| low as u64),
            high_ns: interval.map(|(_, high)| high as u64),
            reason: self.reason(cell),
        }
    }

    fn tax(&self, cell: &Cell, load: &Load, spec: &Spec) -> Tax {
        let makespans = |(row, walls): (&&'a Row, &BTreeMap<_, _>)| Makespans {
            row,
            walls: walls.clone(),
        };
        let own = self.walls.get_key_value(&cell.row);
        let raw = self.walls.iter().find(|(row, _)| row.is(RAW));
        let both = own.map(makespans).zip(raw.map(makespans));
        let ratio = both.and_then(|(own, raw)| own.over(&raw, spec.seed));
        Tax {
            concurrency: load.concurrency(spec),
            request_ns: median(&self.walls(&cell.row))
                .map(|wall| (wall / load.tasks as f64) as u64),
            ratio,
            reason: self.reason(cell),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{self, sample};

    #[test]
    fn it_comes_once_and_only_where_it_is_wanted() {
        let mut spec = fixtures::spec(&["get"]);
        spec.calibrate();
        assert_eq!(spec.workloads.len(), 1);
        spec.calibration = true;
        spec.calibrate();
        spec.calibrate();
        let labels: Vec<String> = spec.workloads.iter().map(Load::label).collect();
        assert_eq!(
            labels,
            [
                "sleep(timer,1ms)",
                "sleep(timer,5ms)",
                "sleep(timer,20ms)",
                "get(client,1)",
                "get(client,64)",
                "get"
            ]
        );
    }

    #[test]
    fn timers_are_late_by_what_is_beyond_the_wait_and_clients_cost_what_raw_does_not() {
        let mut spec = fixtures::spec(&[]);
        spec.calibration = true;
        spec.calibrate();
        let cell = |workload: &str, strategy: &str, client: Option<&str>| Cell {
            workload: workload.into(),
            client: client.map(str::to_owned),
            calibration: true,
            ..fixtures::cell(strategy)
        };
        let cells = [
            cell("sleep(timer,5ms)", "tokio", None),
            cell("get(client,1)", "tokio", Some("hyper")),
            cell("get(client,1)", RAW, Some("raw")),
            cell("get(client,64)", "tokio", Some("hyper")),
        ];
        let mut samples = Vec::new();
        for round in 0..7 {
            samples.push(sample(
                "sleep(timer,5ms)",
                "tokio",
                round,
                6_000_000 + u64::from(round),
            ));
            samples.push(sample("get(client,1)", "tokio", round, 64_000));
            samples.push(sample("get(client,1)", RAW, round, 32_000));
        }
        let rows = calibration(&spec, &cells, &samples);
        let [tokio, raw] = &rows[..] else {
            panic!("{rows:?}")
        };
        let late = &tokio.timers[0];
        assert_eq!(
            (late.asked_ns, late.late_ns, late.low_ns),
            (5_000_000, Some(1_000_003), Some(1_000_001))
        );
        let tax = &tokio.taxes[0];
        assert_eq!((tax.concurrency, tax.request_ns), (1, Some(2000)));
        let ratio = tax.ratio.as_ref().unwrap();
        assert!(
            (ratio.estimate - 2.0).abs() < 1e-12 && ratio.pairs == 6,
            "{ratio:?}"
        );
        // What was not measured says so.
        let none = &tokio.taxes[1];
        assert!(
            none.request_ns.is_none() && none.reason.is_some(),
            "{none:?}"
        );
        assert_eq!(raw.row.strategy, RAW);
    }
}
