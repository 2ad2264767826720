//! Workloads and clients behind pointers.

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use bytes::Bytes;

use crate::trace::observed::Observed;
use crate::{Done, Ended, Histogram, Io, Outline, Request, Response, Unit, Work};

/// A future in a box.
pub(crate) type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

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

/// Any [`Io`].
pub(crate) trait AnyIo: Send + Sync {
    fn sleep_until(&self, at: Instant) -> Boxed<'_, ()>;
    fn fetch(&self, request: Request) -> Boxed<'_, Result<Response>>;
    fn stream<'a>(
        &'a self,
        request: Request,
        piece: &'a mut (dyn FnMut(&[u8]) + Send),
    ) -> Boxed<'a, Result<u16>>;
    fn read<'a>(&'a self, path: &'a Path) -> Boxed<'a, Result<Bytes>>;
    fn fetch_all(&self, requests: Vec<Request>) -> Boxed<'_, Result<Vec<Response>>>;
    fn fetch_by(&self, request: Request, deadline: Instant) -> Boxed<'_, Result<Option<Response>>>;
    fn reenter(&self, duration: Duration) -> Result<()>;
}

impl<I: Io> AnyIo for I {
    fn sleep_until(&self, at: Instant) -> Boxed<'_, ()> {
        Box::pin(Io::sleep_until(self, at))
    }

    fn fetch(&self, request: Request) -> Boxed<'_, Result<Response>> {
        Box::pin(Io::fetch(self, request))
    }

    fn stream<'a>(
        &'a self,
        request: Request,
        piece: &'a mut (dyn FnMut(&[u8]) + Send),
    ) -> Boxed<'a, Result<u16>> {
        Box::pin(Io::stream(self, request, piece))
    }

    fn read<'a>(&'a self, path: &'a Path) -> Boxed<'a, Result<Bytes>> {
        Box::pin(Io::read(self, path))
    }

    fn fetch_all(&self, requests: Vec<Request>) -> Boxed<'_, Result<Vec<Response>>> {
        Box::pin(Io::fetch_all(self, requests))
    }

    fn fetch_by(&self, request: Request, deadline: Instant) -> Boxed<'_, Result<Option<Response>>> {
        Box::pin(Io::fetch_by(self, request, deadline))
    }

    fn reenter(&self, duration: Duration) -> Result<()> {
        Io::reenter(self, duration)
    }
}
