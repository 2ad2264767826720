//! What a run leaves: its folder, its tables, its exit code.

use std::fs;
use std::process::Command;

use libtest_mimic::Trial;
use model::{Outcome, SampleOutcome, Summary};

use crate::command::{ended, folder, output, refused, summary};
use crate::scenario::{head, workload};
use crate::test;

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test("measured::a_sweep_is_one_table", a_sweep_is_one_table),
        test(
            "measured::a_run_leaves_a_whole_folder_and_prints_tables_that_fit",
            a_run_leaves_a_whole_folder,
        ),
        test(
            "measured::a_failed_row_is_told_kept_and_in_the_exit_code",
            a_failed_row,
        ),
        test(
            "measured::a_workload_is_measured_without_a_file",
            a_workload_without_a_file,
        ),
        test(
            "measured::a_file_of_one_workload_is_enough_and_its_faults_come_at_once",
            a_file_of_one_workload,
        ),
        test(
            "measured::rounds_and_launches_mean_exactly_those",
            exactly_those_rounds,
        ),
    ]
}

/// A list of sizes is a workload of each, told in one table with the place where rows change places.
fn a_sweep_is_one_table() {
    let parent = tempfile::tempdir().unwrap();
    let arguments = [
        "run",
        "--quick",
        "--no-calibration",
        "--allow-debug",
        "--rounds",
        "2",
        "--workload",
        "get",
        "--tasks",
        "1,8",
        "--latency",
        "2ms",
        "--strategy",
        "sequential",
        "--strategy",
        "tokio",
        "--out",
    ];
    let (code, out, err) = output(&[&arguments[..], &[parent.path().to_str().unwrap()]].concat());
    assert!(code == Some(0), "{out}{err}");
    assert!(out.contains("get by tasks: median makespan"), "{out}");
    assert!(
        out.contains("tokio ") && out.contains("sequential"),
        "{out}"
    );
    let folder = folder(&out);
    let summary = summary(&folder);
    let labels: Vec<_> = summary
        .cells
        .iter()
        .map(|cell| cell.workload.as_str())
        .collect();
    assert_eq!(labels[0], "get(tasks=1)");
    assert_eq!(summary.series[0].points.len(), 2);
    assert_eq!(summary.series[0].crossovers.len(), 1);
    let document = fs::read_to_string(folder.join("README.md")).unwrap();
    assert!(document.contains("**get(tasks=8): 8 x 2ms"), "{document}");
    // The spec as it was run says the same again.
    let again = fs::read_to_string(folder.join("spec.toml")).unwrap();
    assert_eq!(toml::from_str::<model::Spec>(&again).unwrap(), summary.spec);
}

