//! The whole catalogue, one rule after the other.

use std::collections::BTreeSet;
use std::time::Duration;

use super::*;
use crate::fixtures;

/// What makes another row of a clean one.
pub(crate) type Change = fn(&mut Evidence);

/// A row of `get` that is as fast as it can be, and of which everything is known.
pub(crate) fn clean() -> Evidence {
    Evidence {
        cell: fixtures::cell("tokio"),
        spread: false,
        processors: 2,
        wall_ns: 41e6,
        excess_ns: Some((0.9e6, 1.1e6)),
        own_excess_ns: Some((0.9e6, 1.1e6)),
        own: Some((1.025, Duration::from_millis(40))),
        cpu_ns: Some(4e6),
        others_cpu_ns: Some(4e6),
        preempted: Some(3),
        others_preempted: Some(3.0),
        threads: Some(3),
        late_ns: None,
        against_few_threads_ns: None,
        latency_p90_ns: None,
    }
}

fn found(change: Change) -> Vec<String> {
    let mut seen = clean();
    change(&mut seen);
    reasons(&seen).into_iter().map(|it| it.id).collect()
}

#[test]
fn a_clean_row_has_no_reason() {
    assert!(found(|_| ()).is_empty());
}

#[test]
fn each_rule_holds_where_it_should_and_is_silent_close_by() {
    assert_eq!(REASONS.len(), EXAMPLES.len());
    for (rule, (holds, does_not_hold)) in REASONS.iter().zip(EXAMPLES) {
        let (id, found_close_by) = (rule.id, found(*does_not_hold));
        assert!(found(*holds).iter().any(|it| it == id), "{id} is not found");
        assert!(!found_close_by.iter().any(|it| it == id), "{id} is found");
    }
}

/// One cause has one reason, except that a loop of awaits is also capped.
#[test]
fn no_example_has_a_second_reason() {
    for (rule, (holds, _)) in REASONS.iter().zip(EXAMPLES) {
        let others: Vec<String> = found(*holds)
            .into_iter()
            .filter(|it| it != rule.id)
            .collect();
        match rule.id {
            "lazy-start" => assert_eq!(others, ["capped"]),
            id => assert!(others.is_empty(), "{id}: {others:?}"),
        }
    }
}

#[test]
fn every_entry_is_whole_and_has_a_name_of_its_own() {
    let ids: BTreeSet<&str> = REASONS.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), REASONS.len());
    for rule in REASONS {
        let kebab = |it: char| it.is_ascii_lowercase() || it == '-';
        assert!(rule.id.chars().all(kebab), "{}", rule.id);
        assert!(rule.source.starts_with("https://"), "{}", rule.source);
        assert!(
            !rule.when.is_empty() && !rule.when.contains('|'),
            "{}",
            rule.when
        );
    }
}

/// Nothing is said of a time without an interval, except what follows from bounds.
#[test]
fn without_an_interval_only_bounds_speak() {
    for (rule, (holds, _)) in REASONS.iter().zip(EXAMPLES) {
        let mut seen = clean();
        holds(&mut seen);
        (seen.excess_ns, seen.own_excess_ns) = (None, None);
        let found = rule.reason(&seen).is_some();
        let needs_none = ["capped", "lazy-start", "spinning-pool"].contains(&rule.id);
        assert_eq!(found, needs_none, "{}", rule.id);
    }
}

#[test]
fn a_reason_is_a_sentence_with_the_numbers_of_its_row() {
    let mut seen = clean();
    capped::holds(&mut seen);
    seen.own = Some((1.02, Duration::from_millis(1200)));
    let reason = capped::RULE.reason(&seen).unwrap();
    assert_eq!(
        reason.to_string(),
        "runs only 2 at a time (1.02 times its own best possible 1.2 s)"
    );
}
