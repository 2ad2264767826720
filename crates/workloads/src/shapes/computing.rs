//! Computing that no compiler shortens, and how much of it a unit does.

use crate::{Number, mix};

/// So many steps that each need the one before: no compiler and no processor does two at once. Never inlined: so that it is the same
/// code for every strategy, and where its speed is measured.
#[inline(never)]
pub fn computed(start: u64, rounds: u64) -> u64 {
    (0..rounds).fold(start, mix)
}

/// How much a unit computes. The largest is some minutes of it.
pub const ROUNDS: Number = Number {
    name: "rounds",
    about: "rounds of SplitMix64 that each unit computes, each from the one before",
    default: 100_000,
    min: 0,
    max: 100_000_000_000,
};
