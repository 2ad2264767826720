//! N small downloads, like the flags of the tutorials.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::params::STAGGER;
use crate::shapes::downloads::{BODY_BYTES, Downloads};
use crate::{
    Answer, Done, Facts, Histogram, Io, Means, Outline, Params, Recorder, Tally, Unit, Work,
    Workload,
};

/// Each unit downloads one small body.
#[derive(Clone, Debug)]
pub struct Get {
    downloads: Downloads,
    latencies: Recorder,
}

impl Outline for Get {
    fn facts(&self) -> &'static Facts {
        &Self::FACTS
    }

    fn params(&self) -> &Params {
        self.downloads.params()
    }

    fn requests(&self) -> u64 {
        self.params().tasks
    }

    fn expected(&self) -> Tally {
        self.downloads.expected()
    }

    fn floor(&self, means: Means) -> Option<Duration> {
        Some(self.downloads.floor(means.limit))
    }

    fn answer(&self, path: &str, attempt: u32) -> Option<Answer> {
        self.downloads.answer(path, attempt)
    }
}

impl Work for Get {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        let began = Instant::now();
        let request = self.downloads.request(unit.0);
        let body = self.downloads.fetch(io, request).await?;
        let tally = self.downloads.tally(unit.0, &body);
        self.latencies.record(began.elapsed());
        Ok(tally.into())
    }

    fn begin(&self) -> Self {
        Get {
            latencies: Recorder::with_room(self.units()),
            ..self.clone()
        }
    }

    fn latencies(&self) -> Option<Histogram> {
        self.latencies.latencies()
    }
}

impl Workload for Get {
    const FACTS: Facts = Facts {
        numbers: &[BODY_BYTES, STAGGER],
        ..Facts::http(
            "get",
            "each unit downloads one small body from the mock server",
        )
    };

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        let body_bytes = params.number(&Self::FACTS, BODY_BYTES.name);
        Ok(Get {
            downloads: Downloads::new(Self::FACTS.name, params, body_bytes).staggered(&Self::FACTS),
            latencies: Recorder::default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_items_are_answered() {
        let params = Params {
            numbers: [("body_bytes".into(), 10)].into(),
            ..Params::new(1, 3, "20ms".parse().unwrap())
        };
        let get = Get::new(&params).unwrap();
        assert_eq!(get.answer("/get/2", 0).unwrap().reply.len(), 10);
        for path in ["/get/3", "/get/-1", "/get/", "/getx/1", "/pages/0/0", "/"] {
            assert_eq!(get.answer(path, 0), None, "{path}");
        }
    }
}
