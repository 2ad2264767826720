//! Bytes and numbers drawn from a seed: the same for the expectation, for the server and in every run.

use bytes::Bytes;

/// Mixes two words into one. The finaliser is SplitMix64's (Steele, Lea and Flood, OOPSLA 2014).
pub fn mix(a: u64, b: u64) -> u64 {
    let mut z = a.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ b.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The key of one attempt at one item of one endpoint. All randomness of a run is drawn from such keys, never from an order.
pub fn key(seed: u64, endpoint: &str, item: u64, attempt: u32) -> u64 {
    let endpoint = mix(seed, u64::from(crc32fast::hash(endpoint.as_bytes())));
    mix(mix(endpoint, item), u64::from(attempt))
}

/// `len` bytes that belong to `key`.
pub fn content(key: u64, len: usize) -> Bytes {
    let mut bytes = Vec::with_capacity(len.next_multiple_of(8));
    for index in 0..len.div_ceil(8) {
        bytes.extend_from_slice(&mix(key, index as u64).to_le_bytes());
    }
    bytes.truncate(len);
    bytes.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_differ_in_each_part() {
        let base = key(7, "get", 3, 0);
        for other in [
            key(8, "get", 3, 0),
            key(7, "pages", 3, 0),
            key(7, "get", 4, 0),
            key(7, "get", 3, 1),
        ] {
            assert_ne!(base, other);
        }
        assert_eq!(base, key(7, "get", 3, 0));
    }

    #[test]
    fn content_has_the_asked_length_and_shares_its_prefix() {
        assert_eq!(content(1, 0).len(), 0);
        assert_eq!(content(1, 13)[..], content(1, 100)[..13]);
        assert_ne!(content(1, 13), content(2, 13));
    }

    #[test]
    fn mix_spreads_neighbours_over_all_bits() {
        let ones: u32 = (0..1000)
            .map(|n| (mix(1, n) ^ mix(1, n + 1)).count_ones())
            .sum();
        assert!(
            (31_000..33_000).contains(&ones),
            "about half of 64 bits should flip each time, got {ones} of 64000"
        );
    }
}
