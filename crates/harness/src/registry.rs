//! All that can run in this executable.

use anyhow::{Context, Result};
use strategies::{Open, Row};
use workloads::Entry;

/// Strategies and workloads, by name.
#[derive(Clone)]
pub struct Registry {
    /// The strategies, each with the workloads it can be opened for.
    pub strategies: Vec<Row>,
    /// The workloads.
    pub workloads: Vec<Entry>,
}

impl Registry {
    /// What makespan brings.
    pub fn built_in() -> Self {
        Registry {
            strategies: strategies::all(),
            workloads: workloads::all().to_vec(),
        }
    }

    /// The strategy of that name.
    pub fn strategy(&self, name: &str) -> Result<&Row> {
        let row = self.strategies.iter().find(|row| row.facts.name == name);
        row.with_context(|| format!("there is no strategy `{name}`"))
    }

    /// The workload of that name.
    pub fn workload(&self, name: &str) -> Result<&Entry> {
        let entry = self.workloads.iter().find(|entry| entry.facts.name == name);
        entry.with_context(|| format!("there is no workload `{name}`"))
    }

    /// How to open a cell; an error if the two were not compiled together.
    pub fn opener(&self, workload: &str, strategy: &str) -> Result<Open> {
        let row = self.strategy(strategy)?;
        let cell = row.cells.iter().find(|(name, _)| *name == workload);
        let (_, open) = cell
            .with_context(|| format!("`{strategy}` was not compiled for workload `{workload}`"))?;
        Ok(*open)
    }

    /// All cells, as `workload/strategy`.
    pub fn cells(&self) -> Vec<String> {
        let name = |row: &Row| {
            row.cells
                .iter()
                .map(|(workload, _)| format!("{workload}/{}", row.facts.name))
                .collect()
        };
        self.strategies
            .iter()
            .flat_map(|row| -> Vec<String> { name(row) })
            .collect()
    }
}
