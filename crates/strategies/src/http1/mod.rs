//! HTTP/1.1 by hand, for rows whose sockets no HTTP library knows.
//!
//! [`encode`] and [`Parser`] are the codec, which does no input or output; [`RawConnection`] is the exchange over anything that
//! blocks its caller, a thread or a coroutine. Both do what makespan needs and no more: GET, and answers of any length.

use std::io::{ErrorKind, Read, Write};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use bytes::{Buf, Bytes, BytesMut};
use workloads::{Request, Response};

/// More headers than any answer has that is meant for us.
const MOST_HEADERS: usize = 64;

/// No head, chunk size or trailer is longer; what is has no end.
const LONGEST_HEAD: usize = 64 * 1024;

/// What a connection reads at a time: at first, and at most, once a read has filled it.
const READ: usize = 8 * 1024;
const LONGEST_READ: usize = 256 * 1024;

/// Appends one GET to `into`.
///
/// # Errors
///
/// If the path could not be told from what follows it.
pub fn encode(into: &mut Vec<u8>, host: &str, request: &Request) -> Result<()> {
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
pub struct Head {
    /// HTTP status; never one of those that announce another.
    pub status: u16,
    /// Length of the body, where the server says it beforehand.
    pub length: Option<u64>,
    /// How long to wait before another attempt: `retry-after-ms`, or else `retry-after` where that is in seconds.
    pub retry_after: Option<Duration>,
}

/// What [`Parser`] finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The answer begins.
    Head(Head),
    /// A part of its body as it came, never empty.
    Piece(Bytes),
    /// The answer is complete.
    End,
}

/// Turns the bytes of a connection into answers, however they are cut.
#[derive(Debug)]
pub struct Parser {
    input: BytesMut,
    state: State,
    keeps: bool,
}

/// What is expected next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Head,
    /// So many bytes of the body, and no more.
    Body(u64),
    ChunkSize,
    Chunk(u64),
    ChunkEnd,
    Trailers,
    /// The body ends with the connection.
    ToTheEnd,
    /// Nothing: the connection has ended or made no sense.
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
    pub fn feed(&mut self, bytes: &[u8]) {
        self.input.extend_from_slice(bytes);
    }

    /// What is next in that which was fed; `None` if more is needed.
    ///
    /// # Errors
    ///
    /// If it is no HTTP/1 answer. The connection is then of no further use.
    pub fn event(&mut self) -> Result<Option<Event>> {
        let event = self.advance();
        if event.is_err() {
            self.state = State::Nothing;
        }
        event
    }

    /// To be called when the other side has closed: the end of a body that has no other.
    ///
    /// # Errors
    ///
    /// If it is not the end of anything.
    pub fn closed(&mut self) -> Result<Event> {
        match std::mem::replace(&mut self.state, State::Nothing) {
            State::ToTheEnd => Ok(self.end()),
            State::Head if self.input.is_empty() => {
                bail!("the server closed the connection before its answer")
            }
            _ => bail!("the server closed the connection within its answer"),
        }
    }

    /// Whether another request may be sent: the last answer is complete, nothing came behind it, and the server keeps listening.
    pub fn is_usable(&self) -> bool {
        self.state == State::Head && self.keeps && self.input.is_empty()
    }

    fn advance(&mut self) -> Result<Option<Event>> {
        loop {
            match self.state {
                State::Head => {
                    let Some((length, head)) = self.head()? else {
                        return Ok(None);
                    };
                    self.input.advance(length);
                    // One that only announces another is passed over.
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

    /// Reads a head and decides how its body ends. Returns its length in bytes, and nothing else if another head follows.
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
            length: if empty { Some(0) } else { fields.length },
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

    /// As much of the body as there is.
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

    /// More is needed of something that must end somewhere.
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
                // The other form is a date, which a harness that waits by the millisecond cannot use.
                fields.retry_after = number(value).map(Duration::from_secs);
            }
        }
        Ok(fields)
    }
}

/// A number of digits alone: `parse` would take a sign too.
fn number(text: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(text).ok()?;
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}

/// A connection that is read and written by calls that return when they are done.
#[derive(Debug)]
pub struct RawConnection<S> {
    stream: S,
    host: String,
    parser: Parser,
    request: Vec<u8>,
    input: Vec<u8>,
}

