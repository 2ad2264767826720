//! A history: where it is kept, in a file or in a file on a branch of its own, and its lines.

mod branch;
mod file;
mod lines;
mod place;

pub(crate) use place::{Place, PlaceArguments};
