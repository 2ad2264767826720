//! The client of the loop: sockets that never block, with HTTP by hand.

use std::future::poll_fn;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use bytes::{Bytes, BytesMut};
use futures_channel::oneshot;
use futures_util::future::try_maybe_done;
use workloads::{Io, Request, Response};

use crate::Setup;
use crate::event_loop::connection::Connection;
use crate::event_loop::executor::Loop;
use crate::http1::codec::{Event, Head};
use crate::io::blocking::read_blocking;
use crate::io::deadline::fetch_or_drop;
use crate::io::idle::{Idle, OPENED_TOGETHER};
use crate::io::server::{READY, Server, check_ready};
use crate::pull::lanes::Spawn;

/// Bytes that are read at a time. All connections share one buffer, because they take turns.
const READ: usize = 64 * 1024;

/// The [`Io`] of the loop. Clones share one stack of idle connections.
#[derive(Clone)]
pub(crate) struct EpollIo(Arc<Shared>);

struct Shared {
    on: Arc<Loop>,
    server: Server,
    idle: Idle<Connection>,
    input: Mutex<Vec<u8>>,
}

impl EpollIo {
    /// Opens the connections of `setup` and checks each.
    pub(crate) fn open(setup: &Setup) -> Result<Self> {
        let io = EpollIo(Arc::new(Shared {
            on: Arc::new(Loop::open()?),
            server: Server::of(setup),
            idle: Idle::with_room(setup.connections),
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
        let (mut connection, ready) = (self.connect().await?, Request::get(READY));
        let (head, _) = self.exchange(&mut connection, &ready).await?;
        check_ready(head.status)?;
        self.put_back(&ready, connection);
        Ok(())
    }

    async fn connect(&self) -> Result<Connection> {
        let server = self.0.server.address()?;
        let connected = Connection::to(server, &self.0.on).await;
        connected.with_context(|| format!("cannot connect to {server}"))
    }

    async fn connection(&self, request: &Request) -> Result<Connection> {
        match self.0.idle.take(request) {
            Some(connection) => Ok(connection),
            None => self.connect().await,
        }
    }

    /// A connection that can take no other request is closed here.
    fn put_back(&self, request: &Request, connection: Connection) {
        if connection.is_usable() {
            self.0.idle.put_back(request, connection);
        }
    }

    /// Sends one request and reads until the body begins.
    async fn send(&self, connection: &mut Connection, request: &Request) -> Result<Head> {
        connection.send(self.0.server.host(), request).await?;
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
            // Room for twice what has arrived. A length that a header only claims takes no memory.
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
        self.put_back(&request, connection);
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
        self.put_back(&request, connection);
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

/// Waits for all futures, and polls each whenever the unit is polled. The joins of libraries poll only futures that a waker names, and
/// this loop has no wakers.
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
