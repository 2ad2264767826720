//! A made-up run of one workload: rows whose makespans are drawn.

use std::time::Duration;

use super::setting::{Noise, REFERENCE, ROWS, Setting};
use crate::statistics::draws::Draws;
use crate::{
    Arm, Cell, End, Header, Host, Load, Measurement, Percent, Recorded, Row, SCHEMA_VERSION,
    Sample, SampleOutcome, Spec, Summary,
};

/// A made-up run of one workload.
pub(super) struct Run {
    setting: Setting,
    draws: Draws,
}

impl Run {
    pub(super) fn new(setting: Setting, seed: u64) -> Run {
        Run {
            setting,
            draws: Draws::new(seed),
        }
    }

    /// With rows that take so many times as long as the reference.
    pub(super) fn summary(mut self, times: &[f64; ROWS]) -> Summary {
        let reference = Row::plain(REFERENCE);
        let others = (1..=ROWS).map(|row| Row::plain(format!("row {row}")));
        let rows: Vec<Row> = [reference.clone(), reference.with(Arm::Twin(2))]
            .into_iter()
            .chain(others)
            .collect();
        let mut samples = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            let slower = index.checked_sub(2).map_or(0.0, |row| times[row].ln());
            for (round, log) in self.logs(index).into_iter().enumerate() {
                samples.push(self.sample(row, round as u32, slower + log));
            }
        }
        let cells: Vec<Cell> = rows.into_iter().map(cell).collect();
        Summary::new(&recorded(self.setting, cells, samples))
    }

    /// The logarithms of a row's makespans, apart from how slow it is.
    fn logs(&mut self, row: usize) -> Vec<f64> {
        let Setting {
            noise,
            deviation,
            rounds,
            ..
        } = self.setting;
        let mut last = self.draws.normal();
        let mut moved = (0, 0.01 * self.draws.normal());
        let log = |round| match noise {
            Noise::Equal => deviation * self.draws.normal(),
            Noise::Unequal => deviation * self.draws.normal() * [0.5, 1.0, 2.0][row % 3],
            // The difference of an exponential and a normal has its median where this constant says.
            Noise::Skewed if row >= 2 => {
                deviation * (self.draws.exponential() - EXPONENTIAL_LESS_NORMAL)
            }
            Noise::Skewed => deviation * self.draws.normal(),
            Noise::Correlated => {
                last = 0.5 * last + 0.75f64.sqrt() * self.draws.normal();
                deviation * last
            }
            Noise::Launches => {
                let launch = launch(&self.setting, round);
                if launch != moved.0 {
                    moved = (launch, 0.01 * self.draws.normal());
                }
                moved.1 + deviation * self.draws.normal()
            }
        };
        (0..rounds).map(log).collect()
    }

    fn sample(&self, row: &Row, round: u32, log: f64) -> Sample {
        Sample {
            launch: launch(&self.setting, round),
            round,
            position: 0,
            kept: true,
            workload: WORKLOAD.to_owned(),
            row: row.clone(),
            padding_bytes: 0,
            draw: 0,
            floor_ns: None,
            own_floor_ns: None,
            at_ns: 0,
            outcome: SampleOutcome::Measured(Measurement {
                wall_ns: (1e12 * log.exp()) as u64,
                ..Measurement::default()
            }),
        }
    }
}

const WORKLOAD: &str = "simulated";

/// The median of a standard exponential less an independent standard normal: the root of
/// `norm.cdf(m) - exp(0.5 - m) * norm.cdf(m - 1) - 0.5`, by scipy.
const EXPONENTIAL_LESS_NORMAL: f64 = 0.875_798_343_698_272_1;

fn launch(setting: &Setting, round: u32) -> u32 {
    round * setting.launches / setting.rounds
}

fn cell(row: Row) -> Cell {
    Cell {
        latency: Duration::from_secs(1),
        ..Cell::new(WORKLOAD, row)
    }
}

fn recorded(setting: Setting, cells: Vec<Cell>, samples: Vec<Sample>) -> Recorded {
    let load = Load::new(
        WORKLOAD,
        1,
        workloads::Latency::Fixed(Duration::from_secs(1)),
    );
    let spec = Spec {
        name: WORKLOAD.to_owned(),
        seed: 1,
        concurrency: 1,
        workers: 1,
        launches: setting.launches,
        rounds: setting.rounds,
        long_rounds: setting.rounds,
        precision: Percent::of_hundredths(300),
        budget: None,
        computing: None,
        cpus: None,
        calibration: false,
        reference: Row::plain(REFERENCE),
        anchor: REFERENCE.to_owned(),
        strategies: cells.iter().map(|cell| cell.row.to_string()).collect(),
        mean: false,
        programs: Vec::new(),
        workloads: vec![load],
    };
    Recorded {
        header: Header {
            schema_version: SCHEMA_VERSION,
            host: Host::default(),
            spec,
            cells,
        },
        end: Some(End {
            interrupted: false,
            looks: 1,
            exhausted: true,
            samples: samples.len() as u32,
            checksum: 0,
        }),
        samples,
        conditions: Vec::new(),
        resumed: Vec::new(),
        timelines: Vec::new(),
        troubles: Vec::new(),
    }
}
