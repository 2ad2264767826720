//! A new connection for every request.

use std::time::Duration;

use anyhow::Result;

use crate::shapes::downloads::{BODY_BYTES, Downloads};
use crate::{
    Answer, Done, Facts, Io, Means, Number, Outline, Params, Request, Tally, Unit, Work, Workload,
};

/// As `get`, but each unit connects for itself. The server closes first, with a reset. So no port stays in TIME_WAIT, and no number of
/// samples can use up the ports.
#[derive(Clone, Debug)]
pub struct Churn {
    downloads: Downloads,
}

impl Outline for Churn {
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

impl Work for Churn {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        let request = Request {
            fresh: true,
            ..self.downloads.request(unit.0)
        };
        let body = self.downloads.fetch(io, request).await?;
        Ok(self.downloads.tally(unit.0, &body).into())
    }
}

impl Workload for Churn {
    const FACTS: Facts = Facts {
        fresh: true,
        numbers: &[Number {
            // A reset drops what has not been sent, so a body must fit into the buffers of the sockets.
            max: 1 << 14,
            ..BODY_BYTES
        }],
        ..Facts::http("churn", "as get, with a new connection for every request")
    };

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        let body_bytes = params.number(&Self::FACTS, BODY_BYTES.name);
        Ok(Churn {
            downloads: Downloads::new(Self::FACTS.name, params, body_bytes),
        })
    }
}
