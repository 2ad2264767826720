//! Several runs side by side: comparisons of two, campaigns of many, and what others published.

pub(crate) mod comparison;
pub(crate) mod published;
pub(crate) mod reproduction;
pub(crate) mod trial;
