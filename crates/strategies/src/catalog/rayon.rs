//! Blocking: a scope on a rayon pool as large as the limit, with a job per unit.

use anyhow::{Context, Result};
use rayon::Scope;
use workloads::{Tally, Unit, Work};

use crate::pull::ledger::Ledger;
use crate::{BlockingIo, Facts, Setup, Strategy, ready};

/// A rayon pool with as many threads as the limit.
pub struct Rayon {
    io: BlockingIo,
    limit: usize,
    pool: rayon::ThreadPool,
}

impl Strategy for Rayon {
    const FACTS: Facts = Facts {
        packages: &["rayon"],
        root: "pool thread",
        threads: "as many as the limit",
        fan_out: "rayon::scope",
        ..Facts::blocking(
            "rayon",
            "a scope on a pool with as many threads as the limit, a job per unit",
        )
    };

    fn open(setup: &Setup) -> Result<Self> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(setup.limit)
            .build();
        let pool =
            pool.with_context(|| format!("cannot start a rayon pool of {} threads", setup.limit))?;
        Ok(Rayon {
            io: BlockingIo::open(setup)?,
            limit: setup.limit,
            pool,
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
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
