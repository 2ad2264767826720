//! The only ways in which a workload can wait.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use bytes::Bytes;

/// What a workload may ask of the world. Every strategy brings one: blocking, or on its runtime.
///
/// The methods with a body are what a strategy does that [lacks](crate::Need) the thing: it never pretends.
pub trait Io: Send + Sync + 'static {
    /// Returns at `at` or later, never earlier.
    fn sleep_until(&self, at: Instant) -> impl Future<Output = ()> + Send;

    /// Sends one request and reads the whole answer.
    fn fetch(&self, request: Request) -> impl Future<Output = Result<Response>> + Send;

    /// Sends one request and hands over the pieces of the body as they arrive; returns the status.
    fn stream(
        &self,
        request: Request,
        piece: impl FnMut(&[u8]) + Send,
    ) -> impl Future<Output = Result<u16>> + Send;

    /// Reads a whole small file.
    fn read(&self, path: &Path) -> impl Future<Output = Result<Bytes>> + Send;

    /// Waits for `duration`, counted from this call: in a unit, which calls it when it is polled, one rule for all runtimes.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send {
        self.sleep_until(Instant::now() + duration)
    }

    /// Sends all requests and waits for all answers: together where the strategy can join inside a unit, else one by one.
    fn fetch_all(
        &self,
        requests: Vec<Request>,
    ) -> impl Future<Output = Result<Vec<Response>>> + Send {
        async move {
            let mut answers = Vec::with_capacity(requests.len());
            for request in requests {
                answers.push(self.fetch(request).await?);
            }
            Ok(answers)
        }
    }

    /// Sends one request and drops it at `deadline` if it has not been answered; then there is no answer.
    fn fetch_by(
        &self,
        request: Request,
        deadline: Instant,
    ) -> impl Future<Output = Result<Option<Response>>> + Send {
        let _ = (request, deadline);
        async { bail!("it cannot cancel") }
    }

    /// Enters the runtime that runs this unit once more, from inside, and waits there for `duration`.
    fn reenter(&self, duration: Duration) -> Result<()> {
        let _ = duration;
        bail!("there is no runtime to enter")
    }
}

/// One GET to the mock server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Path from the root, such as `/get/17`.
    pub path: String,
    /// How often it was sent before; goes out as `x-attempt` where it is not 0.
    pub attempt: u32,
    /// Whether it needs a connection of its own, which is closed behind it.
    pub fresh: bool,
}

impl Request {
    /// The first attempt, on any connection.
    pub fn get(path: impl Into<String>) -> Self {
        Request {
            path: path.into(),
            attempt: 0,
            fresh: false,
        }
    }
}

/// One answer, read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// When to come back, where the server says so.
    pub retry_after: Option<Duration>,
    /// The whole body.
    pub body: Bytes,
}

impl Response {
    /// The body of a 200; anything else is an error that names the status and `path`.
    pub fn ok(self, path: &str) -> Result<Bytes> {
        ok(self.status, path)?;
        Ok(self.body)
    }
}

/// Refuses any status but 200, with the path.
pub fn ok(status: u16, path: &str) -> Result<()> {
    anyhow::ensure!(
        status == 200,
        "GET {path} was answered with status {status}"
    );
    Ok(())
}

/// Reads a whole small file with the standard library: what threads do, and runtimes without files of their own.
pub fn read_blocking(path: &Path) -> Result<Bytes> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(bytes.into())
}
