//! Any workload with a recorder around it.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use anyhow::Result;
use bytes::Bytes;

use crate::trace::any_work::AnyWork;
use crate::trace::book::{Book, Page};
use crate::trace::observed::Observed;
use crate::trace::record::Trace;
use crate::{
    Answer, Done, Ended, Facts, Histogram, Io, Means, Outline, Params, Tally, Unit, Work, Workload,
};

/// Any workload, each of whose runs leaves a [`Trace`].
#[derive(Clone)]
pub struct Traced {
    work: Arc<dyn AnyWork>,
    make: fn(&Params) -> Result<Traced>,
    book: Arc<Book>,
}

impl Traced {
    /// The workload `W` with these sizes.
    pub(crate) fn new<W: Workload>(params: &Params) -> Result<Traced> {
        Ok(Traced {
            work: Arc::new(W::new(params)?),
            make: Traced::new::<W>,
            book: Book::open(),
        })
    }

    /// The same workload with other sizes.
    ///
    /// # Errors
    ///
    /// If it refuses the sizes.
    pub fn with(&self, params: &Params) -> Result<Traced> {
        (self.make)(params)
    }
}

impl Work for Traced {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        let page = Page::begin(&self.book, unit);
        let io = Observed { io, page: &page };
        let step = self.work.step(&io, unit);
        let outcome = Watched { page: &page, step }.await;
        if outcome.is_ok() {
            page.done();
        }
        outcome
    }

    fn begin(&self) -> Self {
        Traced {
            work: self.work.begin(),
            make: self.make,
            book: Book::open(),
        }
    }

    fn due(&self, unit: Unit) -> Option<Instant> {
        self.work.due(unit)
    }

    fn latencies(&self) -> Option<Histogram> {
        self.work.latencies()
    }

    fn verdict(&self, ended: &Ended) -> String {
        self.work.verdict(ended)
    }

    fn trace(&self) -> Option<Trace> {
        Some(self.book.trace())
    }
}

/// The body of a unit, each of whose polls is written down.
struct Watched<'a, F> {
    page: &'a Page,
    step: F,
}

impl<F: Future + Unpin> Future for Watched<'_, F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let Watched { page, step } = &mut *self;
        page.polled(|| pin!(step).poll(context))
    }
}

impl Outline for Traced {
    fn facts(&self) -> &'static Facts {
        self.work.facts()
    }

    fn params(&self) -> &Params {
        self.work.params()
    }

    fn expected(&self) -> Tally {
        self.work.expected()
    }

    fn units(&self) -> u64 {
        self.work.units()
    }

    fn total_units(&self) -> u64 {
        self.work.total_units()
    }

    fn steps(&self) -> u64 {
        self.work.steps()
    }

    fn widest(&self) -> u64 {
        self.work.widest()
    }

    fn together(&self) -> u64 {
        self.work.together()
    }

    fn requests(&self) -> u64 {
        self.work.requests()
    }

    fn answered(&self) -> u64 {
        self.work.answered()
    }

    fn inner(&self) -> u64 {
        self.work.inner()
    }

    fn floor(&self, means: Means) -> Option<Duration> {
        self.work.floor(means)
    }

    fn answer(&self, path: &str, attempt: u32) -> Option<Answer> {
        self.work.answer(path, attempt)
    }

    fn files(&self) -> Vec<(String, Bytes)> {
        self.work.files()
    }
}
