//! What people see, whole.

use model::{
    CellSummary, Comparison, Computes, Flag, FlagKind, Host, Load, Outcome, Percent, Placement,
    Quantile, Quantiles, Ratio, Row, Spec, Spread, Summary, Verdict, VerdictKind, WorkloadSummary,
};

use super::*;

fn cell(strategy: &str, median: u64, ratio: Option<(f64, f64, f64)>) -> CellSummary {
    CellSummary {
        workload: "get".into(),
        row: Row::plain(strategy),
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
            missed_below: Some(0.031),
        }),
        autocorrelation: None,
        tie: ratio.map(|_| "a".into()),
        ratio: ratio.map(|(estimate, low, high)| Ratio {
            estimate,
            low: Some(low),
            high: Some(high),
            reference: Row::plain("sequential"),
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
        text: "runs only 2 at a time".into(),
        detail: Some("1.01 times its own best possible 600 ms".into()),
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
        cpus: None,
        computing: None,
        launches: 3,
        rounds: 24,
        long_rounds: 9,
        precision: Percent::of_hundredths(300),
        budget: None,
        calibration: false,
        reference: Row::plain("sequential"),
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
        schema_version: model::SCHEMA_VERSION,
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
    let text = terminal(&tables(&summary())[0], 80);
    let expected = "\
get: 60 x 20ms, body_bytes 1024; at most 32 in flight; floor 40.0 ms; compared
with sequential
strategy              median speed-up, 95 % CI verdict ties vs floor  n
sequential            1.21 s     1 (reference) -       a       30.1x 24
blocking-in-tokio     606 ms 1.99x (1.99-1.99) faster  a       15.2x 24
tokio-spawn-blocking 41.2 ms 29.2x (28.5-29.5) faster  a       1.03x 24
smol                  failed                 - -       -           -  3
* ties: rows that share a letter cannot be told apart
* smol: failed: the process ended: killed by signal 9 (SIGKILL)
* blocking-in-tokio: runs only 2 at a time; 1.01 times its own best possible 600
  ms
* sequential ran in 9 rounds only; speed-ups use those, medians all
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
    let text = terminal(&tables(&summary)[0], 80);
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
    let text = terminal(&tables(&summary)[0], 80);
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
}

#[test]
fn long_names_are_whole_and_equal_caveats_are_said_once() {
    let mut summary = summary();
    let flag = |detail: &str| Flag {
        kind: FlagKind::TimerQuantum,
        text: "the timer counts in whole steps".into(),
        detail: Some(detail.into()),
    };
    summary.cells[2].row.strategy = "blocking-in-tokio-current-thread".into();
    summary.cells[1].flags = vec![flag("1ms")];
    summary.cells[2].flags = vec![flag("1ms")];
    summary.cells[0].flags = vec![flag("2ms")];
    let text = terminal(&tables(&summary)[0], 80);
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

- ties: rows that share a letter cannot be told apart
- smol: failed: it said \`a\|b\` and \<c\>
- blocking-in-tokio: runs only 2 at a time; 1.01 times its own best possible 600 ms
- sequential ran in 9 rounds only; speed-ups use those, medians all
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
        "How to read the columns.",
        "Machine:",
    ] {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
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
    let text = terminal(&tables(&summary)[0], 80);
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
    let text = terminal(&tables(&summary)[0], 80);
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
    let text = terminal(&tables(&summary)[2], 80);
    let expected = "\
get: latency of each unit, closed loop: from when its unit began
strategy                    p50, 95 % CI       p99, 95 % CI     max units
sequential                     41.2 ms -                  - 41.3 ms     5
blocking-in-tokio    41.2 (41.0-41.5) ms 212 (99.0-1232) ms  1.24 s  1440
tokio-spawn-blocking 41.2 (41.0-41.5) ms 212 (99.0-1232) ms  1.24 s  1440
smol                                   -                  -       -     -
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
    let text = terminal(&tables(&summary)[2], 80);
    let expected = "\
get: how late the heartbeat beside the units was
strategy                 p50, 95 % CI       p99, 95 % CI    max beats
sequential        41.2 (41.0-41.5) ms 212 (99.0-1232) ms 1.24 s  1440
blocking-in-tokio 41.2 (41.0-41.5) ms 212 (99.0-1232) ms 1.24 s  1440
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

/// ESC, BEL, NUL, a character that reverses text, HTML and a formula.
const HOSTILE: &str = "=1+1\u{1b}[31m\u{7}\u{0}\u{202e}<img src=x onerror=alert(1)>";

/// A run in which everything that comes from outside is hostile.
fn hostile() -> Summary {
    let mut summary = summary();
    let said = || HOSTILE.to_owned();
    summary.spec.name = said();
    summary.spec.reference = Row::plain(said());
    summary.troubles = vec![said()];
    summary.host = Host {
        cpu: Some(said()),
        kernel: Some(said()),
        system: said(),
        rustc: said(),
        profile: said(),
        commit: Some(said()),
        packages: [(said(), said())].into(),
        started: said(),
        ..Host::default()
    };
    for cell in &mut summary.cells {
        cell.client = Some(said());
        cell.flags = vec![Flag {
            kind: FlagKind::Advisory,
            text: said(),
            detail: Some(said()),
        }];
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
        let text = terminal(&table, 200);
        assert!(!hidden(&text), "{text}");
    }
    let text = document(&summary);
    assert!(!hidden(&text) && text.contains(r"\\u{1b}"), "{text}");
    assert!(text.starts_with(r"# \=1+1"), "{text}");
    assert!(
        text.contains("<img") && !text.replace(r"\<", "").contains('<'),
        "{text}"
    );
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

#[test]
fn a_wide_terminal_shows_more_and_a_narrow_one_less_and_no_name_is_broken() {
    let mut summary = summary();
    summary.cells[2].mean_ns = Some(41_300_000);
    summary.cells[2].deviation_ns = Some(310_000);
    let table = &tables(&summary)[0];
    let wide = terminal(table, 140);
    assert!(
        wide.contains("mean +- sd") && wide.contains("client"),
        "{wide}"
    );
    assert!(!terminal(table, 80).contains("mean +- sd"));
    assert!(!markdown(table).contains("client"));
    summary.cells[2].row.strategy = "blocking-in-tokio-current-thread".into();
    let table = &tables(&summary)[0];
    for width in [60, 80, 100, 140] {
        let text = terminal(table, width);
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
    assert!(terminal(table, 80).contains("ties"));
    // Without the letters there is nothing to explain.
    let text = terminal(table, 78);
    assert!(
        !text.contains("ties") && text.contains("vs floor"),
        "{text}"
    );
}

#[test]
fn columns_that_do_not_fit_and_may_not_be_left_out_follow_below() {
    let table = Table {
        title: "wide".into(),
        columns: crate::table::columns([
            "size",
            "tokio-futures-unordered",
            "tokio-buffer-unordered",
            "tokio-spawn-blocking",
        ]),
        rows: vec![["1", "10 ms", "20 ms", "30 ms"].map(str::to_owned).to_vec()],
        notes: vec![],
    };
    let expected = "\
wide
size tokio-futures-unordered tokio-buffer-unordered
1                      10 ms                  20 ms

size tokio-spawn-blocking
1                   30 ms
";
    let text = terminal(&table, 60);
    assert_eq!(text, expected, "got:\n{text}");
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
            .all(|table| !terminal(table, 140).contains("blocking#2"))
    );
    assert!(
        csv(&summary)
            .unwrap()
            .contains("get,tokio-spawn-blocking#2,")
    );
    // That it failed must not be missed.
    summary.cells[3].outcome = Outcome::Failed;
    summary.cells[3].reason = Some("killed".into());
    let text = terminal(&tables(&summary)[0], 80);
    assert!(
        text.contains("* tokio-spawn-blocking#2: failed: killed"),
        "{text}"
    );
}

#[test]
fn a_change_has_its_interval_and_its_word() {
    let (before, mut after) = (summary(), summary());
    let identical = Comparison::new(&before, &after, false).unwrap();
    let text = terminal(&comparison(&identical, false)[0], 80);
    assert!(text.contains("1.00 (1.00-1.00) same (identical)"), "{text}");
    let json = serde_json::to_value(&identical).unwrap();
    let row = &json["workloads"][0]["rows"][1];
    assert_eq!(
        (&row["change"]["kind"], &row["change"]["identical"]),
        (&"same".into(), &true.into())
    );
    let ratio = after.cells[2].ratio.as_mut().unwrap();
    (ratio.estimate, ratio.low, ratio.high) = (0.0335, Some(0.0330), Some(0.0338));
    let ratio = after.cells[1].ratio.as_mut().unwrap();
    (ratio.estimate, ratio.low, ratio.high) = (0.6, Some(0.59), Some(0.61));
    after.cells[1].floor_ratio = Some(18.2);
    let changed = Comparison::new(&before, &after, false).unwrap();
    let text = comparison(&changed, false)
        .iter()
        .map(|it| terminal(it, 80))
        .collect::<String>();
    assert!(
        text.contains("0.979 (0.940-0.997) faster, under 5 %"),
        "{text}"
    );
    assert!(text.contains("1.19 (1.17-1.21) slower"), "{text}");
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
    let text = comparison(&changed, false)
        .iter()
        .map(markdown)
        .collect::<String>();
    assert!(text.contains("| floor before | floor after |"), "{text}");
}

#[test]
fn what_units_compute_and_where_the_server_runs_stand_under_the_table() {
    let mut summary = summary();
    summary.cells[1].cpu_ns = Some(150_000_000);
    summary.spec.workloads[0].compute = Some("2ms".parse().unwrap());
    summary.host.placement = Some(Placement {
        workers: vec![0, 1],
        server: vec![0, 1],
    });
    let mut notes = |computes: Option<Computes>| {
        summary.workloads = vec![WorkloadSummary {
            workload: "get".into(),
            rounds: 24,
            launches: 5,
            autocorrelation: None,
            p_of_launches: None,
            dropped: vec![],
            noise: None,
            alpha: 0.01,
            friedman: None,
            computes,
            machine: None,
            flags: vec![],
        }];
        let table = tables(&summary).swap_remove(0);
        (table.title, table.notes.join("\n"))
    };
    let computes = Computes {
        units: 60,
        steps: 1_000_000,
        unit_ns: 2_000_000,
        processors: 2,
        waits_ns: Some(40_000_000),
        computing_ns: 30_000_000,
    };
    let (title, with) = notes(Some(computes.clone()));
    assert!(title.starts_with("get: 60 x 20ms, compute 2ms, body_bytes 1024; at most"));
    for part in [
        "waits 40.0 ms, computing 30.0 ms on 2 processors: at least 40.0 ms\n",
        "computing: 2.00 ms per unit as calibrated before the run (1000000 steps); \
         CPU time per unit 119 us (sequential) to 2.50 ms (blocking-in-tokio)\n",
        "workers and server share processors 0, 1: none was left for the server",
    ] {
        assert!(with.contains(part), "{part} is missing in:\n{with}");
    }
    assert!(
        with.contains("verdicts hold at 99% for all rows of this table together"),
        "{with}"
    );
    let (_, none) = notes(Some(Computes {
        steps: 0,
        ..computes
    }));
    assert!(!none.contains("computing"), "{none}");
}
