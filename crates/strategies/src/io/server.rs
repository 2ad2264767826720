//! What all clients know of the mock server: where it is, whether it is ready, and when it wants to be asked again.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use hyper::HeaderMap;

use crate::Setup;

/// The path that the server answers with 200 once it is ready.
pub(crate) const READY: &str = "/ready";

/// The server of a cell, for clients that open their connections themselves. Many cells have none.
pub(crate) struct Server {
    address: Option<SocketAddr>,
    host: String,
}

impl Server {
    pub(crate) fn of(setup: &Setup) -> Self {
        let host = setup.server.map(|address| address.to_string());
        Server {
            address: setup.server,
            host: host.unwrap_or_default(),
        }
    }

    /// Where to connect.
    pub(crate) fn address(&self) -> Result<SocketAddr> {
        self.address
            .context("this cell was opened without a server")
    }

    /// What goes into the header `host`.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }
}

/// The part of a URL before its path, for clients that take URLs.
pub(crate) fn base_url(setup: &Setup) -> String {
    let base = setup.server.map(|server| format!("http://{server}"));
    base.unwrap_or_default()
}

/// Refuses any status of [`READY`] but 200.
pub(crate) fn check_ready(status: u16) -> Result<()> {
    ensure!(status == 200, "the server is not ready: status {status}");
    Ok(())
}

/// How long to wait before another attempt: in milliseconds where the server says so, else in whole seconds.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let number = |name| headers.get(name)?.to_str().ok()?.parse().ok();
    let millis = number("retry-after-ms").map(Duration::from_millis);
    millis.or_else(|| number("retry-after").map(Duration::from_secs))
}
