//! Streams over HTTP: bodies that arrive piece by piece.

use std::time::Duration;

use anyhow::{Result, ensure};
use bytes::Bytes;

use crate::shapes::items::ITEMS;
use crate::{
    Answer, Done, Facts, Io, Means, Number, Outline, Params, Pieces, Reply, Request, Tally, Unit,
    Work, Workload, content, floor, mix, ok,
};

/// The largest body in bytes.
const LARGEST: u64 = 1 << 30;

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
        let work = self.clone();
        let piece = move |item| (work.delay(unit, item), work.piece(unit, item));
        Some(Answer {
            key: self.params.key(Self::FACTS.name, unit, attempt),
            delay: Duration::ZERO,
            reply: Reply::Pieces(Pieces::new(self.items, self.piece_bytes, piece)),
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
        let items = params.number(&Self::FACTS, ITEMS.name);
        let piece_bytes = params.number(&Self::FACTS, "piece_bytes");
        ensure!(
            items * piece_bytes <= LARGEST,
            "stream-body: items = {items} of piece_bytes = {piece_bytes}: allowed are {LARGEST} bytes in all"
        );
        Ok(StreamBody {
            params: params.clone(),
            items,
            piece_bytes: piece_bytes as usize,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(items: u64, piece_bytes: u64) -> Result<StreamBody> {
        let numbers = [("items", items), ("piece_bytes", piece_bytes)];
        StreamBody::new(&Params {
            numbers: numbers.map(|(name, it)| (name.to_owned(), it)).into(),
            ..Params::new(7, 64, "1ms".parse().unwrap())
        })
    }

    /// All of these bodies together are 64 GiB: what is not sent is not made.
    #[test]
    fn a_large_body_is_made_piece_by_piece() {
        let body = body(1 << 14, 1 << 16).unwrap();
        let answers = (0..64).map(|unit| body.answer(&format!("/stream-body/{unit}"), 0).unwrap());
        let answers: Vec<Answer> = answers.collect();
        for (unit, answer) in answers.iter().enumerate() {
            let Reply::Pieces(pieces) = &answer.reply else {
                panic!("{answer:?}")
            };
            assert_eq!(
                (pieces.count(), answer.reply.len()),
                (1 << 14, LARGEST as usize)
            );
            let last = (1 << 14) - 1;
            assert_eq!(pieces.piece(last).1, body.piece(unit as u64, last));
        }
    }

    #[test]
    fn a_body_that_is_too_large_is_refused_with_what_is_allowed() {
        let error = body(100_000, 1 << 16).err().unwrap().to_string();
        assert!(
            error.contains("items = 100000") && error.contains("allowed are 1073741824 bytes"),
            "{error}"
        );
    }
}
