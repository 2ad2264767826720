//! One launch, from its first worker to its last sample.

use anyhow::Result;

use crate::parent::place::Numbered;
use crate::parent::state::State;
use crate::parent::under_way::UnderWay;
use crate::parent::{block, opening};

/// Opens the cells of a launch and takes all its samples.
pub(super) fn launch(run: &mut State, launch: Numbered) -> Result<()> {
    if run.interrupt.is_set() {
        return Ok(());
    }
    let mut under_way = UnderWay::begin(run, launch)?;
    under_way.serve()?;
    opening::open_all(&mut under_way)?;
    for round in &launch.plan.rounds {
        for block in &round.blocks {
            if under_way.is_interrupted() {
                return Ok(());
            }
            block::take(&mut under_way, round, block)?;
        }
    }
    if !under_way.is_interrupted() {
        under_way.end();
    }
    Ok(())
}
