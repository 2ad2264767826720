//! What one line of the list of workloads stands for.

use crate::{Facts, Outline, Params, Traced, Workload};

/// Makes the list of workloads: each line is the module and the type of one entry of [`all`](crate::all). `catalog` is the module that
/// the list is in.
///
/// `bare` workloads are compiled with every strategy, so a task is as large as what its unit keeps. They are for comparisons where
/// that size counts. `boxed` workloads share the one type [`Boxed`](crate::Boxed): each costs the compiler one body per client, not
/// one set of tasks per strategy.
macro_rules! workloads {
    ($catalog:ident: bare { $($bare:ident :: $Bare:ident,)+ } boxed { $($boxed:ident :: $Boxed:ident,)+ }) => {
        /// Every workload, in the order of the list.
        pub fn all() -> &'static [Entry] {
            static ALL: &[Entry] = &[$(Entry::of::<$bare::$Bare>(),)+ $(Entry::of::<$boxed::$Boxed>(),)+];
            ALL
        }

        /// Calls a macro with the types of all bare workloads, so that another crate can pair them with something of its own.
        #[macro_export]
        macro_rules! for_each_bare {
            ($callback:ident) => { $callback! { $($crate::$catalog::$bare::$Bare),+ } };
        }

        crate::boxed::boxed! { $($boxed::$Boxed),+ }
    };
}
pub(crate) use workloads;

/// One line of the list.
#[derive(Clone, Copy)]
pub struct Entry {
    /// What the workload declares.
    pub facts: &'static Facts,
    /// Its pure side, for given sizes.
    pub outline: fn(&Params) -> anyhow::Result<Box<dyn Outline>>,
    /// The work with a recorder around it, for given sizes.
    pub traced: fn(&Params) -> anyhow::Result<Traced>,
}

impl Entry {
    /// The entry of a workload, this crate's or another's.
    pub const fn of<W: Workload>() -> Self {
        Entry {
            facts: &W::FACTS,
            outline: |params| Ok(Box::new(W::new(params)?)),
            traced: Traced::new::<W>,
        }
    }
}
