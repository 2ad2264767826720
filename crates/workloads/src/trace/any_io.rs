//! Clients behind pointers.

use std::path::Path;
use std::pin::Pin;
use std::time::{Duration, Instant};

use anyhow::Result;
use bytes::Bytes;

use crate::{Io, Request, Response};

/// A future in a box.
pub(crate) type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

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
    fn wait<'a>(&'a self, what: Boxed<'a, ()>) -> Boxed<'a, ()>;
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

    fn wait<'a>(&'a self, what: Boxed<'a, ()>) -> Boxed<'a, ()> {
        Box::pin(Io::wait(self, what))
    }

    fn reenter(&self, duration: Duration) -> Result<()> {
        Io::reenter(self, duration)
    }
}
