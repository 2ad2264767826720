//! Two builds side by side.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::Trial;
use model::gate::{Gate, GateKind};
use tempfile::TempDir;

use crate::command::{ended, folder, makespan, output, refused};
use crate::{test, together};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test("gate::equal_builds_are_measured_in_pairs", equal),
        test("gate::a_build_that_lacks_a_row_has_a_new_one", new),
        test("gate::a_head_that_fails_is_no_clean_gate", failed),
        test("gate::what_cannot_be_compared_is_refused", wrong),
        test("gate::each_side_is_built_from_its_own_sources", built),
        test("gate::what_was_found_goes_where_ci_shows_it", shown),
        test("gate::campaigns_go_on_and_find_what_is_there", campaigns),
        together("gate::versions_that_cannot_be_had_are_refused", versions),
    ]
}

/// A copy of the program: another build for all that the gate can know.
fn build(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    fs::copy(env!("CARGO_BIN_EXE_makespan"), &path).unwrap();
    path
}

/// A build that starts as the program does, and changes what it says on the way.
fn script(folder: &Path, name: &str, body: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// What a gate of two rows printed, and found.
fn gate(base: &Path, head: &Path, out: &TempDir) -> (Option<i32>, String, Gate) {
    let (base, head) = (base.to_str().unwrap(), head.to_str().unwrap());
    let arguments = [
        "gate",
        "--allow-debug",
        "--base",
        base,
        "--head",
        head,
        "--workload",
        "sleep",
        "--tasks",
        "4",
        "--latency",
        "1ms",
        "--strategy",
        "tokio,threads",
        "--rounds",
        "6",
        "--launches",
        "2",
        "--out",
        out.path().to_str().unwrap(),
    ];
    let (code, text, err) = output(&arguments);
    assert!(matches!(code, Some(0 | 1 | 3)), "{text}{err}");
    let read = fs::read_to_string(folder(&text).join("gate.json")).unwrap();
    (code, text, serde_json::from_str(&read).unwrap())
}

fn equal() {
    let parent = tempfile::tempdir().unwrap();
    let (base, head) = (build(parent.path(), "one"), build(parent.path(), "two"));
    let (_, text, found) = gate(&base, &head, &parent);
    let rows: Vec<_> = found.rows.iter().map(|row| row.strategy.as_str()).collect();
    assert_eq!(rows, ["threads", "tokio"]);
    for row in &found.rows {
        assert_eq!(row.looks[0].pairs, 6, "{row:?}");
        assert!(row.reason.is_none(), "{row:?}");
        assert_ne!(row.kind, GateKind::New);
    }
    assert!(text.contains("sleep/tokio"), "{text}");
    // The samples are kept like those of any run.
    let samples = fs::read_to_string(folder(&text).join("samples.jsonl")).unwrap();
    for row in ["tokio@base", "tokio@head", "threads@base", "threads@head"] {
        assert!(samples.contains(&format!("\"{row}\"")), "{row}");
    }
}

fn new() {
    let parent = tempfile::tempdir().unwrap();
    let hello = r#"{"type":"hello","protocol":2,"cells":["get/tokio"]}"#;
    let base = script(parent.path(), "older", &format!("echo '{hello}'; cat"));
    let (code, text, found) = gate(&base, &build(parent.path(), "two"), &parent);
    assert_eq!(code, Some(0), "{text}");
    assert!(found.rows.iter().all(|row| row.kind == GateKind::New));
    assert!(
        text.contains("its hello does not list sleep/tokio"),
        "{text}"
    );
}

fn failed() {
    let parent = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_makespan");
    // It opens its cell, and ends before its first sample.
    let body = format!("head -n 1 | {program} \"$@\"");
    let head = script(parent.path(), "broken", &body);
    let (code, text, found) = gate(&build(parent.path(), "one"), &head, &parent);
    assert_eq!(code, Some(1), "{text}");
    let failed = |kind| matches!(kind, GateKind::Failed);
    assert!(found.rows.iter().all(|row| failed(row.kind)), "{found:?}");
    assert!(text.contains("to repeat it alone: makespan gate"), "{text}");
}

fn wrong() {
    let parent = tempfile::tempdir().unwrap();
    let one = build(parent.path(), "one");
    let one = one.to_str().unwrap();
    refused(
        &["gate", "--allow-debug", "--base", one, "--head", one],
        &["base and head are the same"],
    );
    refused(
        &["gate", "--allow-debug", "--base", "no-such-commit"],
        &[
            "`no-such-commit` is no commit here",
            "the path of an executable",
        ],
    );
    refused(
        &["gate", "--base", one, "--head", one, "--rounds", "5"],
        &["allowed are 6 to 100000"],
    );
    let two = build(parent.path(), "two");
    let two = two.to_str().unwrap();
    refused(
        &[
            "gate",
            "python",
            "--allow-debug",
            "--base",
            one,
            "--head",
            two,
        ],
        &["program `python-", "is part of no build"],
    );
    refused(
        &[
            "gate",
            "--allow-debug",
            "--builds",
            "2",
            "--base",
            one,
            "--head",
            two,
        ],
        &["--builds 2", "allowed are two commits"],
    );
    let nowhere = parent.path().join("margins.json");
    let nowhere = nowhere.to_str().unwrap();
    refused(
        &["gate", "--allow-debug", "--margins", nowhere, "--base", one],
        &["cannot read", "margins.json"],
    );
}

/// A program that begins as a worker does, and says which build it is.
fn sources(says: &str) -> String {
    let hello = format!(r#"{{"type":"hello","protocol":2,"cells":[],"unsupported":"{says}"}}"#);
    format!("fn main() {{ println!(\"{{}}\", {hello:?}); }}\n")
}

/// A project with one commit, and with a change that nobody has committed. The change is older than what is built of the commit.
fn built() {
    let parent = tempfile::tempdir().unwrap();
    let project = parent.path().join("project");
    fs::create_dir_all(project.join("src")).unwrap();
    let manifest = "[package]\nname = \"makespan\"\nversion = \"0.0.0\"\nedition = \"2024\"\n";
    fs::write(project.join("Cargo.toml"), manifest).unwrap();
    fs::write(project.join(".gitignore"), "target\nCargo.lock\n").unwrap();
    let main = project.join("src/main.rs");
    fs::write(&main, sources("the commit")).unwrap();
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.current_dir(&project);
        git.args([
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@b",
            "-c",
            "init.defaultBranch=main",
        ]);
        let output = git.args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "one"]);
    fs::write(&main, sources("the working tree")).unwrap();
    let arguments = ["gate", "--allow-debug", "--again", "--workload", "sleep"];
    let mut command = makespan(&arguments);
    command.args(["--strategy", "tokio", "--rounds", "6", "--launches", "1"]);
    command.current_dir(&project).env_remove("CARGO_TARGET_DIR");
    let (code, text, err) = ended(command.output().unwrap());
    assert_eq!(code, Some(0), "{text}{err}");
    let samples = project.join(folder(&text)).join("samples.jsonl");
    let samples = fs::read_to_string(samples).unwrap();
    let header = samples.lines().next().unwrap();
    let says = |what: &str| header.matches(what).count();
    assert_eq!(says("\"the commit\""), 2, "{header}");
    assert_eq!(says("\"the working tree\""), 1, "{header}");
    // No checkout is left behind.
    assert_eq!(git(&["worktree", "list"]).lines().count(), 1);
}

