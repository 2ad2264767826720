//! E paginated endpoints whose rows are joined into one table, as the World-Bank tutorial does with five indicators.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;

use crate::shapes::endpoints::{Endpoints, NUMBERS, Row};
use crate::{
    Answer, Done, Facts, Io, Means, Need, Outline, Params, Tally, Unit, Work, Workload, mix,
};

/// Each unit walks one endpoint and adds its rows to a table by country and year. The last unit proves the table.
#[derive(Clone, Debug)]
pub struct JoinedPages {
    endpoints: Endpoints,
    table: Arc<Mutex<Table>>,
}

/// Rows by country and year, with a column per endpoint.
#[derive(Debug, Default)]
struct Table {
    rows: BTreeMap<(String, u64), Vec<Option<f64>>>,
    joined: u64,
}

impl Table {
    /// Adds the column of one endpoint. Returns whether it was the last.
    fn add(&mut self, endpoint: u64, endpoints: u64, rows: Vec<Row>) -> bool {
        for row in rows {
            let columns = self.rows.entry((row.country, row.year));
            let columns = columns.or_insert_with(|| vec![None; endpoints as usize]);
            columns[endpoint as usize] = Some(row.value);
        }
        self.joined += 1;
        self.joined == endpoints
    }

    /// The proof of the whole table: every row as text, with its columns under their new names.
    fn tally(&self, seed: u64) -> Tally {
        let line = |((country, year), columns): (&(String, u64), &Vec<Option<f64>>)| {
            let mut line = format!("country={country},year={year}");
            for (number, value) in columns.iter().enumerate() {
                let value = value.map_or_else(String::new, |value| value.to_string());
                line += &format!(",indicator_{number}={value}");
            }
            line
        };
        let lines = self.rows.iter().map(line).enumerate();
        lines
            .map(|(number, line)| Tally::of(mix(seed, number as u64), line.as_bytes()))
            .sum()
    }
}

impl Outline for JoinedPages {
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
        let (endpoints, mut table) = (self.units(), Table::default());
        for endpoint in 0..endpoints {
            let rows =
                (0..self.endpoints.pages()).flat_map(|page| self.endpoints.rows(endpoint, page));
            table.add(endpoint, endpoints, rows.collect());
        }
        table.tally(self.params().seed)
    }

    fn floor(&self, means: Means) -> Option<Duration> {
        Some(self.endpoints.floor(means))
    }

    /// The same endpoints as those of `pages`, under their paths.
    fn answer(&self, path: &str, attempt: u32) -> Option<Answer> {
        self.endpoints.answer(path, attempt)
    }
}

impl Work for JoinedPages {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        let mut rows = Vec::new();
        self.endpoints
            .walk(io, unit, |_, page| rows.extend(page))
            .await?;
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        if table.add(unit.0, self.units(), rows) {
            return Ok(table.tally(self.params().seed).into());
        }
        Ok(Done::default())
    }

    fn begin(&self) -> Self {
        JoinedPages {
            endpoints: self.endpoints.clone(),
            table: Arc::default(),
        }
    }
}

impl Workload for JoinedPages {
    const FACTS: Facts = Facts {
        needs: &[Need::Memory],
        numbers: NUMBERS,
        ..Facts::http(
            "joined-pages",
            "as pages, and the rows of all endpoints are joined into one table",
        )
    };

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        Ok(JoinedPages {
            endpoints: Endpoints::new(params, &Self::FACTS),
            table: Arc::default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_lacks_a_column_or_has_another_value_is_seen() {
        let row = |year, value| Row {
            country: "C001".into(),
            year,
            value,
        };
        let tally = |second: Vec<Row>| {
            let mut table = Table::default();
            assert!(!table.add(0, 2, vec![row(1960, 1.0), row(1961, 2.0)]));
            assert!(table.add(1, 2, second));
            table.tally(1)
        };
        let whole = tally(vec![row(1960, 3.0), row(1961, 4.0)]);
        assert_eq!(whole.count, 2);
        assert_eq!(whole, tally(vec![row(1961, 4.0), row(1960, 3.0)]));
        assert_ne!(whole, tally(vec![row(1960, 3.0)]));
        assert_ne!(whole, tally(vec![row(1960, 3.0), row(1961, 5.0)]));
    }
}
