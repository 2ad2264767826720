//! How long a run will take, computed before it starts.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Result, ensure};
use harness::{Prepared, enter_twins};
use model::{Budget, Plan, Row, Spec};

/// A run that waits longer than this starts only with --yes or with a budget that is large enough.
const LONG: Duration = Duration::from_secs(600);

/// An interval of a median needs this many rounds at 95 %: the chance that all of them lie on one side of it is 2 / 2^6.
const FOR_INTERVALS: u32 = 6;

/// A verdict needs this many at 99 %: the smallest p-value of a sign test is 2 / 2^8.
const FOR_VERDICTS: u32 = 8;

/// The least time that a plan can take: the sum of the floors of its samples.
pub(crate) struct Outlook {
    samples: usize,
    waiting: Duration,
    /// The row that waits longest in all, and how long.
    longest: Option<(String, Duration)>,
}

/// The floor of one sample of a cell; at least a millisecond, so that progress is visible.
pub(crate) fn floor(cell: &Prepared) -> Duration {
    let floor = cell.cell.own_floor.unwrap_or_default();
    floor.max(Duration::from_millis(1))
}

impl Outlook {
    /// The outlook on a run before it begins. Programs are counted as if they could all run.
    pub(crate) fn of(spec: &Spec, cells: &[Prepared]) -> Self {
        let mut cells = cells.to_vec();
        enter_twins(spec, &mut cells);
        let names: Vec<_> = cells.iter().map(|cell| cell.cell.clone()).collect();
        Outlook::of_plan(&Plan::new(spec, &names), &cells)
    }

    pub(crate) fn of_plan(plan: &Plan, cells: &[Prepared]) -> Self {
        let mut rows: BTreeMap<Row, Duration> = BTreeMap::new();
        let mut samples = 0;
        for (_, index) in plan.samples() {
            let cell = &cells[index].cell;
            let row = cell
                .row
                .twin_of()
                .map_or_else(|| cell.row.clone(), Row::plain);
            *rows.entry(row).or_default() += floor(&cells[index]);
            samples += 1;
        }
        let longest = rows.iter().max_by_key(|(_, waiting)| **waiting);
        Outlook {
            samples,
            waiting: rows.values().sum(),
            longest: longest.map(|(name, waiting)| (name.to_string(), *waiting)),
        }
    }

    /// The least time it takes.
    pub(crate) fn waiting(&self) -> Duration {
        self.waiting
    }

    /// A line that says how long the run takes, and which row takes most of it.
    pub(crate) fn line(&self, cells: usize) -> String {
        format!("{cells} cells, {} samples, {}", self.samples, self.length())
    }

    fn length(&self) -> String {
        let least = format!("at least {} of waiting", rough(self.waiting));
        match &self.longest {
            Some((name, longest)) => {
                let percent = 100.0 * longest.as_secs_f64() / self.waiting.as_secs_f64();
                format!("{least}, {name} is {percent:.0} % of it")
            }
            None => least,
        }
    }

    /// Refuses a long run, unless a large enough budget was asked for.
    pub(crate) fn check(&self, budget: Option<Budget>) -> Result<()> {
        if let Some(budget) = budget {
            ensure!(
                self.waiting <= budget.0,
                "{}, which is more than --budget {budget}; allowed are a larger budget, fewer --rounds, smaller sizes, rows left out with --strategy, or --yes",
                self.length()
            );
            return Ok(());
        }
        ensure!(
            self.waiting <= LONG,
            "{}; use --strategy to leave rows out, fewer --rounds or smaller sizes, or --yes to wait",
            self.length()
        );
        Ok(())
    }

    /// A warning where there are too few rounds for intervals or verdicts.
    pub(crate) fn warnings(&self, spec: &Spec, cells: &[Prepared]) -> Option<String> {
        let compared = cells
            .iter()
            .map(|cell| &cell.cell)
            .filter(|cell| !cell.asks && !cell.calibration && cell.unsupported.is_none());
        let mut references = compared.filter(|cell| cell.row == spec.reference);
        let first = references.next()?;
        let long = first.is_long() || references.any(|cell| cell.is_long());
        let rounds = if long { spec.long_rounds } else { spec.rounds };
        let warning = few(rounds)?;
        match rounds < spec.rounds {
            true => Some(format!("{} is in {warning}", spec.reference)),
            false => Some(warning),
        }
    }
}

