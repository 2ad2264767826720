//! How long a scenario measures: its rounds, its launches, and whether more may be added.

use model::{Budget, Percent, Spec};

use super::faults::Faults;
use super::table::{Placed, Table};
use super::value::{quantity, quantity_for, whole};

/// The precision of `core` where `core` itself has none.
const USUAL: Percent = Percent::of_hundredths(300);

/// The numbers of a spec that say how long it measures.
pub(super) struct Length {
    pub(super) launches: u32,
    pub(super) rounds: u32,
    pub(super) long_rounds: u32,
    pub(super) precision: Percent,
    pub(super) budget: Option<Budget>,
}

impl Length {
    /// Rounds that are written mean exactly those, unless a budget is written for more.
    pub(super) fn read(core: Option<&Spec>, top: &mut Table, faults: &mut Faults) -> Self {
        let launches = top.get(faults, "launches", whole(1, 1000));
        let rounds = top.get(faults, "rounds", whole(1, 100_000));
        let long_rounds = top.get(faults, "long_rounds", whole(1, 100_000));
        let precision = top.get(faults, "precision", quantity_for::<Percent>);
        let budget = top.get(faults, "budget", quantity::<Budget>);

        let exact = launches.is_some() || rounds.is_some();
        // A stored spec says how precise `core` is, also where nothing was added for it.
        let other = |it: &&Placed<Percent>| Some(*it.get_ref()) != core.map(|core| core.precision);
        let useless = precision.as_ref().filter(|_| budget.is_none() && exact);
        if let Some(precision) = useless.filter(other) {
            let text = "precision: it adds launches to the rounds that are written, and needs a `budget` for that, such as budget = \"5m\"";
            faults.add(&precision.span(), text);
        }
        let place = |value: &Option<Placed<u64>>| value.as_ref().map(Placed::span);
        let (few, parts, long) = (place(&rounds), place(&launches), place(&long_rounds));
        let of_core = core.map(|core| core.rounds.into());
        let rounds = top.or(faults, "rounds", rounds, of_core);
        // What is not written fits to what is.
        let of_core = core.map(|core| u64::from(core.launches).min(rounds));
        let launches = top.or(faults, "launches", launches, of_core);
        let of_core = core.map(|core| u64::from(core.long_rounds).min(rounds));
        let long_rounds = top.or(faults, "long_rounds", long_rounds, of_core);
        if launches > rounds && rounds > 0 {
            let text = format!(
                "launches = {launches}: allowed are 1 to {rounds}, because each launch has at least one of the rounds"
            );
            faults.add(&parts.or(few.clone()).unwrap_or_default(), text);
        }
        if long_rounds > rounds && rounds > 0 {
            let text = format!(
                "long_rounds = {long_rounds}: allowed are 1 to {rounds}, because they are some of the rounds"
            );
            faults.add(&long.or(few).unwrap_or_default(), text);
        }
        let of_core = core.filter(|_| !exact).and_then(|core| core.budget);
        Length {
            launches: launches as u32,
            rounds: rounds as u32,
            long_rounds: long_rounds as u32,
            precision: precision.map_or(
                core.map_or(USUAL, |core| core.precision),
                Placed::into_inner,
            ),
            budget: budget.map(Placed::into_inner).or(of_core),
        }
    }
}
