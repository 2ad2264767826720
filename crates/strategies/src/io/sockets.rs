//! HTTP by hand over sockets of the standard library. Its futures hold the thread.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::thread;
use std::time::Instant;

use anyhow::Result;
use bytes::Bytes;
use workloads::{Io, Request, Response};

use crate::Setup;
use crate::io::blocking::read_blocking;
use crate::io::raw::{RawClient, Socket};

/// An [`Io`] whose futures block and never suspend. Clones share one stack of idle connections.
#[derive(Clone)]
pub(crate) struct SocketIo(RawClient<TcpStream>);

impl SocketIo {
    /// Opens the connections of `setup` and checks each.
    pub(crate) fn open(setup: &Setup) -> Result<Self> {
        RawClient::open(setup).map(SocketIo)
    }
}

impl Socket for TcpStream {
    fn connect(server: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(server)?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

impl Io for SocketIo {
    async fn sleep_until(&self, at: Instant) {
        thread::sleep(at.saturating_duration_since(Instant::now()));
    }

    async fn fetch(&self, request: Request) -> Result<Response> {
        self.0.fetch(&request)
    }

    async fn stream(&self, request: Request, piece: impl FnMut(&[u8]) + Send) -> Result<u16> {
        self.0.stream(&request, piece)
    }

    async fn read(&self, path: &Path) -> Result<Bytes> {
        read_blocking(path)
    }

    async fn wait(&self, what: impl Future<Output = ()> + Send) {
        smol::future::block_on(what);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::blocking::ready;
    use crate::io::idle::tests::{Observer, ask};

    #[test]
    fn fresh_requests_keep_to_connections_of_their_own() {
        let server = Observer::start();
        let io = SocketIo::open(&server.setup()).unwrap();
        ready(ask(&io));
        server.check();
    }
}
