//! E endpoints, each a chain of pages: the World-Bank shape. Page n + 1 is known only from page n.

use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::{
    Answer, Done, Facts, Io, Number, Outline, Params, Request, Tally, Unit, Work, floor, key, mix,
};

/// Each unit walks one endpoint from its first page to its last.
#[derive(Clone, Debug)]
pub struct Pages {
    params: Params,
    pages: u64,
    rows: u64,
}

/// One page as it travels.
#[derive(Serialize, Deserialize)]
struct Page {
    rows: Vec<Row>,
    /// Opaque name of the page after this one; none on the last.
    next: Option<String>,
}

/// One observation.
#[derive(Serialize, Deserialize)]
struct Row {
    country: String,
    year: u64,
    value: f64,
}

impl Row {
    fn tally(&self, page: u64) -> Tally {
        let owner = mix(mix(page, self.year), self.value.to_bits());
        Tally::of(owner, self.country.as_bytes())
    }
}

/// The name of an endpoint: its delays are its own.
fn endpoint(unit: u64) -> String {
    format!("pages/{unit}")
}

impl Pages {
    fn key(&self, unit: u64, page: u64) -> u64 {
        key(self.params.seed, &endpoint(unit), page, 0)
    }

    /// A name nobody can guess from the name before, so no client can run ahead: the number, hidden by the page's own key.
    fn cursor(&self, unit: u64, page: u64) -> String {
        format!("{page:x}-{:016x}", mix(self.key(unit, page), 1))
    }

    fn rows(&self, unit: u64, page: u64) -> impl Iterator<Item = Row> {
        let key = self.key(unit, page);
        (0..self.rows).map(move |row| {
            let drawn = mix(key, row);
            Row {
                country: format!("C{:03}", drawn % 217),
                year: 1960 + drawn / 217 % 64,
                value: (drawn >> 40) as f64 / 16.0,
            }
        })
    }

    fn body(&self, unit: u64, page: u64) -> Bytes {
        let next = (page + 1 < self.pages).then(|| self.cursor(unit, page + 1));
        let page = Page {
            rows: self.rows(unit, page).collect(),
            next,
        };
        serde_json::to_vec(&page)
            .expect("numbers and strings always serialise")
            .into()
    }

    /// All pairs of endpoint and page.
    fn all(&self) -> impl Iterator<Item = (u64, u64)> {
        (0..self.params.tasks).flat_map(|unit| (0..self.pages).map(move |page| (unit, page)))
    }
}

impl Outline for Pages {
    fn units(&self) -> u64 {
        self.params.tasks
    }

    fn requests(&self) -> u64 {
        self.params.tasks * self.pages
    }

    fn expected(&self) -> Tally {
        self.all()
            .flat_map(|(unit, page)| {
                self.rows(unit, page)
                    .map(move |row| row.tally(self.key(unit, page)))
            })
            .sum()
    }

    fn floor(&self, limit: usize) -> Option<Duration> {
        let delay = |unit, page| {
            self.params
                .latency
                .delay(self.params.seed, &endpoint(unit), page, 0)
        };
        let chain = |unit| (0..self.pages).map(|page| delay(unit, page)).sum();
        Some(floor((0..self.params.tasks).map(chain).collect(), limit))
    }

    fn answer(&self, path: &str) -> Option<Answer> {
        let (unit, cursor) = path.strip_prefix("/pages/")?.split_once('/')?;
        let unit = unit.parse().ok().filter(|unit| *unit < self.params.tasks)?;
        let page = match cursor {
            "first" => 0,
            _ => u64::from_str_radix(cursor.split_once('-')?.0, 16).ok()?,
        };
        let known = page < self.pages && (cursor == "first" || cursor == self.cursor(unit, page));
        known.then(|| Answer {
            endpoint: endpoint(unit),
            item: page,
            body: self.body(unit, page),
        })
    }
}

impl Work for Pages {
    const FACTS: Facts = Facts {
        name: "pages",
        about: "each unit walks one paginated JSON endpoint; a page names the next",
        server: true,
        uncovers: false,
        numbers: &[
            Number {
                name: "pages",
                about: "pages of each endpoint",
                default: 6,
                min: 1,
                max: 10_000,
            },
            Number {
                name: "rows",
                about: "rows of each page",
                default: 20,
                min: 1,
                max: 10_000,
            },
        ],
    };

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        let number = |name| params.number(&Self::FACTS, name);
        Ok(Pages {
            params: params.clone(),
            pages: number("pages"),
            rows: number("rows"),
        })
    }

    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        let mut tally = Tally::default();
        let mut cursor = Some("first".to_owned());
        for page in 0.. {
            let Some(name) = cursor else { break };
            let path = format!("/pages/{}/{name}", unit.0);
            let body = io.fetch(Request { path: path.clone() }).await?.ok(&path)?;
            let read: Page =
                serde_json::from_slice(&body).with_context(|| format!("{path} is not a page"))?;
            tally += read
                .rows
                .iter()
                .map(|row| row.tally(self.key(unit.0, page)))
                .sum();
            cursor = read.next;
        }
        Ok(tally.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(tasks: u64, pages: u64) -> Pages {
        let latency = "20ms".parse().unwrap();
        Pages::new(&Params {
            seed: 1,
            tasks,
            latency,
            numbers: [("pages".into(), pages)].into(),
        })
        .unwrap()
    }

    #[test]
    fn a_chain_is_walked_by_its_cursors_and_cannot_be_guessed() {
        let pages = pages(2, 3);
        let mut path = "/pages/1/first".to_owned();
        for item in 0..3 {
            let answer = pages.answer(&path).unwrap();
            assert_eq!((answer.endpoint.as_str(), answer.item), ("pages/1", item));
            let page: Page = serde_json::from_slice(&answer.body).unwrap();
            assert_eq!(page.next.is_none(), item == 2);
            path = format!("/pages/1/{}", page.next.unwrap_or_default());
        }
        for path in [
            "/pages/1/1",
            "/pages/1/1-0000000000000000",
            "/pages/2/first",
            "/pages/1/",
        ] {
            assert_eq!(pages.answer(path), None, "{path}");
        }
    }

    #[test]
    fn a_chain_cannot_be_shortened_by_a_higher_limit() {
        assert_eq!(pages(5, 6).floor(32), Some(Duration::from_millis(120)));
        assert_eq!(pages(5, 6).floor(2), Some(Duration::from_millis(360)));
        assert_eq!(pages(5, 6).floor(1), Some(Duration::from_millis(600)));
    }
}
