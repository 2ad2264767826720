//! An event loop by hand over epoll, for the strategy `epoll`.
//!
//! `kernel` asks Linux, `executor` turns the loop and polls tasks, `connection` is a socket that never blocks, and `io` is the client
//! over them. A line belongs here if only this loop needs it: runtimes of libraries are in `runtimes`.

mod connection;
mod executor;
pub(crate) mod io;
mod kernel;
