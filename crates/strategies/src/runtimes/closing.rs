//! Connections that must be closed while their runtime still runs.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use futures_channel::oneshot;

use crate::Setup;
use crate::io::hyper::AsyncIo;
use crate::pull::lanes::Spawn;
use crate::runtimes::Runtime;

/// The connections of a runtime that does not end its tasks when it is dropped. So they must end by themselves while it still runs.
pub(crate) struct Connections<R> {
    io: Option<AsyncIo<Watched<R>>>,
    closed: oneshot::Receiver<()>,
}

impl<R: Runtime> Connections<R> {
    /// Opens those of `setup`. Must run on the runtime.
    pub(crate) async fn open(runtime: R, setup: &Setup) -> Result<Self> {
        let (open, mut closed) = oneshot::channel();
        let runtime = Watched {
            runtime,
            open: Arc::new(open),
        };
        match AsyncIo::open(runtime, setup).await {
            Ok(io) => Ok(Connections {
                io: Some(io),
                closed,
            }),
            Err(error) => {
                let _ = (&mut closed).await;
                Err(error)
            }
        }
    }

    /// The client over these connections.
    pub(crate) fn io(&self) -> AsyncIo<Watched<R>> {
        self.io.clone().expect("it is there until they are closed")
    }

    /// Closes them and returns when the last is closed. Must run on the runtime.
    pub(crate) async fn close(&mut self) {
        self.io = None;
        // Nothing is ever sent. The receiver returns when no sender is left.
        let _ = (&mut self.closed).await;
    }
}

/// A runtime that gives a sender to each task that is spawned here. Only the tasks of connections are. Lanes are spawned elsewhere, so
/// that they cost no more than those of other rows.
#[derive(Clone)]
pub(crate) struct Watched<R> {
    runtime: R,
    open: Arc<oneshot::Sender<()>>,
}

impl<R: Spawn> Spawn for Watched<R> {
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let open = Arc::clone(&self.open);
        self.runtime.spawn(async move {
            task.await;
            drop(open);
        });
    }
}

impl<R: Runtime> Runtime for Watched<R> {
    type Stream = R::Stream;

    fn connect(&self, server: SocketAddr) -> impl Future<Output = io::Result<Self::Stream>> + Send {
        self.runtime.connect(server)
    }

    fn sleep_until(&self, at: Instant) -> impl Future<Output = ()> + Send {
        self.runtime.sleep_until(at)
    }

    fn read(&self, path: &Path) -> impl Future<Output = io::Result<Vec<u8>>> + Send {
        self.runtime.read(path)
    }

    fn reenter(&self, duration: Duration) {
        self.runtime.reenter(duration);
    }
}
