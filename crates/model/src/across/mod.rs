//! Several runs side by side: comparisons of two, campaigns of many.

pub(crate) mod comparison;
pub(crate) mod trial;
