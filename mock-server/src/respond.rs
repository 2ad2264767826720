//! Answers as HTTP has them.

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};

use crate::pieces::Pieces;

/// An answer, whole or piece by piece.
pub(crate) type Answer = Response<Either<Full<Bytes>, Pieces>>;

/// One line of text.
pub(crate) fn text(status: StatusCode, line: &'static str) -> Answer {
    whole(status, "text/plain", Bytes::from_static(line.as_bytes()))
}

/// A body that is complete.
pub(crate) fn whole(status: StatusCode, kind: &'static str, body: Bytes) -> Answer {
    let mut answer = Response::new(Either::Left(Full::new(body)));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(ALLOW, HeaderValue::from_static("GET"));
    }
    answer
}

/// A body that is still to come.
pub(crate) fn streamed(pieces: Pieces) -> Answer {
    Response::new(Either::Right(pieces))
}
