//! The list of formats, and the files of a run that come from it.

use super::summary;
use crate::document::document;
use crate::formats::csv::csv;
use crate::formats::json::json;
use crate::formats::{FORMATS, Writes, files};
use crate::tables::run::tables;

#[test]
fn no_two_formats_share_a_name_or_a_file() {
    let mut names: Vec<&str> = FORMATS.iter().map(|it| it.name).collect();
    names.extend(FORMATS.iter().filter_map(|it| it.file));
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all, "{names:?}");
}

#[test]
fn the_files_of_a_run_are_those_of_the_list() {
    let summary = summary();
    let expected = [
        ("summary.json", json(&summary).unwrap()),
        ("summary.csv", csv(&summary).unwrap()),
        ("README.md", document(&summary)),
    ];
    assert_eq!(files(&summary).unwrap(), expected);
}

#[test]
fn every_format_for_tables_shows_the_same_rows_and_warns_on_a_line_of_its_own() {
    let table = &tables(&summary())[0];
    for format in FORMATS {
        let Writes::Tables {
            table: write,
            warning,
        } = format.writes
        else {
            continue;
        };
        let text = write(table, crate::Screen::plain(80));
        for row in &table.rows {
            let name = row[0].to_string();
            assert!(text.contains(&name), "{} lacks {name}", format.name);
        }
        let warning = warning("it was\ncut off");
        assert_eq!(warning.matches('\n').count(), 1, "{}", format.name);
        assert!(warning.contains("it was cut off"), "{}", format.name);
    }
}
