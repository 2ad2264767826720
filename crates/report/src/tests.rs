//! What people see, whole.

use model::{CellSummary, Flag, FlagKind, Host, Load, Outcome, Ratio, Spec, Spread, Summary};

use super::*;

fn cell(strategy: &str, median: u64, ratio: Option<(f64, f64, f64)>) -> CellSummary {
    CellSummary {
        workload: "get".into(),
        strategy: strategy.into(),
        client: Some("reqwest".into()),
        outcome: Outcome::Measured,
        reason: None,
        samples: 24,
        wall_ns: Some(Spread {
            median,
            mad: 1,
            min: 1,
            max: 2,
        }),
        floor_ns: Some(40_000_000),
        floor_ratio: Some(median as f64 / 4e7),
        ratio: ratio.map(|(estimate, low, high)| Ratio {
            estimate,
            low: Some(low),
            high: Some(high),
            reference: "sequential".into(),
            pairs: 9,
        }),
        cpu_ns: Some(7_120_000),
        cpu_user_share: Some(0.5),
        threads_peak: Some(35),
        rss_peak_bytes: None,
        rss_grown_bytes: None,
        mean_ns: None,
        deviation_ns: None,
        latencies: None,
        heartbeat: None,
        verdicts: Default::default(),
        flags: Vec::new(),
    }
}

fn summary() -> Summary {
    let flag = Flag {
        kind: FlagKind::Capped,
        text: "cannot use the whole limit".into(),
        detail: Some("2 in flight, x1.01 of its own floor 600ms".into()),
    };
    let cells = vec![
        cell("sequential", 1_206_000_000, Some((1.0, 1.0, 1.0))),
        CellSummary {
            flags: vec![flag],
            ..cell(
                "blocking-in-tokio",
                606_000_000,
                Some((0.503, 0.5021, 0.5034)),
            )
        },
        cell(
            "tokio-spawn-blocking",
            41_249_000,
            Some((0.034_23, 0.033_91, 0.035_11)),
        ),
        CellSummary {
            outcome: Outcome::Failed,
            reason: Some("the process ended: killed by signal 9 (SIGKILL)".into()),
            samples: 3,
            ..cell("smol", 1, None)
        },
    ];
    let spec = Spec {
        name: "core".into(),
        seed: 1,
        concurrency: 32,
        workers: 2,
        launches: 3,
        rounds: 24,
        long_rounds: 9,
        reference: "sequential".into(),
        anchor: "tokio".into(),
        strategies: vec!["*".into()],
        mean: false,
        programs: vec![],
        workloads: vec![Load {
            name: "get".into(),
            swept: None,
            concurrency: None,
            workers: None,
            tasks: 60,
            latency: "20ms".parse().unwrap(),
            numbers: [("body_bytes".into(), 1024)].into(),
        }],
    };
    let host = Host {
        started: "2026-11-21T20:00:00Z".into(),
        ..Host::default()
    };
    Summary {
        schema_version: 2,
        series: vec![],
        host,
        spec,
        interrupted: false,
        cells,
    }
}

