//! What one line of the list of strategies stands for.

use anyhow::Result;
use workloads::Workload;

use crate::cell::open_boxed;
use crate::{Facts, Open, Setup, Strategy, open};

/// Declares the strategies: each line is an entry of [`all`](crate::all): the module, then its type. A line below a feature counts where that is on, which
/// is decided here, line by line: a macro that other crates call could only see theirs.
macro_rules! strategies {
    (@ [$($module:ident :: $name:ident)+] [$(($optional:ident $feature:literal))*]) => {
        /// Calls a macro with the types of all strategies, so that another crate can pair them with work of its own.
        #[macro_export]
        macro_rules! for_each_strategy {
            ($callback:ident) => { $callback! { $($crate::catalog::$module::$name),+ } };
        }

        /// Adds a workload that is not of the `workloads` crate to the rows of all strategies that are of this one.
        pub fn add<W: Workload>(rows: &mut [Row]) {
            $(
                let name = <self::$module::$name as Strategy>::FACTS.name;
                if let Some(row) = rows.iter_mut().find(|row| row.facts.name == name) {
                    row.add::<self::$module::$name, W>();
                }
            )+
        }

        /// Every strategy of this build, in the order of the registry.
        pub fn all() -> Vec<Row> {
            vec![$(Row::of::<self::$module::$name>()),+]
        }

        /// The modules of the strategies that are in a build only with some feature, and that feature, whether they are in this one
        /// or not. A module has the name of its strategy, with underscores.
        pub const OPTIONAL: &[(&str, &str)] = &[$((stringify!($optional), $feature)),*];
    };
    (@ [$($one:tt)*] [$($feature:tt)*] #[cfg(feature = $on:literal)] $module:ident :: $name:ident, $($more:tt)*) => {
        #[cfg(feature = $on)]
        strategies! { @ [$($one)* $module::$name] [$($feature)* ($module $on)] $($more)* }
        #[cfg(not(feature = $on))]
        strategies! { @ [$($one)*] [$($feature)* ($module $on)] $($more)* }
    };
    (@ [$($one:tt)*] [$($feature:tt)*] $module:ident :: $name:ident, $($more:tt)*) => {
        strategies! { @ [$($one)* $module::$name] [$($feature)*] $($more)* }
    };
    ($first:ident $($more:tt)+) => {
        strategies! { @ [] [] $first $($more)+ }
    };
}
pub(crate) use strategies;

/// One line of the registry: a strategy with every workload it can be opened for.
#[derive(Clone)]
pub struct Row {
    /// What the strategy declares.
    pub facts: &'static Facts,
    /// Whether this platform can run it; the error says why not.
    pub supported: fn() -> Result<()>,
    /// The variables its libraries read only from the environment: the parent sets them before the process starts.
    pub environment: fn(&Setup) -> Vec<(&'static str, String)>,
    /// How to open it, by the name of the workload.
    pub cells: Vec<(&'static str, Open)>,
}

impl Row {
    /// The row of a strategy, this crate's or another's, with all workloads of the `workloads` crate.
    pub fn of<S: Strategy>() -> Row {
        macro_rules! bare {
            ($($work:ty),+) => { [$((<$work as Workload>::FACTS.name, open::<S, $work> as Open)),+] };
        }
        let bare = workloads::for_each_bare!(bare);
        let cell = |entry: &workloads::Entry| {
            let name = entry.facts.name;
            let own = bare.iter().find(|(bare, _)| *bare == name);
            *own.unwrap_or(&(name, open_boxed::<S>))
        };
        Row {
            facts: &S::FACTS,
            supported: S::supported,
            environment: S::environment,
            cells: workloads::all().iter().map(cell).collect(),
        }
    }

    /// Adds a workload that is not of the `workloads` crate.
    pub fn add<S: Strategy, W: Workload>(&mut self) {
        self.cells.push((W::FACTS.name, open::<S, W>));
    }
}
