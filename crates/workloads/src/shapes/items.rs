//! How many items a stream has.

use crate::Number;

/// Pieces of everything that arrives in pieces.
pub(crate) const ITEMS: Number = Number {
    name: "items",
    about: "items of each stream, each after a wait of its own",
    default: 10,
    min: 1,
    max: 100_000,
};
