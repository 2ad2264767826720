//! The order of a run: randomised blocks, drawn from the seed.
//!
//! In each round every workload has one block with its cells in a fresh random order. Short rows are in every round; long ones
//! in a random subset, the same number in each launch as far as it divides. The first round of a launch is discarded for all.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;

use crate::{Cell, Spec};

/// All samples of a run, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// One life of the worker processes each.
    pub launches: Vec<Launch>,
}

/// One life of the worker processes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launch {
    /// Its rounds; the first is discarded.
    pub rounds: Vec<Round>,
}

/// Each workload once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// Its number within the run, from 0, discarded rounds included.
    pub number: u32,
    /// Whether its samples count.
    pub kept: bool,
    /// One block per workload, in random order.
    pub blocks: Vec<Block>,
}

/// The cells of one workload, by their index, in random order.
pub type Block = Vec<usize>;

impl Plan {
    /// The plan of a run of `cells` under `spec`: the same spec gives the same plan.
    pub fn new(spec: &Spec, cells: &[Cell]) -> Plan {
        let mut rng = Pcg64Mcg::seed_from_u64(spec.seed);
        let launches = spec.launches.min(spec.rounds);
        let mut number = 0;
        let mut launch = |index| {
            let kept = share(spec.rounds, launches, index);
            let mut long: Vec<bool> = (0..kept)
                .map(|round| round < share(spec.long_rounds, launches, index))
                .collect();
            long.shuffle(&mut rng);
            let mut round = |kept, long| {
                let blocks = blocks(spec, cells, long, &mut rng);
                number += 1;
                Round {
                    number: number - 1,
                    kept,
                    blocks,
                }
            };
            let discarded = round(false, false);
            Launch {
                rounds: std::iter::once(discarded)
                    .chain(long.iter().map(|long| round(true, *long)))
                    .collect(),
            }
        };
        Plan {
            launches: (0..launches).map(&mut launch).collect(),
        }
    }

    /// One sample of each cell, in order.
    pub fn once(cells: usize) -> Plan {
        let round = Round {
            number: 0,
            kept: true,
            blocks: vec![(0..cells).collect()],
        };
        Plan {
            launches: vec![Launch {
                rounds: vec![round],
            }],
        }
    }

    /// All cells in the order of their samples, with the round they are in.
    pub fn samples(&self) -> impl Iterator<Item = (&Round, usize)> {
        let rounds = self.launches.iter().flat_map(|launch| &launch.rounds);
        rounds.flat_map(|round| {
            round
                .blocks
                .iter()
                .flatten()
                .map(move |cell| (round, *cell))
        })
    }
}

/// Splits `total` into `parts` that differ by one at most.
fn share(total: u32, parts: u32, index: u32) -> u32 {
    total / parts + u32::from(index < total % parts)
}

fn blocks(spec: &Spec, cells: &[Cell], long: bool, rng: &mut Pcg64Mcg) -> Vec<Block> {
    let block = |workload: &str| -> Block {
        let here = |cell: &Cell| {
            cell.unsupported.is_none()
                && cell.workload == workload
                && (long || !cell.is_long() || cell.strategy == spec.anchor)
        };
        (0..cells.len())
            .filter(|index| here(&cells[*index]))
            .collect()
    };
    let mut blocks: Vec<Block> = spec
        .workloads
        .iter()
        .map(|load| block(&load.label()))
        .collect();
    blocks.retain(|block| !block.is_empty());
    blocks.iter_mut().for_each(|block| block.shuffle(rng));
    blocks.shuffle(rng);
    blocks
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::fixtures;

    fn spec(rounds: u32) -> Spec {
        Spec {
            rounds,
            ..fixtures::spec(&["sleep", "get"])
        }
    }

    fn cells() -> Vec<Cell> {
        let cell = |workload: &str, strategy: &str, own: u64| Cell {
            workload: workload.into(),
            own_floor: Some(Duration::from_millis(own)),
            ..fixtures::cell(strategy)
        };
        let rows = |workload| {
            [
                cell(workload, "sequential", 1200),
                cell(workload, "tokio", 40),
                cell(workload, "smol", 40),
            ]
        };
        ["sleep", "get"].into_iter().flat_map(rows).collect()
    }

    #[test]
    fn short_rows_are_in_every_round_and_long_rows_in_the_planned_ones() {
        let (plan, cells) = (Plan::new(&spec(24), &cells()), cells());
        assert_eq!(plan.launches.len(), 3);
        for launch in &plan.launches {
            assert_eq!(
                launch
                    .rounds
                    .iter()
                    .map(|round| round.kept)
                    .collect::<Vec<_>>(),
                [&[false][..], &[true; 8]].concat()
            );
        }
        let count = |name: &str, kept: bool| {
            plan.samples()
                .filter(|(round, cell)| round.kept == kept && cells[*cell].strategy == name)
                .count()
        };
        assert_eq!(
            (
                count("tokio", true),
                count("smol", true),
                count("sequential", true)
            ),
            (48, 48, 18)
        );
        assert_eq!(
            (
                count("tokio", false),
                count("smol", false),
                count("sequential", false)
            ),
            (6, 6, 0)
        );
    }

    #[test]
    fn a_block_holds_one_workload_and_each_of_its_cells_at_most_once() {
        let (plan, cells) = (Plan::new(&spec(24), &cells()), cells());
        for block in plan
            .launches
            .iter()
            .flat_map(|l| &l.rounds)
            .flat_map(|r| &r.blocks)
        {
            let mut sorted = block.clone();
            sorted.sort_unstable();
            sorted.dedup();
            assert_eq!(sorted.len(), block.len());
            assert!(
                block
                    .iter()
                    .all(|cell| cells[*cell].workload == cells[block[0]].workload)
            );
        }
    }

    #[test]
    fn the_seed_decides_the_order_and_nothing_else_does() {
        let plan = Plan::new(&spec(24), &cells());
        assert_eq!(plan, Plan::new(&spec(24), &cells()));
        assert_ne!(
            plan,
            Plan::new(
                &Spec {
                    seed: 2,
                    ..spec(24)
                },
                &cells()
            )
        );
    }

    #[test]
    fn few_rounds_mean_few_launches() {
        let plan = Plan::new(&spec(2), &cells());
        assert_eq!(plan.launches.len(), 2);
        assert_eq!(
            plan.samples().filter(|(round, _)| round.kept).count(),
            2 * 6
        );
    }
}
