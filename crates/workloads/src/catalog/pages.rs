//! E paginated endpoints, each a chain of pages: the World-Bank tutorial's shape.

use std::time::Duration;

use anyhow::Result;

use crate::shapes::endpoints::{Endpoints, NUMBERS, Row};
use crate::{Answer, Done, Facts, Io, Means, Outline, Params, Tally, Unit, Work, Workload, mix};

/// Each unit walks one endpoint from its first page to its last.
#[derive(Clone, Debug)]
pub struct Pages {
    endpoints: Endpoints,
}

/// The proof of one row of the page with this key.
fn tally(page: u64, row: &Row) -> Tally {
    let owner = mix(mix(page, row.year), row.value.to_bits());
    Tally::of(owner, row.country.as_bytes())
}

impl Outline for Pages {
    fn facts(&self) -> &'static Facts {
        &Self::FACTS
    }

    fn params(&self) -> &Params {
        self.endpoints.params()
    }

    fn requests(&self) -> u64 {
        self.endpoints.requests()
    }

    fn expected(&self) -> Tally {
        let pages = (0..self.units())
            .flat_map(|unit| (0..self.endpoints.pages()).map(move |page| (unit, page)));
        pages
            .flat_map(|(unit, page)| {
                let key = self.endpoints.key(unit, page);
                let rows = self.endpoints.rows(unit, page);
                rows.map(move |row| tally(key, &row))
            })
            .sum()
    }

    fn floor(&self, means: Means) -> Option<Duration> {
        Some(self.endpoints.floor(means))
    }

    fn answer(&self, path: &str, attempt: u32) -> Option<Answer> {
        self.endpoints.answer(path, attempt)
    }
}

impl Work for Pages {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        let mut total = Tally::default();
        let page = |page, rows: Vec<Row>| {
            let key = self.endpoints.key(unit.0, page);
            total += rows.iter().map(|row| tally(key, row)).sum();
        };
        self.endpoints.walk(io, unit, page).await?;
        Ok(total.into())
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
        Ok(Pages {
            endpoints: Endpoints::new(params, &Self::FACTS),
        })
    }
}
