//! Programs as strategies: those that speak the protocol, and those that cannot start, end too early or say something else.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use harness::{Interrupt, Prepared, probe};
use libtest_mimic::Trial;
use model::{Program, ProgramCapacity, SampleOutcome};

use crate::matrix::{run_once, spec};
use crate::{faulty, test, together};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        together(
            "external::what_cannot_run_here_is_unsupported_and_says_what_to_install",
            unsupported,
        ),
        together(
            "external::what_does_not_speak_the_protocol_fails_with_what_it_said",
            failed,
        ),
        test(
            "external::what_speaks_the_protocol_without_draws_runs_where_delays_are_equal",
            the_protocol_before,
        ),
        together(
            "external::a_program_ends_with_all_that_it_has_started",
            no_orphans,
        ),
        test(
            "external::a_program_that_wastes_a_sample_fails_and_the_others_go_on",
            wrong_samples,
        ),
        test(
            "external::python_does_the_same_work",
            python_does_the_same_work,
        ),
        test(
            "external::go_node_and_asyncio_do_the_same_work",
            languages_do_the_same_work,
        ),
    ]
}

const INSTALL: &str = "install it";

fn program(name: &str, command: &[&str]) -> Program {
    Program {
        name: name.to_owned(),
        command: command.iter().map(|word| (*word).to_owned()).collect(),
        client: "none".to_owned(),
        workloads: vec!["get".to_owned()],
        capacity: ProgramCapacity::One,
        threads: None,
        about: None,
        install: Some(INSTALL.to_owned()),
    }
}

/// A program that is a line of shell.
pub(crate) fn shell(name: &str, script: &str) -> Program {
    program(name, &["sh", "-c", script])
}

/// Cells of these programs, asked whether they can run.
pub(crate) fn probed(workloads: &[&str], programs: Vec<Program>) -> Vec<Prepared> {
    let names: Vec<_> = programs
        .iter()
        .map(|program| program.name.clone())
        .collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let mut spec = spec(workloads, &names);
    spec.programs = programs;
    spec.check().unwrap();
    let mut cells = faulty::registry().prepare(&spec).unwrap();
    probe(&mut cells, &Interrupt::default());
    cells
}

fn unsupported() {
    let hello = r#"{"type":"hello","protocol":1"#;
    let programs = vec![
        program("missing", &["no-such-interpreter", "loop.lang"]),
        shell(
            "sorry",
            &format!("echo '{hello},\"unsupported\":\"no such package\"}}'"),
        ),
        shell(
            "other",
            &format!("echo '{hello},\"cells\":[\"pages/*\"]}}'; cat"),
        ),
    ];
    let cells = probed(&["get", "sleep"], programs);
    let reasons: Vec<_> = cells
        .iter()
        .map(|cell| cell.cell.unsupported.as_deref().unwrap_or_default())
        .collect();
    let missing = reasons[0];
    assert!(
        missing.starts_with("cannot start `no-such-interpreter`: No such file"),
        "{missing}"
    );
    assert!(missing.ends_with("; install it"), "{missing}");
    assert_eq!(
        reasons[1..],
        [
            "no such package; install it",
            "its hello does not list get/other",
            "it speaks only get",
            "it speaks only get",
            "it speaks only get",
        ]
    );
    let taken = run_once(&cells, &mut |_| Ok(()));
    assert_eq!(taken.samples, [], "nothing is started");
}

/// How the only sample of each cell ended.
pub(crate) fn reasons(cells: &[Prepared]) -> Vec<String> {
    let taken = run_once(cells, &mut |_| Ok(()));
    assert_eq!(taken.samples.len(), cells.len());
    let reason = |outcome: &SampleOutcome| match outcome {
        SampleOutcome::Measured(_) => String::new(),
        SampleOutcome::Refused { reason, .. } => format!("refused: {reason}"),
        SampleOutcome::Failed { reason } => format!("failed: {reason}"),
    };
    // Those that failed to open come before all others.
    let find = |cell: &Prepared| {
        let own = taken
            .samples
            .iter()
            .find(|sample| sample.row == cell.cell.row);
        reason(&own.unwrap().outcome)
    };
    cells.iter().map(find).collect()
}

