//! A body that arrives piece by piece.

use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};
use std::vec;

use bytes::Bytes;
use hyper::body::{Body, Frame};

use crate::epoch::Flight;
use crate::timer::Timer;

/// The body: the pieces that are still to come, each with the wait before it. It is one answer, and ready with its last piece.
pub(crate) struct Pieces {
    timer: Rc<Timer>,
    flight: Flight,
    rest: vec::IntoIter<(Duration, Bytes)>,
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
        pieces: Vec<(Duration, Bytes)>,
        start: Instant,
    ) -> Self {
        let mut pieces = Pieces {
            timer,
            flight,
            rest: pieces.into_iter(),
            due: start,
            next: None,
        };
        pieces.advance();
        pieces
    }

    fn advance(&mut self) {
        self.next = self.rest.next().map(|(wait, piece)| {
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
