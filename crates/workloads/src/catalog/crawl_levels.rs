//! Breadth-first level by level: no page of the next level is requested before the last page of this level has arrived.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;

use crate::shapes::graph::{Graph, LINKS, Met};
use crate::{
    Answer, Done, Facts, Io, Means, Need, Outline, Params, Tally, Unit, Work, Workload, floor,
};

/// Each unit downloads one page. The last unit of a level uncovers the next level.
#[derive(Clone, Debug)]
pub struct CrawlLevels {
    graph: Graph,
    met: Arc<Met>,
    level: Arc<Mutex<Level>>,
}

/// How far one crawl is.
#[derive(Debug)]
struct Level {
    /// Pages of this level that have not arrived yet.
    missing: usize,
    next: Vec<Unit>,
}

impl Level {
    fn first() -> Arc<Mutex<Self>> {
        Arc::new(Mutex::new(Level {
            missing: 1,
            next: Vec::new(),
        }))
    }
}

impl Outline for CrawlLevels {
    fn facts(&self) -> &'static Facts {
        &Self::FACTS
    }

    fn params(&self) -> &Params {
        self.graph.params()
    }

    fn expected(&self) -> Tally {
        self.graph.expected()
    }

    fn units(&self) -> u64 {
        1
    }

    fn total_units(&self) -> u64 {
        self.graph.pages()
    }

    fn widest(&self) -> u64 {
        let levels = self.graph.levels();
        levels
            .iter()
            .map(|level| level.len() as u64)
            .max()
            .unwrap_or(1)
    }

    fn requests(&self) -> u64 {
        self.graph.pages()
    }

    /// The sum of the levels, because each level waits for its last page.
    fn floor(&self, means: Means) -> Option<Duration> {
        let level = |pages: Vec<u64>| {
            let delays = pages.into_iter().map(|page| self.graph.delay(page));
            floor(delays.collect(), means.limit)
        };
        Some(self.graph.levels().into_iter().map(level).sum())
    }

    fn answer(&self, path: &str, attempt: u32) -> Option<Answer> {
        self.graph.answer(path, attempt)
    }
}

impl Work for CrawlLevels {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        let (tally, links) = self.graph.visit(io, unit.0).await?;
        let new = links.into_iter().filter(|page| self.met.is_new(*page));
        let mut level = self.level.lock().unwrap_or_else(PoisonError::into_inner);
        level.next.extend(new.map(Unit));
        level.missing -= 1;
        let mut next = Vec::new();
        if level.missing == 0 {
            next = std::mem::take(&mut level.next);
            level.missing = next.len();
        }
        Ok(Done { tally, next })
    }

    fn begin(&self) -> Self {
        CrawlLevels {
            graph: self.graph.clone(),
            met: Arc::new(Met::new(self.graph.pages())),
            level: Level::first(),
        }
    }
}

impl Workload for CrawlLevels {
    const FACTS: Facts = Facts {
        uncovers: true,
        needs: &[Need::Queue, Need::Memory],
        numbers: &[LINKS],
        ..Facts::http(
            "crawl-levels",
            "breadth-first level by level: each level waits for the last page of the one before",
        )
    };

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        let links = params.number(&Self::FACTS, LINKS.name);
        let graph = Graph::new(Self::FACTS.name, params, links);
        Ok(CrawlLevels {
            met: Arc::new(Met::new(graph.pages())),
            level: Level::first(),
            graph,
        })
    }
}
