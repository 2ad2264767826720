//! Numbers as people read them.

use indicatif::HumanCount;
use report::duration;

/// A whole number, with commas between thousands.
pub(super) fn count(number: u64) -> String {
    HumanCount(number).to_string()
}

/// A duration without trailing zeros, which would promise more digits than it has.
pub(super) fn round(nanoseconds: u64) -> String {
    let text = duration(nanoseconds);
    match text.split_once(' ') {
        Some((number, unit)) if number.contains('.') => {
            let number = number.trim_end_matches('0').trim_end_matches('.');
            format!("{number} {unit}")
        }
        _ => text,
    }
}

/// A share in percent.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let percent = 100.0 * share(part, whole);
    match percent {
        0.0..10.0 => format!("{percent:.1} %"),
        _ => format!("{percent:.0} %"),
    }
}

/// A part of a whole; 0 where the whole is 0.
pub(super) fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLISECOND: u64 = 1_000_000;
    const SECOND: u64 = 1000 * MILLISECOND;

    #[test]
    fn numbers_are_written_for_people() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1_048_576, "1,048,576"),
        ] {
            assert_eq!(count(number), text);
        }
        assert_eq!(percent(1, 3), "33 %");
        assert_eq!(percent(1, 60), "1.7 %");
        assert_eq!(percent(0, 0), "0.0 %");
        for (nanoseconds, text) in [
            (20 * MILLISECOND, "20 ms"),
            (SECOND, "1 s"),
            (300_000, "300 us"),
            (7, "7 ns"),
        ] {
            assert_eq!(round(nanoseconds), text);
        }
    }
}
