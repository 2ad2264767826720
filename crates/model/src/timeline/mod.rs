//! Timelines: what each unit of a traced run did, lane by lane and thread by thread.
//!
//! `lanes` lays out a trace of a [`Timeline`](crate::Timeline), and `gist` is what one sees in it.

mod gist;
mod lanes;

pub use gist::Gist;
pub use lanes::{Lane, Lanes, Span, SpanKind, lanes};
