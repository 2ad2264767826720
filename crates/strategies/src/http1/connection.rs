//! One exchange after the other over a stream that blocks its caller, a thread or a coroutine.

use std::io::{ErrorKind, Read, Write};

use anyhow::{Result, bail, ensure};
use bytes::{Bytes, BytesMut};
use workloads::{Request, Response};

use crate::http1::codec::{Event, Head, Parser, encode};

/// What a connection reads at a time: at first, and at most, once a read has filled it.
const READ: usize = 8 * 1024;
const LONGEST_READ: usize = 256 * 1024;

/// A connection that is read and written by calls that return when they are done.
#[derive(Debug)]
pub(crate) struct RawConnection<S> {
    stream: S,
    host: String,
    parser: Parser,
    request: Vec<u8>,
    input: Vec<u8>,
}

impl<S: Read + Write> RawConnection<S> {
    /// A connection over a stream to `host`.
    pub(crate) fn new(stream: S, host: &str) -> Self {
        RawConnection {
            stream,
            host: host.to_owned(),
            parser: Parser::default(),
            request: Vec::new(),
            input: vec![0; READ],
        }
    }

    /// Sends one request and reads the whole answer.
    pub(crate) fn get(&mut self, request: &Request) -> Result<Response> {
        let head = self.send(request)?;
        let mut body = self.piece()?.unwrap_or_default();
        if let Some(piece) = self.piece()? {
            // Room for twice what has arrived. A length that a header only claims takes no memory.
            let mut whole = BytesMut::with_capacity(2 * (body.len() + piece.len()));
            whole.extend_from_slice(&body);
            whole.extend_from_slice(&piece);
            while let Some(piece) = self.piece()? {
                whole.extend_from_slice(&piece);
            }
            body = whole.freeze();
        }
        Ok(Response {
            status: head.status,
            retry_after: head.retry_after,
            body,
        })
    }

    /// Sends one request with one write, and reads until the body begins.
    pub(crate) fn send(&mut self, request: &Request) -> Result<Head> {
        ensure!(self.is_usable(), "the connection is of no further use");
        self.request.clear();
        encode(&mut self.request, &self.host, request)?;
        self.stream.write_all(&self.request)?;
        self.stream.flush()?;
        match self.event()? {
            Event::Head(head) => Ok(head),
            other => bail!("an answer begins with {other:?}"),
        }
    }

    /// The next piece of the body; `None` behind the last.
    pub(crate) fn piece(&mut self) -> Result<Option<Bytes>> {
        if self.parser.is_between_answers() {
            return Ok(None);
        }
        match self.event()? {
            Event::Piece(piece) => Ok(Some(piece)),
            Event::End => Ok(None),
            Event::Head(head) => bail!("an answer goes on with {head:?}"),
        }
    }

    /// Whether another request may be sent.
    pub(crate) fn is_usable(&self) -> bool {
        self.parser.is_usable()
    }

    fn event(&mut self) -> Result<Event> {
        loop {
            if let Some(event) = self.parser.event()? {
                return Ok(event);
            }
            match self.stream.read(&mut self.input) {
                Ok(0) => return self.parser.closed(),
                Ok(length) => {
                    self.parser.feed(&self.input[..length]);
                    if length == self.input.len() && length < LONGEST_READ {
                        self.input.resize(2 * length, 0);
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

#[cfg(test)]
mod tests;
