//! N small downloads: the tutorials' flags.

use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;

use crate::{
    Answer, Done, Facts, Io, Number, Outline, Params, Request, Tally, Unit, Work, content, floor,
    key,
};

/// Each unit downloads one small body.
#[derive(Clone, Debug)]
pub struct Get {
    params: Params,
    body_bytes: usize,
}

impl Get {
    fn key(&self, item: u64) -> u64 {
        key(self.params.seed, Self::FACTS.name, item, 0)
    }

    fn body(&self, item: u64) -> Bytes {
        content(self.key(item), self.body_bytes)
    }
}

impl Outline for Get {
    fn units(&self) -> u64 {
        self.params.tasks
    }

    fn requests(&self) -> u64 {
        self.params.tasks
    }

    fn expected(&self) -> Tally {
        (0..self.params.tasks)
            .map(|item| Tally::of(self.key(item), &self.body(item)))
            .sum()
    }

    fn floor(&self, limit: usize) -> Option<Duration> {
        let delay = |item| {
            self.params
                .latency
                .delay(self.params.seed, Self::FACTS.name, item, 0)
        };
        Some(floor((0..self.params.tasks).map(delay).collect(), limit))
    }

    fn answer(&self, path: &str) -> Option<Answer> {
        let item = path
            .strip_prefix("/get/")?
            .parse()
            .ok()
            .filter(|item| *item < self.params.tasks)?;
        Some(Answer {
            endpoint: Self::FACTS.name.to_owned(),
            item,
            body: self.body(item),
        })
    }
}

impl Work for Get {
    const FACTS: Facts = Facts {
        name: "get",
        about: "each unit downloads one small body from the mock server",
        server: true,
        uncovers: false,
        numbers: &[Number {
            name: "body_bytes",
            about: "size of each body in bytes",
            default: 1024,
            min: 0,
            max: 1 << 20,
        }],
    };

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        let body_bytes = params.number(&Self::FACTS, "body_bytes") as usize;
        Ok(Get {
            params: params.clone(),
            body_bytes,
        })
    }

    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        let path = format!("/get/{}", unit.0);
        let body = io.fetch(Request { path: path.clone() }).await?.ok(&path)?;
        Ok(Tally::of(self.key(unit.0), &body).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_items_are_answered() {
        let params = Params {
            seed: 1,
            tasks: 3,
            latency: "20ms".parse().unwrap(),
            numbers: [("body_bytes".into(), 10)].into(),
        };
        let get = Get::new(&params).unwrap();
        assert_eq!(get.answer("/get/2").unwrap().body.len(), 10);
        for path in ["/get/3", "/get/-1", "/get/", "/pages/0/0", "/"] {
            assert_eq!(get.answer(path), None, "{path}");
        }
    }
}
