//! The only ways in which a workload can wait.

use std::time::{Duration, Instant};

use anyhow::Result;
use bytes::Bytes;

/// What a workload may ask of the world. Every strategy brings one: blocking, or on its runtime.
pub trait Io: Send + Sync + 'static {
    /// Returns at `at` or later, never earlier.
    fn sleep_until(&self, at: Instant) -> impl Future<Output = ()> + Send;

    /// Sends one request and reads the whole answer.
    fn fetch(&self, request: Request) -> impl Future<Output = Result<Response>> + Send;

    /// Waits for `duration`, counted from this call: in a unit, which calls it when it is polled, one rule for all runtimes.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send {
        self.sleep_until(Instant::now() + duration)
    }
}

/// One GET to the mock server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Path from the root, such as `/get/17`.
    pub path: String,
}

/// One answer, read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// The whole body.
    pub body: Bytes,
}

impl Response {
    /// The body of a 200; anything else is an error that names the status and `path`.
    pub fn ok(self, path: &str) -> Result<Bytes> {
        anyhow::ensure!(
            self.status == 200,
            "GET {path} was answered with status {}",
            self.status
        );
        Ok(self.body)
    }
}
