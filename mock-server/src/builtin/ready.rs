//! `/ready`: the server answers.

use hyper::StatusCode;

use crate::epoch::Epoch;
use crate::respond::{self, Answer};

pub(super) fn answer(_: &Epoch) -> Answer {
    respond::text(StatusCode::OK, "ready\n")
}
