//! Which commit made a row slower.

use std::fs;
use std::path::Path;
use std::process::Command;

use libtest_mimic::Trial;
use model::gate::Bisected;

use crate::command::{ended, folder, makespan, refused, words};
use crate::{test, together};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test(
            "bisected::the_commit_that_made_a_row_slower_is_found",
            found,
        ),
        together("bisected::what_cannot_be_gone_over_is_refused", wrong),
    ]
}

/// A program that is this one, but for what a script makes of its messages.
fn program(script: &str) -> String {
    let program = env!("CARGO_BIN_EXE_makespan");
    let line = format!("{script}exec {program} \"$@\"");
    format!(
        "use std::os::unix::process::CommandExt;\nfn main() {{\n    let words = std::env::args_os().skip(1);\n    \
         let error = std::process::Command::new(\"sh\").args([\"-c\", {line:?}, \"sh\"]).args(words).exec();\n    panic!(\"{{error}}\");\n}}\n"
    )
}

/// Only one unit is in flight at a time.
const SLOW: &str = "sed -u 's/\"limit\":32/\"limit\":1/' | ";

fn git(project: &Path, arguments: &[&str]) -> String {
    let mut git = Command::new("git");
    git.current_dir(project)
        .args(["-c", "user.name=a", "-c", "user.email=a@b"]);
    let output = git.args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Commits whose program is this one; the second does not build, and from the third on it is slower.
fn project(project: &Path) -> Vec<String> {
    fs::create_dir_all(project.join("src")).unwrap();
    let manifest = "[package]\nname = \"makespan\"\nversion = \"0.0.0\"\nedition = \"2024\"\n";
    fs::write(project.join("Cargo.toml"), manifest).unwrap();
    fs::write(project.join(".gitignore"), "target\nCargo.lock\n").unwrap();
    git(project, &["init", "--quiet"]);
    let texts = [
        program(""),
        "fn main() { no }\n".to_owned(),
        program(SLOW),
        program(SLOW),
    ];
    let commit = |(number, text): (usize, &String)| {
        fs::write(project.join("src/main.rs"), format!("// {number}\n{text}")).unwrap();
        git(project, &["add", "."]);
        git(project, &["commit", "--quiet", "--message", "one"]);
        git(project, &["rev-parse", "HEAD"])
    };
    texts.iter().enumerate().map(commit).collect()
}

fn found() {
    let parent = tempfile::tempdir().unwrap();
    let folder_of_project = parent.path().join("project");
    let commits = project(&folder_of_project);
    let mut command = makespan(&[
        "bisect",
        "--allow-debug",
        "--cell",
        "sleep/threads",
        "--tasks",
        "4",
    ]);
    command.args([
        "--latency",
        "2ms",
        "--rounds",
        "12",
        "--launches",
        "1",
        "--good",
        &commits[0],
        "--bad",
        "HEAD",
    ]);
    command
        .current_dir(&folder_of_project)
        .env_remove("CARGO_TARGET_DIR");
    let (code, text, err) = ended(command.output().unwrap());
    assert_eq!(code, Some(0), "{text}{err}");
    let found = folder_of_project.join(folder(&text)).join("bisect.json");
    let found: Bisected = serde_json::from_str(&fs::read_to_string(found).unwrap()).unwrap();
    let change = found
        .culprit
        .as_ref()
        .unwrap_or_else(|| panic!("{text}{err}"));
    let short = |at: usize| commits[at][..12].to_owned();
    assert_eq!(
        (&change.before, &change.first),
        (&short(0), &short(2)),
        "{text}"
    );
    assert!(change.is_sure && change.probability >= 0.95, "{change:?}");
    assert!(
        found.steps[1]
            .left_out
            .as_ref()
            .is_some_and(|it| it.contains("does not build")),
        "{found:?}"
    );
    let sentence = format!("sleep/threads is slower from commit {} on", short(2));
    assert!(words(&text).contains(&sentence), "{text}");
    assert_eq!(
        git(&folder_of_project, &["worktree", "list"])
            .lines()
            .count(),
        1
    );
    assert_eq!(
        git(&folder_of_project, &["status", "--porcelain"]),
        "?? results/"
    );
}

fn wrong() {
    fn bisect<'a>(more: &[&'a str]) -> Vec<&'a str> {
        [&["bisect", "--allow-debug"], more].concat()
    }
    let row = ["--cell", "sleep/tokio"];
    refused(
        &bisect(&["--good", "HEAD", "--bad", "HEAD", "--cell", "sleep"]),
        &["is no row", "WORKLOAD/STRATEGY"],
    );
    refused(
        &bisect(&["--good", "HEAD", "--bad", "HEAD", "--cell", "sleep/tokyo"]),
        &["tokyo"],
    );
    refused(
        &bisect(&["--good", "HEAD", "--bad", "HEAD", "--cell", "sleep/*"]),
        &["more than one row"],
    );
    refused(
        &bisect(&[&["--good", "HEAD", "--bad", "HEAD"][..], &row].concat()),
        &["is not before --bad"],
    );
    refused(
        &bisect(&[&["--good", "none", "--bad", "HEAD"][..], &row].concat()),
        &["`none` is no commit here"],
    );
    let of = |good: &'static str, bad: &'static str, package: &'static str| {
        bisect(
            &[
                &["--crate", package, "--good", good, "--bad", bad][..],
                &row,
            ]
            .concat(),
        )
    };
    refused(
        &of("1.50.0", "1.51.0", "no-such-crate"),
        &["nothing here uses a crate `no-such-crate`"],
    );
    refused(
        &of("new", "1.51.0", "tokio"),
        &["--good `new` is no version"],
    );
    refused(
        &of("1.51.0", "1.50.0", "tokio"),
        &["is not older than --bad"],
    );
}
