//! Widths, columns that do not fit, and breaks between words.

use model::{Flag, FlagKind};

use super::summary;
use crate::formats::markdown::markdown;
use crate::formats::screen::Screen;
use crate::formats::terminal::terminal;
use crate::table::{Column, Table};
use crate::tables::run::tables;
use crate::value::Value;

#[test]
fn the_terminal_table_fits_80_columns() {
    let text = terminal(&tables(&summary())[0], Screen::plain(80));
    let expected = "\
get: 60 x 20ms, body_bytes 1024; at most 32 in flight; floor 40.0 ms; compared
with sequential
strategy              median speed-up, 95 % CI verdict ties vs floor  n to floor
sequential            1.21 s     1 (reference) -       a       30.1x 24 ██████
blocking-in-tokio     606 ms 1.99x (1.99-1.99) faster  a       15.2x 24 ████▊
tokio-spawn-blocking 41.2 ms 29.2x (28.5-29.5) faster  a       1.03x 24
smol                  failed                 - -       -           -  3
* ties: rows without a common letter differ; rows with one may be equal, or the
  run cannot tell
* vs floor: makespan over the lower bound that no schedule can beat
* to floor: bars from the floor to the slowest row, on a logarithmic scale
* floor: 60 units, at most 32 at a time, are 2 waves of 20ms: 40.0 ms
* smol: failed: the process ended: killed by signal 9 (SIGKILL)
* blocking-in-tokio: runs only 2 at a time; 1.01 times its own best possible 600
  ms; see https://example.org/capped
* sequential ran in 9 rounds only; speed-ups use those rounds, medians use all
  samples of a row
";
    assert_eq!(text, expected, "got:\n{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80));
}

/// Without its codes a coloured table is the plain one, so no colour moves a column or says something alone.
#[test]
fn colours_add_nothing_but_codes() {
    let table = &tables(&summary())[0];
    let colours = Screen {
        columns: 80,
        colours: true,
    };
    let coloured = terminal(table, colours);
    assert!(
        coloured.contains("\u{1b}[32mfaster\u{1b}[0m"),
        "{coloured:?}"
    );
    assert!(
        coloured.contains("\u{1b}[31mfailed\u{1b}[0m"),
        "{coloured:?}"
    );
    let parts = coloured.split('\u{1b}').enumerate();
    let plain: String = parts
        .map(|(index, part)| match index {
            0 => part,
            _ => part.split_once('m').unwrap().1,
        })
        .collect();
    assert_eq!(plain, terminal(table, Screen::plain(80)));
}

#[test]
fn long_notes_and_titles_are_wrapped() {
    let mut summary = summary();
    summary.cells[3].reason = Some("it could not ".repeat(20));
    summary.spec.workloads[0].latency = "lognormal:20ms,80ms".parse().unwrap();
    summary
        .cells
        .iter_mut()
        .for_each(|cell| cell.floor_ns = Some(94_123_456));
    let text = terminal(&tables(&summary)[0], Screen::plain(80));
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
}

#[test]
fn long_names_are_whole_and_equal_caveats_are_said_once() {
    let mut summary = summary();
    let flag = |detail: &str| Flag {
        kind: FlagKind::BelowLimit,
        text: "the timer counts in whole steps".into(),
        detail: Some(detail.into()),
    };
    summary.cells[2].row.strategy = "blocking-in-tokio-current-thread".into();
    summary.cells[1].flags = vec![flag("1ms")];
    summary.cells[2].flags = vec![flag("1ms")];
    summary.cells[0].flags = vec![flag("2ms")];
    summary.cells[1].reasons.clear();
    let text = terminal(&tables(&summary)[0], Screen::plain(80));
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
    assert!(
        text.contains("\nblocking-in-tokio-current-thread "),
        "{text}"
    );
    let note = "* the timer counts in whole steps: blocking-in-tokio,\n  blocking-in-tokio-current-thread (1ms); sequential (2ms)";
    assert!(text.contains(note), "{text}");
}

#[test]
fn a_wide_terminal_shows_more_and_a_narrow_one_less_and_no_name_is_broken() {
    let mut summary = summary();
    summary.cells[2].mean_ns = Some(41_300_000);
    summary.cells[2].deviation_ns = Some(310_000);
    let table = &tables(&summary)[0];
    let wide = terminal(table, Screen::plain(140));
    assert!(
        wide.contains("mean +- sd") && wide.contains("client"),
        "{wide}"
    );
    assert!(!terminal(table, Screen::plain(80)).contains("mean +- sd"));
    assert!(!markdown(table).contains("client"));
    summary.cells[2].row.strategy = "blocking-in-tokio-current-thread".into();
    let table = &tables(&summary)[0];
    for width in [60, 80, 100, 140] {
        let text = terminal(table, Screen::plain(width));
        assert!(
            text.lines()
                .all(|line| line.chars().count() <= width.max(72)),
            "{text}"
        );
        assert!(
            text.contains("\nblocking-in-tokio-current-thread "),
            "{text}"
        );
    }
    assert!(terminal(table, Screen::plain(80)).contains("ties"));
    // Without the letters there is nothing to explain.
    let text = terminal(table, Screen::plain(78));
    assert!(
        !text.contains("ties") && text.contains("vs floor"),
        "{text}"
    );
}

#[test]
fn columns_that_do_not_fit_and_may_not_be_left_out_follow_below() {
    let columns = [
        Column::text("size"),
        Column::number("tokio-futures-unordered"),
        Column::number("tokio-buffer-unordered"),
        Column::number("tokio-spawn-blocking"),
    ];
    let times = [10, 20, 30].map(|ms| Value::Time { ns: ms * 1_000_000 });
    let row = [Value::Count(1)].into_iter().chain(times).collect();
    let table = Table::new("wide", columns, [row]);
    let expected = "\
wide
size tokio-futures-unordered tokio-buffer-unordered
1                    10.0 ms                20.0 ms

size tokio-spawn-blocking
1                 30.0 ms
";
    let text = terminal(&table, Screen::plain(60));
    assert_eq!(text, expected, "got:\n{text}");
}
