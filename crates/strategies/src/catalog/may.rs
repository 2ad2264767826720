//! Async: green threads. Their code blocks, on stacks of their own, and gives the thread back while it waits.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};
use std::{fs, io, thread};

use anyhow::{Context, Result, anyhow, bail, ensure};
use bytes::Bytes;
use futures_channel::oneshot;
use may::coroutine::{Builder, JoinHandle};
use may::net::TcpStream;
use workloads::{Io, Need, Request, Response, Tally, Work};

use crate::io::blocking::read_blocking;
use crate::io::raw::{RawClient, Socket};
use crate::pull::lanes::{Lanes, Spawn};
use crate::{Client, Facts, Heartbeat, Setup, Strategy, ready};

/// The stack of a coroutine, in the library's unit: words of eight bytes. It is twice the default, for debug builds and the
/// backtraces of panics. Only touched pages use memory. With an odd number the library prints how much was touched.
const STACK: usize = 8 * 1024;

/// Coroutines on may's scheduler, which all of the process shares.
pub struct May {
    io: MayIo,
    limit: usize,
}

impl Strategy for May {
    const FACTS: Facts = Facts {
        packages: &["may"],
        client: Client::Raw,
        root: "coroutine",
        threads: "the workers",
        fan_out: "coroutine::Builder::spawn",
        lacks: &[
            (
                Need::Cancel,
                "its sockets are compiled without timeouts, for which its threads wake all the time",
            ),
            (
                Need::Messages,
                "its coroutines are no futures that could be woken",
            ),
        ],
        ..Facts::nonblocking(
            "may",
            "green threads: blocking code on coroutines, moved between the worker threads",
        )
    };

    fn open(setup: &Setup) -> Result<Self> {
        check_mappings(setup.limit)?;
        // The scheduler starts with the first coroutine of the process and keeps these numbers.
        may::config()
            .set_workers(setup.workers)
            .set_stack_size(STACK)
            .set_pool_capacity(setup.limit)
            // No other strategy pins its threads.
            .set_worker_pin(false);
        let (send, opened) = oneshot::channel();
        start({
            let setup = setup.clone();
            // Nobody listens only if the other side has panicked.
            move || drop(send.send(RawClient::open(&setup)))
        });
        let io = smol::future::block_on(opened).context("cannot open connections")??;
        Ok(May {
            io: MayIo(io),
            limit: setup.limit,
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let (lanes, finished) = Lanes::new(work, self.io.clone(), OnMay, self.limit);
        start(|| lanes.start());
        finished.wait()
    }

    fn beside(&self, heartbeat: Heartbeat) -> Result<()> {
        start(|| heartbeat.beat_blocking(may::coroutine::sleep));
        Ok(())
    }
}

impl Drop for May {
    fn drop(&mut self) {
        // The last lane reports its end a moment before it lets go of the connections.
        while self.io.0.clones() > 1 {
            thread::yield_now();
        }
    }
}

/// Mappings beside those of stacks: code, heap, threads.
const BESIDE: usize = 1000;

/// Refuses a limit that would make the library panic. Each stack takes two mappings: itself and the guard page behind it.
fn check_mappings(limit: usize) -> Result<()> {
    let allowed = fs::read_to_string("/proc/sys/vm/max_map_count").ok();
    if let Some(allowed) = allowed.and_then(|text| text.trim().parse::<usize>().ok()) {
        let most = allowed.saturating_sub(BESIDE) / 2;
        ensure!(
            limit <= most,
            "vm.max_map_count = {allowed} allows stacks for {most} coroutines, not for {limit}"
        );
    }
    Ok(())
}

/// Starts a coroutine, which ends by itself if nobody waits for it.
#[expect(
    unsafe_code,
    reason = "may asks its callers to keep two promises that the compiler does not know"
)]
fn start<T: Send + 'static>(code: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    // SAFETY: a coroutine may continue on another thread after a wait, and it must not overflow its stack. Workloads and this crate
    // hold no reference into thread-local storage over a wait, and they do not recurse. `STACK` is over twice what they were seen to
    // touch in debug builds. The page behind it ends the process if it is touched.
    unsafe { Builder::new().spawn(code) }.expect("coroutines are only memory")
}

/// Makes each lane a coroutine. Its futures never suspend, because a wait parks the coroutine.
#[derive(Clone, Copy)]
struct OnMay;

impl Spawn for OnMay {
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        start(|| ready(task));
    }
}

/// An [`Io`] whose futures park the calling coroutine and never suspend. Clones share one stack of idle connections.
#[derive(Clone)]
struct MayIo(RawClient<TcpStream>);

impl Socket for TcpStream {
    fn connect(server: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(server)?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

impl Io for MayIo {
    async fn sleep_until(&self, at: Instant) {
        may::coroutine::sleep(at.saturating_duration_since(Instant::now()));
    }

    async fn sleep(&self, duration: Duration) {
        // may keeps one queue per length of sleep, so a length is handed over as it is.
        may::coroutine::sleep(duration);
    }

    // No coroutine waits while it holds the lock of the idle connections, so no other finds it held for long.
    async fn fetch(&self, request: Request) -> Result<Response> {
        self.0.fetch(&request)
    }

    async fn stream(&self, request: Request, piece: impl FnMut(&[u8]) + Send) -> Result<u16> {
        self.0.stream(&request, piece)
    }

    /// may has no files of its own: like any call of the standard library, this one blocks the worker.
    async fn read(&self, path: &Path) -> Result<Bytes> {
        read_blocking(path)
    }

    /// A coroutine for each.
    async fn fetch_all(&self, requests: Vec<Request>) -> Result<Vec<Response>> {
        let fetch = |request| {
            let io = self.clone();
            start(move || ready(io.fetch(request)))
        };
        let all: Vec<_> = requests.into_iter().map(fetch).collect();
        let joined = all.into_iter().map(JoinHandle::join);
        joined
            .map(|answer| answer.unwrap_or_else(|_| bail!("a request panicked")))
            .collect()
    }

    /// One coroutine waits for another: there is no other runtime to enter.
    fn reenter(&self, duration: Duration) -> Result<()> {
        let waited = start(move || may::coroutine::sleep(duration)).join();
        waited.map_err(|_| anyhow!("a wait panicked"))
    }
}
