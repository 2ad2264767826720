//! hyper's connections over the sockets of any runtime. Its futures give their thread back.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use bytes::Bytes;
use futures_util::future::try_join_all;
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{CONNECTION, HOST};
use workloads::{Io, Request, Response};

use crate::Setup;
use crate::io::deadline::fetch_or_drop;
use crate::io::idle::{Idle, OPENED_TOGETHER};
use crate::io::server::{READY, Server, check_ready, retry_after};
use crate::runtimes::Runtime;

type Connection = SendRequest<Empty<Bytes>>;

/// The [`Io`] that almost all asynchronous rows share. Clones share one stack of idle connections.
pub struct AsyncIo<R>(Arc<Shared<R>>);

struct Shared<R> {
    runtime: R,
    server: Server,
    idle: Idle<Connection>,
}

impl<R> Clone for AsyncIo<R> {
    fn clone(&self) -> Self {
        AsyncIo(Arc::clone(&self.0))
    }
}

impl<R: Runtime> AsyncIo<R> {
    /// Opens the connections of `setup` and checks each. Must run on the runtime.
    pub async fn open(runtime: R, setup: &Setup) -> Result<Self> {
        let io = AsyncIo(Arc::new(Shared {
            runtime,
            server: Server::of(setup),
            idle: Idle::with_room(setup.connections),
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
        let (mut connection, ready) = (self.connect().await?, Request::get(READY));
        check_ready(self.exchange(&mut connection, &ready).await?.status)?;
        self.0.idle.put_back(&ready, connection);
        Ok(())
    }

    async fn connect(&self) -> Result<Connection> {
        let Shared {
            runtime, server, ..
        } = &*self.0;
        let server = server.address()?;
        let stream = runtime
            .connect(server)
            .await
            .with_context(|| format!("cannot connect to {server}"))?;
        let (connection, driver) = http1::handshake(stream).await?;
        runtime.spawn(async move {
            // The request that meets a broken connection reports it.
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
        let mut head = hyper::Request::get(&request.path).header(HOST, self.0.server.host());
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

    async fn connection(&self, request: &Request) -> Result<Connection> {
        match self.0.idle.take(request) {
            Some(connection) => Ok(connection),
            None => self.connect().await,
        }
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
        self.0.idle.put_back(&request, connection);
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
        self.0.idle.put_back(&request, connection);
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

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::io::idle::tests::{Observer, ask};
    use crate::runtimes::tokio::{OnTokio, current_thread};

    #[test]
    fn fresh_requests_keep_to_connections_of_their_own() {
        let server = Observer::start();
        let setup = server.setup();
        current_thread(&setup).unwrap().block_on(async {
            let io = AsyncIo::open(OnTokio, &setup).await.unwrap();
            ask(&io).await;
        });
        server.check();
    }

    /// What [`Runtime::read`] must do, whatever the runtime.
    pub(crate) async fn reads_whole_files<R: Runtime>(runtime: R) {
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let read = runtime.read(Path::new(manifest)).await.unwrap();
        assert_eq!(read, std::fs::read(manifest).unwrap());
        let error = runtime.read(Path::new("no/such/file")).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
    }
}
