//! Promised failures: what the server does instead of answering well.
//!
//! To add one: give [`Reply`](workloads::Reply) a variant, write its function here, and call it where `service` matches a reply.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use hyper::StatusCode;
use hyper::header::{HeaderValue, RETRY_AFTER};

use crate::epoch::Connection;
use crate::respond::{self, Answer};

/// 503 with the time to wait. `retry-after` has whole seconds (RFC 9110), rounded up; `retry-after-ms` is what some services
/// send beside it.
pub(crate) fn unavailable(retry_after: Duration) -> Answer {
    let mut answer = respond::text(StatusCode::SERVICE_UNAVAILABLE, "come back later\n");
    let millis = retry_after.as_millis();
    let headers = answer.headers_mut();
    headers.insert(RETRY_AFTER, HeaderValue::from(millis.div_ceil(1000) as u64));
    headers.insert("retry-after-ms", HeaderValue::from(millis as u64));
    answer
}

/// The connection ends with a TCP reset and without an answer.
pub(crate) fn reset(connection: &Connection) -> Reset {
    connection.reset_at_end();
    Reset
}

/// The error that makes hyper give a connection up.
#[derive(Debug)]
pub(crate) struct Reset;

impl fmt::Display for Reset {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("reset, as promised")
    }
}

impl Error for Reset {}
