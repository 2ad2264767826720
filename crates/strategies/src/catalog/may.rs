//! Green threads: code that blocks, on stacks of its own that give their thread back.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail, ensure};
use bytes::Bytes;
use futures_channel::oneshot;
use may::coroutine::{Builder, JoinHandle};
use may::net::TcpStream;
use workloads::{Io, Need, Request, Response, Tally, Work};

use crate::http1::RawConnection;
use crate::io::ureq::read_blocking;
use crate::pull::lanes::{Lanes, Spawn};
use crate::{Capacity, Client, Facts, Family, Heart, Setup, Strategy, ready};

/// The stack of a coroutine in words of eight bytes, the library's unit: twice its default, for debug builds and the backtraces of
/// panics. It is memory only where it is touched; an odd number here makes the library print how far that was.
const STACK: usize = 8 * 1024;

/// Coroutines on may's scheduler, which all of the process shares.
pub struct May {
    io: MayIo,
    limit: usize,
}

impl Strategy for May {
    const FACTS: Facts = Facts {
        name: "may",
        about: "green threads: blocking code on coroutines, moved between the worker threads",
        family: Family::Async,
        packages: &["may"],
        client: Client::Raw,
        root: "coroutine",
        threads: "the workers",
        fan_out: "coroutine::Builder::spawn",
        capacity: Capacity::Limit,
        quantum: Duration::ZERO,
        lacks: &[(
            Need::Cancel,
            "its sockets are compiled without timeouts, for which its threads wake all the time",
        )],
        advisory: None,
    };

    fn open(setup: &Setup) -> Result<Self> {
        check_mappings(setup.limit)?;
        // The scheduler starts with the first coroutine of the process and keeps these numbers.
        may::config()
            .set_workers(setup.workers)
            .set_stack_size(STACK)
            .set_pool_capacity(setup.limit)
            // No other row pins its threads.
            .set_worker_pin(false);
        let (send, opened) = oneshot::channel();
        start({
            let setup = setup.clone();
            // Nobody is there to be told only if the other side has panicked.
            move || drop(send.send(MayIo::open(&setup)))
        });
        let io = smol::future::block_on(opened).context("cannot open connections")??;
        Ok(May {
            io,
            limit: setup.limit,
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let (lanes, finished) = Lanes::new(work, self.io.clone(), OnMay, self.limit);
        start(|| lanes.start());
        finished.wait()
    }

    fn beside(&self, heart: Heart) -> Result<()> {
        start(|| heart.live(may::coroutine::sleep));
        Ok(())
    }
}

impl Drop for May {
    fn drop(&mut self) {
        // The last lane tells that it is done a moment before it lets go of the connections.
        while Arc::strong_count(&self.io.0) > 1 {
            thread::yield_now();
        }
    }
}

/// Mappings beside those of stacks: code, heap, threads.
const BESIDE: usize = 1000;

/// Finds out what the library would panic about: each stack is two mappings, one of them the page behind it.
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

/// Starts a coroutine; it ends by itself where nobody waits for it.
#[expect(
    unsafe_code,
    reason = "may asks its callers to keep two promises that the compiler does not know"
)]
fn start<T: Send + 'static>(code: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    // SAFETY: a coroutine may move to another thread where it waits and must not overflow its stack. Workloads and this crate keep
    // no reference into thread-local storage over a wait, and do not recurse; `STACK` is over twice what they have been seen to
    // touch in debug builds, and behind it lies a page that ends the process when it is touched.
    unsafe { Builder::new().spawn(code) }.expect("coroutines are only memory")
}

/// Where a lane is a coroutine: its futures never suspend, because what they wait for parks the coroutine.
#[derive(Clone, Copy)]
struct OnMay;

impl Spawn for OnMay {
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        start(|| ready(task));
    }
}

/// An [`Io`] whose futures park the calling coroutine and never suspend. Clones share one stack of connections: the last used is
/// the next used.
#[derive(Clone)]
struct MayIo(Arc<Shared>);

type Connection = RawConnection<TcpStream>;

struct Shared {
    server: Option<SocketAddr>,
    host: String,
    idle: Mutex<Vec<Connection>>,
}

impl MayIo {
    /// Opens the connections of `setup` and checks each.
    fn open(setup: &Setup) -> Result<Self> {
        let host = setup
            .server
            .map(|server| server.to_string())
            .unwrap_or_default();
        let io = MayIo(Arc::new(Shared {
            server: setup.server,
            host,
            idle: Mutex::new(Vec::with_capacity(setup.connections)),
        }));
        if setup.server.is_some() {
            for _ in 0..setup.connections {
                let mut connection = io.connect()?;
                let answer = connection.get(&Request::get("/ready"))?;
                ensure!(
                    answer.status == 200,
                    "the server is not ready: status {}",
                    answer.status
                );
                io.put_back(connection);
            }
        }
        Ok(io)
    }

    fn connect(&self) -> Result<Connection> {
        let server = self
            .0
            .server
            .context("this cell was opened without a server")?;
        let stream = TcpStream::connect(server)
            .and_then(|stream| stream.set_nodelay(true).map(|()| stream))
            .with_context(|| format!("cannot connect to {server}"))?;
        Ok(RawConnection::new(stream, &self.0.host))
    }

    /// A connection for one request: a new one where that is asked for.
    fn connection(&self, request: &Request) -> Result<Connection> {
        let kept = if request.fresh { None } else { self.take() };
        kept.map_or_else(|| self.connect(), Ok)
    }

    // No coroutine waits while it holds the lock, so no other finds it held for long.
    fn take(&self) -> Option<Connection> {
        self.0
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()
    }

    fn put_back(&self, connection: Connection) {
        if connection.is_usable() {
            self.0
                .idle
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(connection);
        }
    }
}

impl Io for MayIo {
    async fn sleep_until(&self, at: Instant) {
        may::coroutine::sleep(at.saturating_duration_since(Instant::now()));
    }

    async fn sleep(&self, duration: Duration) {
        // may keeps a queue per length of sleep, so what is asked for in lengths is better asked for as one.
        may::coroutine::sleep(duration);
    }

    async fn fetch(&self, request: Request) -> Result<Response> {
        let mut connection = self.connection(&request)?;
        let answer = connection.get(&request);
        let answer = answer.with_context(|| format!("cannot GET {}", request.path))?;
        self.put_back(connection);
        Ok(answer)
    }

    async fn stream(&self, request: Request, mut piece: impl FnMut(&[u8]) + Send) -> Result<u16> {
        let mut connection = self.connection(&request)?;
        let head = connection.send(&request);
        let head = head.with_context(|| format!("cannot GET {}", request.path))?;
        while let Some(bytes) = connection
            .piece()
            .with_context(|| format!("cannot read {}", request.path))?
        {
            piece(&bytes);
        }
        self.put_back(connection);
        Ok(head.status)
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

    /// One coroutine waits for another, which is as much of a runtime as there is.
    fn reenter(&self, duration: Duration) -> Result<()> {
        let waited = start(move || may::coroutine::sleep(duration)).join();
        waited.map_err(|_| anyhow!("a wait panicked"))
    }
}
