//! One bell that can be set to one moment: all that differs between operating systems.

use std::time::Instant;

/// Rings on the server's runtime at the moment that was set last.
pub(crate) trait Alarm {
    /// Replaces the moment at which it rings.
    fn set(&self, at: Instant);

    /// Returns after it rang. It may ring early or once too often, so look at the clock.
    async fn rung(&self);
}

#[cfg(target_os = "linux")]
pub(crate) use descriptor::DescriptorAlarm as SystemAlarm;
#[cfg(not(target_os = "linux"))]
pub(crate) use thread::ThreadAlarm as SystemAlarm;

/// A timerfd in the runtime's own epoll: tokio's own timer counts in milliseconds and rounds up (tokio-rs/tokio#5021).
#[cfg(target_os = "linux")]
mod descriptor {
    use std::os::fd::{AsFd, AsRawFd, RawFd};
    use std::time::{Duration, Instant};

    use anyhow::{Context, Result};
    use nix::sys::timerfd::{ClockId, Expiration, TimerFd, TimerFlags, TimerSetTimeFlags};
    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    pub(crate) struct DescriptorAlarm(AsyncFd<Descriptor>);

    /// Never changed and never taken apart, so it is one open descriptor for as long as it lives.
    struct Descriptor(TimerFd);

    impl AsRawFd for Descriptor {
        fn as_raw_fd(&self) -> RawFd {
            self.0.as_fd().as_raw_fd()
        }
    }

    impl DescriptorAlarm {
        /// Belongs to the runtime that it is called on.
        pub(crate) fn new() -> Result<Self> {
            let flags = TimerFlags::TFD_NONBLOCK | TimerFlags::TFD_CLOEXEC;
            let timer = TimerFd::new(ClockId::CLOCK_MONOTONIC, flags);
            let timer = timer.context("cannot open a timerfd")?;
            #[expect(
                deprecated,
                reason = "what replaces it is unsafe: it asks that the descriptor stays open and the same, as ours does"
            )]
            let timer = AsyncFd::with_interest(Descriptor(timer), Interest::READABLE);
            Ok(DescriptorAlarm(timer.context("cannot watch a timerfd")?))
        }
    }

    impl super::Alarm for DescriptorAlarm {
        fn set(&self, at: Instant) {
            // Counted from now because an `Instant` does not tell its origin; 0 would turn the timer off.
            let left = at.saturating_duration_since(Instant::now());
            let left = Expiration::OneShot(left.max(Duration::from_nanos(1)).into());
            let timer = &self.0.get_ref().0;
            timer
                .set(left, TimerSetTimeFlags::empty())
                .expect("a timerfd takes any time above 0");
        }

        async fn rung(&self) {
            let ready = self.0.readable().await;
            // Not read: setting it again clears it, and tokio's epoll reports each expiration once.
            ready.expect("the runtime outlives its tasks").clear_ready();
        }
    }
}

/// A thread that sleeps in the alarm's place, for systems without timerfd.
#[cfg(any(test, not(target_os = "linux")))]
mod thread {
    use std::sync::{Arc, Condvar, Mutex};
    use std::thread::{self, JoinHandle};
    use std::time::Instant;

    use anyhow::{Context, Result};
    use tokio::sync::Notify;

    pub(crate) struct ThreadAlarm {
        shared: Arc<Shared>,
        thread: Option<JoinHandle<()>>,
    }

    struct Shared {
        state: Mutex<State>,
        changed: Condvar,
        bell: Notify,
    }

    #[derive(Clone, Copy)]
    enum State {
        Unset,
        Set(Instant),
        Dropped,
    }

    impl ThreadAlarm {
        pub(crate) fn new() -> Result<Self> {
            let shared = Arc::new(Shared {
                state: Mutex::new(State::Unset),
                changed: Condvar::new(),
                bell: Notify::new(),
            });
            let ringer = shared.clone();
            let thread = thread::Builder::new()
                .name("alarm".to_owned())
                .spawn(move || ringer.ring())
                .context("cannot start the alarm's thread")?;
            Ok(ThreadAlarm {
                shared,
                thread: Some(thread),
            })
        }
    }

    impl Shared {
        fn change(&self, to: State) {
            *self.state.lock().expect(UNPOISONED) = to;
            self.changed.notify_one();
        }

        fn ring(&self) {
            let mut state = self.state.lock().expect(UNPOISONED);
            loop {
                let now = *state;
                state = match now {
                    State::Dropped => return,
                    State::Unset => self.changed.wait(state).expect(UNPOISONED),
                    State::Set(at) => {
                        let left = at.saturating_duration_since(Instant::now());
                        if left.is_zero() {
                            self.bell.notify_one();
                            *state = State::Unset;
                            continue;
                        }
                        let waited = self.changed.wait_timeout(state, left);
                        waited.expect(UNPOISONED).0
                    }
                };
            }
        }
    }

    const UNPOISONED: &str = "nobody panics while holding the state";

    impl super::Alarm for ThreadAlarm {
        fn set(&self, at: Instant) {
            self.shared.change(State::Set(at));
        }

        async fn rung(&self) {
            self.shared.bell.notified().await;
        }
    }

    impl Drop for ThreadAlarm {
        fn drop(&mut self) {
            self.shared.change(State::Dropped);
            if let Some(thread) = self.thread.take() {
                thread.join().expect("the alarm's thread never panics");
            }
        }
    }
}

// By its own name, so that it is tested on every system.
#[cfg(test)]
pub(crate) use thread::ThreadAlarm;