fn a_run_leaves_a_whole_folder() {
    let parent = tempfile::tempdir().unwrap();
    let out_flag = parent.path().to_str().unwrap();
    let arguments = [
        "run",
        "--quick",
        "--no-calibration",
        "--rounds",
        "6",
        "--latency",
        "2ms",
        "--strategy",
        "sequential",
        "--strategy",
        "smol",
    ];
    let (code, out, err) =
        output(&[&arguments[..], &["--allow-debug", "--out", out_flag]].concat());
    assert!(code == Some(0), "{out}{err}");
    assert!(
        out.lines()
            .all(|line| line.chars().count() <= 80 || line.starts_with(out_flag)),
        "{out}"
    );
    let folder = folder(&out);
    let read = |name: &str| {
        fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let summary = summary(&folder);
    assert_eq!(
        (
            summary.schema_version,
            summary.interrupted,
            summary.cells.len()
        ),
        (model::SCHEMA_VERSION, false, 9)
    );
    for cell in &summary.cells {
        // A round in which something else disturbed the machine counts for no row.
        let rounds = 6 - dropped(&summary, &cell.workload);
        assert_eq!(
            (cell.outcome, cell.samples),
            (Outcome::Measured, rounds),
            "{cell:?}"
        );
        assert!(
            cell.cpu_ns.is_some() && cell.threads_peak >= Some(1) && cell.rss_peak_bytes.is_some(),
            "{cell:?}"
        );
        let ratio = cell.ratio.as_ref().unwrap();
        assert_eq!(
            (ratio.pairs, ratio.low.is_some()),
            (rounds, rounds == 6),
            "{ratio:?}"
        );
        let units = cell.latencies.map(|seen| seen.count);
        let recorded = (cell.workload == "get").then_some(16 * rounds as u64);
        assert_eq!(units, recorded, "{cell:?}");
    }
    let samples = harness::journal::read(&folder).unwrap().samples;
    // Two launches with a discarded round of short rows each, and six rounds that count, of two rows and an A/A pair's other half.
    assert_eq!(samples.iter().filter(|sample| sample.kept).count(), 54);
    assert_eq!(
        samples
            .iter()
            .map(|sample| sample.position)
            .collect::<Vec<_>>(),
        (0..samples.len() as u32).collect::<Vec<_>>()
    );
    for sample in &samples {
        let SampleOutcome::Measured(measured) = &sample.outcome else {
            panic!("{sample:?}")
        };
        // Parked long enough to open all others, and busy for no time worth naming.
        let (parked, busy) = measured.parked_ns.zip(measured.parked_cpu_ns).unwrap();
        assert!(parked > 0 && busy < parked, "{measured:?}");
    }
    toml::from_str::<model::Spec>(&read("spec.toml")).unwrap();
    assert!(read("summary.csv").lines().count() == 10 && read("host.json").contains("\"rustc\""));
    assert!(read("README.md").contains("| sequential |"));
    let (_, again, _) = output(&["report", folder.to_str().unwrap()]);
    assert!(
        out.contains(again.trim_end()),
        "report prints the same tables:\n{again}"
    );
}

/// Rounds of a workload that were dropped for all rows, because of what else the machine did.
fn dropped(summary: &Summary, workload: &str) -> usize {
    let mut workloads = summary.workloads.iter();
    let workload = workloads.find(|it| it.workload == workload).unwrap();
    workload.dropped.iter().map(|it| it.rounds).sum()
}

/// Runs this in a folder of its own. Returns what it printed to standard error, and its summary.
fn measured(arguments: &[&str]) -> (String, Summary) {
    let parent = tempfile::tempdir().unwrap();
    let flags = ["--allow-debug", "--no-calibration", "--out"];
    let out = parent.path().to_str().unwrap();
    let (code, out, err) = output(&[&["run"], arguments, &flags, &[out]].concat());
    assert!(code == Some(0), "{out}{err}");
    (err, summary(&folder(&out)))
}

fn a_workload_without_a_file() {
    let (err, summary) = measured(&[
        "--workload",
        "churn",
        "--tasks",
        "8",
        "--latency",
        "1ms",
        "--concurrency",
        "4",
        "--strategy",
        "threads,tokio",
        "--rounds",
        "1",
    ]);
    let rows: Vec<_> = summary
        .cells
        .iter()
        .filter(|it| it.row.twin_of().is_none())
        .collect();
    let names: Vec<_> = rows.iter().map(|it| it.row.strategy.as_str()).collect();
    assert_eq!(names, ["threads", "tokio"]);
    assert!(
        rows.iter()
            .all(|it| it.workload == "churn" && it.samples == 1)
    );
    assert_eq!(summary.spec.workloads[0].tasks, 8);
    // What was decided unasked is said.
    for said in [
        "makespan: ratios are against threads, the first of the strategies, because sequential is not among them",
        "makespan: 1 round, too few for intervals of ratios (6 needed) and for verdicts (8 needed)",
        "3 cells, 6 samples, at least ",
    ] {
        assert!(err.contains(said), "`{said}` is missing in: {err}");
    }
    assert!(summary.spec.reference.is("threads"));
}

fn a_file_of_one_workload() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("least.toml");
    fs::write(&file, "[[workload]]\nname = \"sleep\"\n").unwrap();
    let file_flag = file.to_str().unwrap();
    let sizes = ["--tasks", "2", "--latency", "1ms", "--rounds", "1"];
    let (_, summary) = measured(&[&[file_flag], &sizes[..]].concat());
    let core = include_str!("../../scenarios/core.toml");
    let core: model::Spec = toml::from_str(core).unwrap();
    assert_eq!(summary.spec.name, "least");
    assert_eq!(summary.spec.strategies, core.strategies);
    assert_eq!(
        (summary.spec.seed, summary.spec.concurrency),
        (core.seed, core.concurrency)
    );
    // All that is wrong, at once.
    let text =
        "seed = -1\n[[workload]]\nname = \"get\"\ntask = 5\nlatency = \"lognormal:20ms,2ms\"\n";
    fs::write(&file, text).unwrap();
    refused(
        &["run", "--allow-debug", file_flag],
        &[
            "scenario ",
            " has 3 faults",
            "least.toml:1: seed = -1: allowed are 0 to ",
            "least.toml:4: get: no key is called `task`; did you mean `tasks`? allowed are name, tasks, latency, ",
            "least.toml:5: get: latency `lognormal:20ms,2ms`: its second number, the 99th percentile, is below the first",
        ],
    );
}

