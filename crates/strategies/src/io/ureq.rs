//! Waiting that holds the thread: `std` sleeps and ureq.

use std::io::Read;
use std::path::Path;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use workloads::{Io, Need, Request, Response};

use crate::io::hyper::retry_after;
use crate::{Lack, Setup};

/// Drives a future that never suspends, such as a unit over [`BlockingIo`]: one poll, a few nanoseconds.
///
/// # Panics
///
/// If the future does suspend: then it waits for something that nobody will wake it for.
pub fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a unit over blocking I/O suspended"),
    }
}

/// Reads a whole small file with the standard library: what threads do, and runtimes without files of their own.
pub(crate) fn read_blocking(path: &Path) -> Result<Bytes> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(bytes.into())
}

/// An [`Io`] whose futures block and never suspend. Clones share one pool of connections.
#[derive(Clone)]
pub struct BlockingIo {
    agent: ureq::Agent,
    base: String,
}

impl BlockingIo {
    /// Opens the connections of `setup` and checks each.
    pub fn open(setup: &Setup) -> Result<Self> {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .max_redirects(0)
            // The defaults (3 per host, 10 in all, 15 s) would open new connections inside samples.
            .max_idle_connections(setup.connections)
            .max_idle_connections_per_host(setup.connections)
            .max_idle_age(Duration::from_secs(24 * 60 * 60))
            .build();
        let base = setup
            .server
            .map(|server| format!("http://{server}"))
            .unwrap_or_default();
        let io = BlockingIo {
            agent: config.new_agent(),
            base,
        };
        if setup.server.is_some() {
            io.connect(setup.connections)?;
        }
        Ok(io)
    }

    /// An answer that has not been read holds its connection, so the next request opens another.
    fn connect(&self, connections: usize) -> Result<()> {
        let ready = format!("{}/ready", self.base);
        let held: Vec<_> = (0..connections)
            .map(|_| self.agent.get(&ready).call())
            .collect::<Result<_, _>>()?;
        for mut answer in held {
            ensure!(
                answer.status() == 200,
                "the server is not ready: status {}",
                answer.status()
            );
            answer.body_mut().read_to_vec()?;
        }
        Ok(())
    }
}

impl BlockingIo {
    fn send(&self, request: &Request) -> Result<ureq::http::Response<ureq::Body>> {
        let mut call = self.agent.get(format!("{}{}", self.base, request.path));
        if request.attempt > 0 {
            call = call.header("x-attempt", request.attempt);
        }
        if request.fresh {
            call = call.header("connection", "close");
        }
        call.call()
            .with_context(|| format!("cannot GET {}", request.path))
    }
}

impl Io for BlockingIo {
    async fn sleep_until(&self, at: Instant) {
        thread::sleep(at.saturating_duration_since(Instant::now()));
    }

    async fn fetch(&self, request: Request) -> Result<Response> {
        let mut answer = self.send(&request)?;
        let status = answer.status().as_u16();
        let retry_after = retry_after(answer.headers());
        let body = answer
            .body_mut()
            .with_config()
            .limit(u64::MAX)
            .read_to_vec();
        let body = body.with_context(|| format!("cannot read {}", request.path))?;
        Ok(Response {
            status,
            retry_after,
            body: body.into(),
        })
    }

    async fn stream(&self, request: Request, mut piece: impl FnMut(&[u8]) + Send) -> Result<u16> {
        let mut answer = self.send(&request)?;
        let status = answer.status().as_u16();
        let mut reader = answer.body_mut().as_reader();
        let mut buffer = [0; 8192];
        loop {
            let read = reader.read(&mut buffer);
            match read.with_context(|| format!("cannot read {}", request.path))? {
                0 => return Ok(status),
                len => piece(&buffer[..len]),
            }
        }
    }

    async fn read(&self, path: &Path) -> Result<Bytes> {
        read_blocking(path)
    }
}

/// What units lack that hold their thread while they wait.
pub const BLOCKING_LACKS: &[Lack] = &[
    (Need::Join, "a unit waits for one answer at a time"),
    (
        Need::Cancel,
        "a thread that waits in a call cannot be told to stop",
    ),
    (
        Need::Runtime,
        "its units are calls, around which there is no runtime to enter",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_future_that_does_not_suspend_is_driven_by_one_poll() {
        assert_eq!(ready(async { 1 + async { 2 }.await }), 3);
    }

    #[test]
    #[should_panic(expected = "suspended")]
    fn a_future_that_suspends_is_a_bug() {
        ready(std::future::pending::<()>());
    }
}
