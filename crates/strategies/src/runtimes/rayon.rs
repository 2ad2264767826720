//! A rayon pool with a job per unit, for the rows that differ in the size of the pool.

use anyhow::{Context, Result};
use rayon::{Scope, ThreadPool, ThreadPoolBuilder};
use workloads::{Tally, Unit, Work};

use crate::pull::ledger::Ledger;
use crate::{BlockingIo, Facts, Manner, Setup, ready};

/// A pool with as many threads as the limit of the setup it is opened with.
pub(crate) struct RayonPool {
    io: BlockingIo,
    limit: usize,
    pool: ThreadPool,
}

impl RayonPool {
    /// What such a row declares, except its name and the size of its pool.
    pub(crate) const FACTS: Facts = Facts {
        packages: &["rayon"],
        root: "pool thread",
        fan_out: "rayon::scope",
        manner: Manner {
            spins: true,
            ..Manner::PLAIN
        },
        ..Facts::blocking("", "")
    };

    pub(crate) fn open(setup: &Setup) -> Result<Self> {
        let pool = ThreadPoolBuilder::new().num_threads(setup.limit).build();
        let pool =
            pool.with_context(|| format!("cannot start a rayon pool of {} threads", setup.limit))?;
        Ok(RayonPool {
            io: BlockingIo::open(setup)?,
            limit: setup.limit,
            pool,
        })
    }

    /// Runs all of the work in one scope.
    pub(crate) fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let (ledger, _) = Ledger::open(work, self.io.clone(), self.limit);
        self.pool.scope(|scope| {
            for unit in (0..work.units()).map(Unit) {
                spawn(scope, &ledger, unit);
            }
        });
        ledger.close()
    }
}

fn spawn<'scope, W: Work>(
    scope: &Scope<'scope>,
    ledger: &'scope Ledger<W, BlockingIo>,
    unit: Unit,
) {
    scope.spawn(move |scope| {
        let outcome = ready(ledger.work.step(&ledger.io, unit));
        for uncovered in ledger.book(outcome) {
            spawn(scope, ledger, uncovered);
        }
    });
}
