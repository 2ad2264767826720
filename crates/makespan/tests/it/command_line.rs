//! What a person types, and what comes back.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use libtest_mimic::Trial;
use model::{Outcome, SampleOutcome, Summary};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::test;

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test("command_line::verify_passes", verify_passes),
        test("command_line::the_matrix_says_why", the_matrix_says_why),
        test("command_line::a_sweep_is_one_table", a_sweep_is_one_table),
        test(
            "command_line::a_run_leaves_a_whole_folder_and_prints_tables_that_fit",
            a_run_leaves_a_whole_folder,
        ),
        test(
            "command_line::bad_input_is_one_clear_error_and_leaves_nothing",
            bad_input,
        ),
        test(
            "command_line::too_few_descriptors_are_found_before_anything_starts",
            too_few_descriptors,
        ),
        test(
            "command_line::a_failed_row_is_told_kept_and_in_the_exit_code",
            a_failed_row,
        ),
        test("command_line::a_port_in_use_is_refused", a_port_in_use),
        test(
            "command_line::ctrl_c_keeps_what_was_measured_and_ends_all_processes",
            ctrl_c,
        ),
        test(
            "command_line::a_workload_is_measured_without_a_file",
            a_workload_without_a_file,
        ),
        test(
            "command_line::a_file_of_one_workload_is_enough_and_its_faults_come_at_once",
            a_file_of_one_workload,
        ),
        test(
            "command_line::rounds_and_launches_mean_exactly_those",
            exactly_those_rounds,
        ),
        test("command_line::a_long_run_is_not_begun_unasked", a_long_run),
        test("command_line::lists_name_what_there_is", lists),
        test("command_line::a_cell_runs_alone", a_cell_runs_alone),
        test("command_line::the_server_serves", the_server_serves),
    ]
}

fn makespan(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_makespan"));
    command.args(arguments);
    command
}

