//! A connection of the loop: a socket that never blocks, and the codec.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Result, bail};
use bytes::Bytes;
use workloads::Request;

use crate::event_loop::executor::{Loop, Side};
use crate::http1::codec::{Event, Parser, encode};

/// A connection that the loop watches until it is dropped.
pub(crate) struct Connection {
    on: Arc<Loop>,
    key: usize,
    stream: TcpStream,
    /// Whether the last read took all there was, so that the next one must wait for an event.
    drained: bool,
    parser: Parser,
    output: Vec<u8>,
}

impl Connection {
    /// Connects without blocking the loop.
    pub(crate) async fn to(server: SocketAddr, on: &Arc<Loop>) -> Result<Self> {
        let stream = on.system.connect(server)?;
        let connection = Connection {
            key: on.watch(&stream)?,
            on: Arc::clone(on),
            stream,
            drained: true,
            parser: Parser::default(),
            output: Vec::new(),
        };
        on.until(connection.key, Side::Write).await;
        match connection.stream.take_error()? {
            Some(error) => Err(error.into()),
            None => Ok(connection),
        }
    }

    /// Whether another request may be sent.
    pub(crate) fn is_usable(&self) -> bool {
        self.parser.is_usable()
    }

    /// Sends a request: with one call, unless the kernel has no room.
    pub(crate) async fn send(&mut self, host: &str, request: &Request) -> Result<()> {
        self.output.clear();
        encode(&mut self.output, host, request)?;
        let mut written = 0;
        while written < self.output.len() {
            match (&self.stream).write(&self.output[written..]) {
                Ok(length) => written += length,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.on.until(self.key, Side::Write).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// The next piece of the body; `None` after the last.
    pub(crate) async fn piece(&mut self, input: &Mutex<Vec<u8>>) -> Result<Option<Bytes>> {
        match self.event(input).await? {
            Event::Piece(piece) => Ok(Some(piece)),
            Event::End => Ok(None),
            Event::Head(head) => bail!("an answer goes on with {head:?}"),
        }
    }

    /// The next part of the answer.
    pub(crate) async fn event(&mut self, input: &Mutex<Vec<u8>>) -> Result<Event> {
        loop {
            if let Some(event) = self.parser.event()? {
                return Ok(event);
            }
            if self.drained {
                self.on.until(self.key, Side::Read).await;
            }
            if let Some(end) = self.read(input)? {
                return Ok(end);
            }
        }
    }

    /// Reads once. A read that does not fill the buffer took all there was; the kernel reports what comes later.
    fn read(&mut self, input: &Mutex<Vec<u8>>) -> Result<Option<Event>> {
        let input = &mut *input.lock().unwrap_or_else(PoisonError::into_inner);
        match (&self.stream).read(input) {
            Ok(0) => return self.parser.closed().map(Some),
            Ok(length) => {
                self.drained = length < input.len();
                self.parser.feed(&input[..length]);
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => self.drained = true,
            Err(error) if error.kind() == ErrorKind::Interrupted => self.drained = false,
            Err(error) => return Err(error.into()),
        }
        Ok(None)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.on.forget(self.key);
    }
}
