//! Computing that no compiler shortens, and how much of it a unit does.

use crate::{Number, mix};

/// Computes so many steps. Each needs the one before, so no compiler and no processor does two at once. It is never inlined, so that
/// every strategy, and the measurement of its speed, runs the same code.
#[inline(never)]
pub fn computed(start: u64, rounds: u64) -> u64 {
    (0..rounds).fold(start, mix)
}

/// How much a unit computes. The largest value is some minutes of computing.
pub const ROUNDS: Number = Number {
    name: "rounds",
    about: "rounds of SplitMix64 that each unit computes, each from the one before",
    default: 100_000,
    min: 0,
    max: 100_000_000_000,
};
