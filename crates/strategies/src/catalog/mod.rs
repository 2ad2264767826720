//! Every strategy, one file each, and the list of them.
//!
//! To add one: write its file here, declare the module, add its line to the list. Nothing else in this crate names it. The first line
//! of a file says the group of the strategy: sequential, blocking, executor (blocking calls in an executor), async, fan-out or
//! io_uring. What two strategies share is not here but in `pull`, `runtimes` or `io`.

#[cfg(feature = "async-std")]
pub mod async_std;
#[cfg(feature = "async-std")]
pub mod async_std_spawn_blocking;
pub mod await_in_a_loop;
pub mod blocking_in_smol;
pub mod blocking_in_tokio;
pub mod blocking_in_tokio_current_thread;
#[cfg(feature = "compio")]
pub mod compio;
pub mod epoll;
pub mod futures_thread_pool;
#[cfg(feature = "glommio")]
pub mod glommio;
#[cfg(feature = "may")]
pub mod may;
#[cfg(feature = "monoio")]
pub mod monoio;
pub mod processes;
pub mod rayon;
pub mod rayon_default;
pub mod sequential;
pub mod smol;
pub mod smol_local;
pub mod smol_unblock;
pub mod thread_pool;
pub mod thread_pool_raw;
pub mod thread_pool_reqwest;
pub mod threads;
pub mod tokio;
pub mod tokio_block_in_place;
pub mod tokio_buffer_unordered;
pub mod tokio_current_thread;
pub mod tokio_futures_unordered;
pub mod tokio_join_all;
pub mod tokio_join_set;
pub mod tokio_local_set;
pub mod tokio_reqwest;
pub mod tokio_semaphore;
pub mod tokio_spawn_blocking;

use crate::registry::strategies;

strategies! {
    catalog:
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
