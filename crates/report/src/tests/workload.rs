//! Which tables a workload has, and what stands in and under them.

use model::{Computes, Placement, Quantile, Quantiles, WorkloadSummary};

use super::{quantiles, summary};
use crate::document::document;
use crate::formats::screen::Screen;
use crate::formats::terminal::terminal;
use crate::tables::run::tables;

#[test]
fn where_each_round_has_a_floor_that_of_most_rounds_is_shown_as_a_median() {
    let mut summary = summary();
    summary.spec.workloads[0].latency = "lognormal:20ms,80ms".parse().unwrap();
    // A long row is in fewer rounds.
    (summary.cells[0].samples, summary.cells[0].floor_ns) = (9, Some(50_000_000));
    let text = terminal(&tables(&summary)[0], Screen::plain(80));
    let head: String = text.lines().take(2).collect::<Vec<_>>().join(" ");
    assert!(
        head.contains("floor 40.0 ms (median of the rounds)"),
        "{text}"
    );
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
fn what_happened_stands_in_place_of_times() {
    let mut summary = summary();
    summary.cells.truncate(2);
    for cell in &mut summary.cells {
        (cell.wall_ns, cell.ratio) = (None, None);
        cell.reasons.clear();
        cell.verdicts = [("contained".to_owned(), 2), ("hangs".to_owned(), 1)].into();
    }
    summary.cells[1].verdicts.remove("hangs");
    let text = terminal(&tables(&summary)[0], Screen::plain(80));
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
    let text = terminal(&tables(&summary)[0], Screen::plain(80));
    assert!(text.contains(" mean +- sd "), "{text}");
    assert!(text.contains(" 41.3 +- 0.310 ms "), "{text}");
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
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
    let text = terminal(&tables(&summary)[2], Screen::plain(80));
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
    let text = terminal(&tables(&summary)[2], Screen::plain(80));
    let expected = "\
get: how late the heartbeat beside the units was
strategy                 p50, 95 % CI       p99, 95 % CI    max beats
sequential        41.2 (41.0-41.5) ms 212 (99.0-1232) ms 1.24 s  1440
blocking-in-tokio 41.2 (41.0-41.5) ms 212 (99.0-1232) ms 1.24 s  1440
";
    assert_eq!(text, expected, "got:\n{text}");
}

#[test]
fn what_units_compute_and_where_the_server_runs_stand_under_the_table() {
    let mut summary = summary();
    summary.cells[1].cpu_ns = Some(150_000_000);
    summary.spec.workloads[0].compute = Some("2ms".parse().unwrap());
    summary.host.computer.placement = Some(Placement {
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
        let notes: Vec<String> = table.notes.iter().map(ToString::to_string).collect();
        (table.title, notes.join("\n"))
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
        with.contains("the chance that any verdict of this table is wrong is at most 1.0%"),
        "{with}"
    );
    let (_, none) = notes(Some(Computes {
        steps: 0,
        ..computes
    }));
    assert!(!none.contains("computing"), "{none}");
}

#[test]
fn a_reason_stands_once_with_its_rows_and_its_source_in_the_order_of_the_catalogue() {
    let mut summary = summary();
    let of = |id: &str, detail: &str| model::Reason {
        id: id.into(),
        text: format!("it is {id}"),
        detail: detail.into(),
        source: format!("https://example.org/{id}"),
    };
    summary.cells[0].reasons = vec![of("spinning-pool", "1")];
    summary.cells[1].reasons = vec![of("funnel", "2"), of("spinning-pool", "1")];
    summary.cells[2].reasons = vec![of("spinning-pool", "3")];
    let table = &tables(&summary)[0];
    let reasons = table
        .notes
        .iter()
        .filter(|it| it.kind == crate::NoteKind::Reason);
    let said: Vec<_> = reasons
        .map(|it| (it.to_string(), it.source.clone().unwrap()))
        .collect();
    let expected = [
        (
            "blocking-in-tokio: it is funnel; 2",
            "https://example.org/funnel",
        ),
        (
            "it is spinning-pool: sequential, blocking-in-tokio (1); tokio-spawn-blocking (3)",
            "https://example.org/spinning-pool",
        ),
    ];
    let expected = expected.map(|(text, source)| (text.to_owned(), source.to_owned()));
    assert_eq!(said, expected);
    let markdown = crate::markdown(table);
    assert!(
        markdown.contains("it is funnel; 2; see <https://example.org/funnel>\n"),
        "{markdown}"
    );
}
