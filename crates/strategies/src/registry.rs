//! What one line of the list of strategies makes.

use anyhow::Result;
use workloads::Workload;

use crate::cell::{Open, OpenTraced, open, open_boxed, open_traced};
use crate::{Facts, Setup, Strategy};

/// Makes the list of strategies: each line is the module and the type of one entry of [`all`](crate::all). `catalog` is the module that
/// the list is in.
///
/// A line below a feature counts where that feature is on. That is decided here, line by line: a macro that other crates call would
/// see their features instead.
macro_rules! strategies {
    (@ $catalog:ident [$($module:ident :: $name:ident)+] [$(($optional:ident $feature:literal))*]) => {
        /// Calls a macro with the types of all strategies, so that another crate can pair them with work of its own.
        #[macro_export]
        macro_rules! for_each_strategy {
            ($callback:ident) => { $callback! { $($crate::$catalog::$module::$name),+ } };
        }

        /// Adds a workload of another crate to the rows of all strategies of this one.
        pub fn add<W: workloads::Workload>(rows: &mut [$crate::Row]) {
            $(
                let name = <self::$module::$name as $crate::Strategy>::FACTS.name;
                if let Some(row) = rows.iter_mut().find(|row| row.facts.name == name) {
                    row.add::<self::$module::$name, W>();
                }
            )+
        }

        /// Every strategy of this build, in the order of the list.
        pub fn all() -> Vec<$crate::Row> {
            vec![$($crate::Row::of::<self::$module::$name>()),+]
        }

        /// The modules of all strategies that have a feature, each with its feature, whether or not this build has it on. A module
        /// has the name of its strategy, with underscores.
        pub const OPTIONAL: &[(&str, &str)] = &[$((stringify!($optional), $feature)),*];
    };
    (@ $catalog:ident [$($one:tt)*] [$($feature:tt)*] #[cfg(feature = $on:literal)] $module:ident :: $name:ident, $($more:tt)*) => {
        #[cfg(feature = $on)]
        strategies! { @ $catalog [$($one)* $module::$name] [$($feature)* ($module $on)] $($more)* }
        #[cfg(not(feature = $on))]
        strategies! { @ $catalog [$($one)*] [$($feature)* ($module $on)] $($more)* }
    };
    (@ $catalog:ident [$($one:tt)*] [$($feature:tt)*] $module:ident :: $name:ident, $($more:tt)*) => {
        strategies! { @ $catalog [$($one)* $module::$name] [$($feature)*] $($more)* }
    };
    ($catalog:ident: $($lines:tt)+) => {
        strategies! { @ $catalog [] [] $($lines)+ }
    };
}
pub(crate) use strategies;

/// One line of the list: a strategy with every workload it can be opened for.
#[derive(Clone)]
pub struct Row {
    /// What the strategy declares.
    pub facts: &'static Facts,
    /// Whether this platform can run it. The error says why not.
    pub supported: fn() -> Result<()>,
    /// The variables that its libraries read only from the environment. The parent sets them before the worker starts.
    pub environment: fn(&Setup) -> Vec<(&'static str, String)>,
    /// How to open it, by the name of the workload.
    pub cells: Vec<(&'static str, Open)>,
    /// How to open it for a workload with a recorder around it.
    pub traced: OpenTraced,
}

impl Row {
    /// The row of a strategy, of this crate or another, with all workloads of the `workloads` crate.
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
            traced: open_traced::<S>,
        }
    }

    /// Adds a workload of another crate.
    pub fn add<S: Strategy, W: Workload>(&mut self) {
        self.cells.push((W::FACTS.name, open::<S, W>));
    }
}
