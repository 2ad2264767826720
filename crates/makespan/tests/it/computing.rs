//! Computing that is asked for as a time, and processors that a run keeps to.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use harness::affinity;
use libtest_mimic::Trial;
use model::{Outcome, Summary};

use crate::command::{ended, folder, makespan, summary};
use crate::scenario::{head, workload};
use crate::{test, together};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test(
            "computing::a_time_is_the_same_steps_for_all_rows_and_bounds_them",
            a_time_is_the_same_steps,
        ),
        test(
            "computing::workers_and_server_keep_to_their_processors",
            workers_and_server_keep_to_their_processors,
        ),
        together(
            "computing::what_cannot_be_asked_for_is_refused",
            what_cannot_be_asked_for,
        ),
        test(
            "computing::the_excess_of_a_crawl_is_per_page",
            the_excess_of_a_crawl,
        ),
    ]
}

/// The file of a scenario of one workload, with the sizes that are written below its name.
fn scenario(folder: &Path, name: &str, sizes: &str) -> String {
    let path = folder.join("mine.toml");
    let text = head(2, &["tokio", "threads"]) + &workload(name, sizes);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn command(folder: &Path, scenario: &str, arguments: &[&str]) -> Command {
    let mut command = makespan(&["run", scenario, "--allow-debug", "--out"]);
    command.arg(folder).args(arguments);
    command
}

/// The summary and the document of a run that succeeds.
fn run(workload: &str, sizes: &str, arguments: &[&str]) -> (Summary, String) {
    let parent = tempfile::tempdir().unwrap();
    let scenario = scenario(parent.path(), workload, sizes);
    let run = command(parent.path(), &scenario, arguments)
        .output()
        .unwrap();
    let (code, out, err) = ended(run);
    assert_eq!(code, Some(0), "{out}{err}");
    let folder = folder(&out);
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let summary = summary(&folder);
    let again: model::Spec = toml::from_str(&read("spec.toml")).unwrap();
    assert_eq!(again, summary.spec);
    (summary, read("README.md"))
}

fn a_time_is_the_same_steps() {
    let (summary, document) = run(
        "mixed",
        "tasks = 12\nlatency = \"2ms\"\ncompute = \"300us\"",
        &["--cpus", "1"],
    );
    let computing = summary.spec.computing.unwrap();
    assert_eq!((summary.spec.cpus, computing.processors), (Some(1), 1));
    let computes = summary.workloads[0].computes.as_ref().unwrap();
    assert_eq!(computes.steps, 300 * computing.steps_per_us);
    assert_eq!((computes.units, computes.processors), (12, 1));
    assert_eq!(computes.waits_ns, Some(6_000_000));
    for cell in &summary.cells {
        assert_eq!(cell.outcome, Outcome::Measured);
        let floor = cell.floor_ns.unwrap();
        assert!(floor >= computes.computing_ns && floor > 6_000_000);
        assert!(cell.wall_ns.unwrap().min >= floor, "{cell:?}");
    }
    for part in [
        "mixed: 12 x 2ms, compute 300us; at most 4 in flight; floor ",
        "waits 6.00 ms, computing ",
        " on 1 processor: at least ",
        "per unit as calibrated before the run (",
        "; CPU time per unit ",
    ] {
        assert!(document.contains(part), "{part} is missing in:\n{document}");
    }
    // Steps can be asked for as such, whatever the file says of a time; and a flag can ask for another time.
    let sizes = "tasks = 4\nlatency = \"1ms\"\ncompute = \"300us\"";
    let (summary, _) = run("mixed", sizes, &["--set", "rounds=7"]);
    let load = &summary.spec.workloads[0];
    assert_eq!((load.compute, load.numbers["rounds"]), (None, 7));
    assert_eq!(summary.workloads[0].computes.as_ref().unwrap().steps, 7);
    let sizes = "tasks = 4\nlatency = \"0ms\"\nrounds = 100";
    let (summary, _) = run("compute", sizes, &["--compute", "100us"]);
    let computes = summary.workloads[0].computes.as_ref().unwrap();
    let pace = summary.spec.computing.unwrap().steps_per_us;
    assert_eq!((computes.steps, computes.waits_ns), (100 * pace, None));
}

/// The list of processors that each child may use, by its role.
fn kept(process: u32) -> Vec<(String, String)> {
    let read = |path: String| fs::read_to_string(path).unwrap_or_default();
    let children = read(format!("/proc/{process}/task/{process}/children"));
    let child = |id: &str| {
        let command = read(format!("/proc/{id}/cmdline"));
        let role = command.split('\0').nth(2)?.to_owned();
        let status = read(format!("/proc/{id}/status"));
        let list = status
            .lines()
            .find_map(|line| line.strip_prefix("Cpus_allowed_list:"))?;
        Some((role, list.trim().to_owned()))
    };
    children.split_whitespace().filter_map(child).collect()
}

fn workers_and_server_keep_to_their_processors() {
    let parent = tempfile::tempdir().unwrap();
    let scenario = scenario(parent.path(), "get", "tasks = 8\nlatency = \"20ms\"");
    let mut process = command(
        parent.path(),
        &scenario,
        &["--cpus", "1", "--rounds", "100000", "--yes"],
    )
    .stdout(Stdio::null())
    .stderr(Stdio::null())
    .spawn()
    .unwrap();
    let until = Instant::now() + Duration::from_secs(60);
    let count = |all: &[(String, String)], wanted: &str| {
        all.iter().filter(|(role, _)| role == wanted).count()
    };
    let children = loop {
        let children = kept(process.id());
        if count(&children, "server") == 1 && count(&children, "worker") >= 2 {
            break children;
        }
        let ended = process.try_wait().unwrap();
        assert!(ended.is_none() && Instant::now() < until, "{children:?}");
        thread::sleep(Duration::from_millis(20));
    };
    process.kill().unwrap();
    process.wait().unwrap();
    let allowed = affinity::allowed().unwrap();
    let server = allowed.get(1).unwrap_or(&allowed[0]).to_string();
    for (role, list) in children {
        let expected = match role.as_str() {
            "server" => server.clone(),
            _ => allowed[0].to_string(),
        };
        assert_eq!(list, expected, "{role}");
    }
}

fn what_cannot_be_asked_for() {
    let mixed = "tasks = 4\nlatency = \"1ms\"\n";
    let both = format!("{mixed}rounds = 5\ncompute = \"2ms\"");
    let wrong = format!("{mixed}compute = \"2 minuets\"");
    let time = format!("{mixed}compute = \"2ms\"");
    let cases: [(&str, &str, &[&str], &[&str]); 6] = [
        (
            "get",
            mixed,
            &["--cpus", "4096"],
            &["cpus = 4096: allowed here are 1 to "],
        ),
        ("get", mixed, &["--cpus", "0"], &["'0' for '--cpus <N>'"]),
        (
            "mixed",
            &both,
            &[],
            &[".toml:16: mixed: compute and rounds say the same"],
        ),
        ("mixed", &wrong, &[], &["allowed are 1us to 60s"]),
        ("get", &time, &[], &["get: no key is called `compute`"]),
        (
            "get",
            mixed,
            &["--compute", "2ms"],
            &["--compute 2ms: none of the workloads computes"],
        ),
    ];
    for (workload, sizes, arguments, named) in cases {
        let parent = tempfile::tempdir().unwrap();
        let scenario = scenario(parent.path(), workload, sizes);
        let refused = command(parent.path(), &scenario, arguments)
            .output()
            .unwrap();
        let (code, out, err) = ended(refused);
        assert_eq!(code, Some(2), "{out}{err}");
        for part in named {
            assert!(err.contains(part), "{part} is missing in:\n{err}");
        }
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 1, "{err}");
    }
}

fn the_excess_of_a_crawl() {
    for workload in ["crawl", "crawl-levels"] {
        let (summary, _) = run(workload, "tasks = 24\nlatency = \"1ms\"", &[]);
        for cell in &summary.cells {
            let above = cell.wall_ns.unwrap().median - cell.floor_ns.unwrap();
            assert_eq!(cell.excess_per_unit_ns, Some(above / 24), "{workload}");
        }
    }
}
