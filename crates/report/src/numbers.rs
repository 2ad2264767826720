//! How numbers are rounded for people: three significant digits, with a unit. No other file rounds.

/// A duration such as `41.2 ms`.
pub fn duration(nanoseconds: u64) -> String {
    unit(nanoseconds).map_or(format!("{nanoseconds} ns"), |(size, unit)| {
        format!("{} {unit}", digits(nanoseconds as f64 / size))
    })
}

/// A duration that is a round number, without zeros that say nothing, such as `50 ms`.
pub(crate) fn round_duration(nanoseconds: u64) -> String {
    let text = duration(nanoseconds);
    match text.split_once(' ') {
        _ if nanoseconds == 0 => "0".to_owned(),
        Some((number, unit)) => format!("{} {unit}", without_zeros(number)),
        None => text,
    }
}

/// An amount of memory that is a round number, likewise.
pub(crate) fn round_bytes(amount: u64) -> String {
    let text = bytes(amount);
    match text.split_once(' ') {
        _ if amount == 0 => "0".to_owned(),
        Some((number, unit)) => format!("{} {unit}", without_zeros(number)),
        None => text,
    }
}

/// A round number, likewise.
pub(crate) fn round_digits(value: f64) -> String {
    without_zeros(&digits(value)).to_owned()
}

fn without_zeros(number: &str) -> &str {
    match number.contains('.') {
        true => number.trim_end_matches('0').trim_end_matches('.'),
        false => number,
    }
}

/// A duration with its deviation in the same unit, such as `41.2 +- 0.310 ms`.
pub(crate) fn deviating(nanoseconds: u64, deviation: u64) -> String {
    let (size, unit) = unit(nanoseconds).unwrap_or((1.0, "ns"));
    let of_unit = |value: u64| digits(value as f64 / size);
    format!("{} +- {} {unit}", of_unit(nanoseconds), of_unit(deviation))
}

/// A duration with its interval in the same unit, such as `41.2 (41.0-41.5) ms`, or a dash where there is none.
pub(crate) fn within(nanoseconds: u64, interval: Option<(u64, u64)>) -> String {
    let Some((low, high)) = interval else {
        return format!("{} -", duration(nanoseconds));
    };
    let (size, unit) = unit(nanoseconds).unwrap_or((1.0, "ns"));
    let of_unit = |value: u64| digits(value as f64 / size);
    let (value, low, high) = (of_unit(nanoseconds), of_unit(low), of_unit(high));
    format!("{value} ({low}-{high}) {unit}")
}

/// The same in a sentence, where a dash would be a riddle.
pub(crate) fn within_or_alone(nanoseconds: u64, interval: Option<(u64, u64)>) -> String {
    match interval {
        Some(_) => within(nanoseconds, interval),
        None => format!("{} (no interval)", duration(nanoseconds)),
    }
}

/// The largest unit that a duration fills. 999.5 ms would be written as 1000 ms, so the next unit begins a little earlier.
fn unit(nanoseconds: u64) -> Option<(f64, &'static str)> {
    let units = [(1e9, "s"), (1e6, "ms"), (1e3, "us")];
    let fills = |(size, _): &(f64, _)| nanoseconds as f64 >= size * 0.9995;
    units.into_iter().find(fills)
}

/// An amount of memory such as `1.25 MiB`.
pub(crate) fn bytes(bytes: u64) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    let fills = |(power, _): &(u32, _)| bytes as f64 >= f64::from(1u32 << power) * 0.9995;
    units
        .into_iter()
        .find(fills)
        .map_or(format!("{bytes} B"), |(power, unit)| {
            format!("{} {unit}", digits(bytes as f64 / f64::from(1u32 << power)))
        })
}

/// A ratio with a mark behind its estimate and its interval, such as `1.99x (1.98-2.01)`, or a dash where there is none.
pub(crate) fn ratio_within(mark: &str, estimate: f64, interval: Option<(f64, f64)>) -> String {
    let estimate = digits(estimate);
    match interval {
        Some(ends) => format!("{estimate}{mark} {}", between(ends)),
        None => format!("{estimate}{mark} -"),
    }
}

/// Both ends of an interval of a ratio, such as `(0.959-0.976)`.
pub(crate) fn between((low, high): (f64, f64)) -> String {
    format!("({}-{})", digits(low), digits(high))
}

/// How many times something is as large as something else, such as `1.08x`.
pub(crate) fn times(ratio: f64) -> String {
    format!("{}x", digits(ratio))
}

/// A share of 1 with its interval, such as `0.31% (0.10%-0.52%)`.
pub(crate) fn share_within(share: f64, (low, high): (f64, f64)) -> String {
    format!("{} ({}-{})", percent(share), percent(low), percent(high))
}

/// A p-value, such as `p = 0.042`.
pub(crate) fn p_value(p: f64) -> String {
    match p {
        p if p < 0.001 => "p < 0.001".to_owned(),
        p => format!("p = {p:.3}"),
    }
}

