//! Many small files: the other kind of waiting.

use anyhow::{Context, Result};
use bytes::Bytes;

use crate::{Done, Facts, Io, Number, Outline, Params, Tally, Unit, Work, Workload, content};

/// Each unit reads one file through the strategy's own file API.
#[derive(Clone, Debug)]
pub struct Files {
    params: Params,
    file_bytes: usize,
}

impl Files {
    fn key(&self, item: u64) -> u64 {
        self.params.key(Self::FACTS.name, item, 0)
    }

    fn content(&self, item: u64) -> Bytes {
        content(self.key(item), self.file_bytes)
    }
}

impl Outline for Files {
    fn facts(&self) -> &'static Facts {
        &Self::FACTS
    }

    fn params(&self) -> &Params {
        &self.params
    }

    fn expected(&self) -> Tally {
        (0..self.params.tasks)
            .map(|item| Tally::of(self.key(item), &self.content(item)))
            .sum()
    }

    fn files(&self) -> Vec<(String, Bytes)> {
        let file = |item: u64| (item.to_string(), self.content(item));
        (0..self.params.tasks).map(file).collect()
    }
}

impl Work for Files {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        let folder = self.params.folder.as_deref();
        let folder = folder.context("nobody has written the files")?;
        let bytes = io.read(&folder.join(unit.0.to_string())).await?;
        Ok(Tally::of(self.key(unit.0), &bytes).into())
    }
}

impl Workload for Files {
    const FACTS: Facts = Facts {
        waits: false,
        numbers: &[Number {
            name: "file_bytes",
            about: "size of each file in bytes",
            default: 4096,
            min: 0,
            max: 1 << 20,
        }],
        ..Facts::new(
            "files",
            "each unit reads one small file, which is in the page cache, by the strategy's own file API",
        )
    };

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        Ok(Files {
            params: params.clone(),
            file_bytes: params.number(&Self::FACTS, "file_bytes") as usize,
        })
    }
}
