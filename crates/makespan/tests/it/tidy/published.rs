//! What is committed is what the code of today makes.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::{metadata, root, short};

pub(super) fn schema() {
    let output = Command::new(env!("CARGO_BIN_EXE_makespan"))
        .arg("schema")
        .output()
        .unwrap();
    let path = root().join("results/summary.schema.json");
    let published = fs::read_to_string(&path).unwrap_or_default();
    let message = "write it anew: cargo run --bin makespan -- schema > results/summary.schema.json";
    assert!(
        String::from_utf8(output.stdout).unwrap() == published,
        "{message}"
    );
}

/// The page of the reasons is the one that the catalogue makes.
pub(super) fn reasons() {
    let page = fs::read_to_string(root().join("docs/reasons.md")).unwrap();
    let message =
        "write it anew: cargo run --bin makespan -- list reasons --markdown > docs/reasons.md";
    assert!(page == report::reasons_document(), "{message}");
}

/// The lists that are written by hand lack nothing that there is.
pub(super) fn docs() {
    let registry = makespan::Registry::built_in();
    let crates = metadata()
        .workspace_packages()
        .iter()
        .map(|package| short(&package.name).to_owned())
        .collect::<Vec<_>>();
    let optional = strategies::OPTIONAL.iter();
    let optional = optional.map(|(module, _)| module.replace('_', "-"));
    let strategies = registry.strategies.iter();
    let strategies = strategies.map(|row| row.facts.name.to_owned());
    let workloads = registry.workloads.iter();
    let workloads = workloads.map(|entry| entry.facts.name.to_owned());
    for (page, names) in [
        ("architecture", crates),
        ("strategies", strategies.chain(optional).collect()),
        ("workloads", workloads.collect()),
        ("scenarios", scenarios()),
    ] {
        let path = format!("docs/{page}.md");
        let text = fs::read_to_string(root().join(&path)).unwrap();
        for name in names {
            assert!(text.contains(&format!("`{name}`")), "{path}: no `{name}`");
        }
    }
}

/// The scenarios that come with makespan; `verify` is for its own command.
fn scenarios() -> Vec<String> {
    let folder = root().join("crates/makespan/scenarios");
    let paths = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let name = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let names: Vec<String> = paths.map(name).filter(|it| it != "verify").collect();
    assert!(!names.is_empty());
    names
}

/// What stands between marks in the READMEs is what the tool makes of the gallery.
pub(super) fn spliced() {
    let arguments = ["--splice", "README.md", "--splice", "results/README.md"];
    let told = gallery(&[&["--check"], &arguments[..]].concat());
    let hint = "cargo run --bin makespan -- gallery";
    assert!(told.is_ok(), "{hint} {}\n{told:?}", arguments.join(" "));
}

/// Everything in the committed run of core follows from its samples, also with the code of today.
pub(super) fn recomputed() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_makespan"));
    command
        .arg("analyze")
        .arg(root().join("results/gallery/core"));
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "cargo run --bin makespan -- gallery --pages\n{told}"
    );
}

/// What others published stands beside the runs of the gallery.
pub(super) fn reproduced() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_makespan"));
    let command = command.current_dir(root());
    let output = command.args(["reproduce", "--no-run", "--markdown"]);
    let told = output.output().unwrap();
    assert!(told.status.success(), "{told:?}");
    let page = fs::read_to_string(root().join("results/reproductions.md")).unwrap();
    assert!(
        String::from_utf8(told.stdout).unwrap() == page,
        "write it anew: cargo run --bin makespan -- reproduce --no-run --markdown > results/reproductions.md"
    );
}

/// What `gallery` says at the root, or the end of it.
fn gallery(arguments: &[&str]) -> Result<(), String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_makespan"));
    let command = command.current_dir(root()).arg("gallery").args(arguments);
    let output = command.output().unwrap();
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}
