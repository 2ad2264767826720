//! Waiting in the loop by hand: sockets that never block, with HTTP by hand.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use bytes::{Bytes, BytesMut};
use futures_channel::oneshot;
use futures_util::future::try_maybe_done;
use workloads::{Io, Request, Response};

use crate::Setup;
use crate::event_loop::Loop;
use crate::event_loop::connection::Connection;
use crate::http1::{Event, Head};
use crate::io::hyper::fetch_or_drop;
use crate::io::ureq::read_blocking;
use crate::pull::lanes::Spawn;

/// Connections that are opened at a time: enough to be quick, and few enough for any backlog.
const OPENED_TOGETHER: usize = 100;

/// What is read at a time, into one place for all connections: they take turns.
const READ: usize = 64 * 1024;

/// The [`Io`] of the loop. Clones share one stack of connections: the last used is the next used.
#[derive(Clone)]
pub(crate) struct EpollIo(Arc<Shared>);

struct Shared {
    on: Arc<Loop>,
    server: Option<SocketAddr>,
    host: String,
    idle: Mutex<Vec<Connection>>,
    input: Mutex<Vec<u8>>,
}

impl EpollIo {
    /// Opens the connections of `setup` and checks each.
    pub(crate) fn open(setup: &Setup) -> Result<Self> {
        let host = setup.server.map(|server| server.to_string());
        let io = EpollIo(Arc::new(Shared {
            on: Arc::new(Loop::open()?),
            server: setup.server,
            host: host.unwrap_or_default(),
            idle: Mutex::new(Vec::with_capacity(setup.connections)),
            input: Mutex::new(vec![0; READ]),
        }));
        if setup.server.is_some() {
            let (done, opened) = oneshot::channel();
            let (opener, connections) = (io.clone(), setup.connections);
            io.spawn(async move {
                // Nobody listens only if the loop itself has failed.
                let _ = done.send(opener.open_all(connections).await);
            });
            io.turn(opened)??;
        }
        Ok(io)
    }

    /// Turns the loop until there is a result.
    pub(crate) fn turn<T>(&self, result: oneshot::Receiver<T>) -> Result<T> {
        self.0.on.run(result)
    }

    async fn open_all(&self, mut missing: usize) -> Result<()> {
        while missing > 0 {
            let some = missing.min(OPENED_TOGETHER);
            together((0..some).map(|_| self.open_one())).await?;
            missing -= some;
        }
        Ok(())
    }

    async fn open_one(&self) -> Result<()> {
        let mut connection = self.connect().await?;
        let (head, _) = self
            .exchange(&mut connection, &Request::get("/ready"))
            .await?;
        ensure!(
            head.status == 200,
            "the server is not ready: status {}",
            head.status
        );
        self.put_back(connection);
        Ok(())
    }

    async fn connect(&self) -> Result<Connection> {
        let server = self.0.server;
        let server = server.context("this cell was opened without a server")?;
        let connected = Connection::to(server, &self.0.on).await;
        connected.with_context(|| format!("cannot connect to {server}"))
    }

    /// A connection for one request: a new one where that is asked for.
    async fn connection(&self, request: &Request) -> Result<Connection> {
        match self.take(request) {
            Some(connection) => Ok(connection),
            None => self.connect().await,
        }
    }

    fn take(&self, request: &Request) -> Option<Connection> {
        let idle = || self.0.idle.lock().unwrap_or_else(PoisonError::into_inner);
        (!request.fresh).then(|| idle().pop())?
    }

    /// One that is of no further use is closed here.
    fn put_back(&self, connection: Connection) {
        if connection.is_usable() {
            let idle = self.0.idle.lock();
            idle.unwrap_or_else(PoisonError::into_inner)
                .push(connection);
        }
    }

    /// Sends one request and reads until the body begins.
    async fn send(&self, connection: &mut Connection, request: &Request) -> Result<Head> {
        connection.send(&self.0.host, request).await?;
        match connection.event(&self.0.input).await? {
            Event::Head(head) => Ok(head),
            other => bail!("an answer begins with {other:?}"),
        }
    }

    async fn exchange(
        &self,
        connection: &mut Connection,
        request: &Request,
    ) -> Result<(Head, Bytes)> {
        let head = self.send(connection, request).await?;
        let input = &self.0.input;
        let mut body = connection.piece(input).await?.unwrap_or_default();
        if body.is_empty() {
            return Ok((head, body));
        }
        if let Some(piece) = connection.piece(input).await? {
            // What is there and as much again, and no more on the word of a header.
            let mut whole = BytesMut::with_capacity(2 * (body.len() + piece.len()));
            whole.extend_from_slice(&body);
            whole.extend_from_slice(&piece);
            while let Some(piece) = connection.piece(input).await? {
                whole.extend_from_slice(&piece);
            }
            body = whole.freeze();
        }
        Ok((head, body))
    }
}

impl Spawn for EpollIo {
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.on.spawn(task);
    }
}

impl Io for EpollIo {
    fn sleep_until(&self, at: Instant) -> impl Future<Output = ()> + Send {
        self.0.on.sleep_until(at)
    }

    async fn fetch(&self, request: Request) -> Result<Response> {
        let mut connection = self.connection(&request).await?;
        let answer = self.exchange(&mut connection, &request).await;
        let (head, body) = answer.with_context(|| format!("cannot GET {}", request.path))?;
        self.put_back(connection);
        Ok(Response {
            status: head.status,
            retry_after: head.retry_after,
            body,
        })
    }

    async fn stream(&self, request: Request, mut piece: impl FnMut(&[u8]) + Send) -> Result<u16> {
        let mut connection = self.connection(&request).await?;
        let head = self.send(&mut connection, &request).await;
        let head = head.with_context(|| format!("cannot GET {}", request.path))?;
        loop {
            let read = connection.piece(&self.0.input).await;
            match read.with_context(|| format!("cannot read {}", request.path))? {
                Some(bytes) => piece(&bytes),
                None => break,
            }
        }
        self.put_back(connection);
        Ok(head.status)
    }

    async fn read(&self, path: &Path) -> Result<Bytes> {
        read_blocking(path)
    }

    async fn fetch_all(&self, requests: Vec<Request>) -> Result<Vec<Response>> {
        together(requests.into_iter().map(|request| self.fetch(request))).await
    }

    async fn fetch_by(&self, request: Request, deadline: Instant) -> Result<Option<Response>> {
        fetch_or_drop(self, request, deadline).await
    }
}

/// Waits for all. Each is polled whenever the unit is: the joins of libraries poll those that a waker names, and there is none.
async fn together<T, F: Future<Output = Result<T>>>(
    futures: impl Iterator<Item = F>,
) -> Result<Vec<T>> {
    let mut all: Vec<_> = futures
        .map(|future| Box::pin(try_maybe_done(future)))
        .collect();
    poll_fn(|context| {
        let mut waits = false;
        for one in &mut all {
            waits |= one.as_mut().poll(context)?.is_pending();
        }
        match waits {
            true => Poll::Pending,
            false => Poll::Ready(Ok::<_, anyhow::Error>(())),
        }
    })
    .await?;
    let outputs = all.iter_mut().map(|one| one.as_mut().take_output());
    outputs
        .collect::<Option<_>>()
        .context("one that is done has no answer")
}

#[cfg(test)]
mod tests;
