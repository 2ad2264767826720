//! What every strategy must do with any workload.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Result, ensure};
use workloads::{Done, Io, Outline, Params, Tally, Unit, Work, Workload};

use super::*;

/// A binary tree: each unit uncovers two others until `UNITS` are known. Nobody knows them up front.
#[derive(Clone)]
struct Tree {
    params: Params,
    fails_at: Option<u64>,
}

const UNITS: u64 = 60;
const LIMIT: usize = 5;

static IN_FLIGHT: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

impl Outline for Tree {
    fn facts(&self) -> &'static workloads::Facts {
        &Self::FACTS
    }

    fn params(&self) -> &Params {
        &self.params
    }

    fn units(&self) -> u64 {
        2
    }

    fn expected(&self) -> Tally {
        (0..UNITS).map(|unit| Tally::of(unit, b"tree")).sum()
    }
}

impl Workload for Tree {
    const FACTS: workloads::Facts = workloads::Facts {
        uncovers: true,
        ..workloads::Facts::new("tree", "a binary tree")
    };

    fn new(params: &Params) -> Result<Self> {
        Ok(Tree {
            params: params.clone(),
            fails_at: params.numbers.get("fails_at").copied(),
        })
    }
}

impl Work for Tree {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        PEAK.fetch_max(
            IN_FLIGHT.fetch_add(1, Ordering::SeqCst) + 1,
            Ordering::SeqCst,
        );
        io.sleep(Duration::from_millis(3)).await;
        IN_FLIGHT.fetch_sub(1, Ordering::SeqCst);
        ensure!(self.fails_at != Some(unit.0), "unit {} fails", unit.0);
        // Units 0 and 1 are the roots, so the children of n are 2n + 2 and 2n + 3.
        let next = [2 * unit.0 + 2, 2 * unit.0 + 3]
            .into_iter()
            .filter(|child| *child < UNITS)
            .map(Unit)
            .collect();
        Ok(Done {
            tally: Tally::of(unit.0, b"tree"),
            next,
        })
    }
}

/// A row, and how to open it for a tree.
type Opener = (Row, Open);

fn openers() -> Vec<Opener> {
    macro_rules! rows {
        ($($strategy:ty),+) => {
            vec![$((Row::of::<$strategy>(), open::<$strategy, Tree> as Open)),+]
        };
    }
    for_each_strategy!(rows)
}

fn params(fails_at: Option<u64>) -> Params {
    let numbers = fails_at
        .map(|unit| ("fails_at".to_owned(), unit))
        .into_iter()
        .collect();
    Params {
        numbers,
        ..Params::new(1, 2, "0ms".parse().expect("it is well-formed"))
    }
}

pub(crate) const SETUP: Setup = Setup::new(LIMIT, 2);

/// One test, because all strategies share the counters of the tree.
#[test]
fn every_strategy_does_all_units_that_others_uncover_within_the_limit_and_reports_failures() {
    for (row, open) in openers() {
        let facts = row.facts;
        if let Err(reason) = (row.supported)() {
            eprintln!("{} is left out: {reason:#}", facts.name);
            continue;
        }
        // Its children would be this test binary, which does not play their part; the integration tests' binary does.
        if facts.name == "processes" {
            continue;
        }
        let runner = open("tree", &params(None), &SETUP).unwrap();
        let expected = Tree::new(&params(None)).unwrap().expected();
        PEAK.store(0, Ordering::SeqCst);
        for _ in 0..3 {
            assert_eq!(runner.run().unwrap(), expected, "{}", facts.name);
        }
        runner.warm_up().unwrap();
        let (peak, capacity) = (PEAK.load(Ordering::SeqCst), facts.capacity.of(&SETUP));
        // A limit that is read from the environment does not hold in this process; the integration tests set it for theirs.
        let is_set =
            |(key, value): &(&str, String)| std::env::var(key).is_ok_and(|is| is == *value);
        let limited = (row.environment)(&SETUP).iter().all(is_set);
        assert!(
            peak <= capacity || !limited,
            "{}: {peak} in flight, over {capacity}",
            facts.name
        );
        // The second unit starts within the 3 ms of the first in one of three runs, or it never does.
        assert!(
            peak > 1 || capacity == 1,
            "{} does one unit at a time",
            facts.name
        );

        let error = open("tree", &params(Some(7)), &SETUP)
            .unwrap()
            .run()
            .unwrap_err()
            .to_string();
        assert_eq!(error, "unit 7 fails", "{}", facts.name);
        IN_FLIGHT.store(0, Ordering::SeqCst);
    }
}

#[test]
fn a_row_is_built_where_its_feature_is_on_and_no_other_has_one() {
    let built: Vec<_> = all().iter().map(|row| row.facts.name).collect();
    let on = [
        ("async-std", cfg!(feature = "async-std")),
        ("compio", cfg!(feature = "compio")),
        ("monoio", cfg!(feature = "monoio")),
        ("glommio", cfg!(feature = "glommio")),
        ("may", cfg!(feature = "may")),
    ];
    for (module, feature) in OPTIONAL {
        let known = on.iter().find(|(name, _)| name == feature);
        let (_, on) = known.expect("every feature of a row is in this list");
        let name = module.replace('_', "-");
        assert_eq!(built.contains(&name.as_str()), *on, "{name}");
    }
}

#[test]
fn every_row_knows_every_workload_and_the_versions_of_its_packages() {
    let names: Vec<_> = workloads::all()
        .iter()
        .map(|entry| entry.facts.name)
        .collect();
    for row in all() {
        assert_eq!(
            row.cells.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
            names
        );
        for package in row.facts.packages {
            assert!(
                versions().contains_key(package),
                "{}: the version of {package} is unknown",
                row.facts.name
            );
        }
    }
}

/// The groups in which the documentation lists strategies.
const GROUPS: [&str; 6] = [
    "Sequential",
    "Blocking",
    "Executor",
    "Async",
    "Fan-out",
    "io_uring",
];

#[test]
fn the_first_line_of_every_strategy_says_its_group() {
    let catalog = concat!(env!("CARGO_MANIFEST_DIR"), "/src/catalog");
    let files = std::fs::read_dir(catalog).unwrap();
    let mut found = Vec::new();
    for path in files.map(|file| file.unwrap().path()) {
        if path.is_dir() || path.ends_with("mod.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let first = text.lines().next().unwrap_or_default();
        let said = first.strip_prefix("//! ").unwrap_or_default();
        let group = said.split([':', ',']).next().unwrap_or_default();
        assert!(
            GROUPS.contains(&group),
            "{}: {first}: allowed are {}",
            path.display(),
            GROUPS.join(", ")
        );
        found.push(group.to_owned());
    }
    for group in GROUPS {
        assert!(found.iter().any(|one| one == group), "nobody is {group}");
    }
}
