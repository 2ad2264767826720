//! Programs that a scenario file declares.

use std::fs;

use libtest_mimic::Trial;
use model::{Outcome, Summary};

use crate::command::{Ended, ended, folder, makespan, summary, words};
use crate::scenario::with_program;
use crate::{test, together};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test(
            "declared::an_unsupported_row_is_no_failure_of_the_run",
            an_unsupported_row,
        ),
        together(
            "declared::a_wrong_declaration_is_one_clear_error",
            wrong_declarations,
        ),
        test(
            "declared::a_program_can_be_chosen_like_a_strategy",
            chosen_like_a_strategy,
        ),
    ]
}

/// A program that cannot be started here.
fn scenario() -> String {
    with_program(&["no-such-interpreter"])
}

/// Runs a scenario file with these flags. Returns what came back, and the summary where there is a run.
fn run(text: &str, flags: &[&str]) -> (Ended, Option<Summary>) {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("mine.toml");
    fs::write(&file, text).unwrap();
    let mut command = makespan(&["run", "--allow-debug", "--no-calibration", "--out"]);
    command.arg(parent.path()).arg(&file).args(flags);
    let ended = ended(command.output().unwrap());
    let summary = (!ended.1.is_empty()).then(|| summary(&folder(&ended.1)));
    (ended, summary)
}

fn an_unsupported_row() {
    let ((code, out, err), summary) = run(&scenario(), &[]);
    assert_eq!(code, Some(0), "{out}{err}");
    let summary = summary.unwrap();
    let once = summary
        .cells
        .iter()
        .filter(|cell| cell.row.twin_of().is_none());
    let outcomes: Vec<_> = once.map(|cell| cell.outcome).collect();
    assert_eq!(outcomes, [Outcome::Measured, Outcome::Unsupported]);
    assert_eq!(summary.spec.programs.len(), 1);
    let table = words(&out);
    let note = "mine: unsupported: cannot start `no-such-interpreter`: No such file";
    assert!(
        table.contains(note) && table.contains("; install it"),
        "{table}"
    );

    let dead = with_program(&["sh", "-c", "echo out of order >&2; exit 1"]);
    let ((code, out, err), _) = run(&dead, &[]);
    assert_eq!(code, Some(1), "{out}{err}");
    let reason = "get/mine failed: the process ended: exit status: 1: out of order";
    assert!(err.contains(reason), "{err}");
}

fn wrong_declarations() {
    let scenario = scenario();
    let declaration = scenario.split("\n\n").nth(1).unwrap();
    assert!(declaration.starts_with("[[program]]"), "{declaration}");
    let twice = format!("{declaration}\n\n{declaration}");
    for (from, to, named) in [
        (
            "install = ",
            "instal = ",
            "program `mine`: no key is called `instal`; did you mean `install`? allowed are name, ",
        ),
        (
            declaration,
            &twice,
            "program name = \"mine\": it is declared twice",
        ),
        (
            "\nname = \"mine\"\ncommand",
            "\nname = \"tokio\"\ncommand",
            "program name = \"tokio\": a built-in strategy has this name",
        ),
        (
            "[\"no-such-interpreter\"]",
            "[]",
            "program `mine`: command = []: allowed is what to start",
        ),
        (
            "workloads = [\"get\"]",
            "workloads = [\"gett\"]",
            "program `mine`: workloads = [\"gett\"]: no workload is called `gett`; did you mean `get`?",
        ),
        (
            "workloads = [\"get\"]",
            "workloads = [\"g*\"]",
            "workloads = [\"g*\"]: no workload is called `g*`; ",
        ),
        (
            "\"sequential\", \"mine\"]",
            "\"mime\"]",
            "no strategy matches `mime`; did you mean `mine`?",
        ),
    ] {
        assert!(scenario.contains(from), "{from}");
        let ((code, out, err), _) = run(&scenario.replacen(from, to, 1), &[]);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
        assert!(err.contains(named), "`{named}` is missing in: {err}");
        assert!(err.contains("mine.toml:"), "{err}");
    }
}

fn chosen_like_a_strategy() {
    let scenario = scenario();
    let flags = ["--strategy", "m?ne", "--strategy", "smol"];
    let flags = [&flags[..], &["--reference", "mine"]].concat();
    let ((code, out, err), summary) = run(&scenario, &flags);
    assert_eq!(code, Some(0), "{out}{err}");
    let spec = summary.unwrap().spec;
    assert_eq!(spec.strategies, ["smol", "mine"]);
    assert!(spec.reference.is("mine"));
    // What was not chosen is neither started nor stored.
    let ((code, out, err), summary) = run(&scenario, &["--strategy", "smol"]);
    assert_eq!(code, Some(0), "{out}{err}");
    assert_eq!(summary.unwrap().spec.programs, []);
    let flags = ["--strategy", "tokio", "--reference", "mine"];
    let ((code, _, err), _) = run(&scenario, &flags);
    assert_eq!(code, Some(2), "{err}");
    let reason = "the reference `mine` is not among";
    assert!(err.contains(reason), "{err}");
}
