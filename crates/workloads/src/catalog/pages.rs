//! E endpoints, each a chain of pages: the World-Bank shape. Page n + 1 is known only from page n.

use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::{
    Answer, Done, Facts, Io, Means, Number, Outline, Params, Reply, Request, Tally, Unit, Work,
    Workload, floor, mix,
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

/// Years of each country.
const YEARS: u64 = 64;

/// One observation.
#[derive(Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) country: String,
    pub(crate) year: u64,
    pub(crate) value: f64,
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
        self.params.key(&endpoint(unit), page, 0)
    }

    /// A name nobody can guess from the name before, so no client can run ahead: the number, hidden by the page's own key.
    fn cursor(&self, unit: u64, page: u64) -> String {
        format!("{page:x}-{:016x}", mix(self.key(unit, page), 1))
    }

    /// Every endpoint has the same countries and years, so that their tables can be joined.
    pub(crate) fn rows(&self, unit: u64, page: u64) -> impl Iterator<Item = Row> {
        let key = self.key(unit, page);
        let first = page * self.rows;
        (0..self.rows).map(move |row| Row {
            country: format!("C{:03}", (first + row) / YEARS),
            year: 1960 + (first + row) % YEARS,
            value: (mix(key, row) >> 40) as f64 / 16.0,
        })
    }

    /// Pages of each endpoint.
    pub(crate) fn pages(&self) -> u64 {
        self.pages
    }

    /// Walks one endpoint and hands over each page's number and rows.
    pub(crate) async fn walk<I: Io>(
        &self,
        io: &I,
        unit: Unit,
        mut page: impl FnMut(u64, Vec<Row>) + Send,
    ) -> Result<()> {
        let mut cursor = Some("first".to_owned());
        for number in 0.. {
            let Some(name) = cursor else { break };
            let path = format!("/pages/{}/{name}", unit.0);
            let body = io.fetch(Request::get(path.clone())).await?.ok(&path)?;
            let read: Page =
                serde_json::from_slice(&body).with_context(|| format!("{path} is not a page"))?;
            page(number, read.rows);
            cursor = read.next;
        }
        Ok(())
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
    fn facts(&self) -> &'static Facts {
        &Self::FACTS
    }

    fn params(&self) -> &Params {
        &self.params
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

    fn floor(&self, means: Means) -> Option<Duration> {
        let delay = |unit, page| self.params.delay(&endpoint(unit), page, 0);
        let chain = |unit| (0..self.pages).map(|page| delay(unit, page)).sum();
        let chains = (0..self.params.tasks).map(chain);
        Some(floor(chains.collect(), means.limit))
    }

    fn answer(&self, path: &str, attempt: u32) -> Option<Answer> {
        let (unit, cursor) = path.strip_prefix("/pages/")?.split_once('/')?;
        let unit = unit.parse().ok().filter(|unit| *unit < self.params.tasks)?;
        let page = match cursor {
            "first" => 0,
            _ => u64::from_str_radix(cursor.split_once('-')?.0, 16).ok()?,
        };
        let known = page < self.pages && (cursor == "first" || cursor == self.cursor(unit, page));
        known.then(|| Answer {
            key: self.params.key(&endpoint(unit), page, attempt),
            delay: self.params.delay(&endpoint(unit), page, attempt),
            reply: Reply::Body(self.body(unit, page)),
        })
    }
}

impl Work for Pages {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        let mut tally = Tally::default();
        let page = |page, rows: Vec<Row>| {
            let key = self.key(unit.0, page);
            tally += rows.iter().map(|row| row.tally(key)).sum();
        };
        self.walk(io, unit, page).await?;
        Ok(tally.into())
    }
}

impl Workload for Pages {
    const FACTS: Facts = Facts {
        numbers: NUMBERS,
        ..Facts::http(
            "pages",
            "each unit walks one paginated JSON endpoint; a page names the next",
        )
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
}

/// Sizes of everything that is paginated.
pub(crate) const NUMBERS: &[Number] = &[
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
];

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(tasks: u64, pages: u64) -> Pages {
        let latency = "20ms".parse().unwrap();
        Pages::new(&Params {
            numbers: [("pages".into(), pages)].into(),
            ..Params::new(1, tasks, latency)
        })
        .unwrap()
    }

    #[test]
    fn a_chain_is_walked_by_its_cursors_and_cannot_be_guessed() {
        let pages = pages(2, 3);
        let mut path = "/pages/1/first".to_owned();
        for item in 0..3 {
            let answer = pages.answer(&path, 0).unwrap();
            assert_eq!(answer.key, pages.key(1, item));
            let Reply::Body(body) = answer.reply else {
                panic!("{answer:?}")
            };
            let page: Page = serde_json::from_slice(&body).unwrap();
            assert_eq!(page.next.is_none(), item == 2);
            path = format!("/pages/1/{}", page.next.unwrap_or_default());
        }
        for path in [
            "/pages/1/1",
            "/pages/1/1-0000000000000000",
            "/pages/2/first",
            "/pages/1/",
        ] {
            assert_eq!(pages.answer(path, 0), None, "{path}");
        }
    }

    #[test]
    fn a_chain_cannot_be_shortened_by_a_higher_limit() {
        for (limit, millis) in [(32, 120), (2, 360), (1, 600)] {
            let means = Means {
                limit,
                joins: false,
                pace: None,
            };
            let floor = pages(5, 6).floor(means);
            assert_eq!(floor, Some(Duration::from_millis(millis)), "{limit}");
        }
    }
}
