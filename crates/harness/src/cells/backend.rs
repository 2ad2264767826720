//! What runs a cell: this executable, another build of it, or a program of its own.
//!
//! All three are processes that speak the [protocol](crate::protocol). They differ in what is started, and in what is known of
//! them before that.

use std::path::{Path, PathBuf};
use std::time::Duration;

use model::{Manner, Program};
use strategies::{Facts, Family, Row, Setup};

/// What runs a cell.
#[derive(Clone, Debug)]
pub enum Backend {
    /// A strategy of this executable.
    ThisExecutable(Compiled),
    /// The same strategy in another build. What this executable knows of the strategy is taken to be true of the build as well.
    Build {
        /// The build.
        executable: PathBuf,
        /// The strategy.
        strategy: Compiled,
    },
    /// A program that the spec declares.
    Program(Program),
}

/// A strategy that is compiled into this executable: what must be known before its worker starts.
#[derive(Clone, Copy, Debug)]
pub struct Compiled {
    facts: &'static Facts,
    environment: fn(&Setup) -> Vec<(&'static str, String)>,
}

impl Compiled {
    pub(crate) fn of(row: &Row) -> Self {
        Compiled {
            facts: row.facts,
            environment: row.environment,
        }
    }
}

impl Backend {
    /// The same strategy in the build at that path. A program is part of no build, so it stays what it is.
    pub(crate) fn in_build(&self, executable: &Path) -> Backend {
        match self {
            Backend::ThisExecutable(strategy) | Backend::Build { strategy, .. } => Backend::Build {
                executable: executable.to_owned(),
                strategy: *strategy,
            },
            Backend::Program(_) => self.clone(),
        }
    }

    /// The program, where it is one.
    pub fn program(&self) -> Option<&Program> {
        match self {
            Backend::ThisExecutable(_) | Backend::Build { .. } => None,
            Backend::Program(program) => Some(program),
        }
    }

    /// What is known of it beforehand: the facts of a strategy, or the declaration of a program.
    fn known(&self) -> Result<&'static Facts, &Program> {
        match self {
            Backend::ThisExecutable(strategy) | Backend::Build { strategy, .. } => {
                Ok(strategy.facts)
            }
            Backend::Program(program) => Err(program),
        }
    }

    /// The name of the strategy or the program.
    pub(crate) fn name(&self) -> &str {
        match self.known() {
            Ok(facts) => facts.name,
            Err(program) => &program.name,
        }
    }

    /// What speaks HTTP for it.
    pub(crate) fn client(&self) -> &str {
        match self.known() {
            Ok(facts) => facts.client.name(),
            Err(program) => &program.client,
        }
    }

    /// How many units it can have in flight.
    pub(crate) fn in_flight(&self, setup: &Setup) -> usize {
        match self.known() {
            Ok(facts) => facts.capacity.of(setup),
            Err(program) => program.capacity.of(setup.limit, setup.workers),
        }
    }

    /// How many threads wait for units while it is open. Of a program that does not say it, the worst is assumed.
    pub(crate) fn threads(&self, in_flight: usize) -> usize {
        match self.known() {
            Ok(facts) if facts.family == Family::Async => 0,
            Ok(_) => in_flight,
            Err(program) => program
                .threads
                .map_or(in_flight, |most| most.min(in_flight)),
        }
    }

    /// Whether a unit can wait for several answers at once. A program that asks for one after the other is slower than it could
    /// be, and not wrong.
    pub(crate) fn joins(&self) -> bool {
        self.known().map_or(true, Facts::joins)
    }

    /// The step of its timer, as far as it is known.
    pub(crate) fn quantum(&self) -> Duration {
        self.known().map_or(Duration::ZERO, |facts| facts.quantum)
    }

    /// What of its way of working explains numbers. A program declares nothing of the kind.
    pub(crate) fn manner(&self) -> Manner {
        self.known().map_or_else(
            |_| Manner::default(),
            |facts| Manner {
                funnel: facts.manner.funnel.map(str::to_owned),
                awaits_each: facts.manner.awaits_each,
                budget: facts.manner.budget,
                spins: facts.manner.spins,
                waves: facts.manner.waves,
            },
        )
    }

    /// What a reader must know before using it.
    pub(crate) fn advisory(&self) -> Option<String> {
        self.known().ok()?.advisory.map(str::to_owned)
    }

    /// Variables to set before the worker starts.
    pub(crate) fn environment(&self, setup: &Setup) -> Vec<(&'static str, String)> {
        match self {
            Backend::ThisExecutable(strategy) | Backend::Build { strategy, .. } => {
                (strategy.environment)(setup)
            }
            Backend::Program(_) => Vec::new(),
        }
    }
}