impl<S: Read + Write> RawConnection<S> {
    /// A connection over a stream to `host`.
    pub fn new(stream: S, host: &str) -> Self {
        RawConnection {
            stream,
            host: host.to_owned(),
            parser: Parser::default(),
            request: Vec::new(),
            input: vec![0; READ],
        }
    }

    /// Sends one request and reads the whole answer.
    pub fn get(&mut self, request: &Request) -> Result<Response> {
        let head = self.send(request)?;
        let mut body = self.piece()?.unwrap_or_default();
        if let Some(piece) = self.piece()? {
            // What is there and as much again, and no more on the word of a header.
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
    pub fn send(&mut self, request: &Request) -> Result<Head> {
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
    pub fn piece(&mut self) -> Result<Option<Bytes>> {
        if self.parser.state == State::Head {
            return Ok(None);
        }
        match self.event()? {
            Event::Piece(piece) => Ok(Some(piece)),
            Event::End => Ok(None),
            Event::Head(head) => bail!("an answer goes on with {head:?}"),
        }
    }

    /// Whether another request may be sent.
    pub fn is_usable(&self) -> bool {
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
mod tests {
    use super::*;

    const SIZED: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world";
    const CHUNKED: &[u8] = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\
        5;name=value\r\nhello\r\n06\r\n world\r\n0\r\nafter: all\r\n\r\n";
    const EMPTY: &[u8] = b"HTTP/1.1 204 No Content\r\nserver: none\r\n\r\n";
    const ANNOUNCED: &[u8] =
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    const TO_THE_END: &[u8] = b"HTTP/1.1 200 OK\r\nserver: none\r\n\r\nhello world";

    /// All that comes of these parts.
    fn parse(parts: &[&[u8]]) -> Result<(Head, Vec<u8>, Parser)> {
        let (mut parser, mut head, mut body) = (Parser::default(), None, Vec::new());
        let mut parts = parts.iter();
        loop {
            let event = match parser.event()? {
                Some(event) => event,
                None => match parts.next() {
                    Some(part) => {
                        parser.feed(part);
                        continue;
                    }
                    None => parser.closed()?,
                },
            };
            match event {
                Event::Head(one) => assert_eq!(head.replace(one), None),
                Event::Piece(piece) => {
                    assert!(!piece.is_empty());
                    body.extend_from_slice(&piece);
                }
                Event::End => return Ok((head.context("no head")?, body, parser)),
            }
        }
    }

    #[test]
    fn a_request_is_what_a_server_expects() {
        let mut bytes = Vec::new();
        encode(&mut bytes, "127.0.0.1:80", &Request::get("/get/1?a=b")).unwrap();
        let again = Request {
            path: "/get/2".to_owned(),
            attempt: 3,
            fresh: true,
        };
        encode(&mut bytes, "127.0.0.1:80", &again).unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "GET /get/1?a=b HTTP/1.1\r\nhost: 127.0.0.1:80\r\n\r\n\
             GET /get/2 HTTP/1.1\r\nhost: 127.0.0.1:80\r\nx-attempt: 3\r\nconnection: close\r\n\r\n"
        );
        for path in ["", "get", "/a b", "/a\r\nx: y", "/\u{e4}"] {
            let error = encode(&mut Vec::new(), "host", &Request::get(path)).unwrap_err();
            assert!(error.to_string().contains("cannot be sent"), "{error}");
        }
    }

    #[test]
    fn an_answer_is_the_same_wherever_it_is_cut() {
        for (text, status, length, body, usable) in [
            (SIZED, 200, Some(11), &b"hello world"[..], true),
            (CHUNKED, 200, None, b"hello world", true),
            (EMPTY, 204, Some(0), b"", true),
            (ANNOUNCED, 200, Some(0), b"", true),
            (TO_THE_END, 200, None, b"hello world", false),
        ] {
            let cut = |at: usize| vec![&text[..at], &text[at..]];
            let by_bytes = text.chunks(1).collect();
            for parts in (0..=text.len()).map(cut).chain([by_bytes]) {
                let (head, found, parser) = parse(&parts).unwrap();
                assert_eq!((head.status, head.length), (status, length));
                assert_eq!(found, body);
                assert_eq!(parser.is_usable(), usable, "{parts:?}");
            }
        }
    }

    #[test]
    fn an_answer_that_is_cut_short_is_an_error_and_never_a_shorter_answer() {
        for text in [SIZED, CHUNKED, EMPTY, ANNOUNCED] {
            for length in 0..text.len() {
                let error = parse(&[&text[..length]]).unwrap_err().to_string();
                assert!(error.contains("the server closed"), "{error}");
            }
        }
    }

    #[test]
    fn a_connection_stays_usable_as_its_server_says() {
        for (head, usable) in [
            ("HTTP/1.1 200 OK\r\n", true),
            ("HTTP/1.1 200 OK\r\nConnection: Close\r\n", false),
            ("HTTP/1.1 200 OK\r\nconnection: x, close\r\n", false),
            ("HTTP/1.0 200 OK\r\n", false),
            ("HTTP/1.0 200 OK\r\nconnection: Keep-Alive\r\n", true),
        ] {
            let text = format!("{head}content-length: 1\r\n\r\nx");
            let (_, _, parser) = parse(&[text.as_bytes()]).unwrap();
            assert_eq!(parser.is_usable(), usable, "{head}");
        }
        let (_, _, parser) = parse(&[SIZED, b"more"]).unwrap();
        assert!(parser.is_usable(), "what was not read is not known");
        let (_, _, parser) = parse(&[&[SIZED, b"more"].concat()]).unwrap();
        assert!(!parser.is_usable(), "nobody asked for more");
    }

    #[test]
    fn the_wait_before_another_attempt_is_found() {
        let wait = |headers: &str| {
            let text = format!("HTTP/1.1 503 \r\n{headers}content-length: 0\r\n\r\n");
            parse(&[text.as_bytes()]).unwrap().0.retry_after
        };
        let (short, long) = (Duration::from_millis(15), Duration::from_secs(2));
        assert_eq!(wait(""), None);
        assert_eq!(wait("Retry-After: 2\r\n"), Some(long));
        assert_eq!(
            wait("retry-after: 2\r\nretry-after-ms: 15\r\n"),
            Some(short)
        );
        assert_eq!(wait("retry-after: Fri, 31 Dec 1999 23:59:59 GMT\r\n"), None);
        assert_eq!(wait("retry-after: -1\r\nretry-after-ms: soon\r\n"), None);
    }

    #[test]
    fn bad_input_is_an_error_that_stays_and_never_a_panic() {
        let head = "HTTP/1.1 200 OK\r\n";
        let chunked = format!("{head}transfer-encoding: chunked\r\n\r\n");
        for text in [
            "\0\0\0\0".to_owned(),
            "GET / HTTP/1.1\r\n\r\n".to_owned(),
            "HTTP/2 200 OK\r\n\r\n".to_owned(),
            "HTTP/1.1 099 No\r\n\r\n".to_owned(),
            "HTTP/1.1 2000 No\r\n\r\n".to_owned(),
            "HTTP/1.1 101 Switching Protocols\r\n\r\n".to_owned(),
            format!("{head}a b: c\r\n\r\n"),
            format!("{head}content-length: -1\r\n\r\n"),
            format!("{head}content-length: +1\r\n\r\n"),
            format!("{head}content-length:\r\n\r\n"),
            format!("{head}content-length: 1, 1\r\n\r\n"),
            format!("{head}content-length: 18446744073709551616\r\n\r\n"),
            format!("{head}content-length: 1\r\ncontent-length: 2\r\n\r\n"),
            format!("{head}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n"),
            format!("{head}transfer-encoding: gzip, chunked\r\n\r\n"),
            format!("{chunked}\r\n"),
            format!("{chunked}x\r\n"),
            format!("{chunked}-1\r\n"),
            format!("{chunked}11111111111111111\r\n"),
            format!("{chunked}1\r\nab\r\n"),
            format!("{chunked}0\r\na b: c\r\n\r\n"),
            format!("{head}{}\r\n", "a: b\r\n".repeat(MOST_HEADERS + 1)),
            format!("{head}a: {}", "b".repeat(LONGEST_HEAD)),
            format!("{chunked}0;{}", "b".repeat(LONGEST_HEAD)),
            format!("{chunked}0\r\na: {}", "b".repeat(LONGEST_HEAD)),
        ] {
            let mut parser = Parser::default();
            let mut feed = |part: &[u8]| -> Result<()> {
                parser.feed(part);
                while parser.event()?.is_some() {}
                Ok(())
            };
            let start = &text[..text.len().min(80)];
            // In long ones nothing but the length is wrong, so that cutting them once is enough.
            let cuts: Vec<_> = text.as_bytes().chunks(text.len().div_ceil(100)).collect();
            let found = cuts.iter().map(|part| feed(part)).find_map(Result::err);
            let error = found.unwrap_or_else(|| panic!("nothing is wrong with {start:?}"));
            assert!(!error.to_string().contains("closed"), "{error}");
            assert!(!parser.is_usable());
            assert!(parser.event().is_err() && parser.closed().is_err());
        }
    }

    #[test]
    fn a_length_that_is_only_claimed_takes_no_memory() {
        let mut parser = Parser::default();
        parser.feed(b"HTTP/1.1 200 OK\r\ncontent-length: 18446744073709551615\r\n\r\nab");
        assert!(matches!(parser.event().unwrap(), Some(Event::Head(_))));
        assert_eq!(
            parser.event().unwrap(),
            Some(Event::Piece(Bytes::from_static(b"ab")))
        );
        assert_eq!(parser.event().unwrap(), None);
        assert!(parser.closed().is_err());
    }

    /// Says its lines by heart, so many bytes at a time.
    struct Actor {
        lines: std::io::Cursor<Vec<u8>>,
        at_a_time: usize,
        heard: Vec<Vec<u8>>,
    }

    impl Read for Actor {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let length = into.len().min(self.at_a_time);
            self.lines.read(&mut into[..length])
        }
    }

    impl Write for Actor {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.heard.push(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn an_exchange_is_one_write_and_as_many_reads_as_it_takes() {
        let long = vec![7; 3 * LONGEST_READ];
        let mut lines = [SIZED, CHUNKED, EMPTY].concat();
        lines.extend_from_slice(b"HTTP/1.1 200 OK\r\ncontent-length: 786432\r\n\r\n");
        lines.extend_from_slice(&long);
        // No read may bring more than one answer: the next one has not been asked for.
        for at_a_time in [1, SIZED.len()] {
            let actor = Actor {
                lines: std::io::Cursor::new(match at_a_time {
                    1 => lines.clone(),
                    _ => SIZED.repeat(4),
                }),
                at_a_time,
                heard: Vec::new(),
            };
            let mut connection = RawConnection::new(actor, "host");
            for number in 0..4 {
                let answer = connection.get(&Request::get("/path")).unwrap();
                let expected: (u16, &[u8]) = match (at_a_time, number) {
                    (1, 2) => (204, b""),
                    (1, 3) => (200, &long),
                    _ => (200, b"hello world"),
                };
                assert_eq!((answer.status, &answer.body[..]), expected);
            }
            assert_eq!(connection.stream.heard.len(), 4);
            let error = connection
                .get(&Request::get("/path"))
                .unwrap_err()
                .to_string();
            assert_eq!(error, "the server closed the connection before its answer");
            assert!(!connection.is_usable());
            let error = connection
                .get(&Request::get("/path"))
                .unwrap_err()
                .to_string();
            assert_eq!(error, "the connection is of no further use");
        }
    }

    #[test]
    fn an_answer_that_ends_with_its_connection_is_whole_and_the_last() {
        for (lines, body) in [
            (TO_THE_END, &b"hello world"[..]),
            (&TO_THE_END[..TO_THE_END.len() - 11], b""),
        ] {
            let actor = Actor {
                lines: std::io::Cursor::new(lines.to_vec()),
                at_a_time: 10,
                heard: Vec::new(),
            };
            let mut connection = RawConnection::new(actor, "host");
            assert_eq!(connection.get(&Request::get("/path")).unwrap().body, body);
            assert_eq!(connection.piece().unwrap(), None);
            assert!(!connection.is_usable());
        }
    }
}
