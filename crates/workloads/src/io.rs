//! The only ways in which a workload can wait.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use bytes::Bytes;

use crate::{Request, Response};

/// What a unit may wait for. Every strategy brings one: blocking, or on its runtime.
///
/// A strategy that [lacks](crate::Need) something keeps the default body of the method, which does the honest thing: one by one, or an
/// error.
pub trait Io: Send + Sync {
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

    /// Waits for `duration`, counted from this call. A unit makes the call while it is polled, so this is one rule for all runtimes.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send {
        self.sleep_until(Instant::now() + duration)
    }

    /// Sends all requests and waits for all answers: together if the strategy can join inside a unit, else one by one.
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

    /// Sends one request, and drops it at `deadline` if there is no answer by then.
    fn fetch_by(
        &self,
        request: Request,
        deadline: Instant,
    ) -> impl Future<Output = Result<Option<Response>>> + Send {
        let _ = (request, deadline);
        async { bail!("it cannot cancel") }
    }

    /// Waits for something that other units of the run bring about. Where a waiting unit holds its thread, the thread is parked until then.
    fn wait(&self, what: impl Future<Output = ()> + Send) -> impl Future<Output = ()> + Send {
        what
    }

    /// Enters the runtime that runs this unit a second time, from inside, and waits there for `duration`.
    fn reenter(&self, duration: Duration) -> Result<()> {
        let _ = duration;
        bail!("there is no runtime to enter")
    }
}
