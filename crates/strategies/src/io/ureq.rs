//! ureq, and sleeps of the standard library. Its futures hold the thread.

use std::io::Read;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use bytes::Bytes;
use workloads::{Io, Request, Response};

use crate::Setup;
use crate::io::blocking::read_blocking;
use crate::io::server::{READY, base_url, check_ready, retry_after};

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
            // With the defaults (3 per host, 10 in all, 15 s), samples would open new connections.
            .max_idle_connections(setup.connections)
            .max_idle_connections_per_host(setup.connections)
            .max_idle_age(Duration::from_secs(24 * 60 * 60))
            .build();
        let io = BlockingIo {
            agent: config.new_agent(),
            base: base_url(setup),
        };
        if setup.server.is_some() {
            io.connect(setup.connections)?;
        }
        Ok(io)
    }

    /// Opens connections. An unread answer holds its connection, so the next request opens another.
    fn connect(&self, connections: usize) -> Result<()> {
        let ready = format!("{}{READY}", self.base);
        let held: Vec<_> = (0..connections)
            .map(|_| self.agent.get(&ready).call())
            .collect::<Result<_, _>>()?;
        for mut answer in held {
            check_ready(answer.status().as_u16())?;
            answer.body_mut().read_to_vec()?;
        }
        Ok(())
    }

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

    async fn wait(&self, what: impl Future<Output = ()> + Send) {
        smol::future::block_on(what);
    }
}
