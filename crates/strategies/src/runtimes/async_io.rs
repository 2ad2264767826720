//! Sockets and timers of async-io, and files of smol, under any executor: they need no runtime of their own.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use smol::Timer;
use smol::net::TcpStream;
use smol_hyper::rt::FuturesIo;

use crate::pull::lanes::Spawn;
use crate::runtimes::Runtime;

/// An executor of tasks that has no sockets, timers and files of its own.
pub(crate) trait Executor: Spawn {
    /// Blocks the calling thread until the future ends, with the executor's own means.
    fn block_on<T>(future: impl Future<Output = T>) -> T {
        smol::block_on(future)
    }
}

/// The runtime that such an executor becomes together with async-io.
#[derive(Clone)]
pub(crate) struct OnAsyncIo<E>(pub(crate) E);

impl<E: Executor> Spawn for OnAsyncIo<E> {
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(task);
    }
}

impl<E: Executor> Runtime for OnAsyncIo<E> {
    type Stream = FuturesIo<TcpStream>;

    async fn connect(&self, server: SocketAddr) -> std::io::Result<Self::Stream> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(FuturesIo::new(stream))
    }

    /// Not `async`: a task would keep the deadline beside the timer.
    fn sleep_until(&self, at: Instant) -> impl Future<Output = ()> + Send {
        Timer::at(at).map(drop)
    }

    fn read(&self, path: &Path) -> impl Future<Output = std::io::Result<Vec<u8>>> + Send {
        smol::fs::read(path.to_owned())
    }

    fn reenter(&self, duration: Duration) {
        E::block_on(Timer::after(duration));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::hyper::tests::reads_whole_files;
    use crate::runtimes::smol::OnSmol;

    #[test]
    fn files_are_read_whole() {
        smol::block_on(reads_whole_files(OnAsyncIo(OnSmol::default())));
    }
}