/// What this number of rounds cannot show; nothing where it is enough.
fn few(rounds: u32) -> Option<String> {
    let what = if rounds < FOR_INTERVALS {
        format!(
            "too few for intervals of ratios ({FOR_INTERVALS} needed) and for verdicts ({FOR_VERDICTS} needed)"
        )
    } else if rounds == FOR_INTERVALS {
        format!(
            "{FOR_INTERVALS} needed for intervals of ratios: one dropped leaves none; verdicts need {FOR_VERDICTS}"
        )
    } else if rounds < FOR_VERDICTS {
        format!("too few for verdicts ({FOR_VERDICTS} needed)")
    } else if rounds == FOR_VERDICTS {
        format!("{FOR_VERDICTS} needed for verdicts: one dropped leaves none")
    } else {
        return None;
    };
    let rounds = match rounds {
        1 => "1 round".to_owned(),
        _ => format!("{rounds} rounds"),
    };
    Some(format!("{rounds}, {what}"))
}

/// A long time as people say it: `9h 20m`, `3m 5s`; a short one as in tables.
fn rough(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => report::duration(time.as_nanos() as u64),
        60..3600 => format!("{}m {}s", seconds / 60, seconds % 60),
        _ => format!("{}h {}m", seconds / 3600, seconds / 60 % 60),
    }
}

#[cfg(test)]
mod tests {
    use model::statistics;

    use super::*;
    use crate::Registry;

    /// The outlook on `get` with this many units of 20 ms, eight at a time.
    fn outlook(tasks: u64) -> (Spec, Vec<Prepared>, Outlook) {
        let mut spec = crate::scenario::core().unwrap();
        spec.workloads.retain(|load| load.name == "get");
        spec.workloads[0].tasks = tasks;
        spec.workloads[0].concurrency = Some(8);
        spec.strategies = vec!["sequential".to_owned(), "tokio".to_owned()];
        (spec.rounds, spec.long_rounds, spec.launches) = (10, 10, 2);
        let cells = Registry::built_in().prepare(&spec).unwrap();
        let outlook = Outlook::of(&spec, &cells);
        (spec, cells, outlook)
    }

    #[test]
    fn a_long_run_is_announced_with_the_row_that_takes_most_of_it() {
        // Twelve rounds, of which two are discarded: 8 s one by one, and tokio and its twin of 1 s each.
        let (_, _, short) = outlook(400);
        assert_eq!(short.waiting(), Duration::from_secs(96 + 24));
        assert_eq!(
            short.line(3),
            "3 cells, 36 samples, at least 2m 0s of waiting, sequential is 80 % of it"
        );
        short.check(None).unwrap();
        let budget = |text: &str| Some(text.parse().unwrap());
        let error = short.check(budget("1m")).unwrap_err().to_string();
        assert!(error.contains("which is more than --budget 1m"), "{error}");
        let (_, _, long) = outlook(4000);
        let error = long.check(None).unwrap_err().to_string();
        assert_eq!(
            error,
            "at least 20m 0s of waiting, sequential is 80 % of it; use --strategy to leave rows out, fewer --rounds or smaller sizes, or --yes to wait"
        );
        long.check(budget("1h")).unwrap();
    }

    #[test]
    fn too_few_rounds_are_said_where_the_reference_has_them() {
        let (mut spec, cells, outlook) = outlook(40);
        assert_eq!(outlook.warnings(&spec, &cells), None);
        spec.long_rounds = 6;
        assert_eq!(
            outlook.warnings(&spec, &cells).unwrap(),
            "sequential is in 6 rounds, 6 needed for intervals of ratios: one dropped leaves none; verdicts need 8"
        );
        spec.reference = Row::plain("tokio");
        assert_eq!(outlook.warnings(&spec, &cells), None);
        spec.rounds = 3;
        assert_eq!(
            outlook.warnings(&spec, &cells).unwrap(),
            "3 rounds, too few for intervals of ratios (6 needed) and for verdicts (8 needed)"
        );
        assert!(
            few(7)
                .unwrap()
                .starts_with("7 rounds, too few for verdicts")
        );
        assert!(few(8).unwrap().contains("one dropped leaves none"));
        assert_eq!(few(9), None);
    }

    #[test]
    fn these_are_the_fewest_rounds_of_the_statistics() {
        use statistics::Sides;
        let rounds = |count: u32| vec![1.0; count as usize];
        assert!(statistics::median_interval(&rounds(FOR_INTERVALS), 0.95).is_some());
        assert!(statistics::median_interval(&rounds(FOR_INTERVALS - 1), 0.95).is_none());
        let p = |count| Sides::new((0..count).map(|round| (round, 1.0)), 0.0).p_apart();
        assert!(p(FOR_VERDICTS) <= model::ALPHA && p(FOR_VERDICTS - 1) > model::ALPHA);
    }

    #[test]
    fn times_are_rough_where_they_are_long() {
        assert_eq!(rough(Duration::from_secs(33_600)), "9h 20m");
        assert_eq!(rough(Duration::from_secs(185)), "3m 5s");
    }
}
