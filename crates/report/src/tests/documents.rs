//! Markdown, and the README of a run.

use model::{Outcome, Summary};

use super::summary;
use crate::document::document;
use crate::formats::csv::csv;
use crate::formats::markdown::markdown;
use crate::formats::screen::Screen;
use crate::formats::terminal::terminal;
use crate::tables::run::tables;

#[test]
fn markdown_is_a_table_with_nothing_to_misread() {
    let mut summary = summary();
    summary.cells[3].reason = Some("it said `a|b` and <c>".into());
    let text = markdown(&tables(&summary)[0]);
    let expected = r"**get: 60 x 20ms, body\_bytes 1024; at most 32 in flight; floor 40.0 ms; compared with sequential**

| strategy | median | speed-up, 95 % CI | verdict | ties | vs floor | n |
| --- | ---: | ---: | --- | --- | ---: | ---: |
| sequential | 1.21 s | 1 (reference) | - | a | 30.1x | 24 |
| blocking-in-tokio | 606 ms | 1.99x (1.99-1.99) | faster | a | 15.2x | 24 |
| tokio-spawn-blocking | 41.2 ms | 29.2x (28.5-29.5) | faster | a | 1.03x | 24 |
| smol | failed | - | - | - | - | 3 |

- ties: rows without a common letter differ; rows with one may be equal, or the run cannot tell
- vs floor: makespan over the lower bound that no schedule can beat
- floor: 60 units, at most 32 at a time, are 2 waves of 20ms: 40.0 ms
- smol: failed: it said \`a\|b\` and \<c\>
- blocking-in-tokio: runs only 2 at a time; 1.01 times its own best possible 600 ms; see <https://example.org/capped>
- sequential ran in 9 rounds only; speed-ups use those rounds, medians use all samples of a row
";
    assert_eq!(text, expected, "got:\n{text}");
}

#[test]
fn the_document_says_what_where_and_how_to_read_it() {
    let text = document(&Summary {
        interrupted: true,
        ..summary()
    });
    assert!(!text.contains("quantiles"), "{text}");
    for part in [
        "# core, 2026-11-21T20:00:00Z",
        "was interrupted",
        "| tokio-spawn-blocking |",
        "## get\n\n*Which strategy is done first with 60 units, each of which waits 20ms, if at most 32 may be in flight?*",
        "<details>\n<summary>What it takes beside time</summary>\n\n**get: what it takes",
        "## How to read the columns",
        "<summary>Machine and build</summary>\n\n| what | which |",
    ] {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
}

#[test]
fn the_second_entry_of_a_pair_is_no_row_but_stands_in_the_files() {
    let mut summary = summary();
    let mut twin = summary.cells[2].clone();
    twin.row = "tokio-spawn-blocking#2".parse().unwrap();
    summary.cells.insert(3, twin);
    assert!(!document(&summary).contains("| tokio-spawn-blocking#2"));
    assert!(
        tables(&summary)
            .iter()
            .all(|table| !terminal(table, Screen::plain(140)).contains("blocking#2"))
    );
    assert!(
        csv(&summary)
            .unwrap()
            .contains("get,tokio-spawn-blocking#2,")
    );
    // That it failed must not be missed.
    summary.cells[3].outcome = Outcome::Failed;
    summary.cells[3].reason = Some("killed".into());
    let text = terminal(&tables(&summary)[0], Screen::plain(80));
    assert!(
        text.contains("* tokio-spawn-blocking#2: failed: killed"),
        "{text}"
    );
}
