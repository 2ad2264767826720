//! Rows over many commits.

use std::fs;
use std::path::Path;
use std::process::Command;

use libtest_mimic::Trial;
use model::history::{Entry, Line};

use crate::command::{ended, makespan, output, refused};
use crate::small::kept;
use crate::together;

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        together("history::a_run_is_added_once_and_shown", added),
        together("history::a_change_is_found_and_accepted", changed),
        together(
            "history::a_branch_is_written_beside_the_working_tree",
            branched,
        ),
    ]
}

fn added() {
    let (parent, run) = kept();
    let file = parent.path().join("history.jsonl");
    let [run, file] = [&run, &file].map(|path| path.to_str().unwrap());
    let add = || output(&["history", "add", run, "--file", file]);
    let (code, _, err) = add();
    assert!(
        code == Some(0) && err.contains("2 rows were added"),
        "{err}"
    );
    let before = fs::read(file).unwrap();
    let (code, _, err) = add();
    assert!(
        code == Some(0) && err.contains("nothing was added"),
        "{err}"
    );
    assert_eq!(fs::read(file).unwrap(), before);
    let (code, out, _) = output(&["history", "show", "--file", file, "--workload", "sl*"]);
    assert_eq!(code, Some(0));
    assert!(
        out.contains("sleep/await-in-a-loop over sequential") && !out.contains("get/"),
        "{out}"
    );
    refused(
        &["history", "add", "nowhere", "--file", file],
        &["cannot read nowhere"],
    );
    let newer = String::from_utf8(before)
        .unwrap()
        .replace("\"version\":1", "\"version\":8");
    fs::write(file, newer).unwrap();
    refused(
        &["history", "show", "--file", file],
        &["history.jsonl, line 1: version = 8 is newer than 1"],
    );
}

/// The history of a run, as if it had been measured at many commits, slower from the twelfth on.
fn many(run: &Path, file: &Path) {
    let [run, path] = [run, file].map(|path| path.to_str().unwrap());
    assert_eq!(output(&["history", "add", run, "--file", path]).0, Some(0));
    let text = fs::read_to_string(file).unwrap();
    let first = text.lines().next().unwrap();
    let Line::Row(entry) = serde_json::from_str(first).unwrap() else {
        panic!("{first}")
    };
    let line = |number: usize| {
        let slow = if number < 12 { 1.0 } else { 1.3 };
        let line = Line::Row(Entry {
            commit: format!("{number:040}"),
            ratio: slow * (1.0 + 0.001 * (number % 4) as f64),
            ..entry.clone()
        });
        serde_json::to_string(&line).unwrap() + "\n"
    };
    fs::write(file, (0..24).map(line).collect::<String>()).unwrap();
}

fn changed() {
    let (parent, run) = kept();
    let file = parent.path().join("history.jsonl");
    many(&run, &file);
    let file = file.to_str().unwrap();
    let show = || output(&["history", "show", "--file", file]).1;
    let commit = format!("{:040}", 12);
    let text = show();
    assert!(
        text.contains(&format!("from {} on", &commit[..12])),
        "{text}"
    );
    assert!(!text.contains("accepted"), "{text}");
    let bless = [
        "history",
        "bless",
        "--commit",
        &commit,
        "--reason",
        "it checks more",
        "--file",
        file,
    ];
    assert_eq!(output(&bless).0, Some(0));
    let text = show().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("accepted: it checks more"), "{text}");
    // The last line is cut off: it is told of, and all others count.
    let whole = fs::read_to_string(file).unwrap();
    fs::write(file, &whole[..whole.len() - 20]).unwrap();
    let (code, out, err) = output(&["history", "show", "--file", file]);
    assert!(
        code == Some(0) && err.contains("line 25 is left out"),
        "{err}"
    );
    assert!(out.contains("24"), "{out}");
}

fn branched() {
    let (parent, run) = kept();
    let project = parent.path().join("project");
    fs::create_dir(&project).unwrap();
    let git = |arguments: &[&str]| {
        let output = Command::new("git")
            .current_dir(&project)
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    git(&["init", "--quiet"]);
    git(&["config", "user.name", "a"]);
    git(&["config", "user.email", "a@b"]);
    let add = || {
        let mut command = makespan(&["history", "add", run.to_str().unwrap(), "--branch", "bench"]);
        ended(command.current_dir(&project).output().unwrap())
    };
    let (code, _, err) = add();
    assert!(
        code == Some(0) && err.contains("2 rows were added"),
        "{err}"
    );
    assert!(add().2.contains("nothing was added"));
    assert_eq!(git(&["status", "--porcelain"]), "");
    assert_eq!(git(&["rev-list", "--count", "bench"]).trim(), "1");
    assert_eq!(git(&["show", "bench:history.jsonl"]).lines().count(), 2);
    let mut command = makespan(&["history", "show", "--branch", "a..b"]);
    let (code, _, err) = ended(command.current_dir(&project).output().unwrap());
    assert!(
        code == Some(2) && err.contains("is no name of a branch"),
        "{err}"
    );
}
