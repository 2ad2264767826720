//! The bytes of requests and answers, without input or output.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use bytes::{Buf, Bytes, BytesMut};
use workloads::Request;

/// More headers than any answer of the mock server has.
const MOST_HEADERS: usize = 64;

/// The longest head, chunk size or trailer. A server that sends more would never stop.
const LONGEST_HEAD: usize = 64 * 1024;

/// Appends one GET to `into`.
///
/// # Errors
///
/// If the server could not tell the path from what follows it.
pub(crate) fn encode(into: &mut Vec<u8>, host: &str, request: &Request) -> Result<()> {
    let path = request.path.as_str();
    let printable = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
    ensure!(
        path.starts_with('/') && printable(path) && printable(host),
        "`{path}` on `{host}` cannot be sent"
    );
    for part in ["GET ", path, " HTTP/1.1\r\nhost: ", host, "\r\n"] {
        into.extend_from_slice(part.as_bytes());
    }
    if request.attempt > 0 {
        into.extend_from_slice(format!("x-attempt: {}\r\n", request.attempt).as_bytes());
    }
    if request.fresh {
        into.extend_from_slice(b"connection: close\r\n");
    }
    into.extend_from_slice(b"\r\n");
    Ok(())
}

/// The part of an answer before its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// HTTP status, but never 1xx: such a head only announces another.
    pub(crate) status: u16,
    /// How long to wait before another attempt: `retry-after-ms`, or else `retry-after` where that is in seconds.
    pub(crate) retry_after: Option<Duration>,
}

/// What [`Parser`] finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// The answer begins.
    Head(Head),
    /// A part of its body as it arrived, never empty.
    Piece(Bytes),
    /// The answer is complete.
    End,
}

/// Turns the bytes of a connection into answers, however they are cut.
#[derive(Debug)]
pub(crate) struct Parser {
    input: BytesMut,
    state: State,
    keeps: bool,
}

/// What is expected next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Head,
    /// So many more bytes of the body.
    Body(u64),
    ChunkSize,
    Chunk(u64),
    ChunkEnd,
    Trailers,
    /// The body ends with the connection.
    ToTheEnd,
    /// Nothing: the connection has ended, or it sent nonsense.
    Nothing,
}

impl Default for Parser {
    fn default() -> Self {
        Parser {
            input: BytesMut::new(),
            state: State::Head,
            keeps: true,
        }
    }
}

