//! Requests that are made and dropped, but never awaited: nothing may reach the server.

use std::time::Duration;

use anyhow::Result;

use crate::{
    Answer, Done, Facts, Io, Means, Outline, Params, Reply, Request, Tally, Unit, Work, Workload,
    mix,
};

/// Each unit makes a request and drops it. Every sample checks that the server saw none.
#[derive(Clone, Debug)]
pub struct NeverAwaited(Params);

impl NeverAwaited {
    fn tally(&self, unit: u64) -> Tally {
        Tally::of(mix(self.0.seed, unit), &[])
    }
}

impl Outline for NeverAwaited {
    fn facts(&self) -> &'static Facts {
        &Self::FACTS
    }

    fn params(&self) -> &Params {
        &self.0
    }

    fn expected(&self) -> Tally {
        (0..self.0.tasks).map(|unit| self.tally(unit)).sum()
    }

    fn floor(&self, _means: Means) -> Option<Duration> {
        Some(Duration::ZERO)
    }

    /// The server would answer, so a request that does arrive is counted.
    fn answer(&self, path: &str, attempt: u32) -> Option<Answer> {
        let item = self.0.item(Self::FACTS.name, path)?;
        Some(Answer {
            key: self.0.key(Self::FACTS.name, item, attempt),
            delay: self.0.delay(Self::FACTS.name, item, attempt),
            reply: Reply::Body(bytes::Bytes::new()),
        })
    }
}

impl Work for NeverAwaited {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        drop(io.fetch(Request::get(format!("/{}/{}", Self::FACTS.name, unit.0))));
        Ok(self.tally(unit.0).into())
    }
}

impl Workload for NeverAwaited {
    const FACTS: Facts = Facts {
        waits: false,
        ..Facts::http(
            "never-awaited",
            "requests are made and dropped without being awaited: none may reach the server",
        )
    };

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        Ok(NeverAwaited(params.clone()))
    }
}
