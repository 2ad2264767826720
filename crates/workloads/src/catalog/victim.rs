//! Downloads beside a heartbeat. How long does a strategy starve its neighbours?

use std::time::Duration;

use anyhow::Result;

use crate::shapes::downloads::Downloads;
use crate::{Answer, Done, Facts, Io, Means, Need, Outline, Params, Tally, Unit, Work, Workload};

/// As `get`, beside a heartbeat that the strategy runs.
#[derive(Clone, Debug)]
pub struct Victim {
    downloads: Downloads,
}

/// Bytes of each body.
const BODY_BYTES: u64 = 1024;

impl Outline for Victim {
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

impl Work for Victim {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        let request = self.downloads.request(unit.0);
        let body = self.downloads.fetch(io, request).await?;
        Ok(self.downloads.tally(unit.0, &body).into())
    }
}

impl Workload for Victim {
    const FACTS: Facts = Facts {
        needs: &[Need::Beside],
        heartbeat: true,
        ..Facts::http(
            "victim",
            "as get, beside a heartbeat of the strategy's own: how late it beats is what others suffer",
        )
    };

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        Ok(Victim {
            downloads: Downloads::new(Self::FACTS.name, params, BODY_BYTES),
        })
    }
}
