//! What all findings say together.

use super::*;
use crate::commands::doctor::verdict::verdict;

#[test]
fn a_good_machine_has_nothing_to_mend() {
    let findings = findings(&facts(), &probe(), &WANTED);
    for finding in &findings {
        assert_eq!(finding.level, Level::Good, "{finding:?}");
        assert_eq!(finding.fix, None, "{finding:?}");
    }
    let verdict = verdict(&facts(), &probe(), &findings);
    assert_eq!(
        verdict.text,
        "Verdict: as it is now, this machine can measure waits of 7 ms or more, up to 20,000 connections and 32,704 threads at \
         once. Absolute times can be trusted, for this machine and while it stays as quiet."
    );
}

#[test]
fn problems_come_first_and_take_the_trust() {
    let (mut facts, mut probe) = (facts(), probe());
    facts.governors = ["powersave".to_owned()].into();
    facts.host.build.profile = "debug".to_owned();
    probe.steal_ns = Some(SECOND / 50);
    facts.hypervisor = Some(true);
    let findings = findings(&facts, &probe, &WANTED);
    let levels: Vec<_> = findings.iter().map(|finding| finding.level).collect();
    assert!(levels.is_sorted_by(|one, next| one >= next), "{levels:?}");
    let told = verdict(&facts, &probe, &findings);
    assert_eq!(told.absolute_times, Level::Problem);
    assert!(
        told.text.contains("cannot be trusted (build)"),
        "{}",
        told.text
    );
    let milder = findings.into_iter().filter(|it| it.about != "build");
    let told = verdict(&facts, &probe, &milder.collect::<Vec<_>>());
    assert!(told.text.contains("rough (steal)"), "{}", told.text);
}

#[test]
fn what_the_system_does_not_tell_is_left_out() {
    let findings = findings(&Facts::default(), &Probe::default(), &WANTED);
    let about: Vec<_> = findings.iter().map(|finding| finding.about).collect();
    for silent in [
        "other processes",
        "steal",
        "processors",
        "connections",
        "threads",
        "memory",
        "turbo",
    ] {
        assert!(!about.contains(&silent), "{silent}: {about:?}");
    }
    let told = verdict(&Facts::default(), &Probe::default(), &findings);
    assert_eq!((told.connections, told.threads), (None, None));
}
