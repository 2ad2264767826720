//! Workloads behind pointers.

use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;

use crate::trace::any_io::Boxed;
use crate::trace::observed::Observed;
use crate::{Done, Ended, Histogram, Outline, Unit, Work};

/// Any [`Work`], whose body runs over an [`Observed`] client.
pub(crate) trait AnyWork: Outline + Send + Sync {
    fn step<'a>(&'a self, io: &'a Observed<'a>, unit: Unit) -> Boxed<'a, Result<Done>>;
    fn begin(&self) -> Arc<dyn AnyWork>;
    fn due(&self, unit: Unit) -> Option<Instant>;
    fn latencies(&self) -> Option<Histogram>;
    fn verdict(&self, ended: &Ended) -> String;
}

impl<W: Work> AnyWork for W {
    fn step<'a>(&'a self, io: &'a Observed<'a>, unit: Unit) -> Boxed<'a, Result<Done>> {
        Box::pin(Work::step(self, io, unit))
    }

    fn begin(&self) -> Arc<dyn AnyWork> {
        Arc::new(Work::begin(self))
    }

    fn due(&self, unit: Unit) -> Option<Instant> {
        Work::due(self, unit)
    }

    fn latencies(&self) -> Option<Histogram> {
        Work::latencies(self)
    }

    fn verdict(&self, ended: &Ended) -> String {
        Work::verdict(self, ended)
    }
}
