//! A place for one message, which one unit waits for.

use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use anyhow::{Context, Result};

/// Holds one message at most. One unit waits for it at a time.
#[derive(Debug, Default)]
pub(crate) struct Mailbox(Mutex<Content>);

#[derive(Debug, Default)]
struct Content {
    message: Option<u64>,
    waiting: Option<Waker>,
}

impl Mailbox {
    /// Puts a message in and wakes who waits for it.
    pub(crate) fn put(&self, message: u64) {
        let waiting = {
            let mut content = self.lock();
            content.message = Some(message);
            content.waiting.take()
        };
        // Without the lock, so that who wakes need not wait for it.
        if let Some(waiting) = waiting {
            waiting.wake();
        }
    }

    /// Ends when there is a message.
    pub(crate) fn filled(&self) -> impl Future<Output = ()> + Send {
        poll_fn(|context| {
            let mut content = self.lock();
            if content.message.is_some() {
                return Poll::Ready(());
            }
            match &mut content.waiting {
                Some(waiting) => waiting.clone_from(context.waker()),
                none => *none = Some(context.waker().clone()),
            }
            Poll::Pending
        })
    }

    /// Takes the message out.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub(crate) fn take(&self) -> Result<u64> {
        self.lock().message.take().context("there is no message")
    }

    fn lock(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context as Waiting, Wake};

    use super::*;

    struct Counted(AtomicUsize);

    impl Wake for Counted {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn a_message_wakes_who_waits_and_is_taken_once() {
        let counted = Arc::new(Counted(AtomicUsize::new(0)));
        let waker = Waker::from(Arc::clone(&counted));
        let mailbox = Mailbox::default();
        assert!(mailbox.take().is_err());
        {
            let mut filled = pin!(mailbox.filled());
            let mut waiting = Waiting::from_waker(&waker);
            assert!(filled.as_mut().poll(&mut waiting).is_pending());
            mailbox.put(7);
            assert_eq!(counted.0.load(Ordering::Relaxed), 1);
            assert!(filled.as_mut().poll(&mut waiting).is_ready());
        }
        assert_eq!(mailbox.take().unwrap(), 7);
        assert!(mailbox.take().is_err());
        // Nobody waits, so nobody is woken.
        mailbox.put(8);
        assert_eq!(counted.0.load(Ordering::Relaxed), 1);
    }
}
