//! HTTP/1.1 by hand, for rows whose sockets no HTTP library knows.
//!
//! `codec` makes and reads the bytes and does no input or output. `connection` exchanges them over a stream that blocks its caller.
//! Both do what makespan needs and no more: GET, and answers of any length. A line belongs here if HTTP defines what it does.

pub(crate) mod codec;
pub(crate) mod connection;
