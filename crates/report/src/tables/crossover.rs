//! How a row and the reference stand over a sweep. The sentence says no more than the verdicts do.

use model::{Crossover, Place, Standing, VerdictKind};

use crate::numbers::{between, size};

/// The sentence, with the sizes at which it holds.
pub(crate) fn sentence(crossover: &Crossover, parameter: &str) -> String {
    let (row, reference) = (&crossover.strategy, &crossover.reference);
    match (crossover.place, crossover.between) {
        (Place::AlwaysFaster, _) => format!("{row} is ahead of {reference} at every {parameter}"),
        (Place::AlwaysSlower, _) => format!("{row} is behind {reference} at every {parameter}"),
        (Place::NotToldApart, _) => {
            format!("{row} and {reference} are not told apart at any {parameter}")
        }
        (Place::BecomesFaster, Some(sizes)) => {
            format!(
                "{row} overtakes {reference} between {}",
                sizes_between(parameter, sizes)
            )
        }
        (Place::BecomesSlower, Some(sizes)) => {
            format!(
                "{row} falls behind {reference} between {}",
                sizes_between(parameter, sizes)
            )
        }
        _ => format!(
            "{row} against {reference}: {}",
            runs(&crossover.points, parameter)
        ),
    }
}

fn sizes_between(parameter: &str, (low, high): (f64, f64)) -> String {
    format!("{parameter} = {} and {}", size(low), size(high))
}

/// Neighbouring sizes at which the same can be said.
fn runs(points: &[Standing], parameter: &str) -> String {
    let runs = points.chunk_by(|a, b| word(a) == word(b)).enumerate();
    let run = |(index, run): (usize, &[Standing])| {
        let name = if index == 0 {
            format!("{parameter} = ")
        } else {
            String::new()
        };
        let sizes: Vec<String> = run.iter().map(|it| size(it.value)).collect();
        let interval = match run {
            [one] => interval(one),
            _ => String::new(),
        };
        format!(
            "{} at {name}{}{interval}",
            word(&run[0]),
            sizes.join(" and ")
        )
    };
    runs.map(run).collect::<Vec<_>>().join(", ")
}

fn word(standing: &Standing) -> &'static str {
    match standing.verdict.kind {
        VerdictKind::Faster => "ahead",
        VerdictKind::Slower => "behind",
        VerdictKind::Same | VerdictKind::Unclear => "not told apart",
    }
}

fn interval(standing: &Standing) -> String {
    let ends = standing.ratio.low.zip(standing.ratio.high);
    ends.map_or_else(String::new, |ends| format!(" {}", between(ends)))
}

#[cfg(test)]
mod tests {
    use model::{Ratio, Verdict};

    use super::*;

    fn point(value: f64, kind: VerdictKind) -> Standing {
        Standing {
            value,
            ratio: Ratio {
                estimate: 0.967,
                low: Some(0.959),
                high: Some(0.976),
                reference: model::Row::plain("threads"),
                pairs: 25,
            },
            verdict: Verdict {
                kind,
                p: 0.001,
                missed_below: None,
            },
        }
    }

    fn said(place: Place, between: Option<(f64, f64)>, points: Vec<Standing>) -> String {
        let crossover = Crossover {
            strategy: "tokio".into(),
            reference: model::Row::plain("threads"),
            place,
            between,
            points,
        };
        sentence(&crossover, "rounds")
    }

    #[test]
    fn what_is_not_told_apart_is_called_so() {
        assert_eq!(
            said(Place::NotToldApart, None, vec![]),
            "tokio and threads are not told apart at any rounds"
        );
    }

    #[test]
    fn places_are_changed_between_two_sizes_and_at_none() {
        let between = Some((10_000.0, 100_000.0));
        assert_eq!(
            said(Place::BecomesSlower, between, vec![]),
            "tokio falls behind threads between rounds = 10,000 and 100,000"
        );
    }

    #[test]
    fn what_is_known_at_some_sizes_is_said_of_those() {
        use VerdictKind::{Faster, Same, Unclear};
        let points = vec![point(0.0, Faster), point(500_000.0, Same)];
        assert_eq!(
            said(Place::Mixed, None, points),
            "tokio against threads: ahead at rounds = 0 (0.959-0.976), not told apart at 500,000 (0.959-0.976)"
        );
        let points = vec![
            point(0.5, Unclear),
            point(10.0, Same),
            point(1000.0, Faster),
        ];
        assert_eq!(
            said(Place::Mixed, None, points),
            "tokio against threads: not told apart at rounds = 0.500 and 10, ahead at 1,000 (0.959-0.976)"
        );
    }
}
