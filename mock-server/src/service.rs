//! How a request becomes its answer: promised, held back, counted.

use std::cell::{Cell, RefCell};
use std::error::Error;
use std::fmt;
use std::rc::Rc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::header::{ALLOW, CONNECTION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use hyper::{Method, Request, Response, StatusCode};
use workloads::{Entry, Params, Reply, Witness};

use crate::pieces::Pieces;
use crate::site::Site;
use crate::stats::Counters;
use crate::timer::Timer;

/// What all connections share; it stays on the server's thread.
pub(crate) struct Service {
    workloads: Vec<Entry>,
    pub(crate) timer: Timer,
    epoch: RefCell<Rc<Epoch>>,
}

/// The time between two resets. A request keeps the one it arrived in, so it cannot touch the counters of the next.
struct Epoch {
    /// From 1.
    number: u64,
    site: Site,
    counters: RefCell<Counters>,
}

/// One client's connection.
#[derive(Default)]
pub(crate) struct Connection {
    /// The last epoch in which it brought a request for a known path; 0 before the first.
    used_in: Cell<u64>,
    /// Whether it ends with a reset: because that was promised, or because the client wanted it closed behind the answer and no
    /// port may be left in TIME_WAIT.
    resets: Cell<bool>,
}

impl Connection {
    /// Whether it is to be reset when it ends.
    pub(crate) fn resets(&self) -> bool {
        self.resets.get()
    }
}

type Answer = Response<Either<Full<Bytes>, Pieces>>;

/// The promised end of a connection without an answer.
#[derive(Debug)]
pub(crate) struct Reset;

impl fmt::Display for Reset {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("reset, as promised")
    }
}

impl Error for Reset {}

impl Service {
    pub(crate) fn new(workloads: Vec<Entry>, params: Params, timer: Timer) -> anyhow::Result<Self> {
        let site = Site::new(&workloads, &params)?;
        let epoch = Epoch {
            number: 1,
            counters: RefCell::new(Counters::begin(None, site.requests())),
            site,
        };
        Ok(Service {
            workloads,
            timer,
            epoch: RefCell::new(Rc::new(epoch)),
        })
    }

    /// What was counted since the last reset.
    pub(crate) fn stats(&self) -> Witness {
        self.epoch.borrow().counters.borrow().stats()
    }

    /// Begins the next epoch and returns the counts of this one; an error changes nothing.
    pub(crate) fn reset(&self, params: Params) -> anyhow::Result<Witness> {
        let site = Site::new(&self.workloads, &params)?;
        let mut epoch = self.epoch.borrow_mut();
        let stats = epoch.counters.borrow().stats();
        let counters = Counters::begin(Some(&mut epoch.counters.borrow_mut()), site.requests());
        *epoch = Rc::new(Epoch {
            number: epoch.number + 1,
            site,
            counters: RefCell::new(counters),
        });
        Ok(stats)
    }

    /// Counts something that is no request.
    pub(crate) fn count(&self, event: impl FnOnce(&mut Counters)) {
        event(&mut self.epoch.borrow().counters.borrow_mut());
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
        match path {
            "/ready" => return Ok(text(StatusCode::OK, "ready\n")),
            "/stats" => return Ok(self.show_stats()),
            _ => {}
        }
        let Some(attempt) = attempt(&request) else {
            let why = "x-attempt is no 32-bit number\n";
            return Ok(self.turn_away(StatusCode::BAD_REQUEST, why));
        };
        let epoch = self.epoch.borrow().clone();
        let Some(promised) = epoch.site.answer(path, attempt) else {
            return Ok(self.turn_away(StatusCode::NOT_FOUND, "no workload knows this path\n"));
        };

        let first = connection.used_in.replace(epoch.number) != epoch.number;
        epoch.counters.borrow_mut().arrived(first);
        connection.resets.set(is_last(&request));
        let flight = Flight {
            epoch,
            arrived,
            key: promised.key,
            bytes: promised.reply.len(),
        };
        let mut lateness = None;
        if !promised.delay.is_zero() {
            let deadline = arrived + promised.delay;
            self.timer.until(deadline).await;
            lateness = Some(deadline.elapsed());
        }
        match promised.reply {
            Reply::Pieces(pieces) => {
                let pieces = Pieces::new(self, flight, pieces, arrived + promised.delay);
                Ok(Response::new(Either::Right(pieces)))
            }
            Reply::Body(body) => {
                flight.answered(lateness);
                Ok(whole(StatusCode::OK, "application/octet-stream", body))
            }
            Reply::Unavailable(retry_after) => {
                flight.answered(lateness);
                Ok(unavailable(retry_after))
            }
            Reply::Reset => {
                flight.answered(lateness);
                connection.resets.set(true);
                Err(Reset)
            }
        }
    }

    fn turn_away(&self, status: StatusCode, why: &'static str) -> Answer {
        self.count(Counters::turned_away);
        text(status, why)
    }

    fn show_stats(&self) -> Answer {
        let stats = serde_json::to_vec(&self.stats()).expect("numbers always serialise");
        whole(StatusCode::OK, "application/json", stats.into())
    }
}

/// A request in flight, until it is dropped.
pub(crate) struct Flight {
    epoch: Rc<Epoch>,
    arrived: Instant,
    key: u64,
    bytes: usize,
}

impl Flight {
    /// All of its answer is ready, so long after the deadline if there was one.
    pub(crate) fn answered(&self, lateness: Option<Duration>) {
        let mut counters = self.epoch.counters.borrow_mut();
        counters.answered(self.key, self.bytes, lateness);
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.epoch
            .counters
            .borrow_mut()
            .left(self.arrived.elapsed());
    }
}

/// Whether the client wants the connection closed behind the answer.
fn is_last<B>(request: &Request<B>) -> bool {
    let value = request.headers().get(CONNECTION);
    value.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"close"))
}

/// How often this request was sent before; `None` if it says so in a way that is no number.
fn attempt<B>(request: &Request<B>) -> Option<u32> {
    match request.headers().get("x-attempt") {
        None => Some(0),
        Some(value) => value.to_str().ok()?.parse().ok(),
    }
}

/// 503 with the time to wait: in whole seconds as RFC 9110 has it, rounded up, and to the millisecond as some services send it.
fn unavailable(retry_after: Duration) -> Answer {
    let mut answer = text(StatusCode::SERVICE_UNAVAILABLE, "come back later\n");
    let millis = retry_after.as_millis();
    let headers = answer.headers_mut();
    headers.insert(RETRY_AFTER, HeaderValue::from(millis.div_ceil(1000) as u64));
    headers.insert("retry-after-ms", HeaderValue::from(millis as u64));
    answer
}

fn text(status: StatusCode, line: &'static str) -> Answer {
    whole(status, "text/plain", Bytes::from_static(line.as_bytes()))
}

fn whole(status: StatusCode, kind: &'static str, body: Bytes) -> Answer {
    let mut answer = Response::new(Either::Left(Full::new(body)));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(ALLOW, HeaderValue::from_static("GET"));
    }
    answer
}