impl Parser {
    /// Adds what was received.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        self.input.extend_from_slice(bytes);
    }

    /// The next event in what was received; `None` if more bytes are needed.
    ///
    /// # Errors
    ///
    /// If the bytes are no HTTP/1 answer. Then the connection can take no other request.
    pub(crate) fn event(&mut self) -> Result<Option<Event>> {
        let event = self.advance();
        if event.is_err() {
            self.state = State::Nothing;
        }
        event
    }

    /// The event that follows when the other side closes: it ends a body without a length.
    ///
    /// # Errors
    ///
    /// If the answer was not complete.
    pub(crate) fn closed(&mut self) -> Result<Event> {
        match std::mem::replace(&mut self.state, State::Nothing) {
            State::ToTheEnd => Ok(self.end()),
            State::Head if self.input.is_empty() => {
                bail!("the server closed the connection before its answer")
            }
            _ => bail!("the server closed the connection within its answer"),
        }
    }

    /// Whether another request may be sent: the last answer is complete, nothing came after it, and the server keeps the connection.
    pub(crate) fn is_usable(&self) -> bool {
        self.state == State::Head && self.keeps && self.input.is_empty()
    }

    /// Whether the last answer is complete, or none has been asked for.
    pub(crate) fn is_between_answers(&self) -> bool {
        self.state == State::Head
    }

    fn advance(&mut self) -> Result<Option<Event>> {
        loop {
            match self.state {
                State::Head => {
                    let Some((length, head)) = self.head()? else {
                        return Ok(None);
                    };
                    self.input.advance(length);
                    // A head that only announces another is skipped.
                    if let Some(head) = head {
                        return Ok(Some(Event::Head(head)));
                    }
                }
                State::Body(0) => return Ok(Some(self.end())),
                State::Body(left) => return Ok(self.piece(left, State::Body)),
                State::ChunkSize => match self.chunk_size()? {
                    Some(0) => self.state = State::Trailers,
                    Some(size) => self.state = State::Chunk(size),
                    None => return Ok(None),
                },
                State::Chunk(0) => self.state = State::ChunkEnd,
                State::Chunk(left) => return Ok(self.piece(left, State::Chunk)),
                State::ChunkEnd => {
                    if self.input.len() < 2 {
                        return Ok(None);
                    }
                    ensure!(self.input.starts_with(b"\r\n"), "a chunk does not end");
                    self.input.advance(2);
                    self.state = State::ChunkSize;
                }
                State::Trailers => {
                    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
                    let parsed = httparse::parse_headers(&self.input, &mut headers)
                        .context("the trailers make no sense")?;
                    let httparse::Status::Complete((length, _)) = parsed else {
                        return self.wait();
                    };
                    self.input.advance(length);
                    return Ok(Some(self.end()));
                }
                State::ToTheEnd => return Ok(self.piece(u64::MAX, |_| State::ToTheEnd)),
                State::Nothing => bail!("the connection is of no further use"),
            }
        }
    }

    /// Reads a head and decides how its body ends. Returns the bytes it takes, and the head unless it only announces another.
    fn head(&mut self) -> Result<Option<(usize, Option<Head>)>> {
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut answer = httparse::Response::new(&mut headers);
        let parsed = answer
            .parse(&self.input)
            .context("the head of an answer makes no sense")?;
        let httparse::Status::Complete(length) = parsed else {
            self.wait()?;
            return Ok(None);
        };
        let status = answer.code.unwrap_or_default();
        ensure!((100..1000).contains(&status), "{status} is no status");
        if (100..200).contains(&status) {
            ensure!(status != 101, "the server switches to another protocol");
            return Ok(Some((length, None)));
        }
        let fields = Fields::of(answer.headers)?;
        self.keeps = match answer.version {
            Some(1) => !fields.close,
            _ => fields.keep_alive && !fields.close,
        };
        let empty = status == 204 || status == 304;
        self.state = match (fields.length, fields.chunked) {
            _ if empty => State::Body(0),
            (Some(_), true) => bail!("an answer has two lengths"),
            (Some(length), false) => State::Body(length),
            (None, true) => State::ChunkSize,
            (None, false) => State::ToTheEnd,
        };
        self.keeps &= self.state != State::ToTheEnd;
        let head = Head {
            status,
            retry_after: fields.retry_after_ms.or(fields.retry_after),
        };
        Ok(Some((length, Some(head))))
    }

    fn chunk_size(&mut self) -> Result<Option<u64>> {
        match self.input.first() {
            None => return Ok(None),
            Some(digit) => ensure!(digit.is_ascii_hexdigit(), "a chunk has no size"),
        }
        match httparse::parse_chunk_size(&self.input) {
            Ok(httparse::Status::Complete((length, size))) => {
                self.input.advance(length);
                Ok(Some(size))
            }
            Ok(httparse::Status::Partial) => {
                self.wait()?;
                Ok(None)
            }
            Err(_) => bail!("the size of a chunk makes no sense"),
        }
    }

    /// As much of the body as has been received.
    fn piece(&mut self, left: u64, then: fn(u64) -> State) -> Option<Event> {
        let there = self.input.len();
        let length = usize::try_from(left).map_or(there, |left| left.min(there));
        if length == 0 {
            return None;
        }
        self.state = then(left - length as u64);
        Some(Event::Piece(self.input.split_to(length).freeze()))
    }

    fn end(&mut self) -> Event {
        self.state = State::Head;
        Event::End
    }

    /// Says that more bytes are needed, unless there are already too many.
    fn wait(&self) -> Result<Option<Event>> {
        ensure!(
            self.input.len() < LONGEST_HEAD,
            "an answer has over {LONGEST_HEAD} bytes beside its body"
        );
        Ok(None)
    }
}

/// The headers that matter.
#[derive(Default)]
struct Fields {
    length: Option<u64>,
    chunked: bool,
    close: bool,
    keep_alive: bool,
    retry_after_ms: Option<Duration>,
    retry_after: Option<Duration>,
}

impl Fields {
    fn of(headers: &[httparse::Header<'_>]) -> Result<Self> {
        let mut fields = Fields::default();
        for header in headers {
            let is = |name: &str| header.name.eq_ignore_ascii_case(name);
            let value = header.value.trim_ascii();
            if is("content-length") {
                let length = number(value).context("the length of an answer is no number")?;
                ensure!(
                    fields.length.is_none_or(|other| other == length),
                    "an answer has two lengths"
                );
                fields.length = Some(length);
            } else if is("transfer-encoding") {
                ensure!(
                    value.eq_ignore_ascii_case(b"chunked") && !fields.chunked,
                    "an answer is encoded in a way that is not known"
                );
                fields.chunked = true;
            } else if is("connection") {
                for option in value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
                    fields.close |= option.eq_ignore_ascii_case(b"close");
                    fields.keep_alive |= option.eq_ignore_ascii_case(b"keep-alive");
                }
            } else if is("retry-after-ms") {
                fields.retry_after_ms = number(value).map(Duration::from_millis);
            } else if is("retry-after") {
                // The other form is a date. It is too coarse for a harness that waits by the millisecond.
                fields.retry_after = number(value).map(Duration::from_secs);
            }
        }
        Ok(fields)
    }
}

/// A number made of digits only. `parse` would accept a sign too.
fn number(text: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(text).ok()?;
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests;