fn failed() {
    let garbage = "x".repeat(1000);
    let programs = vec![
        shell("garbage", &format!("echo {garbage}; cat")),
        // It says nothing and does not end before it is asked something.
        shell("dead", "read line; echo no luck >&2; exit 3"),
        shell("newer", r#"echo '{"type":"hello","protocol":9}'; cat"#),
        shell("hasty", r#"echo '{"type":"opened"}'; cat"#),
        program("scriptless", &["sh", "no-such-script"]),
    ];
    let cells = probed(&["get"], programs);
    assert!(
        cells.iter().all(|cell| cell.cell.unsupported.is_none()),
        "what is broken must not look as if it were missing"
    );
    let reasons = reasons(&cells);
    let said = format!("failed: it said `{}...`: ", "x".repeat(120));
    assert!(reasons[0].starts_with(&said), "{reasons:?}");
    assert_eq!(
        reasons[1],
        "failed: the process ended: exit status: 3: no luck"
    );
    assert_eq!(reasons[2], "failed: the worker speaks protocol 9, not 2");
    assert_eq!(
        reasons[3],
        "failed: the worker began with Opened instead of a hello"
    );
    assert!(
        reasons[4].starts_with("failed: the process ended: ")
            && reasons[4].contains("no-such-script"),
        "{reasons:?}"
    );
}

fn the_protocol_before() {
    let open = r#"echo '{"type":"hello","protocol":1,"cells":["get/*"]}'; read line; echo '{"type":"opened"}'; read line; echo "$line" >&2"#;
    let programs = vec![shell("older", &format!("{open}; exit 1"))];
    let equal = probed(&["get"], programs.clone());
    assert_eq!(
        reasons(&equal),
        [r#"failed: the process ended: exit status: 1: {"type":"go"}"#]
    );
    let mut spread = spec(&["get"], &["older"]);
    spread.workloads[0].latency = "uniform:1ms,2ms".parse().unwrap();
    spread.programs = programs;
    let cells = faulty::registry().prepare(&spread).unwrap();
    let reason = &reasons(&cells)[0];
    assert!(
        reason.starts_with("failed: it speaks protocol 1, which cannot draw new delays"),
        "{reason}"
    );
}

fn no_orphans() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("child");
    // A child that reads nothing and would outlive its parent.
    let script = format!(
        r#"sleep 600 & echo $! > {}; echo '{{"type":"hello","protocol":1,"cells":["get"]}}'; wait"#,
        file.display()
    );
    let cells = probed(&["get"], vec![shell("parent", &script)]);
    assert_eq!(cells[0].cell.unsupported, None);
    let child = fs::read_to_string(&file).unwrap();
    let status = PathBuf::from(format!("/proc/{}/stat", child.trim()));
    let deadline = Instant::now() + Duration::from_secs(5);
    // Its new parent may take a moment to bury it.
    let lives = || fs::read_to_string(&status).is_ok_and(|stat| !stat.contains(") Z "));
    while lives() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(10));
    }
    assert!(!lives(), "process {child} lives on");
}

fn wrong_samples() {
    let open = r#"echo '{"type":"hello","protocol":1,"cells":["get/*"]}'; read line; echo '{"type":"opened"}'; read line"#;
    let says = |name: &str, answer: &str| shell(name, &format!("{open}; echo '{answer}'; cat"));
    let programs = vec![
        says(
            "idle",
            r#"{"type":"sample","wall_ns":1,"tally":{"count":48,"digest":7}}"#,
        ),
        says(
            "hours",
            r#"{"type":"sample","wall_ns":4000000000000,"tally":{"count":48,"digest":7}}"#,
        ),
        says("sorry", r#"{"type":"failed","reason":"the dog ate it"}"#),
        says(
            "timeless",
            r#"{"type":"sample","tally":{"count":48,"digest":7}}"#,
        ),
    ];
    let reasons = reasons(&probed(&["get"], programs));
    assert!(
        reasons[0].starts_with("refused: wrong tally (right count, wrong content)"),
        "{reasons:?}"
    );
    assert!(
        reasons[1].starts_with("failed: it says that it took 4000s, and answered after "),
        "{reasons:?}"
    );
    assert_eq!(reasons[2], "failed: the dog ate it");
    assert!(
        reasons[3].contains("missing field `wall_ns`"),
        "{reasons:?}"
    );
}

/// One more way to download, with the standard library alone: on threads, each with a connection of its own.
const STANDARD_LIBRARY: &str = r#"
import http.client, queue, sys
from concurrent.futures import ThreadPoolExecutor
sys.path.insert(0, sys.argv[1])
import worker

class Way:
    def __init__(self, work):
        self.work = work
        self.idle = queue.LifoQueue()
        for _ in range(work.connections):
            connection = http.client.HTTPConnection(work.server.split("//")[1])
            connection.connect()
            self.idle.put(connection)
        self.executor = ThreadPoolExecutor(max_workers=work.connections)

    def run(self, units):
        return list(self.executor.map(self.download, units))

    def download(self, unit):
        connection = self.idle.get()
        connection.request("GET", "/get/%d" % unit)
        body = connection.getresponse().read()
        self.idle.put(connection)
        return self.work.tally(unit, body)

    def close(self):
        self.executor.shutdown()
        while not self.idle.empty():
            self.idle.get().close()

worker.serve(Way)
"#;

fn external() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("programs")
}

