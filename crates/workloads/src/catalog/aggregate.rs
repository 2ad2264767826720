//! Each unit asks K backends and needs all answers, so it waits for the slowest.

use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;

use crate::{
    Answer, Done, Facts, Io, Means, Number, Outline, Params, Reply, Request, Tally, Unit, Work,
    Workload, content, floor,
};

/// Bytes of each backend's answer.
const BODY_BYTES: usize = 256;

/// Each unit joins the answers of its backends.
#[derive(Clone, Debug)]
pub struct Aggregate {
    params: Params,
    backends: u64,
}

impl Aggregate {
    fn endpoint(unit: u64) -> String {
        format!("aggregate/{unit}")
    }

    fn key(&self, unit: u64, backend: u64) -> u64 {
        self.params.key(&Self::endpoint(unit), backend, 0)
    }

    fn body(&self, unit: u64, backend: u64) -> Bytes {
        content(self.key(unit, backend), BODY_BYTES)
    }
}

impl Outline for Aggregate {
    fn facts(&self) -> &'static Facts {
        &Self::FACTS
    }

    fn params(&self) -> &Params {
        &self.params
    }

    fn requests(&self) -> u64 {
        self.params.tasks * self.backends
    }

    fn inner(&self) -> u64 {
        self.backends
    }

    fn expected(&self) -> Tally {
        let all = (0..self.params.tasks)
            .flat_map(|unit| (0..self.backends).map(move |backend| (unit, backend)));
        all.map(|(unit, backend)| Tally::of(self.key(unit, backend), &self.body(unit, backend)))
            .sum()
    }

    /// A unit that can join waits for its slowest backend. A unit that cannot waits for one backend after the other.
    fn floor(&self, means: Means) -> Option<Duration> {
        let unit = |unit| {
            let delay = |backend| self.params.delay(&Self::endpoint(unit), backend, 0);
            let delays = (0..self.backends).map(delay);
            match means.joins {
                true => delays.max().unwrap_or_default(),
                false => delays.sum(),
            }
        };
        let units = (0..self.params.tasks).map(unit);
        Some(floor(units.collect(), means.limit))
    }

    fn answer(&self, path: &str, attempt: u32) -> Option<Answer> {
        let (unit, backend) = path.strip_prefix("/aggregate/")?.split_once('/')?;
        let unit = unit.parse().ok().filter(|unit| *unit < self.params.tasks)?;
        let backend = backend.parse().ok().filter(|it| *it < self.backends)?;
        Some(Answer {
            key: self.params.key(&Self::endpoint(unit), backend, attempt),
            delay: self.params.delay(&Self::endpoint(unit), backend, attempt),
            reply: Reply::Body(self.body(unit, backend)),
        })
    }
}

impl Work for Aggregate {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        let path = |backend| format!("/aggregate/{}/{backend}", unit.0);
        let requests = (0..self.backends).map(|backend| Request::get(path(backend)));
        let answers = io.fetch_all(requests.collect()).await?;
        let mut tally = Tally::default();
        for (backend, answer) in (0..).zip(answers) {
            tally += Tally::of(self.key(unit.0, backend), &answer.ok(&path(backend))?);
        }
        Ok(tally.into())
    }
}

impl Workload for Aggregate {
    const FACTS: Facts = Facts {
        numbers: &[Number {
            name: "backends",
            about: "requests of each unit, in flight together where the strategy can join",
            default: 5,
            min: 1,
            max: 1000,
        }],
        ..Facts::http(
            "aggregate",
            "each unit asks several backends and needs all answers: the slowest counts",
        )
    };

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        Ok(Aggregate {
            params: params.clone(),
            backends: params.number(&Self::FACTS, "backends"),
        })
    }
}
