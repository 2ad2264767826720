//! Numbered bodies under one path: what most workloads download.

use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;

use crate::{Answer, Facts, Io, Number, Params, Reply, Request, Tally, content, floor};

/// The size of everything that is downloaded in equal pieces.
pub(crate) const BODY_BYTES: Number = Number {
    name: "body_bytes",
    about: "size of each body in bytes",
    default: 1024,
    min: 0,
    max: 1 << 20,
};

/// A body for each unit, equal in size, different in content.
#[derive(Clone, Debug)]
pub(crate) struct Downloads {
    endpoint: &'static str,
    params: Params,
    body_bytes: usize,
    /// The workload that declares by how much starts are spread, if they are spread.
    staggered: Option<&'static Facts>,
}

impl Downloads {
    /// Bodies of `body_bytes` under `/endpoint/`.
    pub(crate) fn new(endpoint: &'static str, params: &Params, body_bytes: u64) -> Self {
        Downloads {
            endpoint,
            params: params.clone(),
            body_bytes: body_bytes as usize,
            staggered: None,
        }
    }

    /// The same, with starts spread as this declaration says.
    pub(crate) fn staggered(self, facts: &'static Facts) -> Self {
        Downloads {
            staggered: Some(facts),
            ..self
        }
    }

    pub(crate) fn params(&self) -> &Params {
        &self.params
    }

    pub(crate) fn key(&self, item: u64) -> u64 {
        self.params.key(self.endpoint, item, 0)
    }

    pub(crate) fn delay(&self, item: u64) -> Duration {
        self.delay_of(item, 0)
    }

    fn delay_of(&self, item: u64, attempt: u32) -> Duration {
        let stagger = self.staggered.map(|facts| self.params.stagger(facts, item));
        self.params.delay(self.endpoint, item, attempt) + stagger.unwrap_or_default()
    }

    pub(crate) fn body(&self, item: u64) -> Bytes {
        content(self.key(item), self.body_bytes)
    }

    pub(crate) fn tally(&self, item: u64, body: &[u8]) -> Tally {
        Tally::of(self.key(item), body)
    }

    /// All bodies, each once.
    pub(crate) fn expected(&self) -> Tally {
        (0..self.params.tasks)
            .map(|item| self.tally(item, &self.body(item)))
            .sum()
    }

    /// The lower bound if units wait for nothing but these bodies.
    pub(crate) fn floor(&self, limit: usize) -> Duration {
        floor(
            (0..self.params.tasks)
                .map(|item| self.delay(item))
                .collect(),
            limit,
        )
    }

    pub(crate) fn request(&self, item: u64) -> Request {
        Request::get(format!("/{}/{item}", self.endpoint))
    }

    pub(crate) fn answer(&self, path: &str, attempt: u32) -> Option<Answer> {
        let item = self.params.item(self.endpoint, path)?;
        Some(Answer {
            key: self.params.key(self.endpoint, item, attempt),
            delay: self.delay_of(item, attempt),
            reply: Reply::Body(self.body(item)),
        })
    }

    /// Downloads one body, which must be there.
    pub(crate) async fn fetch<I: Io>(&self, io: &I, request: Request) -> Result<Bytes> {
        let path = request.path.clone();
        io.fetch(request).await?.ok(&path)
    }
}
