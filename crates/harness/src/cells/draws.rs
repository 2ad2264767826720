//! What samples must show under the delays of a round.

use std::time::Duration;

use anyhow::{Context, Result};
use model::{Expectation, Round};
use workloads::{Means, Outline, Pace, Params, Tally};

use crate::cells::prepared::Prepared;

/// What one cell must show under one draw.
#[derive(Clone, Debug)]
pub(crate) struct Drawn {
    pub(crate) params: Params,
    pub(crate) expectation: Expectation,
    /// The lower bounds under the common limit and of the strategy itself, if they are not those of the cell.
    pub(crate) floor_ns: Option<u64>,
    pub(crate) own_floor_ns: Option<u64>,
}

impl Drawn {
    /// The delays that a cell was prepared with.
    pub(crate) fn first(cell: &Prepared) -> Self {
        Drawn {
            params: cell.params.clone(),
            expectation: cell.expectation.clone(),
            floor_ns: None,
            own_floor_ns: None,
        }
    }
}

/// The works of one round. Cells of the same work share what is computed of it.
#[derive(Default)]
pub(crate) struct Draws {
    draw: u32,
    works: Vec<Work>,
}

impl Draws {
    /// What a cell must show in that round.
    pub(crate) fn of(&mut self, cell: &Prepared, round: &Round) -> Result<Drawn> {
        if !cell.params.varies() {
            return Ok(Drawn::first(cell));
        }
        if self.draw != round.draw() {
            self.works.clear();
            self.draw = round.draw();
        }
        let params = cell.params.drawn(self.draw);
        let known = |work: &Work| work.name == cell.workload && work.params == params;
        let index = match self.works.iter().position(known) {
            Some(index) => index,
            None => {
                self.works.push(Work::new(cell, params)?);
                self.works.len() - 1
            }
        };
        Ok(self.works[index].on(cell))
    }
}

/// One workload under one draw.
struct Work {
    name: String,
    params: Params,
    outline: Box<dyn Outline>,
    tally: Tally,
    floors: Vec<(Means, Option<Duration>)>,
}

impl Work {
    fn new(cell: &Prepared, params: Params) -> Result<Self> {
        let outline = (cell.outline)(&params)
            .with_context(|| format!("{}: draw {}", cell.workload, params.draw))?;
        Ok(Work {
            name: cell.workload.clone(),
            tally: outline.expected(),
            params,
            outline,
            floors: Vec::new(),
        })
    }

    fn on(&mut self, cell: &Prepared) -> Drawn {
        let usual = &cell.expectation;
        let claimed = usize::try_from(usual.claimed).unwrap_or(usize::MAX);
        let joins = cell.cell.joins;
        // Bounds that are shown include how fast units compute. Only certain bounds may refuse a sample.
        let floor = self.floor(cell.cell.limit, true, cell.pace);
        let shown = self.floor(claimed, joins, cell.pace);
        let own_floor = self.floor(claimed, joins, None);
        let waiting = usual.waiting.and_then(|_| self.floor(1, false, None));
        let unusual = |floor: Option<Duration>, usual: Option<Duration>| {
            floor
                .filter(|_| floor != usual)
                .map(|floor| floor.as_nanos() as u64)
        };
        Drawn {
            params: self.params.clone(),
            floor_ns: unusual(floor, cell.cell.floor),
            own_floor_ns: unusual(shown, cell.cell.own_floor),
            expectation: Expectation {
                tally: self.tally,
                least: own_floor,
                waiting,
                ..usual.clone()
            },
        }
    }

    fn floor(&mut self, limit: usize, joins: bool, pace: Option<Pace>) -> Option<Duration> {
        let means = Means { limit, joins, pace };
        if let Some((_, floor)) = self.floors.iter().find(|(known, _)| *known == means) {
            return *floor;
        }
        let floor = self.outline.floor(means);
        self.floors.push((means, floor));
        floor
    }
}