/// A number near 0, such as `1.2e-4`.
pub(crate) fn small(value: f64) -> String {
    match value {
        0.0 => "0".to_owned(),
        _ => format!("{value:.1e}"),
    }
}

/// A number without its fraction.
pub(crate) fn whole(value: f64) -> String {
    format!("{value:.0}")
}

/// A whole number with its thousands set apart, any other with three digits.
pub(crate) fn size(value: f64) -> String {
    if value.fract() != 0.0 || value.abs() >= 1e15 {
        return digits(value);
    }
    let digits = whole(value);
    let from_the_end = digits.chars().rev().enumerate();
    let set_apart = from_the_end.flat_map(|(index, digit)| {
        let comma = (index > 0 && index % 3 == 0 && digit.is_ascii_digit()).then_some(',');
        comma.into_iter().chain([digit])
    });
    set_apart.collect::<Vec<_>>().into_iter().rev().collect()
}

/// A share of 1 as a percentage with two digits, such as `0.31%`.
pub(crate) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    let decimals = match percent.abs() {
        0.0 => 0,
        small if small < 0.1 => 3,
        small if small < 1.0 => 2,
        middle if middle < 10.0 => 1,
        _ => 0,
    };
    format!("{percent:.decimals$}%")
}

/// A positive number with three significant digits, without an exponent.
pub(crate) fn digits(value: f64) -> String {
    if value <= 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let before_point = value.log10().floor() as i32 + 1;
    let rounds_up = format!("{value:.*}", decimals(before_point))
        .parse::<f64>()
        .is_ok_and(|r| r >= 10f64.powi(before_point));
    format!("{value:.*}", decimals(before_point + i32::from(rounds_up)))
}

fn decimals(before_point: i32) -> usize {
    usize::try_from(3 - before_point).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_and_a_unit() {
        for (nanoseconds, text) in [
            (0, "0 ns"),
            (999, "999 ns"),
            (1_000, "1.00 us"),
            (41_249_000, "41.2 ms"),
            (999_400_000, "999 ms"),
            (999_600_000, "1.00 s"),
            (1_206_000_000, "1.21 s"),
            (75_000_000_000, "75.0 s"),
        ] {
            assert_eq!(duration(nanoseconds), text);
        }
    }

    #[test]
    fn a_deviation_has_the_unit_of_what_it_belongs_to() {
        assert_eq!(deviating(124_000_000, 319_000), "124 +- 0.319 ms");
        assert_eq!(deviating(612_000_000, 0), "612 +- 0 ms");
        assert_eq!(deviating(900, 20), "900 +- 20.0 ns");
    }

    #[test]
    fn memory_and_shares_have_units() {
        for (value, text) in [
            (0, "0 B"),
            (1000, "1000 B"),
            (1536, "1.50 KiB"),
            (5 << 20, "5.00 MiB"),
        ] {
            assert_eq!(bytes(value), text);
        }
        let round = [0, 512, 4096, 1536].map(round_bytes);
        assert_eq!(round, ["0", "512 B", "4 KiB", "1.5 KiB"]);
        for (share, text) in [
            (0.0, "0%"),
            (0.0004, "0.040%"),
            (0.0031, "0.31%"),
            (0.031, "3.1%"),
            (1.2, "120%"),
        ] {
            assert_eq!(percent(share), text);
        }
    }

    #[test]
    fn an_interval_has_the_unit_of_what_it_belongs_to() {
        let interval = Some((40_951_000, 41_549_000));
        assert_eq!(within(41_249_000, interval), "41.2 (41.0-41.5) ms");
        assert_eq!(within(41_249_000, None), "41.2 ms -");
        assert_eq!(within_or_alone(41_249_000, None), "41.2 ms (no interval)");
        let interval = Some((980_000, 1_210_000_000));
        assert_eq!(within(1_000_000, interval), "1.00 (0.980-1210) ms");
    }

    #[test]
    fn ratios_keep_three_digits_at_any_size() {
        for (value, text) in [
            (0.034_21, "0.0342"),
            (0.099_96, "0.100"),
            (1.0, "1.00"),
            (9.999, "10.0"),
            (29.27, "29.3"),
            (1234.5, "1234"),
        ] {
            assert_eq!(digits(value), text);
        }
    }

    #[test]
    fn sizes_and_p_values_are_short() {
        for (value, text) in [
            (0.0, "0"),
            (999.0, "999"),
            (1_000.0, "1,000"),
            (1_234_567.0, "1,234,567"),
            (0.5, "0.500"),
        ] {
            assert_eq!(size(value), text);
        }
        assert_eq!(p_value(0.000_9), "p < 0.001");
        assert_eq!(p_value(0.042_1), "p = 0.042");
        assert_eq!((small(0.0), small(0.000_12)), ("0".into(), "1.2e-4".into()));
    }
}
