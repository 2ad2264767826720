//! Pictures: marks at places, and how they become SVG.
//!
//! A `mark` is a line, a box, a dot, a path or a text. A `scale` maps numbers to places and knows where ticks belong. `metrics` knows how wide
//! a text is, so that nothing overlaps. `svg` writes it all down.

mod mark;
mod metrics;
mod scale;
mod svg;

pub(crate) use mark::{Anchor, Ink, Mark, Scene};
pub(crate) use metrics::{shortened, width, width_bold, wrapped, wrapped_bold};
pub(crate) use scale::Scale;
pub(crate) use svg::{escape, plain, svg};
