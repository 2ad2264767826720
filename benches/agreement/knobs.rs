//! What can be turned to see that the check fails, and where a difference comes from. Environment variables, because criterion's
//! process inherits them.

use std::env;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use harness::Prepared;
use model::Percent;

use super::cells;

/// `get/smol=3%`: all waits of that row last so much longer, by criterion only.
const LONGER: &str = "MAKESPAN_AGREEMENT_LONGER";
/// Milliseconds that criterion's process waits before each sample, untimed.
const PAUSE: &str = "MAKESPAN_AGREEMENT_PAUSE_MS";

/// All of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Knobs {
    longer: Option<(String, Percent)>,
    pub(super) pause: Duration,
}

impl Knobs {
    pub(super) fn from_environment() -> Result<Knobs> {
        let set = |name| env::var(name).ok();
        Ok(Knobs {
            longer: set(LONGER).map(|text| longer(&text)).transpose()?,
            pause: set(PAUSE).map_or(Ok(Duration::ZERO), |text| pause(&text))?,
        })
    }

    /// Makes the waits of a cell longer, if it is the one.
    pub(super) fn lengthen(&self, cell: &mut Prepared) {
        let name = format!("{}/{}", cell.workload, cell.strategy);
        if let Some((_, by)) = self.longer.as_ref().filter(|(row, _)| *row == name) {
            cell.params.latency = cell.params.latency.times(1.0 + by.share());
        }
    }

    /// Says what is turned, so that nobody takes it for a result.
    pub(super) fn announce(&self) {
        if let Some((row, by)) = &self.longer {
            println!("{LONGER}: by criterion, all waits of {row} are {by} longer");
        }
        if !self.pause.is_zero() {
            println!(
                "{PAUSE}: criterion waits {:?} before each sample",
                self.pause
            );
        }
    }
}

fn longer(text: &str) -> Result<(String, Percent)> {
    let names: Vec<String> = cells()
        .iter()
        .map(|(workload, row)| format!("{workload}/{row}"))
        .collect();
    let split = text.split_once('=');
    let split = split.filter(|(row, _)| names.iter().any(|name| name == row));
    let (row, by) = split.with_context(|| {
        format!(
            "{LONGER}={text}: it must be ROW=PERCENT; allowed rows are {}",
            names.join(", ")
        )
    })?;
    let by = by.parse().with_context(|| format!("{LONGER}={text}"))?;
    Ok((row.to_owned(), by))
}

fn pause(text: &str) -> Result<Duration> {
    let wait = text.parse().ok().filter(|wait| *wait <= 1000);
    ensure!(
        wait.is_some(),
        "{PAUSE}={text}: allowed are 0 to 1000 whole milliseconds"
    );
    Ok(Duration::from_millis(wait.unwrap_or_default()))
}
