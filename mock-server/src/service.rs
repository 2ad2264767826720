//! How a request becomes its answer: promised, held back, counted.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Instant;

use hyper::header::CONNECTION;
use hyper::{Method, Request, StatusCode};
use workloads::{Entry, Params, Reply, Witness};

use crate::builtin;
use crate::counters::Counters;
use crate::epoch::{Connection, Epoch, Flight};
use crate::faults::{self, Reset};
use crate::pieces::Pieces;
use crate::respond::{self, Answer};
use crate::timer::Timer;

/// What all connections share. It stays on the server's thread.
pub(crate) struct Service {
    workloads: Vec<Entry>,
    timer: Rc<Timer>,
    epoch: RefCell<Rc<Epoch>>,
}

impl Service {
    pub(crate) fn new(
        workloads: Vec<Entry>,
        params: &Params,
        timer: Timer,
    ) -> anyhow::Result<Self> {
        let epoch = Epoch::first(&workloads, params)?;
        Ok(Service {
            workloads,
            timer: Rc::new(timer),
            epoch: RefCell::new(Rc::new(epoch)),
        })
    }

    /// What was counted since the last reset.
    pub(crate) fn stats(&self) -> Witness {
        self.epoch.borrow().stats()
    }

    /// Begins the next epoch and returns the counts of this one. An error changes nothing.
    pub(crate) fn reset(&self, params: &Params) -> anyhow::Result<Witness> {
        let mut epoch = self.epoch.borrow_mut();
        let stats = epoch.stats();
        *epoch = Rc::new(epoch.next(&self.workloads, params)?);
        Ok(stats)
    }

    /// Counts something that is no request for a known path.
    pub(crate) fn count(&self, event: impl FnOnce(&mut Counters)) {
        self.epoch.borrow().count(event);
    }

    /// Waits on the timer of all answers.
    pub(crate) async fn wait_until(&self, at: Instant) {
        self.timer.until(at).await;
    }

    /// Ends waits as they fall due, for ever.
    pub(crate) async fn drive(&self) {
        let due = |batch| self.count(|counters| counters.due(batch));
        self.timer.drive(due).await;
    }

    /// Answers one request; dropped when its client goes away. An error resets the connection.
    pub(crate) async fn answer<B>(
        self: Rc<Self>,
        connection: Rc<Connection>,
        request: Request<B>,
    ) -> Result<Answer, Reset> {
        let arrived = Instant::now();
        if request.method() != Method::GET {
            return Ok(self.turn_away(StatusCode::METHOD_NOT_ALLOWED, "only GET is answered\n"));
        }
        // With its query, which no workload knows so far: what is answered is exactly what was asked.
        let path = request
            .uri()
            .path_and_query()
            .map_or("", |path| path.as_str());
        let epoch = self.epoch.borrow().clone();
        if let Some(answer) = builtin::answer(path, &epoch) {
            return Ok(answer);
        }
        let Some(attempt) = attempt(&request) else {
            let why = "x-attempt is no 32-bit number\n";
            return Ok(self.turn_away(StatusCode::BAD_REQUEST, why));
        };
        let Some(promised) = epoch.promised(path, attempt) else {
            return Ok(self.turn_away(StatusCode::NOT_FOUND, "no workload knows this path\n"));
        };

        if is_last(&request) {
            connection.reset_at_end();
        }
        let flight = Flight::begin(epoch, &connection, arrived, &promised);
        let deadline = arrived + promised.delay;
        let mut lateness = None;
        if !promised.delay.is_zero() {
            self.timer.until(deadline).await;
            lateness = Some(deadline.elapsed());
        }
        let answer = match promised.reply {
            Reply::Pieces(pieces) => {
                let timer = self.timer.clone();
                let pieces = Pieces::new(timer, flight, pieces, deadline);
                return Ok(respond::streamed(pieces));
            }
            Reply::Body(body) => Ok(respond::whole(
                StatusCode::OK,
                "application/octet-stream",
                body,
            )),
            Reply::Unavailable(retry_after) => Ok(faults::unavailable(retry_after)),
            Reply::Reset => Err(faults::reset(&connection)),
        };
        flight.answered(lateness);
        answer
    }

    fn turn_away(&self, status: StatusCode, why: &'static str) -> Answer {
        self.count(Counters::turned_away);
        respond::text(status, why)
    }
}

/// Whether the client wants the connection closed after the answer.
fn is_last<B>(request: &Request<B>) -> bool {
    let value = request.headers().get(CONNECTION);
    value.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"close"))
}

/// How often this request was sent before; none if the header is no number.
fn attempt<B>(request: &Request<B>) -> Option<u32> {
    match request.headers().get("x-attempt") {
        None => Some(0),
        Some(value) => value.to_str().ok()?.parse().ok(),
    }
}

#[cfg(test)]
mod tests;
