//! What `doctor` says, whatever the machine is like.

use std::process::{Child, Command, Stdio};

use libtest_mimic::Trial;
use serde_json::Value;

use crate::command::ended as texts;
use crate::together;

pub(crate) fn tests() -> Vec<Trial> {
    vec![together(
        "doctor::it_tells_the_limits_it_runs_under_on_lines_that_fit",
        it_tells_the_limits,
    )]
}

/// Limits are lowered for the child, so that the test does not depend on the machine's. All look at once: each takes seconds, and
/// what they see of each other does not matter here.
fn it_tells_the_limits() {
    let text = start("", &[]);
    let lowered_text = start("ulimit -n 256; ", &[]);
    let lowered_json = start("ulimit -n 256; ", &["--json"]);

    let (text, lowered_text) = (ended(text), ended(lowered_text));
    let connections = |text: &str| {
        let mut lines = text.lines();
        let line = lines.find(|line| line.contains(" connections can be held"));
        line.unwrap_or_else(|| panic!("no line about connections: {text}"))
            .to_owned()
    };
    for text in [&text, &lowered_text] {
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{line}");
            assert_eq!(line, line.trim_end(), "nothing to the right of a line");
        }
        assert!(text.starts_with(|first: char| !first.is_whitespace()));
        assert!(text.contains("\nVerdict: "), "{text}");
    }
    assert!(
        lowered_text
            .contains("note     at most 192 connections can be held: `ulimit -Hn` allows 256")
    );
    assert_ne!(connections(&text), connections(&lowered_text));

    let json: Value = serde_json::from_str(&ended(lowered_json)).unwrap();
    assert_eq!(json["facts"]["host"]["limits"]["descriptors"], 256);
    assert_eq!(json["facts"]["descriptors_soft"], 256);
    assert_eq!(json["verdict"]["connections"], 192);
    assert!(json["probe"]["spin"]["p50_ns"].as_u64() > Some(0));
    assert!(json["probe"]["overshoot"]["count"].as_u64() > Some(0));
    let findings = json["findings"].as_array().unwrap();
    let about = |about: &str| {
        let found = findings.iter().find(|finding| finding["about"] == about);
        found.unwrap_or_else(|| panic!("nothing about {about}: {findings:?}"))
    };
    assert_eq!(about("connections")["level"], "note");
    assert!(about("connections")["fix"].is_string());
    let debug = cfg!(debug_assertions);
    let level = if debug { "problem" } else { "good" };
    assert_eq!(about("build")["level"], level);
    let rank = |finding: &Value| {
        ["problem", "note", "good"]
            .iter()
            .position(|level| finding["level"] == *level)
    };
    assert!(findings.iter().map(rank).is_sorted(), "problems come first");
}

/// The command, below a shell that sets limits first.
fn start(limits: &str, arguments: &[&str]) -> Child {
    let script = format!("{limits}exec \"$0\" doctor \"$@\"");
    let mut command = Command::new("sh");
    command
        .args(["-c", &script, env!("CARGO_BIN_EXE_makespan")])
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// What it printed. Problems of the machine are no failure.
fn ended(child: Child) -> String {
    let (code, out, err) = texts(child.wait_with_output().unwrap());
    assert_eq!(code, Some(0), "{out}{err}");
    out
}
