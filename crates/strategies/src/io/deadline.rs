//! A request that is given up at a deadline.

use std::pin::pin;
use std::time::Instant;

use anyhow::Result;
use futures_util::future::{Either, select};
use workloads::{Io, Request, Response};

/// Waits for the answer until `deadline`, and then drops the request. A dropped request takes its connection along, so the server
/// learns of it.
pub(crate) async fn fetch_or_drop<I: Io>(
    io: &I,
    request: Request,
    deadline: Instant,
) -> Result<Option<Response>> {
    let fetch = pin!(io.fetch(request));
    let sleep = pin!(io.sleep_until(deadline));
    match select(fetch, sleep).await {
        Either::Left((answer, _)) => answer.map(Some),
        Either::Right(((), _)) => Ok(None),
    }
}
