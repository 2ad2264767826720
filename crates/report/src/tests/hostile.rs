//! Text from outside, in every format.

use model::{Build, CAPPED, Computer, Flag, FlagKind, Host, Reason, Summary};

use super::summary;
use crate::document::document;
use crate::formats::csv::csv;
use crate::formats::screen::Screen;
use crate::formats::terminal::terminal;
use crate::tables::run::tables;

/// ESC, BEL, NUL, a character that reverses text, HTML and a formula.
const HOSTILE: &str = "=1+1\u{1b}[31m\u{7}\u{0}\u{202e}<img src=x onerror=alert(1)>";

/// A run in which everything that comes from outside is hostile.
fn hostile() -> Summary {
    let mut summary = summary();
    let said = || HOSTILE.to_owned();
    summary.spec.name = said();
    summary.spec.reference = model::Row::plain(said());
    summary.troubles = vec![said()];
    summary.host = Host {
        computer: Computer {
            cpu: Some(said()),
            kernel: Some(said()),
            system: said(),
            ..Computer::default()
        },
        build: Build {
            rustc: said(),
            profile: said(),
            commit: Some(said()),
            packages: [(said(), said())].into(),
            ..Build::default()
        },
        started: said(),
    };
    for cell in &mut summary.cells {
        cell.client = Some(said());
        cell.flags = vec![Flag {
            kind: FlagKind::Advisory,
            text: said(),
            detail: Some(said()),
        }];
        let of = |id: String| Reason {
            id,
            text: said(),
            detail: said(),
            source: format!("https://{}", said()),
        };
        cell.reasons = vec![of(CAPPED.into()), of(said())];
    }
    summary.cells[0].row.strategy = said();
    summary.cells[3].reason = Some(said());
    summary
}

#[test]
fn text_from_outside_neither_steers_a_terminal_nor_is_html_nor_a_formula() {
    let summary = hostile();
    let hidden = |text: &str| {
        text.chars()
            .any(|it| (it.is_control() && it != '\n') || it == '\u{202e}')
    };
    for table in tables(&summary) {
        let text = terminal(&table, Screen::plain(200));
        assert!(!hidden(&text), "{text}");
    }
    let text = document(&summary);
    assert!(!hidden(&text) && text.contains(r"\\u{1b}"), "{text}");
    assert!(text.starts_with(r"# \=1+1"), "{text}");
    // What folds is the document's own.
    let own = ["<details>", "</details>", "<summary>", "</summary>"];
    let others = own
        .iter()
        .fold(text.replace(r"\<", ""), |text, tag| text.replace(tag, ""));
    assert!(text.contains("<img") && !others.contains('<'), "{text}");
    let text = csv(&summary).unwrap();
    assert!(!hidden(&text), "{text}");
    for line in text.lines().skip(1) {
        assert!(
            !line
                .split(',')
                .any(|field| field.trim_start_matches('"').starts_with('=')),
            "{line}"
        );
    }
    assert!(
        text.contains(r"'=1+1\u{1b}[31m\u{7}\u{0}\u{202e}<img"),
        "{text}"
    );
}
