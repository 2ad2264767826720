//! What is done: units of waiting work, written once for every way of running them.
//!
//! # Layout
//!
//! - [`Work`] is one workload: an async body over a small [`Io`], the tally it must produce and a lower bound of its time.
//! - [`Params`] are its sizes; [`Latency`] is how long each wait lasts; [`Tally`] is the proof that the work was done.
//! - One file per workload; the list below is the registry.
//!
//! # Invariants
//!
//! - No runtime, HTTP client, thread or process is named here: a body can wait only through its [`Io`].
//! - Everything is a pure function of the parameters. What a run must produce is computed, never recorded.
//! - A workload brings both ends of its wire: what is asked ([`Work::step`]) and what is answered ([`Outline::answer`]).

#![forbid(unsafe_code)]

mod content;
mod floor;
mod io;
mod latency;
mod params;
mod tally;
mod witness;
mod work;

pub use content::{content, key, mix};
pub use floor::floor;
pub use io::{Io, Request, Response};
pub use latency::{LONGEST_WAIT, Latency};
pub use params::{MOST_TASKS, Number, Params};
pub use tally::Tally;
pub use witness::Witness;
pub use work::{Answer, Done, Facts, Outline, Unit, Work};

/// Declares the workloads: for each line a module, an entry of [`all`] and a place in [`for_each!`].
macro_rules! workloads {
    ($($module:ident :: $name:ident,)+) => {
        $(pub mod $module;)+

        /// Every workload, in the order of the registry.
        pub fn all() -> &'static [Entry] {
            static ALL: &[Entry] = &[$(Entry::of::<$module::$name>()),+];
            ALL
        }

        /// Calls a macro with the types of all workloads, so that another crate can pair them with something of its own.
        #[macro_export]
        macro_rules! for_each {
            ($callback:ident) => { $callback! { $($crate::$module::$name),+ } };
        }
    };
}

workloads! {
    sleep::Sleep,
    get::Get,
    pages::Pages,
}

/// One line of the registry.
#[derive(Clone, Copy)]
pub struct Entry {
    /// What the workload declares.
    pub facts: &'static Facts,
    /// Its pure side, for given sizes.
    pub outline: fn(&Params) -> anyhow::Result<Box<dyn Outline>>,
}

impl Entry {
    /// The entry of a workload, this crate's or another's.
    pub const fn of<W: Work>() -> Self {
        Entry {
            facts: &W::FACTS,
            outline: |params| Ok(Box::new(W::new(params)?)),
        }
    }
}
