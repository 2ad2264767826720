//! One look at all rows of a gate: which of them alarm.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::gate::kind::GateKind;
use crate::gate::margins::Margins;
use crate::gate::paired::{Fate, PairedRow, Side};
use crate::statistics::{Sides, median, median_interval, p_together};

/// What one measurement says of a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GateLook {
    /// Rounds that hold both builds.
    pub pairs: usize,
    /// Median makespan of the base.
    pub base_ns: u64,
    /// Median makespan of the head.
    pub head_ns: u64,
    /// Head over base: the median of the ratios within rounds.
    pub ratio: f64,
    /// Lower end of its 95 % interval; none with fewer than 6 pairs.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// The chance of rounds as uneven as these or more if the head were slower by the margin and no more. Adjusted for all rows.
    pub p: f64,
    /// Whether that is at most the error that all alarms may have together.
    pub alarms: bool,
    /// How far builds of the two sides differ: the standard deviation of the logarithms of their ratios. None with one build of each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub between_builds: Option<f64>,
    /// The second build of the base over the first.
    pub again_ratio: Option<f64>,
    /// Whether that differs from 1 by more than the margin, by the same test.
    pub again_alarms: bool,
    /// What follows where it does not alarm.
    pub(crate) kind: GateKind,
}

/// Looks at all rows that have results, together.
pub(crate) fn look(rows: &[PairedRow], margins: &Margins) -> Vec<Option<GateLook>> {
    let judged = |row: &PairedRow| row.fate == Fate::Measured;
    let ratios: Vec<_> = rows.iter().map(PairedRow::ratios).collect();
    let again: Vec<_> = rows.iter().map(|row| row.again.over(&row.base)).collect();
    let margin = |row: &PairedRow| (1.0 + margins.of(row).percent.share()).ln();
    let beyond = |ratios: &[Vec<(u32, f64)>], sign: f64| -> Vec<f64> {
        let sides = rows.iter().zip(ratios).map(|(row, own)| {
            let own = own.iter().filter(|_| judged(row));
            Sides::new(own.map(|(round, it)| (*round, sign * it)), margin(row))
        });
        p_together(&sides.collect::<Vec<_>>(), Sides::p_above)
    };
    let p = beyond(&ratios, 1.0);
    let (slower, faster) = (beyond(&again, 1.0), beyond(&again, -1.0));
    let look = |(index, row): (usize, &PairedRow)| {
        let logs: Vec<f64> = ratios[index].iter().map(|(_, it)| *it).collect();
        let estimate = median(&logs).filter(|_| judged(row))?;
        let interval = median_interval(&logs, 0.95);
        let again: Vec<f64> = again[index].iter().map(|(_, it)| *it).collect();
        Some(GateLook {
            pairs: logs.len(),
            base_ns: median_ns(&row.base),
            head_ns: median_ns(&row.head),
            ratio: estimate.exp(),
            low: interval.map(|(low, _)| low.exp()),
            high: interval.map(|(_, high)| high.exp()),
            p: p[index],
            alarms: p[index] <= crate::ALPHA,
            between_builds: row.between(),
            again_ratio: median(&again).map(f64::exp),
            // Both directions are asked, so each may use half.
            again_alarms: slower[index].min(faster[index]) <= crate::ALPHA / 2.0,
            kind: quiet(interval, margin(row)),
        })
    };
    rows.iter().enumerate().map(look).collect()
}

/// What is said of a row that does not alarm.
fn quiet(interval: Option<(f64, f64)>, margin: f64) -> GateKind {
    match interval {
        Some((_, high)) if high < -margin => GateKind::Improved,
        Some((_, high)) if high <= margin => GateKind::Clean,
        _ => GateKind::Inconclusive,
    }
}

fn median_ns(side: &Side) -> u64 {
    let walls: Vec<f64> = side.kept.values().map(|it| it.wall_ns as f64).collect();
    median(&walls).unwrap_or_default() as u64
}
