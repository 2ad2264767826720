//! The seam to a runtime: all that the shared client asks of it.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::pull::lanes::Spawn;

/// What makespan needs of an asynchronous runtime.
pub trait Runtime: Spawn {
    /// A connected socket.
    type Stream: hyper::rt::Read + hyper::rt::Write + Send + Unpin + 'static;

    /// Connects, with TCP_NODELAY on.
    fn connect(
        &self,
        server: SocketAddr,
    ) -> impl Future<Output = std::io::Result<Self::Stream>> + Send;

    /// Returns at `at` or later.
    fn sleep_until(&self, at: Instant) -> impl Future<Output = ()> + Send;

    /// Reads a whole small file by the runtime's own means.
    fn read(&self, path: &Path) -> impl Future<Output = std::io::Result<Vec<u8>>> + Send;

    /// Blocks the calling thread on a wait, from inside a task; may panic, if that is what the runtime does.
    fn reenter(&self, duration: Duration);
}