/// No interval of so few rounds is as narrow as the scenario asks for, and yet none are added.
fn exactly_those_rounds() {
    let few = [
        "--workload",
        "sleep",
        "--tasks",
        "4",
        "--latency",
        "2ms",
        "--strategy",
        "smol,tokio",
    ];
    let (_, summary) = measured(&[&few[..], &["--rounds", "6", "--launches", "1"]].concat());
    assert_eq!(summary.launches.len(), 1);
    assert!(summary.cells.iter().all(|cell| cell.samples <= 6));
    assert_eq!(summary.spec.budget, None);
    let (_, summary) = measured(&[&few[..], &["--no-precision"]].concat());
    assert_eq!(summary.launches.len(), summary.spec.launches as usize);
    assert_eq!(summary.spec.budget, None);
}

/// A row that fails is told, kept and counted in the exit code, and the others go on.
fn a_failed_row() {
    let parent = tempfile::tempdir().unwrap();
    let scenario = parent.path().join("mine.toml");
    let load = |(name, tasks)| workload(name, &format!("tasks = {tasks}\nlatency = \"1ms\""));
    let loads = [("wrong", 64), ("get", 32), ("pages", 4)]
        .map(load)
        .concat();
    // The anchor is not the reference here, so that another row of the wrong workload is in every round.
    let head = head(1, &["sequential", "tokio"]);
    let head = head.replace("anchor = \"sequential\"", "anchor = \"tokio\"");
    let head = head.replace("concurrency = 4", "concurrency = 16");
    fs::write(&scenario, head + &loads).unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .env(crate::faulty::COMMAND_LINE, "1")
        .args(["run", "--allow-debug", "--no-calibration"])
        .arg(&scenario);
    command.args([
        "--strategy",
        "tokio",
        "--strategy",
        "smol",
        "--strategy",
        "sequential",
    ]);
    let output = command.arg("--out").arg(parent.path()).output().unwrap();
    let (code, out, err) = ended(output);
    assert_eq!(code, Some(1), "{out}{err}");
    assert!(err.contains("wrong/tokio failed: wrong tally"), "{err}");
    assert!(
        out.contains("tokio, tokio#2: failed: wrong tally")
            && out.contains("* smol: unsupported: "),
        "{out}"
    );
    let summary = summary(&folder(&out));
    let once = summary
        .cells
        .iter()
        .filter(|cell| cell.row.twin_of().is_none());
    let outcomes: Vec<_> = once.map(|cell| cell.outcome).collect();
    use Outcome::{Failed, Measured, Unsupported};
    assert_eq!(
        outcomes[..3],
        [Failed, Failed, Unsupported],
        "the wrong workload"
    );
    assert_eq!(outcomes[3..], [Measured; 6], "the others");
}
