//! What the runtimes share that live on one thread and use io_uring.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use anyhow::{Context as _, Result};
use hyper::rt::{Read, ReadBufCursor, Write};
use io_uring::IoUring;
use send_wrapper::SendWrapper;

/// A stream that never leaves its thread, with the type of one that could. Another thread that touches it panics.
pub(crate) struct Local<T>(SendWrapper<T>);

impl<T> Local<T> {
    pub(crate) fn new(stream: T) -> Self {
        Local(SendWrapper::new(stream))
    }
}

impl<T: Unpin> Local<T> {
    fn stream(self: Pin<&mut Self>) -> Pin<&mut T> {
        Pin::new(&mut self.get_mut().0)
    }
}

impl<T: Read + Unpin> Read for Local<T> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        self.stream().poll_read(context, into)
    }
}

impl<T: Write + Unpin> Write for Local<T> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.stream().poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.stream().poll_write_vectored(context, parts)
    }
}

/// Whether the kernel gives this process a ring at all.
pub(crate) fn ring() -> io::Result<()> {
    IoUring::new(1).map(drop)
}

/// Refuses to go on without io_uring, because some libraries panic without it.
pub(crate) fn io_uring(since: &'static str) -> Result<()> {
    ring().with_context(|| {
        format!(
            "io_uring is not available; it needs Linux {since} or later, \
             kernel.io_uring_disabled = 0 and a container that allows it"
        )
    })
}
