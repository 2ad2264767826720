use super::*;
use crate::fixtures::{cell, recorded, sample, spec};

fn line(what: &str, theirs: f64) -> PublishedLine {
    PublishedLine {
        what: what.to_owned(),
        theirs,
        before: 0.0,
        row: Some(what.to_owned()),
        workload: Some("get".to_owned()),
        before_workload: None,
        absent: None,
    }
}

fn published(lines: Vec<PublishedLine>) -> Published {
    Published {
        name: "a".to_owned(),
        about: String::new(),
        by: String::new(),
        url: None,
        date: String::new(),
        machine: String::new(),
        versions: String::new(),
        scenario: None,
        differs: Vec::new(),
        tables: vec![PublishedTable {
            title: "times".to_owned(),
            quantity: Quantity::Makespan,
            unit: "s".to_owned(),
            against: "tokio".to_owned(),
            lines,
        }],
    }
}

/// A run in which `threads` takes these many times as long as `tokio`, round by round.
fn verdict_of(theirs: f64, times: &[u64]) -> Reproduced {
    let mut samples = Vec::new();
    for (round, times) in times.iter().enumerate() {
        let round = round as u32 + 1;
        samples.push(sample("get", "tokio", round, 1_000_000));
        samples.push(sample("get", "threads", round, 10_000 * times));
    }
    let recorded = recorded(spec(&["get"]), &[cell("tokio"), cell("threads")], &samples);
    let published = published(vec![line("tokio", 2.0), line("threads", 2.0 * theirs)]);
    let reproduction = Reproduction::new(&published, &recorded, &Summary::new(&recorded));
    assert_eq!(reproduction.tables[0].lines[0].verdict, Reproduced::Base);
    reproduction.tables[0].lines[1].verdict.clone()
}

#[test]
fn the_whole_interval_decides() {
    let twice = [198, 199, 200, 200, 201, 202, 200, 201];
    assert_eq!(verdict_of(2.0, &twice), Reproduced::Reproduced);
    assert_eq!(verdict_of(2.4, &twice), Reproduced::Reproduced);
    let other = verdict_of(4.0, &twice);
    assert!(
        matches!(other, Reproduced::OtherFactor { times } if (times - 0.5).abs() < 0.01),
        "{other:?}"
    );
    assert_eq!(verdict_of(0.5, &twice), Reproduced::OtherOrder);
    let even = [99, 100, 101, 100, 99, 101, 100, 100];
    assert_eq!(verdict_of(2.0, &even), Reproduced::NoOrder);
    let wide = [120, 150, 200, 260, 300, 180, 240, 200];
    assert_eq!(verdict_of(2.0, &wide), Reproduced::Unclear);
    // No interval without rounds.
    assert_eq!(verdict_of(2.0, &twice[..3]), Reproduced::Unclear);
}

#[test]
fn what_was_there_before_is_taken_off() {
    let mut lines = vec![line("tokio", 3.0), line("threads", 5.0)];
    lines.iter_mut().for_each(|line| line.before = 1.0);
    let recorded = recorded(spec(&["get"]), &[], &[]);
    let told = Reproduction::new(&published(lines), &recorded, &Summary::new(&recorded));
    assert!((told.tables[0].lines[1].theirs_ratio - 2.0).abs() < 1e-9);
}

#[test]
fn what_is_not_there_has_a_reason() {
    let mut absent = line("brigade", 3.0);
    (absent.row, absent.workload) = (None, None);
    absent.absent = Some("no such workload".to_owned());
    let lines = vec![line("tokio", 3.0), line("smol", 5.0), absent];
    let samples: Vec<Sample> = (1..7)
        .map(|round| sample("get", "tokio", round, 1))
        .collect();
    let recorded = recorded(spec(&["get"]), &[cell("tokio")], &samples);
    let told = Reproduction::new(&published(lines), &recorded, &Summary::new(&recorded));
    let reasons = told.tables[0].lines.iter().map(|line| &line.verdict);
    let missing = |reason: &str| Reproduced::Missing {
        reason: reason.to_owned(),
    };
    let expected = [
        Reproduced::Base,
        missing("the run has no get/smol"),
        missing("no such workload"),
    ];
    assert!(reasons.eq(&expected), "{told:?}");
    let counts = told.counts();
    assert_eq!((counts.missing, counts.reproduced), (2, 0));
}

#[test]
fn faults_name_the_line() {
    let mut negative = line("threads", -1.0);
    negative.workload = None;
    let mut wrong = published(vec![line("other", 1.0), negative]);
    let faults = wrong.faults();
    assert_eq!(faults.len(), 3, "{faults:?}");
    assert!(faults[0].contains("against = `tokio`") && faults[0].contains("`other`"));
    assert!(faults[1].contains("line `threads`") && faults[2].contains("absent alone"));
    wrong.tables[0].lines = vec![line("tokio", 1.0)];
    assert_eq!(wrong.faults(), Vec::<String>::new());
}
