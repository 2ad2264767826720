//! What can be tested of the agreement of both instruments without a clock. A target of its own, because tests in a bench target
//! are not run.

#![forbid(unsafe_code)]

mod difference;

use difference::{Answer, BOUND, Difference};

/// Nine turns with noise of that size around an effect, its sorted values -4 to 4 times a quarter of it, in another order.
fn answer(effect: f64, noise: f64) -> Answer {
    let steps = [2.0, -4.0, 0.0, 3.0, -1.0, 4.0, -3.0, 1.0, -2.0];
    let turns = steps.map(|step| effect.ln_1p() + noise * step / 4.0);
    Difference::of(&turns).expect("nine are enough").answer()
}

#[test]
fn three_percent_in_one_instrument_is_found_either_way() {
    assert_eq!(answer(0.03, 0.01), Answer::Disagree);
    assert_eq!(answer(-0.03, 0.01), Answer::Disagree);
    assert_eq!(answer(0.0, 0.01), Answer::Agree);
    assert_eq!(answer(0.01, 0.01), Answer::Agree);
    assert_eq!(answer(BOUND / 2.0, 0.0), Answer::Agree);
}

#[test]
fn what_noise_hides_is_never_called_agreement() {
    assert_eq!(answer(0.0, 0.05), Answer::CannotBeTold);
    assert_eq!(answer(0.03, 0.05), Answer::CannotBeTold);
    // Sure that they differ, and not whether by more than the bound.
    assert_eq!(answer(0.015, 0.015), Answer::CannotBeTold);
    assert_eq!(Difference::of(&[0.0; 5]), None);
}

#[test]
fn an_answer_comes_with_its_interval() {
    let shown = |low, high| {
        Difference {
            median: 0.0,
            low,
            high,
        }
        .shown()
    };
    assert_eq!(shown(-0.01, 0.01), "+0.0 % (-1.0 to +1.0 %): agree");
    assert_eq!(
        shown(-0.03, 0.01),
        "+0.0 %: cannot be told (interval -3.0 to +1.0 %)"
    );
}
