//! How work is scheduled: every way of running units that makespan compares.
//!
//! # Layout
//!
//! - [`Strategy`] is one way; [`Facts`] is what it declares about itself; [`Setup`] are the numbers it is opened with.
//! - `ledger` keeps what is left to do and what is done; `lanes` are tasks that pull from it, `jobs` are calls queued in a pool.
//! - `blocking` is the [`Io`](workloads::Io) of threads, `nonblocking` that of runtimes; `reqwest_io` is the one people deploy.
//! - One file per strategy; the list below is the registry.
//!
//! # Invariants
//!
//! - Only this crate names a runtime or an HTTP client.
//! - No strategy knows a workload. No unit is behind `dyn` or in a box of our making; a pool boxes a lane, once per thread and run.
//! - At most [`Setup::limit`] units are in flight, and pool sizes are always passed, never a library's default.
//! - Nothing here reads a clock to measure: the harness does.

#![forbid(unsafe_code)]

mod blocking;
mod jobs;
mod lanes;
mod ledger;
mod nonblocking;
mod reqwest_io;
mod smol_runtime;
mod strategy;
mod tokio_runtime;

use anyhow::{Result, ensure};
pub use blocking::{BlockingIo, ready};
pub use strategy::{Capacity, Client, Facts, Family, Setup, Strategy};
use workloads::{Params, Tally, Work};

/// Declares the strategies: for each line a module and an entry of [`all`].
macro_rules! strategies {
    ($($module:ident :: $name:ident,)+) => {
        $(pub mod $module;)+

        /// Calls a macro with the types of all strategies, so that another crate can pair them with work of its own.
        #[macro_export]
        macro_rules! for_each_strategy {
            ($callback:ident) => { $callback! { $($crate::$module::$name),+ } };
        }

        /// Every strategy, in the order of the registry.
        pub fn all() -> Vec<Row> {
            vec![$(Row::of::<self::$module::$name>()),+]
        }
    };
}

strategies! {
    sequential::Sequential,
    threads::Threads,
    thread_pool::ThreadPool,
    rayon::Rayon,
    rayon_default::RayonDefault,
    blocking_in_tokio::BlockingInTokio,
    blocking_in_tokio_current_thread::BlockingInTokioCurrentThread,
    blocking_in_smol::BlockingInSmol,
    tokio_spawn_blocking::TokioSpawnBlocking,
    tokio_block_in_place::TokioBlockInPlace,
    smol_unblock::SmolUnblock,
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
    async_std::AsyncStd,
}

/// The locked versions of the compared packages, by name.
pub fn versions() -> &'static [(&'static str, &'static str)] {
    include!(concat!(env!("OUT_DIR"), "/versions.rs"))
}

/// One line of the registry: a strategy with every workload it can be opened for.
#[derive(Clone)]
pub struct Row {
    /// What the strategy declares.
    pub facts: &'static Facts,
    /// The variables its libraries read only from the environment: the parent sets them before the process starts.
    pub environment: fn(&Setup) -> Vec<(&'static str, String)>,
    /// How to open it, by the name of the workload.
    pub cells: Vec<(&'static str, Open)>,
}

/// Opens one strategy for one workload.
pub type Open = fn(&Params, &Setup) -> Result<Box<dyn Runner>>;

impl Row {
    /// The row of a strategy, this crate's or another's, with all workloads of the `workloads` crate.
    pub fn of<S: Strategy>() -> Row {
        macro_rules! pairs {
            ($($work:ty),+) => { vec![$((<$work as Work>::FACTS.name, open::<S, $work> as Open)),+] };
        }
        Row {
            facts: &S::FACTS,
            environment: S::environment,
            cells: workloads::for_each!(pairs),
        }
    }
}

/// An opened cell: everything that may be done before the clock starts has been done.
pub trait Runner {
    /// Runs one wave of the work, untimed and checked: first uses are not part of any sample.
    fn warm_up(&self) -> Result<()>;

    /// Runs the whole work once. This is what a sample times.
    fn run(&self) -> Result<Tally>;
}

struct Pair<S, W> {
    strategy: S,
    work: W,
    wave: W,
}

/// Opens strategy `S` for workload `W`: here the compiler writes the product of the two lists.
pub fn open<S: Strategy, W: Work>(params: &Params, setup: &Setup) -> Result<Box<dyn Runner>> {
    let at_once = S::FACTS.capacity.of(setup) as u64;
    let wave = Params {
        tasks: params.tasks.min(at_once),
        ..params.clone()
    };
    Ok(Box::new(Pair {
        strategy: S::open(setup)?,
        work: W::new(params)?,
        wave: W::new(&wave)?,
    }))
}

impl<S: Strategy, W: Work> Runner for Pair<S, W> {
    fn warm_up(&self) -> Result<()> {
        let (tally, expected) = (self.strategy.run(&self.wave)?, self.wave.expected());
        ensure!(
            tally == expected,
            "the warm-up produced {tally:?} instead of {expected:?}"
        );
        Ok(())
    }

    fn run(&self) -> Result<Tally> {
        self.strategy.run(&self.work)
    }
}

#[cfg(test)]
mod tests;