fn shown() {
    let parent = tempfile::tempdir().unwrap();
    let (base, head) = (build(parent.path(), "one"), build(parent.path(), "two"));
    let file = |name: &str| parent.path().join(name).to_str().unwrap().to_owned();
    let exports = ["junit", "bmf", "comment"].map(|name| format!("{name}={}", file(name)));
    let mut command = makespan(&["gate", "--allow-debug", "--quick", "--workload", "sleep"]);
    command.args(["--strategy", "tokio", "--tasks", "4", "--latency", "1ms"]);
    command.arg("--base").arg(&base).arg("--head").arg(&head);
    command.args(exports.iter().flat_map(|it| ["--export", it]));
    command
        .args(["--out", &file("out")])
        .env("GITHUB_ACTIONS", "true");
    command
        .env("GITHUB_STEP_SUMMARY", file("summary"))
        .env("GITHUB_OUTPUT", file("outputs"));
    let (code, text, err) = ended(command.output().unwrap());
    assert!(matches!(code, Some(0 | 3)), "{text}{err}");
    assert!(
        text.contains("::notice title=makespan gate::1 row compared"),
        "{text}"
    );
    let read = |name: &str| fs::read_to_string(file(name)).unwrap();
    assert!(read("junit").contains("<testcase name=\"tokio\" classname=\"sleep\""));
    assert!(
        read("bmf").contains("\"sleep/tokio\"")
            && read("comment").starts_with("<!-- makespan gate -->")
    );
    assert!(
        read("summary").contains("## makespan gate") && read("outputs").starts_with("outcome=")
    );
    refused(
        &["gate", "--export", "xml=a"],
        &["junit, bmf, benchmark-action, summary, comment, annotations"],
    );
}

