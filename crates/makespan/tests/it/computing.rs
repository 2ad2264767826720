//! Computing that is asked for as a time, and processors that a run keeps to.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use harness::affinity;
use libtest_mimic::Trial;
use model::{Outcome, Summary};

use crate::test;

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
        test(
            "computing::what_cannot_be_asked_for_is_refused",
            what_cannot_be_asked_for,
        ),
        test(
            "computing::the_excess_of_a_crawl_is_per_page",
            the_excess_of_a_crawl,
        ),
    ]
}

/// A scenario of one workload, with the sizes that are written below its name.
fn scenario(folder: &Path, workload: &str, sizes: &str) -> String {
    let path = folder.join("mine.toml");
    let text = format!(
        "name = \"mine\"\nseed = 1\nconcurrency = 4\nworkers = 2\nlaunches = 1\nrounds = 2\nlong_rounds = 2\n\
         calibration = false\nreference = \"tokio\"\nanchor = \"tokio\"\nstrategies = [\"tokio\", \"threads\"]\n\
         [[workload]]\nname = \"{workload}\"\n{sizes}\n"
    );
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn command(folder: &Path, scenario: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_makespan"));
    command
        .args(["run", scenario, "--allow-debug", "--out"])
        .arg(folder)
        .args(arguments);
    command
}

fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

/// The summary and the document of a run that succeeds.
fn run(workload: &str, sizes: &str, arguments: &[&str]) -> (Summary, String) {
    let parent = tempfile::tempdir().unwrap();
    let scenario = scenario(parent.path(), workload, sizes);
    let run = command(parent.path(), &scenario, arguments)
        .output()
        .unwrap();
    let (out, err) = texts(&run);
    assert!(run.status.success(), "{out}{err}");
    let folder = Path::new(out.lines().last().unwrap());
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let summary: Summary = serde_json::from_str(&read("summary.json")).unwrap();
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
        &["--cpus", "1", "--rounds", "100000"],
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
            &["line 17", "compute = 2ms: it also has rounds = 5"],
        ),
        ("mixed", &wrong, &[], &["allowed are 1us to 60s"]),
        ("get", &time, &[], &["get: it has no `compute`"]),
        (
            "get",
            mixed,
            &["--compute", "2ms"],
            &["--compute 2ms: no workload of this scenario computes"],
        ),
    ];
    for (workload, sizes, arguments, named) in cases {
        let parent = tempfile::tempdir().unwrap();
        let scenario = scenario(parent.path(), workload, sizes);
        let refused = command(parent.path(), &scenario, arguments)
            .output()
            .unwrap();
        let (out, err) = texts(&refused);
        assert_eq!(refused.status.code(), Some(2), "{out}{err}");
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
