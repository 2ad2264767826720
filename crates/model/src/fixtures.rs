//! What the tests of this crate share.

use std::time::Duration;

use crate::{
    Cell, End, Header, Host, Load, Measurement, Percent, Recorded, Row, SCHEMA_VERSION, Sample,
    SampleOutcome, Spec, Summary,
};

/// A row by its text.
pub(crate) fn row(text: &str) -> Row {
    text.parse().expect("it is well-formed")
}

/// A clean cell of `get`: 60 units of 20 ms, 32 at once.
pub(crate) fn cell(strategy: &str) -> Cell {
    Cell {
        client: Some("hyper".into()),
        limit: 32,
        in_flight: 32,
        units: 60,
        peak: Some(32),
        floor: Some(Duration::from_millis(40)),
        own_floor: Some(Duration::from_millis(40)),
        latency: Duration::from_millis(20),
        ..Cell::new("get", row(strategy))
    }
}

/// A spec of these workloads, with the numbers of `core`.
pub(crate) fn spec(workloads: &[&str]) -> Spec {
    let latency = "20ms".parse().expect("it is well-formed");
    let load = |name: &&str| Load::new(name, 60, latency);
    Spec {
        name: "test".into(),
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
        reference: row("sequential"),
        anchor: "tokio".into(),
        strategies: vec!["*".into()],
        mean: false,
        programs: vec![],
        workloads: workloads.iter().map(load).collect(),
    }
}

/// A finished run of these cells.
pub(crate) fn recorded(spec: Spec, cells: &[Cell], samples: &[Sample]) -> Recorded {
    Recorded {
        header: Header {
            schema_version: SCHEMA_VERSION,
            host: Host::default(),
            spec,
            cells: cells.to_vec(),
        },
        samples: samples.to_vec(),
        conditions: Vec::new(),
        resumed: Vec::new(),
        end: Some(End {
            interrupted: false,
            looks: 1,
            exhausted: true,
            samples: samples.len() as u32,
            checksum: 0,
        }),
        timelines: Vec::new(),
        troubles: Vec::new(),
    }
}

/// What follows from it.
pub(crate) fn summary(cells: &[Cell], samples: &[Sample]) -> Summary {
    Summary::new(&recorded(spec(&[]), cells, samples))
}

/// A sample of the first launch that took so long; round 0 does not count.
pub(crate) fn sample(workload: &str, strategy: &str, round: u32, wall_ns: u64) -> Sample {
    let measurement = Measurement {
        wall_ns,
        cpu_ns: wall_ns / 10,
        cpu_user_ns: 3,
        cpu_system_ns: 1,
        ..Measurement::default()
    };
    Sample {
        launch: 0,
        round,
        position: 0,
        kept: round > 0,
        workload: workload.into(),
        row: row(strategy),
        padding_bytes: 0,
        draw: 0,
        floor_ns: None,
        own_floor_ns: None,
        at_ns: 0,
        outcome: SampleOutcome::Measured(measurement),
    }
}