fn campaigns() {
    let parent = tempfile::tempdir().unwrap();
    let builds = ["one", "two", "three"].map(|name| build(parent.path(), name));
    let builds = builds
        .map(|path| path.to_str().unwrap().to_owned())
        .join(",");
    let folder = |name: &str| parent.path().join(name);
    let campaign = |command: &str, flags: &[&str]| {
        let out = folder(command);
        let fixed = [
            command,
            "--allow-debug",
            "--builds",
            &builds,
            "--workload",
            "sleep",
            "--strategy",
            "tokio",
            "--out",
        ];
        output(&[&fixed[..], &[out.to_str().unwrap()], flags].concat())
    };
    let lines = |name: &str| {
        let text = fs::read_to_string(folder(name).join("gates.jsonl")).unwrap();
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let (code, out, err) = campaign("gate-null", &["--runs", "1"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(
        out.contains("a row of equal builds alarms") && out.contains("head off base"),
        "{out}"
    );
    let first = lines("gate-null");
    assert_eq!(campaign("gate-null", &["--runs", "2"]).0, Some(0));
    let both = lines("gate-null");
    assert_eq!((both.len(), &both[0]), (2, &first[0]));
    let margins = fs::read_to_string(folder("gate-null").join("margins.json")).unwrap();
    assert!(margins.contains("\"sleep/tokio\""), "{margins}");
    let (code, _, err) = campaign("gate-null", &["--runs", "3", "--seed", "9"]);
    assert!(
        code == Some(2) && err.contains("gates.jsonl, line 1"),
        "{err}"
    );
    // Two false alarms in two gates are more than 1 % can explain, so the tracker says that the gate is broken.
    assert_eq!(
        campaign("gate-null", &["--runs", "2", "--strict"]).0,
        Some(0)
    );
    let path = folder("gate-null").join("gates.jsonl");
    let before = fs::read_to_string(&path).unwrap();
    fs::write(&path, alarmed(&before)).unwrap();
    assert_eq!(
        campaign("gate-null", &["--runs", "2", "--strict"]).0,
        Some(3)
    );
    let (code, out, err) = campaign("gate-power", &["--runs", "1", "--effect", "60%"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(
        out.contains("a row whose waits are 60% longer alarms"),
        "{out}"
    );
    assert!(
        lines("gate-power")[0].contains("\"kind\":\"regressed\""),
        "{:?}",
        lines("gate-power")
    );
    refused(
        &["gate-null", "--allow-debug", "--builds", "a,b"],
        &["--builds names 2 executables"],
    );
}

/// The same gates, as if each had alarmed.
fn alarmed(lines: &str) -> String {
    let one = |line: &str| {
        let mut gate: model::gate::GateTrial = serde_json::from_str(line).unwrap();
        gate.rows[0].kind = GateKind::Regressed;
        serde_json::to_string(&gate).unwrap() + "\n"
    };
    lines.lines().map(one).collect()
}

fn versions() {
    let with = |with: &'static str, against: &'static str| {
        [
            "gate",
            "--allow-debug",
            "--with",
            with,
            "--against",
            against,
        ]
    };
    refused(&with("tokio", "tokio@locked"), &["allowed are NAME@1.2.3"]);
    refused(
        &with("tokio@newest", "smol@locked"),
        &["two versions of one crate"],
    );
    refused(
        &with("tokio@locked", "tokio@locked"),
        &["are the same version"],
    );
    refused(
        &["gate", "--with", "tokio@newest", "--base", "main"],
        &["cannot be used with"],
    );
}
