//! HTTP by hand over sockets that block their caller, a thread or a coroutine.

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use workloads::{Request, Response};

use crate::Setup;
use crate::http1::connection::RawConnection;
use crate::io::idle::Idle;
use crate::io::server::{READY, Server, check_ready};

/// A socket whose calls return when they are done.
pub(crate) trait Socket: Read + Write + Sized {
    /// Connects, with TCP_NODELAY on.
    fn connect(server: SocketAddr) -> io::Result<Self>;
}

/// The client of all rows over such sockets. Clones share one stack of idle connections.
pub(crate) struct RawClient<S>(Arc<Shared<S>>);

struct Shared<S> {
    server: Server,
    idle: Idle<RawConnection<S>>,
}

impl<S> Clone for RawClient<S> {
    fn clone(&self) -> Self {
        RawClient(Arc::clone(&self.0))
    }
}

impl<S: Socket> RawClient<S> {
    /// Opens the connections of `setup` and checks each.
    pub(crate) fn open(setup: &Setup) -> Result<Self> {
        let client = RawClient(Arc::new(Shared {
            server: Server::of(setup),
            idle: Idle::with_room(setup.connections),
        }));
        if setup.server.is_some() {
            let ready = Request::get(READY);
            for _ in 0..setup.connections {
                let mut connection = client.connect()?;
                check_ready(connection.get(&ready)?.status)?;
                client.put_back(&ready, connection);
            }
        }
        Ok(client)
    }

    /// Sends one request and reads the whole answer.
    pub(crate) fn fetch(&self, request: &Request) -> Result<Response> {
        let mut connection = self.connection(request)?;
        let answer = connection.get(request);
        let answer = answer.with_context(|| format!("cannot GET {}", request.path))?;
        self.put_back(request, connection);
        Ok(answer)
    }

    /// Sends one request and hands over the pieces of the body; returns the status.
    pub(crate) fn stream(&self, request: &Request, mut piece: impl FnMut(&[u8])) -> Result<u16> {
        let mut connection = self.connection(request)?;
        let head = connection.send(request);
        let head = head.with_context(|| format!("cannot GET {}", request.path))?;
        loop {
            let read = connection.piece();
            match read.with_context(|| format!("cannot read {}", request.path))? {
                Some(bytes) => piece(&bytes),
                None => break,
            }
        }
        self.put_back(request, connection);
        Ok(head.status)
    }

    /// How many clones there are. Where it is one, nobody uses a connection any more.
    #[cfg(feature = "may")]
    pub(crate) fn clones(&self) -> usize {
        Arc::strong_count(&self.0)
    }

    fn connection(&self, request: &Request) -> Result<RawConnection<S>> {
        match self.0.idle.take(request) {
            Some(connection) => Ok(connection),
            None => self.connect(),
        }
    }

    fn connect(&self) -> Result<RawConnection<S>> {
        let server = self.0.server.address()?;
        let stream = S::connect(server);
        let stream = stream.with_context(|| format!("cannot connect to {server}"))?;
        Ok(RawConnection::new(stream, self.0.server.host()))
    }

    /// A connection that can take no other request is closed here.
    fn put_back(&self, request: &Request, connection: RawConnection<S>) {
        if connection.is_usable() {
            self.0.idle.put_back(request, connection);
        }
    }
}
