//! A link graph drawn from a seed: connected, with cycles, with pages that link to themselves, and with many ways to the same page.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::{Answer, Io, Number, Params, Reply, Request, Tally, content, mix};

/// How many links of a page lead to pages that no page before it links to. They make sure that all pages are reached.
pub(crate) const LINKS: Number = Number {
    name: "links",
    about: "new pages that each page links to, beside two links to anywhere",
    default: 3,
    min: 1,
    max: 1000,
};

/// Bytes of text on each page.
const TEXT_BYTES: usize = 512;

/// Pages numbered from 0. A crawl begins at page 0.
#[derive(Clone, Debug)]
pub(crate) struct Graph {
    endpoint: &'static str,
    params: Params,
    links: u64,
}

/// One page as it travels.
#[derive(Serialize, Deserialize)]
struct Page {
    links: Vec<u64>,
    text: String,
}

impl Graph {
    pub(crate) fn new(endpoint: &'static str, params: &Params, links: u64) -> Self {
        Graph {
            endpoint,
            params: params.clone(),
            links,
        }
    }

    pub(crate) fn params(&self) -> &Params {
        &self.params
    }

    pub(crate) fn pages(&self) -> u64 {
        self.params.tasks
    }

    pub(crate) fn delay(&self, page: u64) -> std::time::Duration {
        self.params.delay(self.endpoint, page, 0)
    }

    /// The links of a page: down a tree, and to two drawn pages, which may be any pages, even itself.
    pub(crate) fn links(&self, page: u64) -> Vec<u64> {
        let down = (1..=self.links).map(|n| page.saturating_mul(self.links).saturating_add(n));
        let key = self.key(page);
        let anywhere = (1..=2).map(|n| mix(key, n) % self.pages());
        down.filter(|page| *page < self.pages())
            .chain(anywhere)
            .collect()
    }

    /// Pages by their distance from the first, in links.
    pub(crate) fn levels(&self) -> Vec<Vec<u64>> {
        let mut level = vec![None; self.pages() as usize];
        let mut queue = VecDeque::from([0]);
        level[0] = Some(0);
        let mut levels: Vec<Vec<u64>> = Vec::new();
        while let Some(page) = queue.pop_front() {
            let own = level[page as usize].unwrap_or(0);
            if levels.len() <= own {
                levels.push(Vec::new());
            }
            levels[own].push(page);
            for link in self.links(page) {
                if level[link as usize].is_none() {
                    level[link as usize] = Some(own + 1);
                    queue.push_back(link);
                }
            }
        }
        levels
    }

    fn key(&self, page: u64) -> u64 {
        self.params.key(self.endpoint, page, 0)
    }

    fn text(&self, page: u64) -> String {
        let bytes = content(self.key(page), TEXT_BYTES / 2);
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn tally(&self, page: u64, text: &str) -> Tally {
        Tally::of(self.key(page), text.as_bytes())
    }

    pub(crate) fn expected(&self) -> Tally {
        (0..self.pages())
            .map(|page| self.tally(page, &self.text(page)))
            .sum()
    }

    pub(crate) fn answer(&self, path: &str, attempt: u32) -> Option<Answer> {
        let page = self.params.item(self.endpoint, path)?;
        let body = Page {
            links: self.links(page),
            text: self.text(page),
        };
        let body = serde_json::to_vec(&body).expect("numbers and strings always serialise");
        Some(Answer {
            key: self.params.key(self.endpoint, page, attempt),
            delay: self.params.delay(self.endpoint, page, attempt),
            reply: Reply::Body(body.into()),
        })
    }

    /// Downloads one page. Returns the proof of it and its links.
    pub(crate) async fn visit<I: Io>(&self, io: &I, page: u64) -> Result<(Tally, Vec<u64>)> {
        let path = format!("/{}/{page}", self.endpoint);
        let body = io.fetch(Request::get(path.clone())).await?.ok(&path)?;
        let read: Page =
            serde_json::from_slice(&body).with_context(|| format!("{path} is not a page"))?;
        Ok((self.tally(page, &read.text), read.links))
    }
}

/// Which pages one crawl has met.
#[derive(Debug)]
pub(crate) struct Met(Vec<AtomicBool>);

impl Met {
    /// Only the first page is known.
    pub(crate) fn new(pages: u64) -> Self {
        let met: Vec<_> = (0..pages).map(|page| AtomicBool::new(page == 0)).collect();
        Met(met)
    }

    /// Whether nobody has met the page before. A link out of the graph is never new.
    pub(crate) fn is_new(&self, page: u64) -> bool {
        let met = usize::try_from(page).ok().and_then(|page| self.0.get(page));
        met.is_some_and(|met| !met.swap(true, Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_reached_and_many_are_linked_to_more_than_once() {
        for (tasks, links) in [(1, 3), (2, 1), (60, 3), (500, 7)] {
            let params = Params::new(5, tasks, "1ms".parse().unwrap());
            let graph = Graph::new("crawl", &params, links);
            let mut pages: Vec<_> = graph.levels().into_iter().flatten().collect();
            pages.sort_unstable();
            assert_eq!(pages, (0..tasks).collect::<Vec<_>>());
            let all: usize = (0..tasks).map(|page| graph.links(page).len()).sum();
            assert!(all as u64 > tasks, "{all} links to {tasks} pages");
        }
    }
}
