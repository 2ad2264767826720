//! Waiting through reqwest: what people deploy, with a connection pool that is its own.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use workloads::{Io, Request, Response};

use crate::Setup;
use crate::nonblocking::Runtime;
use crate::tokio_runtime::OnTokio;

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
        let base = setup
            .server
            .map(|server| format!("http://{server}"))
            .unwrap_or_default();
        let io = ReqwestIo { client, base };
        if setup.server.is_some() {
            io.connect(setup.connections).await?;
        }
        Ok(io)
    }

    /// An answer that has not been read holds its connection, so the next request opens another.
    async fn connect(&self, connections: usize) -> Result<()> {
        let mut held = Vec::with_capacity(connections);
        for _ in 0..connections {
            held.push(
                self.client
                    .get(format!("{}/ready", self.base))
                    .send()
                    .await?,
            );
        }
        for answer in held {
            answer.error_for_status()?.bytes().await?;
        }
        Ok(())
    }
}

impl Io for ReqwestIo {
    fn sleep_until(&self, at: Instant) -> impl Future<Output = ()> + Send {
        OnTokio.sleep_until(at)
    }

    async fn fetch(&self, request: Request) -> Result<Response> {
        let url = format!("{}{}", self.base, request.path);
        let answer = self
            .client
            .get(url)
            .send()
            .await
            .with_context(|| format!("cannot GET {}", request.path))?;
        let status = answer.status().as_u16();
        let body = answer
            .bytes()
            .await
            .with_context(|| format!("cannot read {}", request.path))?;
        Ok(Response { status, body })
    }
}
