//! What the system refuses or takes away during a run: no result is lost for it, and it is told.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use harness::{Event, Interrupt, Taken};
use libtest_mimic::Trial;
use model::{Plan, SampleOutcome};
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;

use crate::matrix::spec;
use crate::{faulty, test, together};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test("faults::a_signal_that_comes_twice_at_once_is_one", signals),
        together(
            "faults::where_no_thread_can_be_started_rows_fail_and_not_the_run",
            no_threads,
        ),
        test("faults::a_file_that_is_full_costs_no_table", full_file),
        test(
            "faults::a_folder_that_is_removed_costs_no_table",
            removed_folder,
        ),
        test(
            "faults::a_server_that_ends_between_launches_costs_nothing",
            server_between,
        ),
        test(
            "faults::a_server_that_ends_in_a_launch_costs_the_rest_of_it",
            server_within,
        ),
        test(
            "faults::a_server_that_ends_twice_in_a_row_ends_its_rows_alone",
            server_twice,
        ),
        test(
            "faults::a_run_that_lost_its_server_says_so_and_has_a_table",
            lost_server,
        ),
        together(
            "faults::results_that_cannot_be_printed_are_an_error",
            full_output,
        ),
    ]
}

/// A run of these workloads by two strategies, so many rounds long, into this folder.
fn run(out: &Path, rounds: &str, workloads: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_makespan"));
    command.args(["run", "--quick", "--allow-debug", "--no-calibration"]);
    command.args(["--launches", "1", "--rounds", rounds]);
    command.args(["--tasks", "8", "--latency", "2ms"]);
    command.args(["--strategy", "sequential", "--strategy", "tokio"]);
    for workload in workloads {
        command.args(["--workload", workload]);
    }
    command.arg("--out").arg(out);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Starts it and waits until it has kept some samples; with its folder.
fn begun(mut command: Command, out: &Path) -> (Child, PathBuf) {
    let mut process = command.spawn().unwrap();
    let begun = || {
        let folder = fs::read_dir(out).ok()?.next()?.ok()?.path();
        let samples = fs::read_to_string(folder.join("samples.jsonl")).ok()?;
        (samples.lines().count() > 6).then_some(folder)
    };
    loop {
        if let Some(folder) = begun() {
            return (process, folder);
        }
        assert!(process.try_wait().unwrap().is_none(), "it ended by itself");
        thread::sleep(Duration::from_millis(20));
    }
}

fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

/// The last words of a panic's first line, of whatever process.
const PANIC: &str = "panicked at";

fn signals() {
    let out = tempfile::tempdir().unwrap();
    let mut command = run(out.path(), "1000", &["sleep"]);
    command.process_group(0);
    let (process, folder) = begun(command, out.path());
    // As `timeout` does it: the process, then its group.
    let id = Pid::from_raw(process.id() as i32);
    kill(id, Signal::SIGTERM).unwrap();
    thread::sleep(Duration::from_millis(5));
    killpg(id, Signal::SIGTERM).unwrap();
    let output = process.wait_with_output().unwrap();
    let (out, err) = texts(&output);
    assert_eq!(output.status.code(), Some(130), "{out}{err}");
    assert!(err.contains("interrupted after"), "{err}");
    assert!(out.contains("sequential"), "{out}");
    assert!(folder.join("summary.json").exists());
}

/// Runs it under these limits of `ulimit`.
fn limited(command: &Command, limits: &str) -> Output {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!(r#"{limits}; exec "$0" "$@""#)]);
    shell.arg(command.get_program()).args(command.get_args());
    shell.output().unwrap()
}

fn no_threads() {
    let out = tempfile::tempdir().unwrap();
    for kib in [1 << 20, 1 << 18] {
        // All rows of all three workloads: some forty processes for one parent to listen to.
        let mut command = Command::new(env!("CARGO_BIN_EXE_makespan"));
        command.args(["run", "--quick", "--allow-debug", "--no-calibration"]);
        command.args(["--launches", "1", "--rounds", "1", "--out"]);
        command.arg(out.path());
        let output = limited(&command, &format!("ulimit -v {kib}"));
        let (out, err) = texts(&output);
        // What is refused to a worker is its row's reason; that a row failed is the exit code's.
        let failed = err.contains(" failed: ");
        let code = Some(i32::from(failed));
        assert_eq!(output.status.code(), code, "{kib}: {out}{err}");
        let told = out.contains("thread-pool") && !err.contains(PANIC);
        assert!(told, "{kib}: {out}{err}");
    }
}

fn full_file() {
    let out = tempfile::tempdir().unwrap();
    // Blocks of 512 bytes or of 1024, as the shell has it; the run would write some 100 KiB.
    let command = run(out.path(), "40", &["sleep"]);
    let output = limited(&command, "ulimit -f 40");
    let (out, err) = texts(&output);
    assert_eq!(output.status.code(), Some(1), "{out}{err}");
    assert!(
        out.contains("sequential") && out.contains("tokio"),
        "{out}{err}"
    );
    let kept = "makespan: not kept: kept until sample ";
    let line = err.lines().find(|line| line.starts_with(kept)).expect(&err);
    assert!(
        line.contains("cannot write samples.jsonl: File too large"),
        "{line}"
    );
    assert!(!line.contains("sample 0"), "{line}");
    let told = "; the run goes on, and what it measures is in its tables only";
    assert_eq!(
        err.matches(told).count(),
        1,
        "told once, when it happens: {err}"
    );
}

fn removed_folder() {
    let out = tempfile::tempdir().unwrap();
    let command = run(out.path(), "60", &["sleep"]);
    let (process, folder) = begun(command, out.path());
    fs::remove_dir_all(&folder).unwrap();
    let output = process.wait_with_output().unwrap();
    let (out, err) = texts(&output);
    assert_eq!(output.status.code(), Some(1), "{out}{err}");
    assert!(
        out.contains("sequential") && out.contains("tokio"),
        "{out}{err}"
    );
    let removed = format!("not kept: {} was removed during the run", folder.display());
    assert!(err.contains(&removed), "{err}");
    assert!(!folder.exists(), "what somebody removed is not made again");
}

/// The server that a process has started.
fn server_of(process: u32) -> Pid {
    let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap();
    let mut children = children.split_whitespace();
    let is_server = |child: &&str| {
        let line = fs::read_to_string(format!("/proc/{child}/cmdline")).unwrap_or_default();
        line.split('\0').any(|word| word == "server")
    };
    let server = children.find(is_server).expect("there is a server");
    Pid::from_raw(server.parse().unwrap())
}

/// When the server is killed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Moment {
    /// Before a launch begins.
    Launching,
    /// When the first worker that needs it has been started.
    Started,
    /// Behind the first samples that it witnessed in a launch.
    Sampled,
}

/// Four launches of two rounds each, the server killed in these at this moment; and how many samples of `sleep` and of `get` every
/// launch then has.
fn killed(launches: &[usize], moment: Moment) -> (Taken, [Vec<usize>; 2]) {
    // One by one: no noise can make them look as if they claimed too much.
    let strategies = ["sequential", "await-in-a-loop"];
    let mut spec = spec(&["sleep", "get"], &strategies);
    for load in &mut spec.workloads {
        load.tasks = 8;
    }
    let cells = faulty::registry().prepare(&spec).unwrap();
    let mut plan = Plan::once(cells.len());
    let mut launch = plan.launches.remove(0);
    launch.rounds[0].blocks = vec![vec![0, 1], vec![2, 3]];
    for index in 0..4 {
        let mut launch = launch.clone();
        launch.rounds.push(launch.rounds[0].clone());
        launch.rounds[0].number = 2 * index;
        launch.rounds[1].number = 2 * index + 1;
        plan.launches.push(launch);
    }
    let (mut at, mut shot) = (0, Vec::new());
    let taken = harness::run_plan(&plan, &cells, &Interrupt::default(), &mut |event| {
        let now = match event {
            Event::Launching { launch } => {
                at = launch;
                Moment::Launching
            }
            Event::Started { cell: 2, .. } => Moment::Started,
            Event::Block(block) if block.workload == "get" => Moment::Sampled,
            _ => return Ok(()),
        };
        if now == moment && launches.contains(&at) && !shot.contains(&at) {
            shot.push(at);
            kill(server_of(std::process::id()), Signal::SIGKILL).unwrap();
        }
        Ok(())
    })
    .unwrap();
    assert_eq!(shot, launches);
    assert!(taken.failure.is_none(), "{:?}", taken.failure);
    let count = |workload: &str| {
        let of = |launch| {
            let own = taken.samples.iter().filter(|sample| {
                let measured = matches!(sample.outcome, SampleOutcome::Measured(_));
                sample.launch == launch && sample.workload == workload && measured
            });
            own.count()
        };
        (0..4).map(of).collect()
    };
    let counts = [count("sleep"), count("get")];
    (taken, counts)
}

fn server_between() {
    let (taken, counts) = killed(&[2], Moment::Launching);
    assert_eq!(counts, [vec![4; 4], vec![4; 4]]);
    assert_eq!(taken.server_losses, []);
}

fn server_within() {
    let (taken, counts) = killed(&[1], Moment::Sampled);
    assert_eq!(counts, [vec![4; 4], vec![4, 2, 4, 4]]);
    let [(1, reason)] = &taken.server_losses[..] else {
        panic!("{:?}", taken.server_losses)
    };
    assert!(reason.contains("killed by signal 9 (SIGKILL)"), "{reason}");
    let (taken, counts) = killed(&[1], Moment::Started);
    assert_eq!(counts, [vec![4; 4], vec![4, 0, 4, 4]]);
    assert_eq!(taken.samples.len(), 16 + 12, "no row has failed");
}

fn server_twice() {
    let (taken, counts) = killed(&[0, 1], Moment::Sampled);
    assert_eq!(counts, [vec![4; 4], vec![2, 2, 0, 0]]);
    assert_eq!(
        taken.samples.len(),
        16 + 4,
        "rows with samples have not failed"
    );
    assert_eq!(taken.server_losses.len(), 2);
    // Rows that have nothing to show say why.
    let (taken, counts) = killed(&[0, 1], Moment::Started);
    assert_eq!(counts, [vec![4; 4], vec![0; 4]]);
    for sample in &taken.samples[16..] {
        let SampleOutcome::Failed { reason } = &sample.outcome else {
            panic!("{sample:?}")
        };
        assert_eq!(sample.workload, "get");
        assert!(reason.starts_with("the server was lost: "), "{reason}");
    }
    assert_eq!(taken.samples.len(), 16 + 2);
}

fn lost_server() {
    let out = tempfile::tempdir().unwrap();
    let command = run(out.path(), "60", &["sleep", "get"]);
    let (process, folder) = begun(command, out.path());
    kill(server_of(process.id()), Signal::SIGKILL).unwrap();
    let output = process.wait_with_output().unwrap();
    let (out, err) = texts(&output);
    assert_eq!(output.status.code(), Some(1), "{out}{err}");
    let told = "rows that need the server lack samples of launch 1, which lost it: ";
    assert!(err.contains(told) && err.contains("SIGKILL"), "{err}");
    assert!(!err.contains("sleep/tokio failed"), "{err}");
    assert!(out.contains("sleep") && out.contains("get"), "{out}");
    let text = fs::read_to_string(folder.join("summary.json")).unwrap();
    let summary: model::Summary = serde_json::from_str(&text).unwrap();
    assert!(summary.interrupted, "the plan was not carried out");
    let sleep = summary
        .cells
        .iter()
        .filter(|cell| cell.workload.starts_with("sleep"));
    assert!(sleep.map(|cell| cell.samples).max() > Some(30), "{text}");
}

fn full_output() {
    let list = |out: Stdio| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_makespan"));
        command.args(["list", "strategies"]).stdout(out);
        command.stderr(Stdio::piped()).spawn().unwrap()
    };
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = list(full.into()).wait_with_output().unwrap();
    let (_, err) = texts(&output);
    assert_eq!(output.status.code(), Some(1), "{err}");
    let expected =
        "makespan: cannot write to standard output: No space left on device (os error 28)\n";
    assert_eq!(err, expected);
    // A reader that goes away has seen what it wanted.
    let mut process = list(Stdio::piped());
    drop(process.stdout.take());
    let output = process.wait_with_output().unwrap();
    assert_eq!(
        (output.status.code(), texts(&output).1),
        (Some(0), String::new())
    );
}
