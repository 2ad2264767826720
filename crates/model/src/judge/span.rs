//! Times in sentences.

use std::time::Duration;

/// Such as `1.2 s`, `600 ms` or `1.07 ms`.
pub(crate) fn span(time: Duration) -> String {
    let ns = time.as_nanos() as f64;
    let (size, unit) = match ns {
        ns if ns >= 1e9 => (1e9, "s"),
        ns if ns >= 1e6 => (1e6, "ms"),
        _ => (1e3, "us"),
    };
    // Three digits at most, and none that says nothing.
    let value = ns / size;
    let decimals = match value {
        value if value >= 100.0 => 0,
        value if value >= 10.0 => 1,
        _ => 2,
    };
    let text = format!("{value:.decimals$}");
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => &text,
    };
    format!("{text} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_has_three_digits_at_most() {
        for (micros, text) in [
            (600_000, "600 ms"),
            (1068, "1.07 ms"),
            (12_340, "12.3 ms"),
            (250, "250 us"),
            (1_200_000, "1.2 s"),
        ] {
            assert_eq!(span(Duration::from_micros(micros)), text);
        }
    }
}
