//! What goes over the wire: questions and answers.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;

/// One GET to the mock server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Path from the root, such as `/get/17`.
    pub path: String,
    /// How often it was sent before. It is the header `x-attempt`, unless it is 0.
    pub attempt: u32,
    /// Whether it needs a connection of its own, which is closed after it.
    pub fresh: bool,
}

impl Request {
    /// The first attempt, on any connection.
    pub fn get(path: impl Into<String>) -> Self {
        Request {
            path: path.into(),
            attempt: 0,
            fresh: false,
        }
    }
}

/// One answer, read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// How long to wait before another attempt, if the server says so.
    pub retry_after: Option<Duration>,
    /// The whole body.
    pub body: Bytes,
}

impl Response {
    /// The body of a 200; anything else is an error that names the status and `path`.
    pub fn ok(self, path: &str) -> Result<Bytes> {
        ok(self.status, path)?;
        Ok(self.body)
    }
}

/// Refuses any status but 200, with the path.
pub fn ok(status: u16, path: &str) -> Result<()> {
    anyhow::ensure!(
        status == 200,
        "GET {path} was answered with status {status}"
    );
    Ok(())
}

/// One answer of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The id of this attempt at this item; no other has it.
    pub key: u64,
    /// How long the server holds the head of the answer back. A pure function, so it is the same for every client.
    pub delay: Duration,
    /// What the server sends then.
    pub reply: Reply,
}

/// What the server sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Status 200 with this body.
    Body(Bytes),
    /// Status 200 and the body piece by piece, each after a wait of its own.
    Pieces(Pieces),
    /// Status 503: come back after so long.
    Unavailable(Duration),
    /// Nothing: the connection is reset.
    Reset,
}

/// A body that is made while it is sent, so that a large one takes no memory.
#[derive(Clone)]
pub struct Pieces {
    count: u64,
    bytes_each: usize,
    make: Arc<dyn Fn(u64) -> (Duration, Bytes) + Send + Sync>,
}

impl Pieces {
    /// So many pieces of so many bytes. `make` gives each by its number, with the wait before it.
    pub fn new(
        count: u64,
        bytes_each: usize,
        make: impl Fn(u64) -> (Duration, Bytes) + Send + Sync + 'static,
    ) -> Self {
        Pieces {
            count,
            bytes_each,
            make: Arc::new(make),
        }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The piece of that number, with the wait before it.
    pub fn piece(&self, number: u64) -> (Duration, Bytes) {
        (self.make)(number)
    }

    /// Bytes of all of them.
    fn len(&self) -> usize {
        usize::try_from(self.count).unwrap_or(usize::MAX) * self.bytes_each
    }
}

impl fmt::Debug for Pieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} pieces of {} bytes", self.count, self.bytes_each)
    }
}

/// By all of their pieces.
impl PartialEq for Pieces {
    fn eq(&self, other: &Self) -> bool {
        (self.count, self.bytes_each) == (other.count, other.bytes_each)
            && (0..self.count).all(|number| self.piece(number) == other.piece(number))
    }
}

impl Eq for Pieces {}

impl Reply {
    /// Bytes of its body.
    pub fn len(&self) -> usize {
        match self {
            Reply::Body(body) => body.len(),
            Reply::Pieces(pieces) => pieces.len(),
            Reply::Unavailable(_) | Reply::Reset => 0,
        }
    }

    /// Whether it has no body.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
