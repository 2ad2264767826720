//! The A/A pair: one row of each workload, entered a second time.

use model::Spec;

use crate::cells::prepared::Prepared;

/// What the second entry of a row is called. No strategy has such a name, and no pattern means it.
fn twin_name(strategy: &str, entry: usize) -> String {
    format!("{strategy}#{entry}")
}

impl Prepared {
    /// The same cell under another name, in a process of its own.
    pub fn again(&self, entry: usize) -> Prepared {
        let mut twin = self.clone();
        twin.cell.strategy = twin_name(&self.cell.strategy, entry);
        twin.cell.twin_of = Some(self.cell.strategy.clone());
        twin
    }
}

/// Enters one row of each workload twice: the reference, or where that is long a short one, so that a round stays affordable.
pub fn enter_twins(spec: &Spec, cells: &mut Vec<Prepared>) {
    let mut all = Vec::with_capacity(cells.len() + spec.workloads.len());
    for workload in cells.chunk_by(|a, b| a.cell.workload == b.cell.workload) {
        let twice = twice(spec, workload);
        for (index, cell) in workload.iter().enumerate() {
            all.push(cell.clone());
            if twice == Some(index) {
                all.push(cell.again(2));
            }
        }
    }
    *cells = all;
}

/// Which of the cells of a workload is entered twice.
fn twice(spec: &Spec, cells: &[Prepared]) -> Option<usize> {
    let able = |prepared: &Prepared| {
        let cell = &prepared.cell;
        cell.unsupported.is_none() && !cell.asks && !cell.calibration
    };
    let named = |name: &str| {
        cells
            .iter()
            .position(|it| able(it) && it.cell.strategy == name)
    };
    let short = |index: &usize| !cells[*index].cell.is_long();
    let wanted = named(&spec.reference)
        .filter(short)
        .or_else(|| named(&spec.anchor).filter(short));
    let any = || {
        (0..cells.len())
            .filter(|index| able(&cells[*index]))
            .find(short)
    };
    wanted.or_else(any).or_else(|| cells.iter().position(able))
}
