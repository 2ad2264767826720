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

mod any;
mod content;
mod downloads;
mod facts;
mod floor;
mod graph;
mod io;
mod latencies;
mod latency;
mod params;
mod tally;
mod witness;
mod work;

pub use compute::{ROUNDS, computed};
pub use content::{content, key, mix};
pub use facts::{Facts, Need, Number};
pub use floor::floor;
pub use io::{Io, Request, Response, ok, read_blocking};
pub use latencies::{Latencies, Recorder};
pub use latency::{LONGEST_WAIT, Latency};
pub use params::{MOST_TASKS, Params};
pub use tally::Tally;
pub use witness::Witness;
pub use work::{Answer, Done, Ended, Means, Outline, Pace, Reply, Unit, Work, Workload, said};

/// Declares the workloads: for each line a module and an entry of [`all`].
///
/// `bare` ones are compiled with every strategy, so that a task is as large as what its unit keeps: they are for comparisons where
/// that counts. The others are `boxed`, all behind the one type [`Any`], so that each costs the compiler one body per way of
/// waiting and not one set of tasks per strategy.
macro_rules! workloads {
    (bare { $($bare:ident :: $Bare:ident,)+ } boxed { $($boxed:ident :: $Boxed:ident,)+ }) => {
        $(pub mod $bare;)+
        $(pub mod $boxed;)+

        /// Every workload, in the order of the registry.
        pub fn all() -> &'static [Entry] {
            static ALL: &[Entry] = &[$(Entry::of::<$bare::$Bare>(),)+ $(Entry::of::<$boxed::$Boxed>(),)+];
            ALL
        }

        /// Calls a macro with the types of all bare workloads, so that another crate can pair them with something of its own.
        #[macro_export]
        macro_rules! for_each_bare {
            ($callback:ident) => { $callback! { $($crate::$bare::$Bare),+ } };
        }

        any::any! { $($boxed::$Boxed),+ }
    };
}

workloads! {
    bare {
    sleep::Sleep,
    get::Get,
    spawn::Spawn,
    memory::Memory,
    }
    boxed {
    pages::Pages,
    joined_pages::JoinedPages,
    crawl::Crawl,
    crawl_levels::CrawlLevels,
    files::Files,
    stream::Stream,
    stream_body::StreamBody,
    aggregate::Aggregate,
    retry::Retry,
    deadline::Deadline,
    churn::Churn,
    payload::Payload,
    compute::Compute,
    mixed::Mixed,
    victim::Victim,
    open_loop::OpenLoop,
    panic::Panic,
    nested_block_on::NestedBlockOn,
    never_awaited::NeverAwaited,
    }
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
    pub const fn of<W: Workload>() -> Self {
        Entry {
            facts: &W::FACTS,
            outline: |params| Ok(Box::new(W::new(params)?)),
        }
    }
}
