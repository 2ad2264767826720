//! The order of a gate: the builds of a row follow each other at once, and none of them comes first more often.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;
use workloads::mix;

use crate::plan::{padding, share};
use crate::{Block, Cell, Launch, Plan, Round, Spec};

impl Plan {
    /// The plan of a gate under `spec`: in each round, every row of a workload once per build. The rows are in a fresh random order.
    /// The builds of a row stand beside each other, so they meet the same moment. Their order is random in one round and the reverse
    /// of it in the next: what being first or last does to a sample, it does to all builds alike. The first round of a launch is
    /// discarded.
    pub fn balanced(spec: &Spec, cells: &[Cell]) -> Plan {
        let launches = spec.launches.min(spec.rounds);
        let mut number = 0;
        let launch = |index: u32| {
            let mut rng = Pcg64Mcg::seed_from_u64(mix(spec.seed, u64::from(index)));
            let own = share(spec.rounds, launches, index);
            let mut orders = Orders::of(spec, cells);
            let rounds = (0..=own).map(|round| {
                Round {
                    number: number + round,
                    kept: round > 0,
                    // Of two rounds that count, the second has the orders of the first reversed.
                    blocks: orders.next(&mut rng, round % 2 == 1),
                }
            });
            let rounds: Vec<Round> = rounds.collect();
            number += own + 1;
            let padding_bytes = padding(cells.len(), &mut rng);
            Launch {
                rounds,
                padding_bytes,
            }
        };
        Plan {
            launches: (0..launches).map(launch).collect(),
        }
    }
}

/// The builds of each row, by workload and row, in their present order.
struct Orders(Vec<Vec<Vec<usize>>>);

impl Orders {
    fn of(spec: &Spec, cells: &[Cell]) -> Orders {
        let able = |index: &usize| cells[*index].unsupported.is_none();
        let rows = |label: &str| {
            let mut rows: Vec<Vec<usize>> = Vec::new();
            for index in (0..cells.len()).filter(able) {
                let cell = &cells[index];
                if cell.workload != label {
                    continue;
                }
                let same = |row: &&mut Vec<usize>| cells[row[0]].row.strategy == cell.row.strategy;
                match rows.iter_mut().find(same) {
                    Some(row) => row.push(index),
                    None => rows.push(vec![index]),
                }
            }
            rows
        };
        let workloads = spec.workloads.iter().map(|load| rows(&load.label()));
        Orders(workloads.filter(|rows| !rows.is_empty()).collect())
    }

    /// The blocks of the next round: with new orders of the builds, or with the last ones reversed.
    fn next(&mut self, rng: &mut Pcg64Mcg, fresh: bool) -> Vec<Block> {
        for row in self.0.iter_mut().flatten() {
            match fresh {
                true => row.shuffle(rng),
                false => row.reverse(),
            }
        }
        let mut blocks: Vec<Block> = Vec::new();
        for rows in &self.0 {
            let mut rows: Vec<&Vec<usize>> = rows.iter().collect();
            rows.shuffle(rng);
            blocks.push(rows.into_iter().flatten().copied().collect());
        }
        blocks.shuffle(rng);
        blocks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;

    fn cells(builds: &[&str]) -> Vec<Cell> {
        let rows = ["tokio", "smol", "rayon"];
        let named = |row| {
            let builds = builds.iter();
            builds.map(move |build| fixtures::cell(&format!("{row}@{build}")))
        };
        rows.into_iter().flat_map(named).collect()
    }

    fn spec() -> Spec {
        Spec {
            launches: 2,
            rounds: 24,
            ..fixtures::spec(&["get"])
        }
    }

    #[test]
    fn builds_of_a_row_stand_together_and_each_comes_first_equally_often() {
        let cells = cells(&["base", "head"]);
        let plan = Plan::balanced(&spec(), &cells);
        let mut first = vec![0; cells.len()];
        let mut rounds = 0;
        for round in plan.launches.iter().flat_map(|launch| &launch.rounds) {
            let [block] = &round.blocks[..] else {
                panic!("there is one workload")
            };
            let mut sorted = block.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..cells.len()).collect::<Vec<_>>());
            for pair in block.chunks(2) {
                assert_eq!(cells[pair[0]].row.strategy, cells[pair[1]].row.strategy);
                first[pair[0]] += u32::from(round.kept);
            }
            rounds += u32::from(round.kept);
        }
        assert_eq!((rounds, first), (24, vec![12; 6]));
    }

    #[test]
    fn of_three_builds_none_is_first_more_often_than_last() {
        let cells = cells(&["base", "head", "again"]);
        let plan = Plan::balanced(&spec(), &cells);
        let mut ends = vec![0i32; cells.len()];
        for (round, block) in plan.launches.iter().flat_map(|launch| {
            let rounds = launch.rounds.iter();
            rounds.flat_map(|round| round.blocks.iter().map(move |block| (round, block)))
        }) {
            for three in block.chunks(3).filter(|_| round.kept) {
                ends[three[0]] += 1;
                ends[three[2]] -= 1;
            }
        }
        assert_eq!(ends, vec![0; cells.len()]);
    }

    #[test]
    fn a_build_that_cannot_run_a_row_is_left_out_and_orders_differ_by_seed() {
        let mut cells = cells(&["base", "head"]);
        cells[0].unsupported = Some("it is not there".to_owned());
        let plan = Plan::balanced(&spec(), &cells);
        assert!(plan.samples().all(|(_, cell)| cell != 0));
        assert_eq!(plan, Plan::balanced(&spec(), &cells));
        let other = Spec { seed: 2, ..spec() };
        assert_ne!(plan, Plan::balanced(&other, &cells));
    }
}
