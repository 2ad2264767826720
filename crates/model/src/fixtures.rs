//! What the tests of this crate share.

use std::time::Duration;

use crate::{Cell, Load, Spec};

/// A clean cell of `get`: 60 units of 20 ms, 32 at once.
pub(crate) fn cell(strategy: &str) -> Cell {
    Cell {
        workload: "get".into(),
        strategy: strategy.into(),
        client: Some("hyper".into()),
        limit: 32,
        in_flight: 32,
        units: 60,
        peak: Some(32),
        joins: true,
        reconnects: false,
        asks: false,
        floor: Some(Duration::from_millis(40)),
        own_floor: Some(Duration::from_millis(40)),
        latency: Duration::from_millis(20),
        quantum: Duration::ZERO,
        advisory: None,
        unsupported: None,
    }
}

/// A spec of these workloads, with the numbers of `core`.
pub(crate) fn spec(workloads: &[&str]) -> Spec {
    let load = |name: &&str| Load {
        name: (*name).into(),
        swept: None,
        concurrency: None,
        workers: None,
        tasks: 60,
        latency: "20ms".parse().expect("it is well-formed"),
        numbers: Default::default(),
    };
    Spec {
        name: "test".into(),
        seed: 1,
        concurrency: 32,
        workers: 2,
        launches: 3,
        rounds: 24,
        long_rounds: 9,
        reference: "sequential".into(),
        anchor: "tokio".into(),
        strategies: vec!["*".into()],
        mean: false,
        programs: vec![],
        workloads: workloads.iter().map(load).collect(),
    }
}
