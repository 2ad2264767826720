//! Child processes that each do one unit at a time, for the strategy `processes`.
//!
//! `protocol` is what a child is asked and what it answers. `children` starts this executable again, in the role of a child. The code
//! of a child itself is in the crate `harness`, with the other roles.

pub(crate) mod children;
mod protocol;

pub use protocol::{FromChild, HIDDEN, ROLE, ToChild};
