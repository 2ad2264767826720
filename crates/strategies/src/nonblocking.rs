//! Waiting that gives the thread back: hyper's connections over any runtime's sockets.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use futures_util::future::try_join_all;
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1::{self, SendRequest};
use workloads::{Done, Io, Request, Response, Unit, Work};

use crate::Setup;
use crate::lanes::Spawn;

/// What makespan needs of an asynchronous runtime.
pub(crate) trait Runtime: Spawn {
    /// A connected socket.
    type Stream: hyper::rt::Read + hyper::rt::Write + Send + Unpin + 'static;

    /// Connects, with TCP_NODELAY on.
    fn connect(
        &self,
        server: SocketAddr,
    ) -> impl Future<Output = std::io::Result<Self::Stream>> + Send;

    /// Returns at `at` or later.
    fn sleep_until(&self, at: Instant) -> impl Future<Output = ()> + Send;
}

/// Connections that are opened at a time: enough to be quick, and few enough for any backlog.
const OPENED_TOGETHER: usize = 100;

type Connection = SendRequest<Empty<Bytes>>;

/// The [`Io`] that all asynchronous rows share. Clones share one stack of connections: the last used is the next used.
pub(crate) struct AsyncIo<R>(Arc<Shared<R>>);

struct Shared<R> {
    runtime: R,
    server: Option<SocketAddr>,
    host: String,
    idle: Mutex<Vec<Connection>>,
}

impl<R> Clone for AsyncIo<R> {
    fn clone(&self) -> Self {
        AsyncIo(Arc::clone(&self.0))
    }
}

impl<R: Runtime> AsyncIo<R> {
    /// Opens the connections of `setup` and checks each. Must run on the runtime.
    pub(crate) async fn open(runtime: R, setup: &Setup) -> Result<Self> {
        let host = setup
            .server
            .map(|server| server.to_string())
            .unwrap_or_default();
        let idle = Mutex::new(Vec::with_capacity(setup.connections));
        let io = AsyncIo(Arc::new(Shared {
            runtime,
            server: setup.server,
            host,
            idle,
        }));
        if setup.server.is_some() {
            let mut missing = setup.connections;
            while missing > 0 {
                let some = missing.min(OPENED_TOGETHER);
                try_join_all((0..some).map(|_| io.open_one())).await?;
                missing -= some;
            }
        }
        Ok(io)
    }

    async fn open_one(&self) -> Result<()> {
        let mut connection = self.connect().await?;
        let answer = self.exchange(&mut connection, "/ready").await?;
        ensure!(
            answer.status == 200,
            "the server is not ready: status {}",
            answer.status
        );
        self.put_back(connection);
        Ok(())
    }

    async fn connect(&self) -> Result<Connection> {
        let Shared {
            runtime, server, ..
        } = &*self.0;
        let server = server.context("this cell was opened without a server")?;
        let stream = runtime
            .connect(server)
            .await
            .with_context(|| format!("cannot connect to {server}"))?;
        let (connection, driver) = http1::handshake(stream).await?;
        runtime.spawn(async move {
            // A broken connection shows itself in the request that meets it.
            let _ = driver.await;
        });
        Ok(connection)
    }

    async fn exchange(&self, connection: &mut Connection, path: &str) -> Result<Response> {
        let request = hyper::Request::get(path)
            .header("host", &self.0.host)
            .body(Empty::new())?;
        connection.ready().await?;
        let answer = connection.send_request(request).await?;
        let status = answer.status().as_u16();
        Ok(Response {
            status,
            body: answer.into_body().collect().await?.to_bytes(),
        })
    }

    fn take(&self) -> Option<Connection> {
        self.0
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()
    }

    fn put_back(&self, connection: Connection) {
        self.0
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(connection);
    }
}

impl<R: Runtime> Io for AsyncIo<R> {
    fn sleep_until(&self, at: Instant) -> impl Future<Output = ()> + Send {
        self.0.runtime.sleep_until(at)
    }

    async fn fetch(&self, request: Request) -> Result<Response> {
        let mut connection = match self.take() {
            Some(connection) => connection,
            None => self.connect().await?,
        };
        let answer = self.exchange(&mut connection, &request.path).await;
        let answer = answer.with_context(|| format!("cannot GET {}", request.path))?;
        self.put_back(connection);
        Ok(answer)
    }
}

/// One unit as a future that owns what it needs, for the primitives that collect futures.
pub(crate) async fn one<W: Work, I: Io>(work: Arc<W>, io: I, unit: Unit) -> Result<Done> {
    work.step(&io, unit).await
}
