//! reqwest's blocking face: one hidden thread around the asynchronous client. Its futures hold the calling thread.

use std::io::Read;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use bytes::Bytes;
use reqwest::blocking;
use workloads::{Io, Request, Response};

use crate::Setup;
use crate::io::blocking::read_blocking;
use crate::io::server::{READY, base_url, retry_after};

/// An [`Io`] whose futures block and never suspend. Clones share one client, and so its one hidden thread.
#[derive(Clone)]
pub(crate) struct ReqwestBlockingIo {
    client: blocking::Client,
    base: String,
}

impl ReqwestBlockingIo {
    /// Opens the connections of `setup` and checks each.
    pub(crate) fn open(setup: &Setup) -> Result<Self> {
        let client = blocking::Client::builder()
            .no_proxy()
            .http1_only()
            .tcp_nodelay(true)
            .retry(reqwest::retry::never())
            .redirect(reqwest::redirect::Policy::none())
            .pool_max_idle_per_host(setup.connections)
            .pool_idle_timeout(None::<Duration>)
            // The asynchronous client has no timeout. This one would give up after 30 s.
            .timeout(None::<Duration>)
            .build()?;
        let base = base_url(setup);
        let io = ReqwestBlockingIo { client, base };
        if setup.server.is_some() {
            io.connect(setup.connections)?;
        }
        Ok(io)
    }

    /// Opens connections. An unread answer holds its connection, so the next request opens another.
    fn connect(&self, connections: usize) -> Result<()> {
        let ready = format!("{}{READY}", self.base);
        let held: Vec<_> = (0..connections)
            .map(|_| self.client.get(&ready).send())
            .collect::<Result<_, _>>()?;
        for answer in held {
            answer.error_for_status()?.bytes()?;
        }
        Ok(())
    }

    fn send(&self, request: &Request) -> Result<blocking::Response> {
        let mut call = self.client.get(format!("{}{}", self.base, request.path));
        if request.attempt > 0 {
            call = call.header("x-attempt", request.attempt);
        }
        if request.fresh {
            call = call.header("connection", "close");
        }
        let answer = call.send();
        answer.with_context(|| format!("cannot GET {}", request.path))
    }
}

impl Io for ReqwestBlockingIo {
    async fn sleep_until(&self, at: Instant) {
        thread::sleep(at.saturating_duration_since(Instant::now()));
    }

    async fn fetch(&self, request: Request) -> Result<Response> {
        let answer = self.send(&request)?;
        let status = answer.status().as_u16();
        let retry_after = retry_after(answer.headers());
        let body = answer.bytes();
        let body = body.with_context(|| format!("cannot read {}", request.path))?;
        Ok(Response {
            status,
            retry_after,
            body,
        })
    }

    async fn stream(&self, request: Request, mut piece: impl FnMut(&[u8]) + Send) -> Result<u16> {
        let mut answer = self.send(&request)?;
        let status = answer.status().as_u16();
        let mut buffer = [0; 8192];
        loop {
            let read = answer.read(&mut buffer);
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
