//! How work is scheduled: every way of running units that makespan compares.
//!
//! # Layout
//!
//! - [`Strategy`] is one way; [`Facts`] is what it declares about itself; [`Setup`] are the numbers it is opened with.
//! - `ledger` keeps what is left to do and what is done; `lanes` are tasks that pull from it, `jobs` are calls queued in a pool.
//! - `cell` pairs a strategy with a workload; `heart` is the heartbeat that some workloads want beside them.
//! - `blocking` is the [`Io`](workloads::Io) of threads, `nonblocking` that of runtimes; `reqwest_io` and
//!   `reqwest_blocking_io` are those people deploy.
//! - [`raw`] is HTTP by hand, for sockets that no HTTP library knows; `raw_io` is the `Io` of threads over it.
//! - `epoll_loop` is the event loop by hand, `epoll_io` its `Io` over `epoll_connection`, `epoll_system` what they need of Linux.
//! - `pool` is the pool of threads for rows that differ by client; [`children`] are processes that do a unit at a time.
//! - `local` is what runtimes share that never leave their thread; `connections` what those need that do not clean up.
//! - One file per strategy; the list below is the registry.
//!
//! # Invariants
//!
//! - Only this crate names a runtime or an HTTP client.
//! - No strategy knows a workload. Units of bare workloads are never in a box of our making; those of boxed ones are, one
//!   allocation each, or the compiler would have to write every strategy's tasks for every workload.
//! - At most [`Setup::limit`] units are in flight, and pool sizes are always passed, never a library's default.
//! - Nothing here reads a clock to measure: the harness does.

// Starting a coroutine is unsafe; nothing else is.
#![cfg_attr(not(feature = "may"), forbid(unsafe_code))]

mod blocking;
mod cell;
pub mod children;
#[cfg(any(feature = "monoio", feature = "glommio"))]
mod connections;
mod epoll_connection;
mod epoll_io;
mod epoll_loop;
mod epoll_system;
mod heart;
mod jobs;
mod lanes;
mod ledger;
#[cfg(any(feature = "compio", feature = "monoio", feature = "glommio"))]
mod local;
mod nonblocking;
mod pool;
pub mod raw;
mod raw_io;
mod reqwest_blocking_io;
mod reqwest_io;
mod smol_runtime;
mod strategy;
mod tokio_runtime;

use anyhow::Result;
pub use blocking::{BLOCKING_LACKS, BlockingIo, ready};
pub use cell::{Open, Runner, Seen, open};
pub use heart::Heart;
pub use strategy::{Capacity, Client, Facts, Family, Lack, Setup, Strategy};
use workloads::Workload;

use crate::cell::open_any;

/// For runtimes that are not here: what they must bring ([`Runtime`](seam::Runtime)), and what then works on them.
pub mod seam {
    pub use smol_hyper::rt::FuturesIo;

    pub use crate::lanes::{Finished, Lanes, Spawn, Start};
    pub use crate::nonblocking::{AsyncIo, Runtime};
}

/// Declares the strategies: for each line a module and an entry of [`all`]. A line below a feature counts where that is on, which
/// is decided here, line by line: a macro that other crates call could only see theirs.
macro_rules! strategies {
    (@ [$($module:ident :: $name:ident)+] [$(($optional:ident $feature:literal))*]) => {
        $(pub mod $module;)+

        /// Calls a macro with the types of all strategies, so that another crate can pair them with work of its own.
        #[macro_export]
        macro_rules! for_each_strategy {
            ($callback:ident) => { $callback! { $($crate::$module::$name),+ } };
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

strategies! {
    sequential::Sequential,
    threads::Threads,
    thread_pool::ThreadPool,
    thread_pool_raw::ThreadPoolRaw,
    thread_pool_reqwest::ThreadPoolReqwest,
    processes::Processes,
    rayon::Rayon,
    rayon_default::RayonDefault,
    blocking_in_tokio::BlockingInTokio,
    blocking_in_tokio_current_thread::BlockingInTokioCurrentThread,
    blocking_in_smol::BlockingInSmol,
    tokio_spawn_blocking::TokioSpawnBlocking,
    tokio_block_in_place::TokioBlockInPlace,
    smol_unblock::SmolUnblock,
    #[cfg(feature = "async-std")]
    async_std_spawn_blocking::AsyncStdSpawnBlocking,
    await_in_a_loop::AwaitInALoop,
    tokio::Tokio,
    tokio_current_thread::TokioCurrentThread,
    tokio_local_set::TokioLocalSet,
    tokio_join_set::TokioJoinSet,
    tokio_join_all::TokioJoinAll,
    tokio_futures_unordered::TokioFuturesUnordered,
    tokio_buffer_unordered::TokioBufferUnordered,
    tokio_semaphore::TokioSemaphore,
    tokio_reqwest::TokioReqwest,
    smol::Smol,
    smol_local::SmolLocal,
    futures_thread_pool::FuturesThreadPool,
    epoll::Epoll,
    #[cfg(feature = "async-std")]
    async_std::AsyncStd,
    #[cfg(feature = "compio")]
    compio::Compio,
    #[cfg(feature = "monoio")]
    monoio::Monoio,
    #[cfg(feature = "glommio")]
    glommio::Glommio,
    #[cfg(feature = "may")]
    may::May,
}

/// The locked versions of the compared packages, by name.
pub fn versions() -> &'static [(&'static str, &'static str)] {
    include!(concat!(env!("OUT_DIR"), "/versions.rs"))
}

/// Whether the kernel gives this process an io_uring, by asking for one; none in a build without a strategy over it.
pub fn io_uring() -> Option<bool> {
    #[cfg(any(feature = "compio", feature = "monoio", feature = "glommio"))]
    let opened = Some(local::ring().is_ok());
    #[cfg(not(any(feature = "compio", feature = "monoio", feature = "glommio")))]
    let opened = None;
    opened
}

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
            *own.unwrap_or(&(name, open_any::<S>))
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

#[cfg(test)]
mod tests;
