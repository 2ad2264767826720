//! What all clients share whose futures block and never suspend.

use std::path::Path;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use anyhow::{Context as _, Result};
use bytes::Bytes;

/// Drives a future that never suspends, such as a unit over [`BlockingIo`](crate::BlockingIo). It polls once, which takes a few
/// nanoseconds.
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

/// Reads a whole small file with the standard library. Threads read files this way, and so do runtimes without files of their own.
pub(crate) fn read_blocking(path: &Path) -> Result<Bytes> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(bytes.into())
}

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