fn output(arguments: &[&str]) -> (Output, String, String) {
    let output = makespan(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    (output, out, err)
}

fn verify_passes() {
    let (output, out, err) = output(&["verify"]);
    assert!(output.status.success(), "{out}{err}");
    let registry = makespan::Registry::built_in();
    let pairs = registry.workloads.iter().flat_map(|entry| {
        let rows = registry.strategies.iter();
        rows.map(move |row| (entry, row))
    });
    let able = pairs.filter(|(entry, row)| registry.unsupported(entry, row).is_none());
    let cells = able.count();
    assert!(
        out.ends_with(&format!("{cells} passed, 0 failed\n")),
        "{out}"
    );
    let (_, out, _) = self::output(&["verify", "--workload", "get", "--strategy", "?mol"]);
    assert!(out.ends_with("1 passed, 0 failed\n"), "{out}");
}

/// Every exclusion has a reason, and each is one that a workload needs and a strategy lacks.
fn the_matrix_says_why() {
    let (_, out, _) = output(&["list", "--matrix"]);
    let registry = makespan::Registry::built_in();
    for entry in &registry.workloads {
        let head = format!("{} ", entry.facts.name);
        assert!(
            out.lines().any(|line| line.starts_with(&head)),
            "{head}{out}"
        );
    }
    assert!(out.contains("it lacks cancelling a request: "), "{out}");
    let (_, json, _) = output(&["list", "--matrix", "--json"]);
    let rows: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    let deadline = rows
        .iter()
        .find(|row| row["workload"] == "deadline")
        .unwrap();
    let able = deadline["strategies"].as_array().unwrap();
    assert!(able.iter().any(|name| name == "tokio") && able.iter().all(|name| name != "threads"));
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
    let (run, out, err) = output(&[&arguments[..], &[parent.path().to_str().unwrap()]].concat());
    assert!(run.status.success(), "{out}{err}");
    assert!(out.contains("get by tasks: median makespan"), "{out}");
    assert!(
        out.contains("tokio ") && out.contains("sequential"),
        "{out}"
    );
    let folder = Path::new(out.lines().last().unwrap());
    let summary = fs::read_to_string(folder.join("summary.json")).unwrap();
    let summary: Summary = serde_json::from_str(&summary).unwrap();
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
    let (output, out, err) =
        output(&[&arguments[..], &["--allow-debug", "--out", out_flag]].concat());
    assert!(output.status.success(), "{out}{err}");
    assert!(
        out.lines()
            .all(|line| line.chars().count() <= 80 || line.starts_with(out_flag)),
        "{out}"
    );
    let folder = Path::new(out.lines().last().unwrap());
    let read = |name: &str| {
        fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let summary: Summary = serde_json::from_str(&read("summary.json")).unwrap();
    assert_eq!(
        (
            summary.schema_version,
            summary.interrupted,
            summary.cells.len()
        ),
        (model::SCHEMA_VERSION, false, 9)
    );
    for cell in &summary.cells {
        assert_eq!(
            (cell.outcome, cell.samples),
            (Outcome::Measured, 6),
            "{cell:?}"
        );
        assert!(
            cell.cpu_ns.is_some() && cell.threads_peak >= Some(1) && cell.rss_peak_bytes.is_some(),
            "{cell:?}"
        );
        let ratio = cell.ratio.as_ref().unwrap();
        assert!(ratio.low.is_some() && ratio.pairs == 6, "{ratio:?}");
        let units = cell.latencies.map(|seen| seen.count);
        let recorded = (cell.workload == "get").then_some(16 * 6);
        assert_eq!(units, recorded, "{cell:?}");
    }
    let samples = harness::journal::read(folder).unwrap().samples;
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
    let (_, again, _) = self::output(&["report", folder.to_str().unwrap()]);
    assert!(
        out.contains(again.trim_end()),
        "report prints the same tables:\n{again}"
    );
}

fn bad_input() {
    let parent = tempfile::tempdir().unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    let below_a_file = file.path().join("results");
    let scenario = parent.path().join("mine.toml");
    let core = include_str!("../../scenarios/core.toml");
    let wrong = core.replace("body_bytes", "bodybytes");
    fs::write(&scenario, &wrong).unwrap();
    let line = wrong.lines().position(|line| line.contains("bodybytes"));
    let fault = format!(
        "mine.toml:{}: get: no key is called `bodybytes`",
        line.unwrap() + 1
    );
    let cases: [(&[&str], &[&str]); 24] = [
        (
            &["--precision", "3"],
            &["percentage `3`", "allowed are 0.01% to 1000%"],
        ),
        (
            &["--budget", "0s"],
            &["budget `0s`", "allowed are 1s to 7days"],
        ),
        (
            &["--launches", "0"],
            &["'0' for '--launches <N>': allowed are 1 to 1000"],
        ),
        (
            &["--strategy", "tokyo"],
            &[
                "no strategy matches `tokyo`",
                "did you mean `tokio`",
                "async-std",
            ],
        ),
        (
            &["--workload", "gett"],
            &["no workload matches `gett`", "did you mean `get`", "pages"],
        ),
        (
            &["--concurrency", "0"],
            &[
                "'0' for '--concurrency <C>': allowed are 1 to 1000000",
                "--concurrency",
            ],
        ),
        (
            &["--concurrency", "-3"],
            &["'-3' for '--concurrency <C>': allowed are 1 to"],
        ),
        (
            &["--tasks", "0"],
            &[
                "'0' for '--tasks <N>': allowed are 1 to 10000000",
                "--tasks",
            ],
        ),
        (
            &["--tasks", "many"],
            &["'many' for '--tasks <N>': allowed are 1 to"],
        ),
        (
            &["--latency", "-5ms"],
            &["latency `-5ms`", "uniform:10ms,30ms"],
        ),
        (&["--latency", "2h"], &["`2h` is over 60s"]),
        (&["--latency", "20"], &["latency `20`"]),
        (&["--rounds", "0"], &["'0'", "allowed are 1 to 100000"]),
        (
            &["--seed", "-1"],
            &[
                "'-1' for '--seed <N>'",
                "allowed are 0 to 9223372036854775807",
            ],
        ),
        (&["--refrence", "tokio"], &["--refrence", "--reference"]),
        (
            &["--reference", "smol", "--strategy", "tokio"],
            &["reference `smol` is not among"],
        ),
        (
            &["cor"],
            &["no scenario is called `cor`", "did you mean `core`"],
        ),
        (
            &[scenario.to_str().unwrap()],
            &[&fault, "did you mean `body_bytes`?"],
        ),
        (
            &["--strategy", "tokio,smol,tokio"],
            &["--strategy tokio: it is named twice"],
        ),
        (
            &["--set", "pages=9", "--workload", "get"],
            &["--set pages: none of the workloads has it; get has body_bytes"],
        ),
        (
            &["--set", "pages=9", "--set", "pages=8"],
            &["--set pages: it is set twice"],
        ),
        (
            &["quick", "--workload", "mixed"],
            &[
                "scenario quick has no workload `mixed`",
                "sleep, get, pages",
                "without a scenario",
            ],
        ),
        (
            &["--rounds", "2", "--launches", "3"],
            &["launches = 3: allowed are 1 to 2"],
        ),
        (
            &["--rounds", "6", "--precision", "1%"],
            &["allowed together is with --budget"],
        ),
    ];
    for (arguments, named) in cases {
        let out = ["--allow-debug", "--out", parent.path().to_str().unwrap()];
        refused(&[&["run"], arguments, &out].concat(), named);
    }
    refused(
        &[
            "run",
            "--allow-debug",
            "--out",
            below_a_file.to_str().unwrap(),
        ],
        &["cannot make the folder"],
    );
    refused(&["--version", "extra"], &["--version stands alone"]);
    if cfg!(debug_assertions) {
        refused(
            &["run", "--out", parent.path().to_str().unwrap()],
            &["debug build", "cargo bench"],
        );
    }
    assert_eq!(
        fs::read_dir(parent.path()).unwrap().count(),
        1,
        "only the scenario may be there"
    );
}

/// Runs this in a folder of its own. Returns what it printed to standard error, and its summary.
fn measured(arguments: &[&str]) -> (String, Summary) {
    let parent = tempfile::tempdir().unwrap();
    let flags = ["--allow-debug", "--no-calibration", "--out"];
    let out = parent.path().to_str().unwrap();
    let (output, out, err) = output(&[&["run"], arguments, &flags, &[out]].concat());
    assert!(output.status.success(), "{out}{err}");
    let folder = Path::new(out.lines().last().unwrap());
    let summary = fs::read_to_string(folder.join("summary.json")).unwrap();
    (err, serde_json::from_str(&summary).unwrap())
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

fn a_long_run() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().to_str().unwrap();
    let long = [
        "run",
        "--allow-debug",
        "--workload",
        "get",
        "--latency",
        "30s",
        "--out",
        out,
    ];
    refused(
        &[&long[..], &["--strategy", "sequential,tokio"]].concat(),
        &[
            "at least ",
            " of waiting, sequential is ",
            "use --strategy to leave rows out",
            "or --yes",
        ],
    );
    refused(
        &[&long[..], &["--strategy", "tokio", "--budget", "2m"]].concat(),
        &["which is more than --budget 2m"],
    );
    assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
}

/// The limit is lowered for the child, so that the test does not depend on the machine's.
fn too_few_descriptors() {
    let parent = tempfile::tempdir().unwrap();
    let script = "ulimit -n 256; exec \"$0\" \"$@\"";
    let run = |strategies: &[&str]| {
        let mut command = Command::new("sh");
        command
            .args(["-c", script, env!("CARGO_BIN_EXE_makespan")])
            .args(["run", "--allow-debug", "--no-calibration"])
            .args(["--workload", "get", "--rounds", "1"])
            .args([
                "--tasks",
                "1000",
                "--concurrency",
                "1000",
                "--latency",
                "0ms",
            ])
            .args(strategies.iter().flat_map(|name| ["--strategy", name]))
            .arg("--out")
            .arg(parent.path());
        command.output().unwrap()
    };
    let output = run(&["tokio", "threads"]);
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{err}");
    for part in [
        "concurrency = 1000",
        "1064 open files",
        "allows 256",
        "allowed here are 1 to 192",
    ] {
        assert!(err.contains(part), "`{part}` is missing in: {err}");
    }
    assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);

    // Where others can run, the row says what limits it.
    let output = run(&["tokio", "sequential"]);
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{out}");
    let words = out.split_whitespace().collect::<Vec<_>>().join(" ");
    let reason = "tokio: unsupported: limited by `ulimit -Hn`, which allows 256";
    assert!(words.contains(reason), "{out}");
}

/// A row that fails is told, kept and counted in the exit code, and the others go on.
fn a_failed_row() {
    let parent = tempfile::tempdir().unwrap();
    let scenario = parent.path().join("mine.toml");
    let load = |(name, tasks)| {
        format!("[[workload]]\nname = \"{name}\"\ntasks = {tasks}\nlatency = \"1ms\"\n")
    };
    let text =
        "name = \"mine\"\nseed = 1\nconcurrency = 16\nworkers = 2\nlaunches = 1\nrounds = 1\n\
                long_rounds = 1\nreference = \"sequential\"\nanchor = \"tokio\"\n"
            .to_owned()
            + &[("wrong", 64), ("get", 32), ("pages", 4)]
                .map(load)
                .concat();
    fs::write(&scenario, text).unwrap();
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
    let (out, err) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    assert_eq!(output.status.code(), Some(1), "{out}{err}");
    assert!(err.contains("wrong/tokio failed: wrong tally"), "{err}");
    assert!(
        out.contains("tokio, tokio#2: failed: wrong tally")
            && out.contains("* smol: unsupported: "),
        "{out}"
    );
    let folder = Path::new(out.lines().last().unwrap());
    let summary: Summary =
        serde_json::from_str(&fs::read_to_string(folder.join("summary.json")).unwrap()).unwrap();
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

fn refused(arguments: &[&str], named: &[&str]) {
    let (output, out, err) = output(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {out}{err}");
    for part in named {
        assert!(
            err.contains(part),
            "{arguments:?}: `{part}` is missing in: {err}"
        );
    }
    assert_eq!(out, "", "{arguments:?}");
}

fn a_port_in_use() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    refused(&["serve", "--listen", &address], &[&address]);
    refused(&["serve", "--listen", "0.0.0.0:0"], &["loopback"]);
}

fn ctrl_c() {
    let parent = tempfile::tempdir().unwrap();
    let arguments = [
        "run",
        "--allow-debug",
        "--no-calibration",
        "--yes",
        "--rounds",
        "1000",
        "--out",
        parent.path().to_str().unwrap(),
    ];
    let process = makespan(&arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let samples = || {
        let folder = fs::read_dir(parent.path()).ok()?.next()?.ok()?.path();
        Some(
            fs::read_to_string(folder.join("samples.jsonl"))
                .ok()?
                .lines()
                .count(),
        )
    };
    let mut process = process;
    while samples().unwrap_or(0) < 3 {
        assert!(process.try_wait().unwrap().is_none(), "it ended by itself");
        thread::sleep(Duration::from_millis(20));
    }
    let children = children(process.id());
    assert!(children.len() > 30, "workers and a server: {children:?}");
    kill(Pid::from_raw(process.id() as i32), Signal::SIGINT).unwrap();
    let output = process.wait_with_output().unwrap();
    let (out, err) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    assert_eq!(output.status.code(), Some(130), "{err}");
    assert!(err.contains("interrupted after"), "{err}");
    let folder = Path::new(out.lines().last().unwrap());
    let summary: Summary =
        serde_json::from_str(&fs::read_to_string(folder.join("summary.json")).unwrap()).unwrap();
    assert!(summary.interrupted);
    assert!(samples().unwrap() >= 3);
    for child in children {
        assert!(
            !Path::new(&format!("/proc/{child}")).exists(),
            "process {child} lives on"
        );
    }
}

/// Processes started by the main thread of a process.
fn children(process: u32) -> Vec<u32> {
    let text = fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap();
    text.split_whitespace()
        .map(|id| id.parse().unwrap())
        .collect()
}

fn lists() {
    for (what, names) in [
        (
            "strategies",
            makespan::Registry::built_in()
                .strategies
                .iter()
                .map(|row| row.facts.name)
                .collect::<Vec<_>>(),
        ),
        (
            "workloads",
            makespan::Registry::built_in()
                .workloads
                .iter()
                .map(|entry| entry.facts.name)
                .collect(),
        ),
    ] {
        let (_, out, _) = output(&["list", what]);
        let first = |line: &str| line.split_whitespace().next().unwrap().to_owned();
        assert_eq!(out.lines().map(first).collect::<Vec<_>>(), names);
        let (_, out, _) = output(&["list", what, "--json"]);
        let values: Vec<serde_json::Value> = serde_json::from_str(&out).unwrap();
        assert_eq!(
            values
                .iter()
                .map(|value| value["name"].as_str().unwrap())
                .collect::<Vec<_>>(),
            names
        );
    }
}

fn a_cell_runs_alone() {
    for strategy in ["async-std", "thread-pool"] {
        let arguments = [
            "cell",
            "--workload",
            "get",
            "--strategy",
            strategy,
            "--latency",
            "1ms",
            "--samples",
            "2",
        ];
        let (output, out, err) = output(&arguments);
        assert!(output.status.success(), "{out}{err}");
        assert_eq!(out.matches("checked").count(), 2, "{out}");
    }
    refused(
        &["cell", "--workload", "get", "--strategy", "tokio*"],
        &["one cell is needed", "get/tokio-reqwest"],
    );
}

fn the_server_serves() {
    let mut server = makespan(&["serve", "--latency", "1ms"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(line.starts_with("http://127.0.0.1:"), "{line}");
}
