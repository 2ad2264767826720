//! One bell that can be set to one moment.

use std::os::fd::{AsFd, AsRawFd, RawFd};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use nix::sys::timerfd::{ClockId, Expiration, TimerFd, TimerFlags, TimerSetTimeFlags};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// Rings on the server's runtime at the moment that was set last.
///
/// It is a timerfd in the runtime's own epoll, because tokio's timer counts in milliseconds and rounds up (tokio-rs/tokio#5021).
pub(crate) struct Alarm(AsyncFd<Descriptor>);

/// One descriptor, open for as long as this lives: it is never changed and never taken apart.
struct Descriptor(TimerFd);

impl AsRawFd for Descriptor {
    fn as_raw_fd(&self) -> RawFd {
        self.0.as_fd().as_raw_fd()
    }
}

impl Alarm {
    /// Belongs to the runtime that it is called on.
    pub(crate) fn new() -> Result<Self> {
        let flags = TimerFlags::TFD_NONBLOCK | TimerFlags::TFD_CLOEXEC;
        let timer = TimerFd::new(ClockId::CLOCK_MONOTONIC, flags);
        let timer = timer.context("cannot open a timerfd")?;
        #[allow(
            deprecated,
            reason = "what replaces it is unsafe: it asks that the descriptor stays open and the same, as ours does"
        )]
        let timer = AsyncFd::with_interest(Descriptor(timer), Interest::READABLE);
        Ok(Alarm(timer.context("cannot watch a timerfd")?))
    }

    /// Replaces the moment at which it rings.
    pub(crate) fn set(&self, at: Instant) {
        // Counted from now because an `Instant` does not tell its origin; 0 would turn the timer off.
        let left = at.saturating_duration_since(Instant::now());
        let left = Expiration::OneShot(left.max(Duration::from_nanos(1)).into());
        let timer = &self.0.get_ref().0;
        timer
            .set(left, TimerSetTimeFlags::empty())
            .expect("a timerfd takes any time above 0");
    }

    /// Returns after it rang. It may ring early or once too often, so look at the clock.
    pub(crate) async fn rung(&self) {
        let ready = self.0.readable().await;
        // It is not read: a new moment clears it, and tokio's epoll reports each expiration once.
        ready.expect("the runtime outlives its tasks").clear_ready();
    }
}
