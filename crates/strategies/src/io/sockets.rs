//! Waiting that holds the thread, with HTTP by hand: sockets of the standard library and nothing else.

use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use workloads::{Io, Request, Response};

use crate::Setup;
use crate::http1::RawConnection;
use crate::io::ureq::read_blocking;

type Connection = RawConnection<TcpStream>;

/// An [`Io`] whose futures block and never suspend. Clones share one stack of connections: the last used is the next used.
#[derive(Clone)]
pub(crate) struct RawIo(Arc<Shared>);

struct Shared {
    server: Option<SocketAddr>,
    host: String,
    idle: Mutex<Vec<Connection>>,
}

impl RawIo {
    /// Opens the connections of `setup` and checks each.
    pub(crate) fn open(setup: &Setup) -> Result<Self> {
        let host = setup.server.map(|server| server.to_string());
        let io = RawIo(Arc::new(Shared {
            server: setup.server,
            host: host.unwrap_or_default(),
            idle: Mutex::new(Vec::with_capacity(setup.connections)),
        }));
        if setup.server.is_some() {
            let connections = (0..setup.connections).map(|_| io.open_one());
            let connections = connections.collect::<Result<_>>()?;
            *io.idle() = connections;
        }
        Ok(io)
    }

    fn open_one(&self) -> Result<Connection> {
        let mut connection = Connection::new(self.connect()?, &self.0.host);
        let answer = connection.get(&Request::get("/ready"))?;
        ensure!(
            answer.status == 200,
            "the server is not ready: status {}",
            answer.status
        );
        Ok(connection)
    }

    fn connect(&self) -> Result<TcpStream> {
        let server = self.0.server;
        let server = server.context("this cell was opened without a server")?;
        let stream = TcpStream::connect(server);
        let stream = stream.with_context(|| format!("cannot connect to {server}"))?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    /// A connection for one request: a new one where that is asked for.
    fn connection(&self, request: &Request) -> Result<Connection> {
        // On a line of its own, so that the lock is given back before the kernel is asked for another.
        let idle = (!request.fresh).then(|| self.idle().pop()).flatten();
        match idle {
            Some(connection) => Ok(connection),
            None => Ok(Connection::new(self.connect()?, &self.0.host)),
        }
    }

    /// One that is of no further use is closed here.
    fn put_back(&self, connection: Connection) {
        if connection.is_usable() {
            self.idle().push(connection);
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Io for RawIo {
    async fn sleep_until(&self, at: Instant) {
        thread::sleep(at.saturating_duration_since(Instant::now()));
    }

    async fn fetch(&self, request: Request) -> Result<Response> {
        let mut connection = self.connection(&request)?;
        let answer = connection.get(&request);
        let answer = answer.with_context(|| format!("cannot GET {}", request.path))?;
        self.put_back(connection);
        Ok(answer)
    }

    async fn stream(&self, request: Request, mut piece: impl FnMut(&[u8]) + Send) -> Result<u16> {
        let mut connection = self.connection(&request)?;
        let head = connection.send(&request);
        let head = head.with_context(|| format!("cannot GET {}", request.path))?;
        loop {
            let read = connection.piece();
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
}
