//! The order of a run: randomised blocks, drawn from the seed.
//!
//! In each round every workload has one block with its cells in a fresh random order. Short rows are in every round; long ones
//! in a random subset, the same number in each launch as far as it divides. The first round of a launch is discarded for all.
//! Where timers and clients are to be measured first, that is a launch of its own, before the others.

pub(crate) mod balanced;
pub(crate) mod calibration;
pub(crate) mod cell;
pub(crate) mod manner;
mod rest;

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use workloads::mix;

use crate::{Cell, Spec};

/// All samples of a run, in order. [`Plan::extend`] adds to it.
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
    /// Bytes by which the environment of each cell's worker is longer, by the index of the cell: where the stack begins moves with
    /// it, and with that how data is aligned (Mytkowicz et al., ASPLOS 2009).
    pub padding_bytes: Vec<u32>,
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

impl Round {
    /// Which delays all of its samples have, where delays are spread: new ones in each round.
    pub fn draw(&self) -> u32 {
        self.number + 1
    }
}

/// The cells of one workload, by their index, in random order.
pub type Block = Vec<usize>;

/// Environments differ by less than this: a page of memory.
const MOST_PADDING_BYTES: u32 = 4096;

impl Plan {
    /// The plan of a run of `cells` under `spec`: the same spec gives the same plan.
    pub fn new(spec: &Spec, cells: &[Cell]) -> Plan {
        let mut plan = Plan {
            launches: Vec::new(),
        };
        if cells.iter().any(|cell| cell.calibration) {
            let rounds = [false].repeat(calibration::ROUNDS as usize);
            plan.push(spec, cells, &rounds, true);
        }
        let launches = spec.launches.min(spec.rounds);
        for index in 0..launches {
            plan.add(spec, cells, index);
        }
        plan
    }

    /// Adds another launch, as large as the largest that was planned.
    pub fn extend(&mut self, spec: &Spec, cells: &[Cell]) {
        self.add(spec, cells, 0);
    }

    /// Adds a launch with the share of all rounds that the launch of that index has.
    fn add(&mut self, spec: &Spec, cells: &[Cell], index: u32) {
        let launches = spec.launches.min(spec.rounds);
        let long = share(spec.long_rounds, launches, index);
        let rounds = (0..share(spec.rounds, launches, index)).map(|round| round < long);
        self.push(spec, cells, &rounds.collect::<Vec<_>>(), false);
    }

    /// Adds a launch with these rounds, which are long or not, and one before them that is discarded.
    fn push(&mut self, spec: &Spec, cells: &[Cell], long: &[bool], calibration: bool) {
        let mut rng = Pcg64Mcg::seed_from_u64(mix(spec.seed, self.launches.len() as u64));
        let mut long = long.to_vec();
        long.shuffle(&mut rng);
        let first = self.rounds().map(|round| round.number + 1).max();
        // It holds the long rows where any round does: their first sample is no better than that of a short one.
        let first_long = long.iter().any(|long| *long);
        let rounds =
            std::iter::once((false, first_long)).chain(long.iter().map(|long| (true, *long)));
        let rounds = (first.unwrap_or(0)..).zip(rounds);
        let round = |(number, (kept, long))| Round {
            number,
            kept,
            blocks: blocks(spec, cells, calibration, long, &mut rng),
        };
        let rounds = rounds.map(round).collect();
        let padding_bytes = padding(cells.len(), &mut rng);
        self.launches.push(Launch {
            rounds,
            padding_bytes,
        });
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
                padding_bytes: vec![0; cells],
            }],
        }
    }

    fn rounds(&self) -> impl Iterator<Item = &Round> {
        self.launches.iter().flat_map(|launch| &launch.rounds)
    }

    /// All cells in the order of their samples, with the round they are in.
    pub fn samples(&self) -> impl Iterator<Item = (&Round, usize)> {
        self.launches.iter().flat_map(Launch::samples)
    }
}

impl Launch {
    /// Its cells in the order of their samples, with the round they are in.
    pub fn samples(&self) -> impl Iterator<Item = (&Round, usize)> {
        self.rounds.iter().flat_map(|round| {
            let cells = round.blocks.iter().flatten();
            cells.map(move |cell| (round, *cell))
        })
    }
}

/// Splits `total` into `parts` that differ by one at most.
pub(crate) fn share(total: u32, parts: u32, index: u32) -> u32 {
    total / parts + u32::from(index < total % parts)
}

/// By how many bytes the environment of each cell's worker is longer.
pub(crate) fn padding(cells: usize, rng: &mut Pcg64Mcg) -> Vec<u32> {
    let padding = (0..cells).map(|_| rng.random_range(0..MOST_PADDING_BYTES));
    padding.collect()
}

fn blocks(
    spec: &Spec,
    cells: &[Cell],
    calibration: bool,
    long: bool,
    rng: &mut Pcg64Mcg,
) -> Vec<Block> {
    let block = |workload: &str| -> Block {
        let here = |cell: &Cell| {
            cell.unsupported.is_none()
                && cell.workload == workload
                && cell.calibration == calibration
                && (long || !cell.is_long() || cell.row.is(&spec.anchor))
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
                .filter(|(round, cell)| round.kept == kept && cells[*cell].row.is(name))
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
            (6, 6, 6)
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

    #[test]
    fn a_launch_more_is_as_the_first_and_changes_nothing_before() {
        let (spec, cells) = (spec(25), cells());
        let before = Plan::new(&spec, &cells);
        let mut plan = before.clone();
        plan.extend(&spec, &cells);
        assert_eq!(plan.launches[..3], before.launches);
        let counts = |launch: &Launch| (launch.rounds.len(), launch.samples().count());
        assert_eq!(counts(&plan.launches[3]), counts(&plan.launches[0]));
        assert_ne!(
            plan.launches[3].rounds[1].blocks,
            plan.launches[0].rounds[1].blocks
        );
        let numbers: Vec<u32> = plan.rounds().map(|round| round.number).collect();
        assert_eq!(numbers, (0..numbers.len() as u32).collect::<Vec<_>>());
    }

    #[test]
    fn timers_and_clients_are_measured_in_a_launch_of_their_own_before_the_others() {
        let mut cells = cells();
        cells[4].calibration = true;
        let plan = Plan::new(&spec(24), &cells);
        assert_eq!(plan.launches.len(), 4);
        for (index, launch) in plan.launches.iter().enumerate() {
            assert!(
                launch
                    .samples()
                    .all(|(_, cell)| (cell == 4) == (index == 0))
            );
        }
    }

    #[test]
    fn environments_differ_between_launches() {
        let plan = Plan::new(&spec(24), &cells());
        let paddings: Vec<_> = plan.launches.iter().map(|it| &it.padding_bytes).collect();
        assert!(paddings[0] != paddings[1] && paddings[1] != paddings[2]);
    }
}
