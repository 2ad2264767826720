//! Streams over HTTP: bodies that arrive piece by piece.

use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;

use crate::shapes::items::ITEMS;
use crate::{
    Answer, Done, Facts, Io, Means, Number, Outline, Params, Reply, Request, Tally, Unit, Work,
    Workload, content, floor, mix, ok,
};

/// Each unit reads one body, piece by piece.
#[derive(Clone, Debug)]
pub struct StreamBody {
    params: Params,
    items: u64,
    piece_bytes: usize,
}

impl StreamBody {
    fn endpoint(unit: u64) -> String {
        format!("stream-body/{unit}")
    }

    fn delay(&self, unit: u64, item: u64) -> Duration {
        self.params.delay(&Self::endpoint(unit), item, 0)
    }

    fn piece(&self, unit: u64, item: u64) -> Bytes {
        let key = self.params.key(&Self::endpoint(unit), item, 0);
        content(key, self.piece_bytes)
    }

    fn tally(&self, unit: u64, digest: crc32fast::Hasher) -> Tally {
        Tally::of_digest(mix(self.params.seed, unit), digest.finalize())
    }
}

impl Outline for StreamBody {
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
        let unit = |unit| {
            let mut digest = crc32fast::Hasher::new();
            (0..self.items).for_each(|item| digest.update(&self.piece(unit, item)));
            self.tally(unit, digest)
        };
        (0..self.params.tasks).map(unit).sum()
    }

    fn floor(&self, means: Means) -> Option<Duration> {
        let chain = |unit| (0..self.items).map(|item| self.delay(unit, item)).sum();
        let chains = (0..self.params.tasks).map(chain);
        Some(floor(chains.collect(), means.limit))
    }

    fn answer(&self, path: &str, attempt: u32) -> Option<Answer> {
        let unit = self.params.item(Self::FACTS.name, path)?;
        let piece = |item| (self.delay(unit, item), self.piece(unit, item));
        Some(Answer {
            key: self.params.key(Self::FACTS.name, unit, attempt),
            delay: Duration::ZERO,
            reply: Reply::Pieces((0..self.items).map(piece).collect()),
        })
    }
}

impl Work for StreamBody {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        let path = format!("/{}/{}", Self::FACTS.name, unit.0);
        let mut digest = crc32fast::Hasher::new();
        let request = Request::get(path.clone());
        let status = io.stream(request, |piece| digest.update(piece)).await?;
        ok(status, &path)?;
        Ok(self.tally(unit.0, digest).into())
    }
}

impl Workload for StreamBody {
    const FACTS: Facts = Facts {
        numbers: &[
            ITEMS,
            Number {
                name: "piece_bytes",
                about: "size of each piece in bytes",
                default: 256,
                min: 1,
                max: 1 << 16,
            },
        ],
        ..Facts::http(
            "stream-body",
            "each unit reads one body that arrives piece by piece, each after a wait of its own",
        )
    };

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        Ok(StreamBody {
            params: params.clone(),
            items: params.number(&Self::FACTS, ITEMS.name),
            piece_bytes: params.number(&Self::FACTS, "piece_bytes") as usize,
        })
    }
}
