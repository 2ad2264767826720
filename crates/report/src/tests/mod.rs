//! What people see, whole: a made-up summary, and one file for each thing that is tested.

mod comparison;
mod csv;
mod documents;
mod formats;
mod hostile;
mod kinds;
pub(crate) mod made_up;
mod overlap;
mod pictures;
mod published;
mod snapshots;
mod surfaces;
mod terminal;
mod timelines;
mod workload;

use model::{
    CAPPED, CellSummary, Host, Load, Outcome, Percent, Quantile, Quantiles, Ratio, Reason, Spec,
    Spread, Summary, Verdict, VerdictKind,
};

fn cell(strategy: &str, median: u64, ratio: Option<(f64, f64, f64)>) -> CellSummary {
    CellSummary {
        workload: "get".into(),
        row: model::Row::plain(strategy),
        client: Some("reqwest".into()),
        outcome: Outcome::Measured,
        reason: None,
        samples: 24,
        wall_ns: Some(Spread {
            median,
            low: None,
            high: None,
            mad: 1,
            min: 1,
            max: 2,
        }),
        floor_ns: Some(40_000_000),
        floor_ratio: Some(median as f64 / 4e7),
        efficiency: Some(4e7 / median as f64),
        excess_per_unit_ns: Some(median.saturating_sub(40_000_000) / 60),
        verdict: ratio.filter(|ratio| ratio.0 != 1.0).map(|_| Verdict {
            kind: VerdictKind::Faster,
            p: 0.0039,
            missed_below: Some(0.031),
        }),
        over_fastest: None,
        autocorrelation: None,
        tie: ratio.map(|_| "a".into()),
        ratio: ratio.map(|(estimate, low, high)| Ratio {
            estimate,
            low: Some(low),
            high: Some(high),
            reference: model::Row::plain("sequential"),
            pairs: 9,
        }),
        cpu_ns: Some(7_120_000),
        cpu_user_share: Some(0.5),
        switches_voluntary: Some(123),
        switches_involuntary: Some(2),
        minor_faults: Some(0),
        allocations: None,
        allocated_bytes: None,
        read_syscalls: None,
        write_syscalls: None,
        largest_due_batch: Some(32),
        threads_peak: Some(35),
        rss_peak_bytes: None,
        rss_grown_bytes: None,
        mean_ns: None,
        deviation_ns: None,
        paced: false,
        latencies: None,
        heartbeat: None,
        verdicts: Default::default(),
        flags: Vec::new(),
        reasons: Vec::new(),
    }
}

pub(crate) fn summary() -> Summary {
    let reason = Reason {
        id: CAPPED.into(),
        text: "runs only 2 at a time".into(),
        detail: "1.01 times its own best possible 600 ms".into(),
        source: "https://example.org/capped".into(),
    };
    let cells = vec![
        cell("sequential", 1_206_000_000, Some((1.0, 1.0, 1.0))),
        CellSummary {
            reasons: vec![reason],
            ..cell(
                "blocking-in-tokio",
                606_000_000,
                Some((0.503, 0.5021, 0.5034)),
            )
        },
        cell(
            "tokio-spawn-blocking",
            41_249_000,
            Some((0.034_23, 0.033_91, 0.035_11)),
        ),
        CellSummary {
            outcome: Outcome::Failed,
            reason: Some("the process ended: killed by signal 9 (SIGKILL)".into()),
            samples: 3,
            ..cell("smol", 1, None)
        },
    ];
    let spec = Spec {
        name: "core".into(),
        seed: 1,
        concurrency: 32,
        workers: 2,
        cpus: None,
        computing: None,
        launches: 3,
        rounds: 24,
        long_rounds: 9,
        precision: Percent::of_hundredths(300),
        budget: None,
        calibration: false,
        reference: model::Row::plain("sequential"),
        anchor: "tokio".into(),
        strategies: vec!["*".into()],
        mean: false,
        programs: vec![],
        workloads: vec![Load {
            numbers: [("body_bytes".into(), 1024)].into(),
            ..Load::new("get", 60, "20ms".parse().unwrap())
        }],
    };
    let host = Host {
        started: "2026-11-21T20:00:00Z".into(),
        ..Host::default()
    };
    Summary {
        schema_version: model::SCHEMA_VERSION,
        troubles: vec![],
        calibration: vec![],
        workloads: vec![],
        overall: None,
        launches: vec![],
        series: vec![],
        host,
        spec,
        interrupted: false,
        resumed: vec![],
        cells,
    }
}

/// Some of what was seen in 1440 units; the 99th percentile has a long tail.
fn quantiles() -> Quantiles {
    let quantile = |value_ns, low, high| Quantile {
        value_ns,
        low_ns: Some(low),
        high_ns: Some(high),
    };
    Quantiles {
        count: 1440,
        p50_ns: quantile(41_249_000, 41_012_000, 41_549_000),
        p90_ns: quantile(43_649_000, 43_412_000, 44_849_000),
        p99_ns: Some(quantile(212_449_000, 99_012_000, 1_231_549_000)),
        max_ns: 1_240_000_000,
    }
}
