//! Bodies of very different sizes. The tally proves every byte.

use std::sync::LazyLock;
use std::time::Duration;

use anyhow::{Result, ensure};
use bytes::Bytes;

use crate::{
    Answer, Done, Facts, Io, Means, Number, Outline, Params, Reply, Request, Tally, Unit, Work,
    Workload, content, mix,
};

/// The largest body.
const MOST_BYTES: u64 = 1 << 20;

/// Bodies are windows into these bytes, with drawn sizes and offsets. So the server makes no bytes during a sample.
static BYTES: LazyLock<Bytes> = LazyLock::new(|| content(1, (MOST_BYTES + OFFSETS) as usize));

/// Different places at which a body can begin.
const OFFSETS: u64 = 1 << 16;

/// Each unit downloads one body. Every order of magnitude of its size is equally likely.
#[derive(Clone, Debug)]
pub struct Payload {
    params: Params,
    min_bytes: u64,
    max_bytes: u64,
}

impl Payload {
    fn key(&self, item: u64) -> u64 {
        self.params.key(Self::FACTS.name, item, 0)
    }

    fn body(&self, item: u64) -> Bytes {
        let key = self.key(item);
        let drawn = (mix(key, 1) >> 11) as f64 / (1u64 << 53) as f64;
        let ratio = self.max_bytes as f64 / self.min_bytes as f64;
        let len = (self.min_bytes as f64 * ratio.powf(drawn)) as usize;
        let offset = (mix(key, 2) % OFFSETS) as usize;
        BYTES.slice(offset..offset + len)
    }
}

impl Outline for Payload {
    fn facts(&self) -> &'static Facts {
        &Self::FACTS
    }

    fn params(&self) -> &Params {
        &self.params
    }

    fn requests(&self) -> u64 {
        self.params.tasks
    }

    fn expected(&self) -> Tally {
        (0..self.params.tasks)
            .map(|item| Tally::of(self.key(item), &self.body(item)))
            .sum()
    }

    fn floor(&self, means: Means) -> Option<Duration> {
        Some(self.params.floor(Self::FACTS.name, means.limit))
    }

    fn answer(&self, path: &str, attempt: u32) -> Option<Answer> {
        let item = self.params.item(Self::FACTS.name, path)?;
        Some(Answer {
            key: self.params.key(Self::FACTS.name, item, attempt),
            delay: self.params.delay(Self::FACTS.name, item, attempt),
            reply: Reply::Body(self.body(item)),
        })
    }
}

impl Work for Payload {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        let path = format!("/{}/{}", Self::FACTS.name, unit.0);
        let body = io.fetch(Request::get(path.clone())).await?.ok(&path)?;
        Ok(Tally::of(self.key(unit.0), &body).into())
    }
}

impl Workload for Payload {
    const FACTS: Facts = Facts {
        numbers: &[
            Number {
                name: "min_bytes",
                about: "size of the smallest body",
                default: 1024,
                min: 1,
                max: MOST_BYTES,
            },
            Number {
                name: "max_bytes",
                about: "size of the largest body",
                default: MOST_BYTES,
                min: 1,
                max: MOST_BYTES,
            },
        ],
        ..Facts::http(
            "payload",
            "bodies of 1 KiB to 1 MiB, every order of magnitude as likely; all bytes are proven",
        )
    };

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        let number = |name| params.number(&Self::FACTS, name);
        let (min_bytes, max_bytes) = (number("min_bytes"), number("max_bytes"));
        ensure!(
            min_bytes <= max_bytes,
            "payload: min_bytes = {min_bytes}: allowed are 1 to max_bytes = {max_bytes}"
        );
        Ok(Payload {
            params: params.clone(),
            min_bytes,
            max_bytes,
        })
    }
}
