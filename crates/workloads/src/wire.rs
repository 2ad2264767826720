//! What goes over the wire: questions and answers.

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
    Pieces(Vec<(Duration, Bytes)>),
    /// Status 503: come back after so long.
    Unavailable(Duration),
    /// Nothing: the connection is reset.
    Reset,
}

impl Reply {
    /// Bytes of its body.
    pub fn len(&self) -> usize {
        match self {
            Reply::Body(body) => body.len(),
            Reply::Pieces(pieces) => pieces.iter().map(|(_, piece)| piece.len()).sum(),
            Reply::Unavailable(_) | Reply::Reset => 0,
        }
    }

    /// Whether it has no body.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