#[test]
fn the_terminal_table_fits_80_columns() {
    let text = terminal(&tables(&summary())[0]);
    let expected = "\
get: 60 x 20ms, body_bytes 1024; at most 32 in flight; floor 40.0 ms
strategy             client   median       ratio, 95 % CI floor     CPU thr  n
sequential           reqwest  1.21 s        1 (reference) x30.1 7.12 ms  35 24
blocking-in-tokio    reqwest  606 ms    0.503 0.502-0.503 x15.2 7.12 ms  35 24
tokio-spawn-blocking reqwest 41.2 ms 0.0342 0.0339-0.0351 x1.03 7.12 ms  35 24
smol                 reqwest  failed                    -     -       -   -  3
* smol: failed: the process ended: killed by signal 9 (SIGKILL)
* cannot use the whole limit: blocking-in-tokio (2 in flight, x1.01 of its own
  floor 600ms)
* ratios rest on the 9 rounds that also hold sequential
";
    assert_eq!(text, expected, "got:\n{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80));
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
    let text = terminal(&tables(&summary)[0]);
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
}

#[test]
fn long_names_are_cut_at_a_hyphen_and_equal_caveats_are_said_once() {
    let mut summary = summary();
    let flag = |detail: &str| Flag {
        kind: FlagKind::TimerQuantum,
        text: "the timer counts in whole steps".into(),
        detail: Some(detail.into()),
    };
    summary.cells[2].strategy = "blocking-in-tokio-current-thread".into();
    summary.cells[1].flags = vec![flag("1ms")];
    summary.cells[2].flags = vec![flag("1ms")];
    summary.cells[0].flags = vec![flag("2ms")];
    let text = terminal(&tables(&summary)[0]);
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
    assert!(text.contains("\nblocking-in-tokio"), "{text}");
    let note = "* the timer counts in whole steps: blocking-in-tokio,\n  blocking-in-tokio-current-thread (1ms); sequential (2ms)";
    assert!(text.contains(note), "{text}");
}

#[test]
fn markdown_is_a_table_with_nothing_to_misread() {
    let mut summary = summary();
    summary.cells[3].reason = Some("it said `a|b` and <c>".into());
    let text = markdown(&tables(&summary)[0]);
    let expected = r"**get: 60 x 20ms, body\_bytes 1024; at most 32 in flight; floor 40.0 ms**

| strategy | client | median | ratio, 95 % CI | floor | CPU | thr | n |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |
| sequential | reqwest | 1.21 s | 1 (reference) | x30.1 | 7.12 ms | 35 | 24 |
| blocking-in-tokio | reqwest | 606 ms | 0.503 0.502-0.503 | x15.2 | 7.12 ms | 35 | 24 |
| tokio-spawn-blocking | reqwest | 41.2 ms | 0.0342 0.0339-0.0351 | x1.03 | 7.12 ms | 35 | 24 |
| smol | reqwest | failed | - | - | - | - | 3 |

- smol: failed: it said \`a\|b\` and \<c\>
- cannot use the whole limit: blocking-in-tokio (2 in flight, x1.01 of its own floor 600ms)
- ratios rest on the 9 rounds that also hold sequential
";
    assert_eq!(text, expected, "got:\n{text}");
}

#[test]
fn a_workload_without_a_client_has_no_such_column() {
    let mut summary = summary();
    summary.cells.iter_mut().for_each(|cell| cell.client = None);
    let table = &tables(&summary)[0];
    assert!(table.columns.iter().all(|column| column.name != "client"));
    assert!(
        table
            .rows
            .iter()
            .all(|row| row.len() == table.columns.len())
    );
}

#[test]
fn csv_has_a_line_per_cell_and_keeps_whole_numbers() {
    let text = csv(&summary()).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 5);
    assert!(
        lines[0].starts_with("workload,strategy,client,outcome,reason,samples,wall_median_ns,")
    );
    assert!(lines[3].starts_with(
        "get,tokio-spawn-blocking,reqwest,measured,,24,41249000,1,1,2,,,40000000,1.031225,0.03423,"
    ));
    assert!(lines[4].contains("killed by signal 9"));
}

#[test]
fn the_document_says_what_where_and_how_to_read_it() {
    let text = document(&Summary {
        interrupted: true,
        ..summary()
    });
    for part in [
        "# core, 2026-11-21T20:00:00Z",
        "was interrupted",
        "| tokio-spawn-blocking |",
        "Columns:",
        "Machine:",
    ] {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
}

#[test]
fn splicing_replaces_only_what_is_between_the_marks_and_can_be_repeated() {
    let before = "# A\n<!-- makespan:table -->\nold\n<!-- /makespan:table -->\n# B\n";
    let after = splice(before, "table", "new\n").unwrap();
    assert_eq!(
        after,
        "# A\n<!-- makespan:table -->\n\nnew\n\n<!-- /makespan:table -->\n# B\n"
    );
    assert_eq!(splice(&after, "table", "new").unwrap(), after);
    assert!(
        splice(before, "tables", "new")
            .unwrap_err()
            .to_string()
            .contains("<!-- makespan:tables -->")
    );
    assert!(splice("<!-- /makespan:t --><!-- makespan:t -->", "t", "x").is_err());
}

#[test]
fn what_happened_stands_in_place_of_times() {
    let mut summary = summary();
    summary.cells.truncate(2);
    for cell in &mut summary.cells {
        (cell.wall_ns, cell.ratio, cell.flags) = (None, None, Vec::new());
        cell.verdicts = [("contained".to_owned(), 2), ("hangs".to_owned(), 1)].into();
    }
    summary.cells[1].verdicts.remove("hangs");
    let text = terminal(&tables(&summary)[0]);
    let expected = "\
get: 60 x 20ms, body_bytes 1024; at most 32 in flight; floor 40.0 ms
strategy          what happened             n
sequential        2 x contained; 1 x hangs 24
blocking-in-tokio contained                24
";
    assert_eq!(text, expected, "got:\n{text}");
}

#[test]
fn a_mean_has_its_deviation_beside_it() {
    let mut summary = summary();
    summary.spec.mean = true;
    summary.cells[2].mean_ns = Some(41_300_000);
    summary.cells[2].deviation_ns = Some(310_000);
    let text = terminal(&tables(&summary)[0]);
    assert!(text.contains(" mean +- sd "), "{text}");
    assert!(text.contains(" 41.3 +- 0.310 ms "), "{text}");
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
}
