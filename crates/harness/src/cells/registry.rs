//! All that can run in this executable.

use anyhow::{Context, Result};
use strategies::{Open, Row, Strategy};
use workloads::{Entry, Need, Workload};

/// The strategies and workloads of an executable, by name.
#[derive(Clone)]
pub struct Registry {
    /// The strategies, each with the workloads it can be opened for.
    pub strategies: Vec<Row>,
    /// The workloads.
    pub workloads: Vec<Entry>,
    /// Names of the workloads and strategies that makespan does not bring.
    pub own: Own,
}

/// The names of what an executable brings that makespan does not.
#[derive(Clone, Debug, Default)]
pub struct Own {
    /// Names of its workloads.
    pub workloads: Vec<&'static str>,
    /// Names of its strategies.
    pub strategies: Vec<&'static str>,
}

impl Registry {
    /// Everything that makespan brings.
    pub fn built_in() -> Self {
        Registry {
            strategies: strategies::all(),
            workloads: workloads::all().to_vec(),
            own: Own::default(),
        }
    }

    /// Adds a strategy of another crate, for all workloads that makespan brings.
    pub fn add_strategy<S: Strategy>(&mut self) {
        self.strategies.push(Row::of::<S>());
        self.own.strategies.push(S::FACTS.name);
    }

    /// Adds a workload of another crate, for all strategies that makespan brings.
    pub fn add_workload<W: Workload>(&mut self) {
        self.workloads.push(Entry::of::<W>());
        self.own.workloads.push(W::FACTS.name);
        strategies::add::<W>(&mut self.strategies);
    }

    /// Pairs a strategy and a workload that makespan does not bring. Both must have been added before.
    pub fn pair<S: Strategy, W: Workload>(&mut self) {
        let own = |row: &&mut Row| row.facts.name == S::FACTS.name;
        if let Some(row) = self.strategies.iter_mut().find(own) {
            row.add::<S, W>();
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

    /// How to open a cell.
    ///
    /// # Errors
    ///
    /// If the strategy was not compiled for the workload.
    pub fn opener(&self, workload: &str, strategy: &str) -> Result<Open> {
        let row = self.strategy(strategy)?;
        let cell = row.cells.iter().find(|(name, _)| *name == workload);
        let (_, open) = cell
            .with_context(|| format!("`{strategy}` was not compiled for workload `{workload}`"))?;
        Ok(*open)
    }

    /// Why a strategy cannot run a workload, if it cannot: it lacks what the workload needs, or this platform cannot run it, or the
    /// two were not compiled together.
    pub fn unsupported(&self, entry: &Entry, row: &Row) -> Option<String> {
        let lack = |need: &Need| Some(format!("it lacks {need}: {}", row.facts.lack(*need)?));
        let platform = || (row.supported)().err().map(|error| format!("{error:#}"));
        let compiled = || {
            let opener = self.opener(entry.facts.name, row.facts.name);
            opener.err().map(|error| error.to_string())
        };
        let lacked = entry.facts.needs.iter().find_map(lack);
        lacked.or_else(platform).or_else(compiled)
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
