//! Breadth-first over a link graph that is not known beforehand, with one queue for all pages.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use crate::shapes::graph::{Graph, LINKS, Met};
use crate::{
    Answer, Done, Facts, Io, Means, Need, Outline, Params, Tally, Unit, Work, Workload, floor,
};

/// Each unit downloads one page and uncovers the pages that nobody has met before.
#[derive(Clone, Debug)]
pub struct Crawl {
    graph: Graph,
    met: Arc<Met>,
}

impl Crawl {
    /// The earliest time at which each page can arrive: the shortest way to it, in waits (Dijkstra, Numer. Math. 1959).
    fn earliest(&self) -> Vec<Duration> {
        let mut earliest = vec![Duration::MAX; self.graph.pages() as usize];
        earliest[0] = self.graph.delay(0);
        let mut queue = BinaryHeap::from([Reverse((earliest[0], 0u64))]);
        while let Some(Reverse((at, page))) = queue.pop() {
            if at > earliest[page as usize] {
                continue;
            }
            for link in self.graph.links(page) {
                let then = at + self.graph.delay(link);
                if then < earliest[link as usize] {
                    earliest[link as usize] = then;
                    queue.push(Reverse((then, link)));
                }
            }
        }
        earliest
    }
}

impl Outline for Crawl {
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
        self.graph.pages()
    }

    fn requests(&self) -> u64 {
        self.graph.pages()
    }

    /// No page can arrive before all waits of the shortest way to it, and no other page can begin before the first has arrived.
    fn floor(&self, means: Means) -> Option<Duration> {
        let rest = (1..self.graph.pages()).map(|page| self.graph.delay(page));
        let crowded = self.graph.delay(0) + floor(rest.collect(), means.limit);
        self.earliest()
            .into_iter()
            .max()
            .map(|far| far.max(crowded))
    }

    fn answer(&self, path: &str, attempt: u32) -> Option<Answer> {
        self.graph.answer(path, attempt)
    }
}

impl Work for Crawl {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        let (tally, links) = self.graph.visit(io, unit.0).await?;
        let new = links.into_iter().filter(|page| self.met.is_new(*page));
        Ok(Done {
            tally,
            next: new.map(Unit).collect(),
        })
    }

    fn begin(&self) -> Self {
        Crawl {
            graph: self.graph.clone(),
            met: Arc::new(Met::new(self.graph.pages())),
        }
    }
}

impl Workload for Crawl {
    const FACTS: Facts = Facts {
        uncovers: true,
        needs: &[Need::Queue, Need::Memory],
        numbers: &[LINKS],
        ..Facts::http(
            "crawl",
            "breadth-first over a link graph with cycles and duplicates, one queue for all",
        )
    };

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        let links = params.number(&Self::FACTS, LINKS.name);
        let graph = Graph::new(Self::FACTS.name, params, links);
        Ok(Crawl {
            met: Arc::new(Met::new(graph.pages())),
            graph,
        })
    }
}
