//! The client of a traced unit: that of the strategy, with a page on which every call is written down.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use bytes::Bytes;

use crate::trace::any_io::AnyIo;
use crate::trace::book::Page;
use crate::{Io, Request, Response};

/// The client of one traced unit.
pub(crate) struct Observed<'a> {
    pub(crate) io: &'a dyn AnyIo,
    pub(crate) page: &'a Page,
}

impl Io for Observed<'_> {
    async fn sleep_until(&self, at: Instant) {
        let call = self.io.sleep_until(at);
        self.page.waited("sleep".to_owned(), call).await;
    }

    async fn fetch(&self, request: Request) -> Result<Response> {
        let what = request.path.clone();
        self.page.waited(what, self.io.fetch(request)).await
    }

    async fn stream(&self, request: Request, mut piece: impl FnMut(&[u8]) + Send) -> Result<u16> {
        let what = request.path.clone();
        let call = self.io.stream(request, &mut piece);
        self.page.waited(what, call).await
    }

    async fn read(&self, path: &Path) -> Result<Bytes> {
        let name = path.file_name().unwrap_or(path.as_os_str());
        let what = format!("file {}", name.to_string_lossy());
        self.page.waited(what, self.io.read(path)).await
    }

    async fn fetch_all(&self, requests: Vec<Request>) -> Result<Vec<Response>> {
        let what = format!("{} requests", requests.len());
        self.page.waited(what, self.io.fetch_all(requests)).await
    }

    async fn fetch_by(&self, request: Request, deadline: Instant) -> Result<Option<Response>> {
        let what = request.path.clone();
        let call = self.io.fetch_by(request, deadline);
        self.page.waited(what, call).await
    }

    async fn wait(&self, what: impl Future<Output = ()> + Send) {
        let call = self.io.wait(Box::pin(what));
        self.page.waited("message".to_owned(), call).await;
    }

    fn reenter(&self, duration: Duration) -> Result<()> {
        self.io.reenter(duration)
    }
}
