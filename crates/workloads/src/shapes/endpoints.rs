//! Paginated endpoints: each is a chain of pages, and page n + 1 is known only from page n.

use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::{Answer, Facts, Io, Means, Number, Params, Reply, Request, Unit, floor, mix};

/// The sizes of a workload over paginated endpoints.
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

/// Years of each country.
const YEARS: u64 = 64;

/// As many endpoints as the workload has units.
#[derive(Clone, Debug)]
pub(crate) struct Endpoints {
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
pub(crate) struct Row {
    pub(crate) country: String,
    pub(crate) year: u64,
    pub(crate) value: f64,
}

/// The name of an endpoint: its delays are its own.
fn endpoint(unit: u64) -> String {
    format!("pages/{unit}")
}

impl Endpoints {
    /// The endpoints of a workload that declares [`NUMBERS`].
    pub(crate) fn new(params: &Params, facts: &Facts) -> Self {
        Endpoints {
            params: params.clone(),
            pages: params.number(facts, "pages"),
            rows: params.number(facts, "rows"),
        }
    }

    pub(crate) fn params(&self) -> &Params {
        &self.params
    }

    /// Pages of each endpoint.
    pub(crate) fn pages(&self) -> u64 {
        self.pages
    }

    /// The id of one page.
    pub(crate) fn key(&self, unit: u64, page: u64) -> u64 {
        self.params.key(&endpoint(unit), page, 0)
    }

    /// Rows of one page. Every endpoint has the same countries and years, so that their tables can be joined.
    pub(crate) fn rows(&self, unit: u64, page: u64) -> impl Iterator<Item = Row> {
        let key = self.key(unit, page);
        let first = page * self.rows;
        (0..self.rows).map(move |row| Row {
            country: format!("C{:03}", (first + row) / YEARS),
            year: 1960 + (first + row) % YEARS,
            value: (mix(key, row) >> 40) as f64 / 16.0,
        })
    }

    /// Requests of a complete run.
    pub(crate) fn requests(&self) -> u64 {
        self.params.tasks * self.pages
    }

    /// The lower bound if units wait for nothing but pages.
    pub(crate) fn floor(&self, means: Means) -> Duration {
        let delay = |unit, page| self.params.delay(&endpoint(unit), page, 0);
        let chain = |unit| (0..self.pages).map(|page| delay(unit, page)).sum();
        let chains = (0..self.params.tasks).map(chain);
        floor(chains.collect(), means.limit)
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

    /// What the server answers.
    pub(crate) fn answer(&self, path: &str, attempt: u32) -> Option<Answer> {
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

    /// The name of a page: its number, and a part that is drawn from its own key. No client can guess it from the page before, so
    /// none can run ahead.
    fn cursor(&self, unit: u64, page: u64) -> String {
        format!("{page:x}-{:016x}", mix(self.key(unit, page), 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoints(tasks: u64, pages: u64) -> Endpoints {
        const FACTS: Facts = Facts {
            numbers: NUMBERS,
            ..Facts::http("paginated", "")
        };
        let params = Params {
            numbers: [("pages".into(), pages)].into(),
            ..Params::new(1, tasks, "20ms".parse().unwrap())
        };
        Endpoints::new(&params, &FACTS)
    }

    #[test]
    fn a_chain_is_walked_by_its_cursors_and_cannot_be_guessed() {
        let endpoints = endpoints(2, 3);
        let mut path = "/pages/1/first".to_owned();
        for item in 0..3 {
            let answer = endpoints.answer(&path, 0).unwrap();
            assert_eq!(answer.key, endpoints.key(1, item));
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
            assert_eq!(endpoints.answer(path, 0), None, "{path}");
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
            let floor = endpoints(5, 6).floor(means);
            assert_eq!(floor, Duration::from_millis(millis), "{limit}");
        }
    }
}
