//! What people see, whole.

use model::{
    CellSummary, Flag, FlagKind, Host, Load, Outcome, Percent, Quantile, Quantiles, Ratio, Spec,
    Spread, Summary, Verdict, VerdictKind,
};

use super::*;

fn cell(strategy: &str, median: u64, ratio: Option<(f64, f64, f64)>) -> CellSummary {
    CellSummary {
        workload: "get".into(),
        strategy: strategy.into(),
        twin_of: None,
        client: Some("reqwest".into()),
        outcome: Outcome::Measured,
        reason: None,
        samples: 24,
        wall_ns: Some(Spread {
            median,
            low: None,
            high: None,
            mad: 1,
            min: 1,
            max: 2,
        }),
        floor_ns: Some(40_000_000),
        floor_ratio: Some(median as f64 / 4e7),
        efficiency: Some(4e7 / median as f64),
        excess_per_unit_ns: Some(median.saturating_sub(40_000_000) / 60),
        verdict: ratio.filter(|ratio| ratio.0 != 1.0).map(|_| Verdict {
            kind: VerdictKind::Faster,
            p: 0.0039,
            rounds_needed: None,
            detectable: Some(0.031),
        }),
        tie: ratio.map(|_| "a".into()),
        ratio: ratio.map(|(estimate, low, high)| Ratio {
            estimate,
            low: Some(low),
            high: Some(high),
            reference: "sequential".into(),
            pairs: 9,
        }),
        cpu_ns: Some(7_120_000),
        cpu_user_share: Some(0.5),
        switches_voluntary: Some(123),
        switches_involuntary: Some(2),
        minor_faults: Some(0),
        allocations: None,
        allocated_bytes: None,
        read_syscalls: None,
        write_syscalls: None,
        largest_due_batch: Some(32),
        threads_peak: Some(35),
        rss_peak_bytes: None,
        rss_grown_bytes: None,
        mean_ns: None,
        deviation_ns: None,
        paced: false,
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
        precision: Percent::of_hundredths(300),
        budget: None,
        calibration: false,
        reference: "sequential".into(),
        anchor: "tokio".into(),
        strategies: vec!["*".into()],
        mean: false,
        programs: vec![],
        workloads: vec![Load {
            numbers: [("body_bytes".into(), 1024)].into(),
            ..Load::new("get", 60, "20ms".parse().unwrap())
        }],
    };
    let host = Host {
        started: "2026-11-21T20:00:00Z".into(),
        ..Host::default()
    };
    Summary {
        schema_version: 3,
        troubles: vec![],
        calibration: vec![],
        workloads: vec![],
        overall: None,
        launches: vec![],
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
strategy              median       ratio, 95 % CI verdict ties floor  n
sequential            1.21 s        1 (reference) -       a    x30.1 24
blocking-in-tokio     606 ms    0.503 0.502-0.503 faster  a    x15.2 24
tokio-spawn-blocking 41.2 ms 0.0342 0.0339-0.0351 faster  a    x1.03 24
smol                  failed                    - -       -        -  3
* smol: failed: the process ended: killed by signal 9 (SIGKILL)
* cannot use the whole limit: blocking-in-tokio (2 in flight, x1.01 of its own
  floor 600ms)
* ratios rest on the 9 rounds that also hold sequential
* verdicts hold at 99 % for all rows of a table together; rows that share a
  letter under ties cannot be told apart
";
    assert_eq!(text, expected, "got:\n{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn where_each_round_has_a_floor_that_of_most_rounds_is_shown_as_a_median() {
    let mut summary = summary();
    summary.spec.workloads[0].latency = "lognormal:20ms,80ms".parse().unwrap();
    // A long row is in fewer rounds.
    (summary.cells[0].samples, summary.cells[0].floor_ns) = (9, Some(50_000_000));
    let text = terminal(&tables(&summary)[0]);
    let head: String = text.lines().take(2).collect::<Vec<_>>().join(" ");
    assert!(
        head.contains("floor 40.0 ms (median of the rounds)"),
        "{text}"
    );
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

| strategy | median | ratio, 95 % CI | verdict | ties | floor | n |
| --- | ---: | ---: | --- | --- | ---: | ---: |
| sequential | 1.21 s | 1 (reference) | - | a | x30.1 | 24 |
| blocking-in-tokio | 606 ms | 0.503 0.502-0.503 | faster | a | x15.2 | 24 |
| tokio-spawn-blocking | 41.2 ms | 0.0342 0.0339-0.0351 | faster | a | x1.03 | 24 |
| smol | failed | - | - | - | - | 3 |

- smol: failed: it said \`a\|b\` and \<c\>
- cannot use the whole limit: blocking-in-tokio (2 in flight, x1.01 of its own floor 600ms)
- ratios rest on the 9 rounds that also hold sequential
- verdicts hold at 99 % for all rows of a table together; rows that share a letter under ties cannot be told apart
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
        lines[0]
            .starts_with("workload,strategy,twin_of,client,outcome,reason,samples,wall_median_ns,")
    );
    assert!(lines[3].starts_with(
        "get,tokio-spawn-blocking,,reqwest,measured,,24,41249000,,,1,1,2,,,40000000,1.031225,"
    ));
    assert!(lines[4].contains("killed by signal 9"));
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

/// Some of what was seen in 1440 units; the 99th percentile has a long tail.
fn quantiles() -> Quantiles {
    let quantile = |value_ns, low, high| Quantile {
        value_ns,
        low_ns: Some(low),
        high_ns: Some(high),
    };
    Quantiles {
        count: 1440,
        p50_ns: quantile(41_249_000, 41_012_000, 41_549_000),
        p90_ns: quantile(43_649_000, 43_412_000, 44_849_000),
        p99_ns: Some(quantile(212_449_000, 99_012_000, 1_231_549_000)),
        max_ns: 1_240_000_000,
    }
}

#[test]
fn latencies_have_intervals_and_say_from_when_they_count() {
    let mut summary = summary();
    for cell in &mut summary.cells[1..3] {
        cell.latencies = Some(quantiles());
    }
    let few = Quantile {
        low_ns: None,
        high_ns: None,
        ..quantiles().p50_ns
    };
    summary.cells[0].latencies = Some(Quantiles {
        count: 5,
        p50_ns: few,
        p90_ns: few,
        p99_ns: None,
        max_ns: 41_300_000,
    });
    let text = terminal(&tables(&summary)[2]);
    let expected = "\
get: latency of each unit, closed loop: from when its unit began
strategy                  p50, 95 % CI     p99, 95 % CI     max units
sequential                   41.2 ms -                - 41.3 ms     5
blocking-in-tokio    41.2 41.0-41.5 ms 212 99.0-1232 ms  1.24 s  1440
tokio-spawn-blocking 41.2 41.0-41.5 ms 212 99.0-1232 ms  1.24 s  1440
smol                                 -                -       -     -
";
    assert_eq!(text, expected, "got:\n{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80));
    for cell in &mut summary.cells {
        cell.paced = true;
    }
    assert!(document(&summary).contains("quantiles over the observations of all samples"));
    let title = &tables(&summary)[2].title;
    assert_eq!(title, "get: latency of each unit, from its intended start");
}

#[test]
fn heartbeats_have_a_table_of_their_own() {
    let mut summary = summary();
    summary.cells.truncate(2);
    for cell in &mut summary.cells {
        cell.heartbeat = Some(quantiles());
    }
    let text = terminal(&tables(&summary)[2]);
    let expected = "\
get: how late the heartbeat beside the units was
strategy               p50, 95 % CI     p99, 95 % CI    max beats
sequential        41.2 41.0-41.5 ms 212 99.0-1232 ms 1.24 s  1440
blocking-in-tokio 41.2 41.0-41.5 ms 212 99.0-1232 ms 1.24 s  1440
";
    assert_eq!(text, expected, "got:\n{text}");
}

#[test]
fn csv_has_the_ends_of_every_interval() {
    let mut summary = summary();
    summary.cells[0].heartbeat = Some(quantiles());
    let text = csv(&summary).unwrap();
    let row: Vec<_> = text.lines().nth(1).unwrap().split(',').collect();
    let column = |name: &str| {
        let mut names = text.lines().next().unwrap().split(',');
        row[names.position(|it| it == name).unwrap()]
    };
    for (name, value) in [
        ("heartbeat_count", "1440"),
        ("heartbeat_p50_ns", "41249000"),
        ("heartbeat_p90_low_ns", "43412000"),
        ("heartbeat_p99_high_ns", "1231549000"),
        ("heartbeat_max_ns", "1240000000"),
        ("latency_p99_ns", ""),
        ("latency_count", ""),
    ] {
        assert_eq!(column(name), value, "{name}");
    }
}
