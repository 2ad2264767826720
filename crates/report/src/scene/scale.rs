//! From numbers to places.

/// Maps a range of numbers to a range of places.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
    log: bool,
}

impl Scale {
    /// A scale from 0, or from a little below the smallest value.
    pub(crate) fn linear(low: f64, high: f64, from: f64, to: f64) -> Scale {
        let high = if high > low { high } else { low + 1.0 };
        Scale {
            low,
            high,
            from,
            to,
            log: false,
        }
    }

    /// A logarithmic scale. Both ends are above 0.
    pub(crate) fn log(low: f64, high: f64, from: f64, to: f64) -> Scale {
        let low = low.max(f64::MIN_POSITIVE);
        let high = if high > low { high } else { low * 2.0 };
        Scale {
            low: low.ln(),
            high: high.ln(),
            from,
            to,
            log: true,
        }
    }

    /// Whether it is logarithmic.
    pub(crate) fn is_log(&self) -> bool {
        self.log
    }

    /// The place of a number. One beyond the ends is at the end.
    pub(crate) fn place(&self, value: f64) -> f64 {
        let value = match self.log {
            true => value.max(f64::MIN_POSITIVE).ln(),
            false => value,
        };
        let share = (value - self.low) / (self.high - self.low);
        self.from + share.clamp(0.0, 1.0) * (self.to - self.from)
    }

    /// Round numbers inside the range, about as many as asked for.
    pub(crate) fn ticks(&self, about: usize) -> Vec<f64> {
        match self.log {
            true => log_ticks(self.low.exp(), self.high.exp(), about),
            false => linear_ticks(self.low, self.high, about),
        }
    }
}

fn linear_ticks(low: f64, high: f64, about: usize) -> Vec<f64> {
    let rough = (high - low) / about.max(1) as f64;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|it| it * power)
        .find(|step| *step >= rough);
    let step = step.unwrap_or(rough);
    let first = (low / step).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    (first..=last).map(|index| index as f64 * step).collect()
}

fn log_ticks(low: f64, high: f64, about: usize) -> Vec<f64> {
    let powers = low.log10().floor() as i32..=high.log10().ceil() as i32;
    // The densest of these that is not too dense.
    let choices: [&[f64]; 4] = [
        &[1.0, 1.5, 2.0, 3.0, 5.0, 7.0],
        &[1.0, 2.0, 5.0],
        &[1.0, 3.0],
        &[1.0],
    ];
    let of = |choice: &[f64]| -> Vec<f64> {
        let all = powers
            .clone()
            .flat_map(|power| choice.iter().map(move |it| it * 10f64.powi(power)));
        all.filter(|it| *it >= low * 0.999 && *it <= high * 1.001)
            .collect()
    };
    let fitting = choices
        .iter()
        .map(|choice| of(choice))
        .find(|ticks| ticks.len() <= about + 1);
    match fitting {
        Some(ticks) if ticks.len() >= 2 => ticks,
        // A range of less than one step has round numbers as on a linear scale.
        Some(_) => linear_ticks(low, high, about),
        None => {
            let all = of(&[1.0]);
            let every = all.len().div_ceil(about.max(1));
            all.into_iter().step_by(every).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(
            Scale::linear(0.0, 100.0, 0.0, 1.0).ticks(5),
            [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]
        );
        assert_eq!(
            Scale::log(1.0, 1000.0, 0.0, 1.0).ticks(4),
            [1.0, 10.0, 100.0, 1000.0]
        );
        for (low, high) in [(0.97, 1.08), (3.0, 4.0), (1e6, 4e9), (20.0, 55.0)] {
            let ticks = Scale::log(low, high, 0.0, 1.0).ticks(6);
            assert!(
                ticks.len() >= 2 && ticks.len() <= 12,
                "{low} {high}: {ticks:?}"
            );
            assert!(
                ticks
                    .iter()
                    .all(|it| *it >= low * 0.99 && *it <= high * 1.01)
            );
        }
    }

    #[test]
    fn places_are_in_order_and_never_outside() {
        for scale in [
            Scale::linear(0.0, 10.0, 100.0, 300.0),
            Scale::log(1.0, 10.0, 100.0, 300.0),
        ] {
            assert_eq!(
                (scale.place(0.0), scale.place(10.0), scale.place(1e9)),
                (100.0, 300.0, 300.0)
            );
            assert!(scale.place(3.0) < scale.place(4.0));
        }
        assert!(Scale::linear(5.0, 5.0, 0.0, 1.0).place(5.0).is_finite());
        assert!(Scale::log(0.0, 0.0, 0.0, 1.0).place(5.0).is_finite());
    }
}
