//! Workloads and strategies that must be caught.

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use bytes::Bytes;
use harness::Registry;
use strategies::catalog::sequential::Sequential;
use strategies::catalog::threads::Threads;
use strategies::catalog::tokio::Tokio;
use strategies::{Capacity, Facts, Open, Row, Setup, Strategy, open};
use workloads::catalog::sleep::Sleep;
use workloads::{
    Done, Entry, Io, Means, Outline, Params, Request, Response, Tally, Unit, Work, Workload,
};

/// The variable that turns this test binary into a command line with [`registry`].
pub(crate) const COMMAND_LINE: &str = "MAKESPAN_TEST_COMMAND_LINE";

/// Carries out the command line where [`COMMAND_LINE`] is set: that of a bench target, or else that of the program.
pub(crate) fn command_line() -> Option<ExitCode> {
    let played = std::env::var_os(COMMAND_LINE)?;
    Some(match played == *BENCH {
        true => makespan::bench(&registry(), Path::new("."), "it"),
        false => makespan::main(&registry()),
    })
}

/// Its value for a bench target.
pub(crate) const BENCH: &str = "bench";

/// The built-in registry and everything that is wrong.
pub(crate) fn registry() -> Registry {
    let mut registry = Registry::built_in();
    registry.strategies.push(Row::of::<Serial>());
    macro_rules! add {
        ($($work:ty),+) => {
            $(
                registry.workloads.push(Entry::of::<$work>());
                let opens = [open::<Tokio, $work> as Open, open::<Sequential, $work>, open::<Threads, $work>];
                let names = [Tokio::FACTS.name, Sequential::FACTS.name, Threads::FACTS.name];
                for (name, open) in names.into_iter().zip(opens) {
                    let row = registry.strategies.iter_mut().find(|row| row.facts.name == name);
                    row.unwrap().cells.push((<$work>::FACTS.name, open));
                }
            )+
        };
    }
    add!(Wrong, Lazy, Stuck, Panicking);
    registry
}

/// Claims the whole limit and works one by one.
struct Serial(Sequential);

impl Strategy for Serial {
    const FACTS: Facts = Facts {
        name: "serial",
        capacity: Capacity::Limit,
        ..Sequential::FACTS
    };

    fn open(setup: &Setup) -> Result<Self> {
        Ok(Serial(Sequential::open(setup)?))
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        self.0.run(work)
    }
}

/// An [`Io`] that does not wait.
struct NoWait;

impl Io for NoWait {
    async fn sleep_until(&self, _at: Instant) {}

    async fn fetch(&self, request: Request) -> Result<Response> {
        bail!("nobody answers {}", request.path)
    }

    async fn stream(&self, request: Request, _piece: impl FnMut(&[u8]) + Send) -> Result<u16> {
        bail!("nobody answers {}", request.path)
    }

    async fn read(&self, path: &Path) -> Result<Bytes> {
        bail!("nobody reads {}", path.display())
    }
}

/// The workload `sleep` with another step.
macro_rules! like_sleep {
    ($(#[$about:meta])* $name:ident, $label:literal, |$sleep:ident, $io:ident, $unit:ident| $step:block) => {
        $(#[$about])*
        #[derive(Clone)]
        struct $name(Sleep);

        impl Outline for $name {
            fn facts(&self) -> &'static workloads::Facts {
                &Self::FACTS
            }

            fn params(&self) -> &Params {
                self.0.params()
            }

            fn expected(&self) -> Tally {
                self.0.expected()
            }

            fn floor(&self, means: Means) -> Option<Duration> {
                self.0.floor(means)
            }
        }

        impl Workload for $name {
            const FACTS: workloads::Facts = workloads::Facts { name: $label, ..Sleep::FACTS };

            fn new(params: &Params) -> Result<Self> {
                Ok($name(Sleep::new(params)?))
            }
        }

        impl Work for $name {
            async fn step<I: Io>(&self, $io: &I, $unit: Unit) -> Result<Done> {
                let $sleep = &self.0;
                $step
            }
        }
    };
}

like_sleep! {
    /// Does one unit twice instead of another, outside the warm-up's first wave.
    Wrong, "wrong", |sleep, io, unit| {
        sleep.step(io, if unit.0 == 20 { Unit(21) } else { unit }).await
    }
}

like_sleep! {
    /// Knows the right tally without having waited for it.
    Lazy, "lazy", |sleep, _io, unit| { sleep.step(&NoWait, unit).await }
}

like_sleep! {
    /// Never ends, outside the warm-up's first wave.
    Stuck, "stuck", |sleep, io, unit| {
        if unit.0 >= 16 {
            io.sleep(Duration::from_secs(3600)).await;
        }
        sleep.step(io, unit).await
    }
}

like_sleep! {
    /// One unit panics, outside the warm-up's first wave.
    Panicking, "panicking", |sleep, io, unit| {
        assert!(unit.0 != 20, "unit 20 cannot be done");
        sleep.step(io, unit).await
    }
}
