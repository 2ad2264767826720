//! The A/A pair: one row of each workload, entered a second time.

use model::{Arm, Row, Spec};

use crate::cells::prepared::Prepared;

impl Prepared {
    /// The same cell as another row, in a process of its own.
    pub fn again(&self, entry: u32) -> Prepared {
        let mut twin = self.clone();
        twin.cell.row.arm = Arm::Twin(entry);
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
    let find = |row: &Row| cells.iter().position(|it| able(it) && it.cell.row == *row);
    let short = |index: &usize| !cells[*index].cell.is_long();
    let wanted = find(&spec.reference)
        .filter(short)
        .or_else(|| find(&Row::plain(&spec.anchor)).filter(short));
    let any = || {
        (0..cells.len())
            .filter(|index| able(&cells[*index]))
            .find(short)
    };
    wanted.or_else(any).or_else(|| cells.iter().position(able))
}
