//! The proof that the work was done: a count and an order-free digest.

use std::ops::{Add, AddAssign};

use serde::{Deserialize, Serialize};

use crate::mix;

/// How much was produced, and a digest of it that does not depend on the order.
///
/// A piece contributes `mix(key, crc32(bytes))`. Contributions are added modulo 2^64, so they can be summed in any order and in any
/// number of places. The digest guards against mistakes, not against forgery.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// Pieces counted.
    pub count: u64,
    /// Wrapping sum of their contributions.
    pub digest: u64,
}

impl Tally {
    /// The tally of one piece: which one it is, and what it holds.
    pub fn of(key: u64, bytes: &[u8]) -> Self {
        Tally::of_digest(key, crc32fast::hash(bytes))
    }

    /// The tally of a piece that was never in memory as a whole, from its CRC-32.
    pub fn of_digest(key: u64, crc32: u32) -> Self {
        Tally {
            count: 1,
            digest: mix(key, u64::from(crc32)),
        }
    }
}

impl Add for Tally {
    type Output = Tally;

    fn add(self, other: Tally) -> Tally {
        Tally {
            count: self.count + other.count,
            digest: self.digest.wrapping_add(other.digest),
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        *self = *self + other;
    }
}

impl std::iter::Sum for Tally {
    fn sum<I: Iterator<Item = Tally>>(pieces: I) -> Tally {
        pieces.fold(Tally::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_does_not_matter_but_content_and_owner_do() {
        let (a, b) = (Tally::of(1, b"one"), Tally::of(2, b"two"));
        assert_eq!(a + b, b + a);
        assert_ne!(a + b, Tally::of(1, b"two") + Tally::of(2, b"one"));
        assert_ne!(a + a, a + b);
    }
}
