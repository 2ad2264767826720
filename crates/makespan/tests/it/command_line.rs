//! The other commands, and signals.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use libtest_mimic::Trial;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::command::{ended, folder, makespan, output, refused, summary};
use crate::{faulty, test, together};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test("command_line::verify_passes", verify_passes),
        together("command_line::the_matrix_says_why", the_matrix_says_why),
        together("command_line::lists_name_what_there_is", lists),
        together("command_line::what_is_measured_is_printed_as_json", json),
        test(
            "command_line::ctrl_c_keeps_what_was_measured_and_ends_all_processes",
            ctrl_c,
        ),
        test("command_line::a_cell_runs_alone", a_cell_runs_alone),
        together("command_line::the_server_serves", the_server_serves),
        together(
            "command_line::a_server_that_ends_by_itself_has_crashed",
            a_server_that_ends,
        ),
        test(
            "command_line::a_bench_target_says_how_long_it_takes",
            a_bench_target,
        ),
    ]
}

fn verify_passes() {
    let (code, out, err) = output(&["verify"]);
    assert!(code == Some(0), "{out}{err}");
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
    let (_, out, _) = output(&["verify", "--workload", "get", "--strategy", "?mol"]);
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

/// Standard output is JSON and nothing else, so that a pipe can read it.
fn json() {
    let read = |arguments: &str| -> Vec<serde_json::Value> {
        let arguments: Vec<&str> = arguments.split_whitespace().collect();
        let (code, out, err) = output(&arguments);
        assert_eq!(code, Some(0), "{arguments:?}: {err}");
        let values = serde_json::Deserializer::from_str(&out).into_iter();
        let values: Result<Vec<_>, _> = values.collect();
        values.unwrap_or_else(|error| panic!("{arguments:?}: {error}: {out}"))
    };
    let verified = &read("verify --workload deadline --strategy tokio,threads --json")[0];
    assert_eq!(verified[0]["outcome"], "passed");
    assert_eq!(verified[1]["outcome"], "unsupported");
    assert!(verified[1]["reason"].as_str().unwrap().contains("lacks"));
    let samples = read("cell --workload sleep --strategy tokio --samples 3 --latency 1ms --json");
    assert_eq!(samples.len(), 3);
    assert!(samples[0]["measured"]["wall_ns"].as_u64().unwrap() >= 1_000_000);

    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().to_str().unwrap();
    let run = "run three-sleeps --strategy tokio,sequential --rounds 1 --launches 1 --latency 1ms --no-calibration --allow-debug";
    let summary = &read(&format!("{run} --json --out {out}"))[0];
    let folder = fs::read_dir(parent.path()).unwrap().next().unwrap();
    let folder = folder.unwrap().path();
    let again = &read(&format!("analyze {} --json", folder.display()))[0];
    assert!(summary["cells"].as_array().unwrap().len() > 1 && summary == again);
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
    let (code, out, err) = ended(process.wait_with_output().unwrap());
    assert_eq!(code, Some(130), "{err}");
    assert!(err.contains("interrupted after"), "{err}");
    let summary = summary(&folder(&out));
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
        let (code, out, err) = output(&arguments);
        assert!(code == Some(0), "{out}{err}");
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

/// The address is free, so it starts; what ends it is no fault of whoever typed the command.
fn a_server_that_ends() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let mut server = makespan(&["serve"]);
    let (code, _, err) = ended(server.stdout(full).output().unwrap());
    assert_eq!(code, Some(1), "{err}");
    assert!(err.contains("cannot write the URL"), "{err}");
}

/// Cargo starts a bench target with `--bench`; what it prints first is how long it takes.
fn a_bench_target() {
    let parent = tempfile::tempdir().unwrap();
    let target = |arguments: &[&str]| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.env(faulty::COMMAND_LINE, faulty::BENCH);
        command.args(["--workload", "get", "--strategy", "sequential"]);
        ended(command.args(arguments).output().unwrap())
    };
    let sizes = ["--tasks", "2", "--latency", "1ms", "--rounds", "9"];
    let flags = ["--bench", "--allow-debug", "--no-calibration", "--out"];
    let out = [parent.path().to_str().unwrap()];
    let (code, out, err) = target(&[&flags[..], &out, &sizes].concat());
    assert_eq!(code, Some(0), "{out}{err}");
    let first = err.lines().next().unwrap();
    assert!(
        first.starts_with("2 cells, ") && first.ends_with("of waiting, sequential is 100 % of it"),
        "{err}"
    );
    assert_eq!(summary(&folder(&out)).cells.len(), 2);
    // As cargo test starts it.
    let (code, out, err) = target(&[]);
    assert_eq!(code, Some(0), "{out}{err}");
    assert!(out.ends_with("1 passed, 0 failed\n"), "{out}");
}
