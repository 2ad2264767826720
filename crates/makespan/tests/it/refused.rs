//! What cannot be carried out: one clear error, before anything is started.

use std::fs;
use std::net::TcpListener;
use std::process::Command;

use libtest_mimic::Trial;

use crate::command::{ended, refused, words};
use crate::together;

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        together(
            "refused::bad_input_is_one_clear_error_and_leaves_nothing",
            bad_input,
        ),
        together(
            "refused::too_few_descriptors_are_found_before_anything_starts",
            too_few_descriptors,
        ),
        together("refused::a_port_in_use_is_refused", a_port_in_use),
        together("refused::a_long_run_is_not_begun_unasked", a_long_run),
    ]
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
        ended(command.output().unwrap())
    };
    let (code, _, err) = run(&["tokio", "threads"]);
    assert_eq!(code, Some(2), "{err}");
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
    let (code, out, _) = run(&["tokio", "sequential"]);
    assert_eq!(code, Some(0), "{out}");
    let reason = "tokio: unsupported: limited by `ulimit -Hn`, which allows 256";
    assert!(words(&out).contains(reason), "{out}");
}

fn a_port_in_use() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    refused(&["serve", "--listen", &address], &[&address]);
    refused(&["serve", "--listen", "0.0.0.0:0"], &["loopback"]);
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
