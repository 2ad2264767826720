//! Each text format as a whole, as a reader sees it. `INSTA_UPDATE=always cargo test -p makespan-report snapshots` writes them anew; look at the
//! difference before it is committed.

use insta::assert_snapshot;

use super::made_up::{recorded, run};
use super::summary;
use crate::formats::screen::Screen;
use crate::formats::{FORMATS, Writes};
use crate::tables::run::tables;

/// Formats that are no text to read: a page has tests of its own.
const NOT_TEXT: [&str; 1] = ["html"];

#[test]
fn every_text_format_is_as_it_was_looked_at() {
    let mut summary = summary();
    // Tests of another version write the same.
    summary.host.build.makespan = "1.2.3".into();
    let samples = recorded(&summary);
    for format in FORMATS {
        if NOT_TEXT.contains(&format.name) {
            continue;
        }
        match format.writes {
            Writes::Tables { table, warning } => {
                for columns in [80, 140] {
                    let of = |it| table(it, Screen::plain(columns));
                    let all: Vec<String> = tables(&summary).iter().map(of).collect();
                    let text = warning("a run that was cut off") + "\n" + &all.join("\n");
                    assert_snapshot!(format!("{}-{columns}", format.name), text);
                }
            }
            Writes::Run(write) => assert_snapshot!(format.name, write(&summary).unwrap()),
            Writes::Samples(write) => {
                assert_snapshot!(format.name, write(&summary, &samples).unwrap());
            }
        }
    }
}

/// A snapshot of few rows shows little of a sweep, so that is looked at by itself.
#[test]
fn a_document_of_many_rows_has_each_of_them_once() {
    let (summary, _) = run(15);
    let text = crate::document(&summary);
    for cell in &summary.cells {
        let line = format!("\n| {} | ", cell.row);
        assert_eq!(text.matches(&line).count(), 2, "{line} in {text}");
    }
}
