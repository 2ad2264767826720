//! Waiting and computing: a download, and then work on it.

use std::time::Duration;

use anyhow::Result;

use crate::floor::computing_floor;
use crate::shapes::computing::{ROUNDS, computed};
use crate::shapes::downloads::Downloads;
use crate::{Answer, Done, Facts, Io, Means, Outline, Params, Tally, Unit, Work, Workload};

/// Each unit downloads a small body and computes on it, where it is scheduled.
#[derive(Clone, Debug)]
pub struct Mixed {
    downloads: Downloads,
    rounds: u64,
}

/// Bytes of each body.
const BODY_BYTES: u64 = 1024;

impl Mixed {
    fn tally(&self, item: u64, body: &[u8]) -> Tally {
        let key = self.downloads.key(item);
        let start = key ^ u64::from(crc32fast::hash(body));
        Tally::of(key, &computed(start, self.rounds).to_le_bytes())
    }
}

impl Outline for Mixed {
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
        (0..self.params().tasks)
            .map(|item| self.tally(item, &self.downloads.body(item)))
            .sum()
    }

    fn steps(&self) -> u64 {
        self.rounds
    }

    fn floor(&self, means: Means) -> Option<Duration> {
        let waits = (0..self.params().tasks).map(|item| self.downloads.delay(item));
        Some(computing_floor(waits, self.rounds, means))
    }

    fn answer(&self, path: &str, attempt: u32) -> Option<Answer> {
        self.downloads.answer(path, attempt)
    }
}

impl Work for Mixed {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        let request = self.downloads.request(unit.0);
        let body = self.downloads.fetch(io, request).await?;
        Ok(self.tally(unit.0, &body).into())
    }
}

impl Workload for Mixed {
    const FACTS: Facts = Facts {
        waits: false,
        computes: true,
        numbers: &[ROUNDS],
        ..Facts::http(
            "mixed",
            "each unit downloads a small body and then computes",
        )
    };

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        Ok(Mixed {
            downloads: Downloads::new(Self::FACTS.name, params, BODY_BYTES),
            rounds: params.number(&Self::FACTS, ROUNDS.name),
        })
    }
}
