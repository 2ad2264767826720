//! Waiting that gives the thread back: hyper's connections over any runtime's sockets.

use std::net::SocketAddr;
use std::path::Path;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use futures_util::future::{Either, select, try_join_all};
use http_body_util::{BodyExt, Empty};
use hyper::HeaderMap;
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{CONNECTION, HOST};
use workloads::{Done, Io, Request, Response, Unit, Work};

use crate::Setup;
use crate::runtimes::Runtime;

/// Connections that are opened at a time: enough to be quick, and few enough for any backlog.
const OPENED_TOGETHER: usize = 100;

type Connection = SendRequest<Empty<Bytes>>;

/// The [`Io`] that all asynchronous rows share. Clones share one stack of connections: the last used is the next used.
pub struct AsyncIo<R>(Arc<Shared<R>>);

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
    pub async fn open(runtime: R, setup: &Setup) -> Result<Self> {
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
        let answer = self
            .exchange(&mut connection, &Request::get("/ready"))
            .await?;
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

    /// Sends one request and returns the head of the answer.
    async fn send(
        &self,
        connection: &mut Connection,
        request: &Request,
    ) -> Result<hyper::Response<Incoming>> {
        let mut head = hyper::Request::get(&request.path).header(HOST, &self.0.host);
        if request.attempt > 0 {
            head = head.header("x-attempt", request.attempt);
        }
        if request.fresh {
            head = head.header(CONNECTION, "close");
        }
        connection.ready().await?;
        Ok(connection.send_request(head.body(Empty::new())?).await?)
    }

    async fn exchange(&self, connection: &mut Connection, request: &Request) -> Result<Response> {
        let answer = self.send(connection, request).await?;
        Ok(Response {
            status: answer.status().as_u16(),
            retry_after: retry_after(answer.headers()),
            body: answer.into_body().collect().await?.to_bytes(),
        })
    }

    /// A connection for one request: a new one where that is asked for.
    async fn connection(&self, request: &Request) -> Result<Connection> {
        match self.take().filter(|_| !request.fresh) {
            Some(connection) => Ok(connection),
            None => self.connect().await,
        }
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
        let mut connection = self.connection(&request).await?;
        let answer = self.exchange(&mut connection, &request).await;
        let answer = answer.with_context(|| format!("cannot GET {}", request.path))?;
        if !request.fresh {
            self.put_back(connection);
        }
        Ok(answer)
    }

    async fn stream(&self, request: Request, mut piece: impl FnMut(&[u8]) + Send) -> Result<u16> {
        let mut connection = self.connection(&request).await?;
        let answer = self.send(&mut connection, &request).await;
        let answer = answer.with_context(|| format!("cannot GET {}", request.path))?;
        let status = answer.status().as_u16();
        let mut body = answer.into_body();
        while let Some(frame) = body.frame().await {
            let frame = frame.with_context(|| format!("cannot read {}", request.path))?;
            if let Some(data) = frame.data_ref() {
                piece(data);
            }
        }
        self.put_back(connection);
        Ok(status)
    }

    async fn read(&self, path: &Path) -> Result<Bytes> {
        let read = self.0.runtime.read(path).await;
        let bytes = read.with_context(|| format!("cannot read {}", path.display()))?;
        Ok(bytes.into())
    }

    async fn fetch_all(&self, requests: Vec<Request>) -> Result<Vec<Response>> {
        try_join_all(requests.into_iter().map(|request| self.fetch(request))).await
    }

    async fn fetch_by(&self, request: Request, deadline: Instant) -> Result<Option<Response>> {
        fetch_or_drop(self, request, deadline).await
    }

    fn reenter(&self, duration: Duration) -> Result<()> {
        self.0.runtime.reenter(duration);
        Ok(())
    }
}

/// A request until `deadline`. One that is dropped takes its connection along: that is how the server learns of it.
pub(crate) async fn fetch_or_drop<I: Io>(
    io: &I,
    request: Request,
    deadline: Instant,
) -> Result<Option<Response>> {
    let fetch = pin!(io.fetch(request));
    let sleep = pin!(io.sleep_until(deadline));
    match select(fetch, sleep).await {
        Either::Left((answer, _)) => answer.map(Some),
        Either::Right(((), _)) => Ok(None),
    }
}

/// When to come back: to the millisecond where the server says so, else in whole seconds.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let number = |name| headers.get(name)?.to_str().ok()?.parse().ok();
    let millis = number("retry-after-ms").map(Duration::from_millis);
    millis.or_else(|| number("retry-after").map(Duration::from_secs))
}

/// One unit as a future that owns what it needs, for the primitives that collect futures.
pub(crate) async fn one<W: Work, I: Io>(work: Arc<W>, io: I, unit: Unit) -> Result<Done> {
    work.step(&io, unit).await
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// What [`Runtime::read`] must do, whatever the runtime.
    pub(crate) async fn reads_whole_files<R: Runtime>(runtime: R) {
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let read = runtime.read(Path::new(manifest)).await.unwrap();
        assert_eq!(read, std::fs::read(manifest).unwrap());
        let error = runtime.read(Path::new("no/such/file")).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
    }
}