fn python_does_the_same_work() {
    if Command::new("python3").arg("--version").output().is_err() {
        return eprintln!("python3 is not installed, so nothing was checked");
    }
    let folder = external();
    let folder = folder.to_str().unwrap();
    // -B: nothing is left in the sources.
    let python = |name: &str, capacity| Program {
        capacity,
        ..program(name, &["python3", "-B", "-c", STANDARD_LIBRARY, folder])
    };
    let programs = vec![
        python("alone", ProgramCapacity::One),
        python("two", ProgramCapacity::Workers),
        python("many", ProgramCapacity::Limit),
    ];
    same_work("get", &programs);
}

fn languages_do_the_same_work() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs");
    let file = |name: &str| folder.join(name).display().to_string();
    let there = |command: &str, words: &[&str]| {
        let ran = Command::new(command).args(words).output();
        let there = ran.is_ok_and(|output| output.status.success());
        if !there {
            eprintln!("{command} is not installed, so it was not checked");
        }
        there
    };
    let row = |name: &str, command: &[&str], capacity, workloads: &[&str]| Program {
        capacity,
        workloads: workloads.iter().map(|it| (*it).to_owned()).collect(),
        ..program(name, command)
    };
    let all = ["get", "sleep", "memory"];
    let mut programs = Vec::new();
    // What `go run` compiles at its first start takes longer than a program has for its first words.
    if there("go", &["build", "net/http"]) {
        let (ways, worker) = (file("goroutines.go"), file("worker.go"));
        let also = [&all[..], &["stream"]].concat();
        let go = |way, capacity| row(way, &["go", "run", &ways, &worker, way], capacity, &also);
        programs.push(go("loop", ProgramCapacity::One));
        programs.push(go("goroutines", ProgramCapacity::Limit));
    }
    if there("node", &["--version"]) {
        let node = |name, capacity| row(name, &["node", &file(name)], capacity, &all);
        programs.push(node("fetch_loop.mjs", ProgramCapacity::One));
        programs.push(node("fetch_all.mjs", ProgramCapacity::Limit));
    }
    for workload in all {
        same_work(workload, &programs);
    }
    let able = |program: &&Program| program.workloads.iter().any(|it| it == "stream");
    let streaming: Vec<Program> = programs.iter().filter(able).cloned().collect();
    if !streaming.is_empty() {
        same_work("stream", &streaming);
    }
    if there("python3", &["--version"]) {
        let command = ["python3", "-B", &file("asyncio_sleep.py")];
        let python = row("asyncio", &command, ProgramCapacity::Limit, &all[1..]);
        for workload in &all[1..] {
            same_work(workload, std::slice::from_ref(&python));
        }
    }
}

/// Takes one sample of each, once with everything kept open and once with everything let go in between.
fn same_work(workload: &str, programs: &[Program]) {
    for release in [false, true] {
        let mut cells = probed(&[workload], programs.to_vec());
        if let Some(cell) = cells.first_mut().filter(|_| release) {
            // As if one held too many: then each lets go between samples.
            cell.threads = 10_000;
        }
        let taken = run_once(&cells, &mut |_| Ok(()));
        assert_eq!(taken.samples.len(), programs.len());
        for (sample, cell) in taken.samples.iter().zip(&cells) {
            let SampleOutcome::Measured(measured) = &sample.outcome else {
                panic!("{sample:?}")
            };
            assert_eq!(measured.tally, cell.expectation.tally);
            if workload == "get" {
                let witness = measured.witness.as_ref().unwrap();
                assert_eq!((witness.requests, witness.distinct), (48, 48));
                assert_eq!(witness.connections_accepted, 0, "{}", sample.row);
                assert!(witness.peak_in_flight <= cell.cell.in_flight as u64);
            }
            assert!(measured.cpu_ns > 0 && measured.threads_peak >= Some(1));
            assert!(measured.rss_peak_bytes >= measured.rss_base_bytes);
            assert_eq!(measured.reopened, release);
        }
    }
}
