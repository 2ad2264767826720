//! How a request becomes its answer: promised, held back, counted.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Instant;

use anyhow::Result;
use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use workloads::{Entry, Params, Witness};

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
}

type Answer = Response<Full<Bytes>>;

impl Service {
    pub(crate) fn new(workloads: Vec<Entry>, params: Params, timer: Timer) -> Result<Self> {
        let site = Site::new(&workloads, params)?;
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
    pub(crate) fn reset(&self, params: Params) -> Result<Witness> {
        let site = Site::new(&self.workloads, params)?;
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

    /// Answers one request; dropped when its client goes away.
    pub(crate) async fn answer<B>(&self, connection: &Connection, request: Request<B>) -> Answer {
        let arrived = Instant::now();
        if request.method() != Method::GET {
            return self.turn_away(StatusCode::METHOD_NOT_ALLOWED, "only GET is answered\n");
        }
        // With its query, which no workload knows so far: what is answered is exactly what was asked.
        let path = request
            .uri()
            .path_and_query()
            .map_or("", |path| path.as_str());
        match path {
            "/ready" => return text(StatusCode::OK, "ready\n"),
            "/stats" => return self.show_stats(),
            _ => {}
        }
        let Some(attempt) = attempt(&request) else {
            return self.turn_away(StatusCode::BAD_REQUEST, "x-attempt is no 32-bit number\n");
        };
        let epoch = self.epoch.borrow().clone();
        let Some(promise) = epoch.site.promise(path, attempt) else {
            return self.turn_away(StatusCode::NOT_FOUND, "no workload knows this path\n");
        };

        let first = connection.used_in.replace(epoch.number) != epoch.number;
        epoch.counters.borrow_mut().arrived(first);
        let _flight = Flight(&epoch.counters);
        let mut lateness = None;
        if !promise.delay.is_zero() {
            let deadline = arrived + promise.delay;
            self.timer.until(deadline).await;
            lateness = Some(deadline.elapsed());
        }
        let bytes = promise.body.len();
        epoch
            .counters
            .borrow_mut()
            .answered(promise.key, bytes, lateness);
        whole(StatusCode::OK, "application/octet-stream", promise.body)
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
struct Flight<'a>(&'a RefCell<Counters>);

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.0.borrow_mut().left();
    }
}

/// How often this request was sent before; `None` if it says so in a way that is no number.
fn attempt<B>(request: &Request<B>) -> Option<u32> {
    match request.headers().get("x-attempt") {
        None => Some(0),
        Some(value) => value.to_str().ok()?.parse().ok(),
    }
}

fn text(status: StatusCode, line: &'static str) -> Answer {
    whole(status, "text/plain", Bytes::from_static(line.as_bytes()))
}

fn whole(status: StatusCode, kind: &'static str, body: Bytes) -> Answer {
    let mut answer = Response::new(Full::new(body));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(ALLOW, HeaderValue::from_static("GET"));
    }
    answer
}
