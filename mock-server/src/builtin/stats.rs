//! `/stats`: what was served since the last reset, as JSON.

use hyper::StatusCode;

use crate::epoch::Epoch;
use crate::respond::{self, Answer};

pub(super) fn answer(epoch: &Epoch) -> Answer {
    let stats = serde_json::to_vec(&epoch.stats()).expect("numbers always serialise");
    respond::whole(StatusCode::OK, "application/json", stats.into())
}
