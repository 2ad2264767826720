//! In which order the rows of a table stand. An order is one line in [`ORDERS`].

use model::{CellSummary, Outcome, Summary};

/// An order of rows: the smallest number comes first, and rows without it come last.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// What `--sort` takes.
    pub name: &'static str,
    /// The number; without one, rows stand as the scenario names them.
    number: Option<fn(&CellSummary) -> Option<u64>>,
}

/// All orders. The first is the usual one.
pub const ORDERS: [Order; 5] = [
    Order {
        name: "makespan",
        number: Some(|cell| cell.wall_ns.map(|wall| wall.median)),
    },
    Order {
        name: "cpu",
        number: Some(|cell| cell.cpu_ns),
    },
    Order {
        name: "memory",
        number: Some(|cell| cell.rss_grown_bytes),
    },
    Order {
        name: "threads",
        number: Some(|cell| cell.threads_peak),
    },
    Order {
        name: "scenario",
        number: None,
    },
];

impl Order {
    /// The same summary with its rows in this order. Workloads stay where they are, and equal rows too.
    pub fn of(&self, summary: &Summary) -> Summary {
        let mut summary = summary.clone();
        if let Some(number) = self.number {
            let mut labels: Vec<String> = Vec::new();
            for cell in &summary.cells {
                if !labels.contains(&cell.workload) {
                    labels.push(cell.workload.clone());
                }
            }
            let place = |cell: &CellSummary| labels.iter().position(|it| *it == cell.workload);
            let own = |cell: &CellSummary| {
                let measured = cell.outcome == Outcome::Measured;
                measured.then(|| number(cell)).flatten()
            };
            summary
                .cells
                .sort_by_cached_key(|cell| (place(cell), own(cell).is_none(), own(cell)));
        }
        summary
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::summary;

    fn names(order: &str) -> Vec<String> {
        let order = ORDERS.iter().find(|it| it.name == order).unwrap();
        let rows = order.of(&summary()).cells;
        rows.iter().map(|cell| cell.row.to_string()).collect()
    }

    #[test]
    fn the_fastest_row_comes_first_and_one_that_failed_comes_last() {
        let usual = names(ORDERS[0].name);
        let as_named = names("scenario");
        let expected = ["tokio-spawn-blocking", "blocking-in-tokio", "sequential"];
        assert_eq!(usual[..3], expected);
        assert_eq!(usual.last().unwrap(), "smol");
        assert_eq!(as_named[0], "sequential");
        assert_ne!(usual, as_named);
    }

    #[test]
    fn workloads_stay_where_they_are() {
        let mut summary = summary();
        let mut others = summary.cells.clone();
        for cell in &mut others {
            cell.workload = "another".into();
            cell.wall_ns = cell.wall_ns.map(|mut wall| {
                wall.median /= 1000;
                wall
            });
        }
        summary.cells.extend(others);
        let sorted = ORDERS[0].of(&summary);
        let labels: Vec<&str> = sorted.cells.iter().map(|it| &*it.workload).collect();
        let (first, second) = labels.split_at(labels.len() / 2);
        assert!(first.iter().all(|it| *it != "another"));
        assert!(second.iter().all(|it| *it == "another"));
    }
}
