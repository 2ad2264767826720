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

/// The table in the README is the one that the tool makes of the committed run.
pub(super) fn spliced() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("README.md");
    fs::copy(root().join("README.md"), &copy).unwrap();
    // Links lead from the document to the pictures.
    let run = folder.path().join("results/reference");
    fs::create_dir_all(run.join("plots")).unwrap();
    for file in ["", "plots"] {
        for entry in fs::read_dir(root().join("results/reference").join(file)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let name = path.file_name().unwrap();
                fs::copy(&path, run.join(file).join(name)).unwrap();
            }
        }
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_makespan"));
    command
        .arg("report")
        .arg(&run)
        .args(["--workload", "get", "--makespans", "--splice"])
        .arg(&copy);
    assert!(command.status().unwrap().success());
    let same =
        fs::read_to_string(copy).unwrap() == fs::read_to_string(root().join("README.md")).unwrap();
    assert!(
        same,
        "cargo run --bin makespan -- report results/reference --workload get --makespans --splice README.md"
    );
}

/// Everything in the committed run follows from its samples, also with the code of today.
pub(super) fn recomputed() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_makespan"));
    command.arg("analyze").arg(root().join("results/reference"));
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "cargo run --bin makespan -- analyze results/reference --write\n{told}"
    );
}
