//! What is left of a plan after a run was interrupted.

use std::collections::BTreeSet;

use crate::plan::{Launch, Plan, Round};

impl Plan {
    /// What is left of this plan. `taken` has the samples that are there, by round and cell; `out` says which cells take no more.
    ///
    /// Rounds that are complete are left out. One that is not holds the cells that it lacks. A launch that had begun needs new workers, so
    /// what is left of it begins with a round that is discarded, as every launch does. That round has a number of its own, above all
    /// others.
    pub fn rest(&self, taken: &BTreeSet<(u32, usize)>, out: &[bool]) -> Plan {
        let highest = self.launches.iter().flat_map(|launch| &launch.rounds);
        let highest = highest.map(|round| round.number).max();
        let highest = highest.max(taken.iter().map(|(round, _)| *round).max());
        let mut free = highest.map_or(0, |number| number + 1);
        let mut rest = Vec::new();
        for launch in &self.launches {
            let left = launch.rounds.iter().map(|round| lacking(round, taken, out));
            let mut rounds: Vec<Round> = left.filter(|round| !round.blocks.is_empty()).collect();
            let begun = launch
                .samples()
                .any(|(round, cell)| taken.contains(&(round.number, cell)));
            // Where the launch was only calibration, every round is discarded, and each has its cells still.
            if begun && rounds.first().is_some_and(|round| round.kept) {
                rounds.insert(0, warming(launch, &rounds, free));
                free += 1;
            }
            if !rounds.is_empty() {
                rest.push(Launch {
                    rounds,
                    padding_bytes: launch.padding_bytes.clone(),
                });
            }
        }
        Plan { launches: rest }
    }

    /// Adds launches until the numbers of its rounds go beyond those that are taken, so that another one has numbers of its own.
    pub fn beyond(&mut self, taken: &BTreeSet<(u32, usize)>, mut extend: impl FnMut(&mut Plan)) {
        let used = taken.iter().map(|(round, _)| *round).max();
        while self
            .launches
            .iter()
            .flat_map(|it| &it.rounds)
            .map(|it| it.number)
            .max()
            < used
        {
            extend(self);
        }
    }
}

/// A round with the cells that it lacks.
fn lacking(round: &Round, taken: &BTreeSet<(u32, usize)>, out: &[bool]) -> Round {
    let lacks = |cell: &usize| !out[*cell] && !taken.contains(&(round.number, *cell));
    let blocks = round
        .blocks
        .iter()
        .map(|block| block.iter().copied().filter(&lacks).collect());
    Round {
        blocks: blocks
            .filter(|block: &Vec<usize>| !block.is_empty())
            .collect(),
        ..round.clone()
    }
}

/// The discarded round before these: every cell that is in any of them, once.
fn warming(launch: &Launch, rounds: &[Round], number: u32) -> Round {
    let needed: BTreeSet<usize> = rounds
        .iter()
        .flat_map(|round| round.blocks.iter().flatten().copied())
        .collect();
    let all = launch.rounds.iter().flat_map(|round| &round.blocks);
    let mut seen = BTreeSet::new();
    let blocks = all.map(|block| {
        let own = block.iter().copied();
        own.filter(|cell| needed.contains(cell) && seen.insert(*cell))
            .collect::<Vec<_>>()
    });
    Round {
        number,
        kept: false,
        blocks: blocks.filter(|block| !block.is_empty()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cell, Spec, fixtures};

    fn plan() -> Plan {
        let spec = Spec {
            launches: 2,
            rounds: 6,
            long_rounds: 6,
            ..fixtures::spec(&["get"])
        };
        let cells: Vec<Cell> = ["tokio", "smol", "rayon"].map(fixtures::cell).into();
        Plan::new(&spec, &cells)
    }

    /// The samples of a plan, in order, by round and cell.
    fn samples(plan: &Plan) -> Vec<(u32, usize)> {
        plan.samples()
            .map(|(round, cell)| (round.number, cell))
            .collect()
    }

    #[test]
    fn wherever_a_run_is_cut_off_nothing_is_measured_twice_and_nothing_is_left_out() {
        let plan = plan();
        let all = samples(&plan);
        for cut in 0..=all.len() {
            let taken: BTreeSet<_> = all[..cut].iter().copied().collect();
            let rest = plan.rest(&taken, &[false; 3]);
            let planned = |(round, _): &(u32, usize)| *round < 8;
            let left: Vec<_> = samples(&rest).into_iter().filter(planned).collect();
            assert_eq!(left, all[cut..], "cut after {cut}");
            for launch in &rest.launches {
                let first = &launch.rounds[0];
                assert!(!first.kept, "cut after {cut}");
                let warm: BTreeSet<usize> = first.blocks.iter().flatten().copied().collect();
                let later = launch.rounds[1..]
                    .iter()
                    .flat_map(|round| round.blocks.iter().flatten());
                assert!(
                    later
                        .into_iter()
                        .all(|cell| warm.contains(cell) || first.number < 8)
                );
            }
        }
        assert_eq!(plan.rest(&BTreeSet::new(), &[false; 3]), plan);
    }

    #[test]
    fn a_cell_that_is_out_has_nothing_left() {
        let plan = plan();
        let rest = plan.rest(&BTreeSet::new(), &[false, true, false]);
        assert!(samples(&rest).iter().all(|(_, cell)| *cell != 1));
        assert_eq!(samples(&rest).len(), samples(&plan).len() / 3 * 2);
    }

    #[test]
    fn another_launch_has_numbers_that_nobody_has_used() {
        let mut plan = plan();
        let taken = BTreeSet::from([(13, 0)]);
        let mut added = 0;
        plan.beyond(&taken, |plan| {
            added += 1;
            let number = 8 + 4 * added - 1;
            plan.launches.push(Launch {
                rounds: vec![Round {
                    number,
                    kept: true,
                    blocks: Vec::new(),
                }],
                padding_bytes: Vec::new(),
            });
        });
        assert_eq!(added, 2);
    }
}
