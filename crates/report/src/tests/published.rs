//! What others published, and the page of a gallery.

use insta::assert_snapshot;
use model::{
    Published, PublishedLine, PublishedTable, Quantity, Ratio, Reproduced, ReproducedLine,
    ReproducedTable, Reproduction, Row,
};

use super::summary;
use crate::formats::screen::Screen;
use crate::{
    Shown, gallery_document, reproduction, reproduction_answer, reproductions_document, terminal,
};

fn line(what: &str, theirs: f64, ours: Option<f64>, verdict: Reproduced) -> ReproducedLine {
    let ratio = ours.map(|ours| Ratio {
        estimate: ours / 2e9,
        low: Some(ours / 2.1e9),
        high: Some(ours / 1.9e9),
        reference: "sequential".parse::<Row>().unwrap(),
        pairs: 9,
    });
    let base = verdict == Reproduced::Base;
    ReproducedLine {
        what: what.to_owned(),
        theirs,
        theirs_before: 0.0,
        theirs_ratio: theirs / 6.0,
        ours,
        ours_ratio: ratio.filter(|_| !base),
        verdict,
    }
}

/// A line of each kind.
fn made_up() -> Reproduction {
    let missing = Reproduced::Missing {
        reason: "there is <no> such | row".to_owned(),
    };
    let lines = vec![
        line("one after the other", 6.0, Some(2e9), Reproduced::Base),
        line("together", 2.01, Some(0.67e9), Reproduced::Reproduced),
        line(
            "on threads",
            1.5,
            Some(1e9),
            Reproduced::OtherFactor { times: 2.0 },
        ),
        line("in an executor", 3.0, Some(3e9), Reproduced::OtherOrder),
        line("elsewhere", 3.0, Some(0.9e9), Reproduced::Unclear),
        line("in processes", 3.0, None, missing),
    ];
    let published = PublishedLine {
        what: "one after the other".to_owned(),
        theirs: 6.0,
        before: 0.0,
        row: None,
        workload: None,
        before_workload: None,
        absent: None,
    };
    Reproduction {
        published: Published {
            name: "three-sleeps".to_owned(),
            about: "Three sleeps".to_owned(),
            by: "somebody".to_owned(),
            url: Some("https://example.org/sleeps".to_owned()),
            date: "March 2021".to_owned(),
            machine: "a laptop".to_owned(),
            versions: "Python 3.9".to_owned(),
            scenario: Some("three-sleeps".to_owned()),
            differs: vec!["theirs lasted 2 s, these 200 ms".to_owned()],
            tables: vec![PublishedTable {
                title: "Time".to_owned(),
                quantity: Quantity::Makespan,
                unit: "s".to_owned(),
                against: published.what.clone(),
                lines: vec![published],
            }],
        },
        tolerance: 1.25,
        tables: vec![ReproducedTable {
            title: "Time".to_owned(),
            quantity: Quantity::Makespan,
            unit: "s".to_owned(),
            against: "one after the other".to_owned(),
            lines,
        }],
    }
}

#[test]
fn a_reproduction_is_as_it_was_looked_at() {
    let made_up = made_up();
    for columns in [80, 140] {
        let tables = reproduction(&made_up);
        let text = terminal(&tables[0], Screen::plain(columns));
        assert!(text.lines().all(|line| line.chars().count() <= columns));
        assert_snapshot!(format!("reproduction-{columns}"), text);
    }
    assert_snapshot!("reproductions", reproductions_document(&[made_up]));
}

#[test]
fn the_answer_counts_lines_with_a_verdict() {
    let answer = reproduction_answer(&made_up());
    assert!(
        answer.contains("1 reproduced, 2 not reproduced, 1 unclear, 1 without a number here"),
        "{answer}"
    );
}

#[test]
fn a_gallery_is_as_it_was_looked_at() {
    let mut summary = summary();
    summary.host.build.makespan = "1.2.3".into();
    let shown = Shown {
        name: "core",
        about: "What a plain run measures: the three shapes of waiting. And more.",
        summary: &summary,
    };
    assert_snapshot!("gallery", gallery_document(&[shown]));
}
