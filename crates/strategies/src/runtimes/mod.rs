//! What runtimes bring: sockets, timers and files, behind one trait; and what several strategies on one runtime share.
//!
//! A line belongs here if it names a runtime and more than one strategy needs it. What one strategy alone needs is in its own file.

pub(crate) mod async_io;
#[cfg(any(feature = "monoio", feature = "glommio"))]
pub(crate) mod closing;
#[cfg(any(feature = "compio", feature = "monoio", feature = "glommio"))]
pub(crate) mod one_thread;
pub(crate) mod rayon;
mod runtime;
pub(crate) mod smol;
pub(crate) mod tokio;

pub use runtime::Runtime;
