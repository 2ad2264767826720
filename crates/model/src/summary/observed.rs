//! What the samples of one row say beyond its summary. Pictures draw it, and no file keeps it.

use workloads::Histogram;

use crate::judge::SHOWN;
use crate::statistics::{median, median_interval};
use crate::{Cell, Measurement, Row};

/// What the samples of a row say that count.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// Which row.
    pub row: Row,
    /// Units of a sample, with those that others uncover.
    pub units: u64,
    /// CPU time of the client over the units, in nanoseconds; none where nobody measured it.
    pub cpu_per_unit_ns: Option<Centre>,
    /// Resident memory that a sample added over the units, in bytes; none where nobody measured it.
    pub memory_per_unit_bytes: Option<Centre>,
    /// How long units took, over all samples; none where the workload does not say so.
    pub latencies: Option<Histogram>,
}

/// A median, and the values that it is of.
#[derive(Clone, Debug, PartialEq)]
pub struct Centre {
    /// The median.
    pub median: f64,
    /// Both ends of its 95 % interval; none below 6 values.
    pub interval: Option<(f64, f64)>,
    /// The values, in the order of the samples.
    pub values: Vec<f64>,
}

impl Observed {
    /// What these samples of a row say.
    pub(crate) fn of(cell: &Cell, samples: &[&Measurement]) -> Observed {
        // Where the question is what happens, the rest means nothing.
        let samples = if cell.asks { &[] } else { samples };
        let units = cell.units.max(1) as f64;
        let centre = |value: fn(&Measurement) -> Option<u64>| {
            let values = samples.iter().filter_map(|it| value(it));
            Centre::of(values.map(|it| it as f64 / units).collect())
        };
        let grown = |it: &Measurement| Some(it.rss_peak_bytes?.saturating_sub(it.rss_base_bytes?));
        let mut latencies = samples.iter().filter_map(|it| it.latencies.as_ref());
        let all = latencies.next().cloned();
        let all = all.map(|mut all| {
            latencies.for_each(|it| all.merge(it));
            all
        });
        Observed {
            row: cell.row.clone(),
            units: cell.units,
            // No work is done without: whoever says so has not measured it.
            cpu_per_unit_ns: centre(|it| Some(it.cpu_ns)).filter(|it| it.median > 0.0),
            memory_per_unit_bytes: centre(grown),
            latencies: all,
        }
    }
}

impl Centre {
    fn of(values: Vec<f64>) -> Option<Centre> {
        Some(Centre {
            median: median(&values)?,
            interval: median_interval(&values, SHOWN),
            values,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{Recorded, Sample, SampleOutcome, Summary, fixtures};

    /// A row of 60 units with a sample in each round. Round 0 does not count.
    fn recorded(change: fn(u32, &mut Measurement)) -> Recorded {
        let sample = |round| {
            let mut sample = fixtures::sample("get", "tokio", round, 60_000_000);
            if let SampleOutcome::Measured(measured) = &mut sample.outcome {
                change(round, measured);
            }
            sample
        };
        let samples: Vec<Sample> = (0..=6).map(sample).collect();
        fixtures::recorded(
            fixtures::spec(&["get"]),
            &[fixtures::cell("tokio")],
            &samples,
        )
    }

    fn of_get(recorded: &Recorded) -> Vec<Observed> {
        Summary::observed(recorded).remove("get").unwrap()
    }

    #[test]
    fn it_is_of_the_samples_that_count_and_over_the_units() {
        let all = of_get(&recorded(|round, measured| {
            measured.cpu_ns = 6_000 * u64::from(round);
            (measured.rss_base_bytes, measured.rss_peak_bytes) = (Some(1000), Some(7000));
            measured.latencies =
                workloads::Histogram::of([Duration::from_micros(u64::from(round) + 1)]);
        }));
        let [own] = all.as_slice() else {
            panic!("{all:?}")
        };
        assert_eq!((&own.row, own.units), (&Row::plain("tokio"), 60));
        let cpu = own.cpu_per_unit_ns.as_ref().unwrap();
        assert_eq!(cpu.values, [100.0, 200.0, 300.0, 400.0, 500.0, 600.0]);
        assert_eq!((cpu.median, cpu.interval), (350.0, Some((100.0, 600.0))));
        assert_eq!(own.memory_per_unit_bytes.as_ref().unwrap().median, 100.0);
        let latencies = own.latencies.as_ref().unwrap();
        assert_eq!(latencies.count(), 6, "not that of round 0");
    }

    #[test]
    fn what_nobody_measured_is_nothing_and_not_0() {
        let all = of_get(&recorded(|_, measured| measured.cpu_ns = 0));
        assert_eq!(all[0].cpu_per_unit_ns, None);
        assert_eq!(all[0].memory_per_unit_bytes, None);
        assert_eq!(all[0].latencies, None);
        assert!(!Summary::observed(&recorded(|_, _| ())).contains_key("pages"));
    }
}
