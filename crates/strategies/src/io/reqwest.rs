//! reqwest on tokio, which many people deploy. It has a connection pool of its own.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use bytes::Bytes;
use futures_util::future::try_join_all;
use workloads::{Io, Request, Response};

use crate::Setup;
use crate::io::server::{READY, base_url, retry_after};
use crate::runtimes::Runtime;
use crate::runtimes::tokio::OnTokio;

/// An [`Io`] over reqwest on tokio. Clones share one client.
#[derive(Clone)]
pub(crate) struct ReqwestIo {
    client: reqwest::Client,
    base: String,
}

impl ReqwestIo {
    /// Opens the connections of `setup` and checks each.
    pub(crate) async fn open(setup: &Setup) -> Result<Self> {
        let client = reqwest::Client::builder()
            .no_proxy()
            .http1_only()
            .tcp_nodelay(true)
            .retry(reqwest::retry::never())
            .redirect(reqwest::redirect::Policy::none())
            .pool_max_idle_per_host(setup.connections)
            .pool_idle_timeout(None::<Duration>)
            .build()?;
        let base = base_url(setup);
        let io = ReqwestIo { client, base };
        if setup.server.is_some() {
            io.connect(setup.connections).await?;
        }
        Ok(io)
    }

    /// Opens connections. An unread answer holds its connection, so the next request opens another.
    async fn connect(&self, connections: usize) -> Result<()> {
        let mut held = Vec::with_capacity(connections);
        for _ in 0..connections {
            held.push(
                self.client
                    .get(format!("{}{READY}", self.base))
                    .send()
                    .await?,
            );
        }
        for answer in held {
            answer.error_for_status()?.bytes().await?;
        }
        Ok(())
    }

    async fn send(&self, request: &Request) -> Result<reqwest::Response> {
        let mut call = self.client.get(format!("{}{}", self.base, request.path));
        if request.attempt > 0 {
            call = call.header("x-attempt", request.attempt);
        }
        if request.fresh {
            call = call.header("connection", "close");
        }
        let answer = call.send().await;
        answer.with_context(|| format!("cannot GET {}", request.path))
    }
}

impl Io for ReqwestIo {
    fn sleep_until(&self, at: Instant) -> impl Future<Output = ()> + Send {
        OnTokio.sleep_until(at)
    }

    async fn fetch(&self, request: Request) -> Result<Response> {
        let answer = self.send(&request).await?;
        let status = answer.status().as_u16();
        let retry_after = retry_after(answer.headers());
        let body = answer.bytes().await;
        let body = body.with_context(|| format!("cannot read {}", request.path))?;
        Ok(Response {
            status,
            retry_after,
            body,
        })
    }

    async fn stream(&self, request: Request, mut piece: impl FnMut(&[u8]) + Send) -> Result<u16> {
        let mut answer = self.send(&request).await?;
        let status = answer.status().as_u16();
        loop {
            let read = answer.chunk().await;
            match read.with_context(|| format!("cannot read {}", request.path))? {
                None => return Ok(status),
                Some(bytes) => piece(&bytes),
            }
        }
    }

    async fn read(&self, path: &Path) -> Result<Bytes> {
        let read = OnTokio.read(path).await;
        let bytes = read.with_context(|| format!("cannot read {}", path.display()))?;
        Ok(bytes.into())
    }

    async fn fetch_all(&self, requests: Vec<Request>) -> Result<Vec<Response>> {
        try_join_all(requests.into_iter().map(|request| self.fetch(request))).await
    }

    async fn fetch_by(&self, request: Request, deadline: Instant) -> Result<Option<Response>> {
        match tokio::time::timeout_at(deadline.into(), self.fetch(request)).await {
            Ok(answer) => answer.map(Some),
            Err(_) => Ok(None),
        }
    }

    fn reenter(&self, duration: Duration) -> Result<()> {
        OnTokio.reenter(duration);
        Ok(())
    }
}
