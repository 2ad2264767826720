//! A body that arrives piece by piece.

use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use bytes::Bytes;
use hyper::body::{Body, Frame};
use workloads::Pieces as Promised;

use crate::epoch::Flight;
use crate::timer::Timer;

/// The body: the pieces that are still to come, each with the wait before it. It is one answer, and ready with its last piece. A piece is made when
/// the one before it has gone, so a client that reads nothing holds little memory.
pub(crate) struct Pieces {
    timer: Rc<Timer>,
    flight: Flight,
    promised: Promised,
    /// How many pieces were made.
    made: u64,
    /// When the piece before it was due; at first, when the head of the answer was.
    due: Instant,
    next: Option<Next>,
}

/// The piece that is being waited for. The wait owns its share of the timer, hence the box.
struct Next {
    wait: Pin<Box<dyn Future<Output = ()>>>,
    piece: Bytes,
}

impl Pieces {
    /// The first piece is due its own wait after `start`.
    pub(crate) fn new(
        timer: Rc<Timer>,
        flight: Flight,
        promised: Promised,
        start: Instant,
    ) -> Self {
        let mut pieces = Pieces {
            timer,
            flight,
            promised,
            made: 0,
            due: start,
            next: None,
        };
        pieces.advance();
        pieces
    }

    fn advance(&mut self) {
        let number = Some(self.made).filter(|made| *made < self.promised.count());
        self.next = number.map(|number| {
            let (wait, piece) = self.promised.piece(number);
            self.made += 1;
            self.due += wait;
            let (timer, due) = (Rc::clone(&self.timer), self.due);
            let wait = Box::pin(async move {
                if !wait.is_zero() {
                    timer.until(due).await;
                }
            });
            Next { wait, piece }
        });
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let Some(next) = &mut self.next else {
            return Poll::Ready(None);
        };
        ready!(next.wait.as_mut().poll(context));
        let piece = std::mem::take(&mut next.piece);
        let late = self.due.elapsed();
        self.advance();
        if self.next.is_none() {
            self.flight.answered(Some(late));
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }
}
