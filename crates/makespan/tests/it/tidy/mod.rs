//! Rules about the sources themselves.

mod circles;
mod files;
mod sources;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};
use libtest_mimic::Trial;

use crate::test;

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test("tidy::no_file_needs_itself", circles::no_circle),
        test("tidy::a_circle_is_named", circles::a_circle_is_named),
        test("tidy::what_is_no_circle", circles::what_is_no_circle),
        test(
            "tidy::only_the_list_names_a_file_of_a_catalog",
            files::catalogs,
        ),
        test("tidy::files_are_short", files::lengths),
        test("tidy::functions_are_short", files::functions),
        test("tidy::what_is_long", files::what_is_long),
        test("tidy::dependencies_point_in_one_direction", layering),
        test("tidy::registries_and_files_agree", registries),
        test(
            "tidy::the_declared_rust_version_is_enough_for_all_dependencies",
            rust_version,
        ),
        test("tidy::the_published_schema_is_the_one_of_the_types", schema),
        test("tidy::the_readme_shows_the_committed_run", spliced),
        test(
            "tidy::the_committed_run_follows_from_its_samples",
            recomputed,
        ),
        test(
            "tidy::the_docs_name_every_crate_strategy_workload_and_scenario",
            docs,
        ),
    ]
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// The manifests of the workspace alone, which needs neither a network nor a lock.
fn metadata() -> Metadata {
    MetadataCommand::new()
        .current_dir(root())
        .no_deps()
        .exec()
        .unwrap()
}

/// The name of a package without what makes it unique on the registry: the name of its crate and of its folder.
fn short(name: &str) -> &str {
    name.strip_prefix("makespan-").unwrap_or(name)
}

/// Which crates of the workspace each one may name. The whole architecture, in ten lines.
fn layering() {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("workloads", &[][..]),
        ("strategies", &["workloads"]),
        ("model", &["workloads"]),
        ("mock-server", &["workloads"]),
        ("report", &["model"]),
        (
            "harness",
            &["mock-server", "model", "strategies", "workloads"],
        ),
        (
            "makespan",
            &[
                "harness",
                "mock-server",
                "model",
                "report",
                "strategies",
                "workloads",
            ],
        ),
        ("downstream", &[]),
        (
            "benches",
            &[
                "harness",
                "makespan",
                "mock-server",
                "model",
                "strategies",
                "workloads",
            ],
        ),
    ]);
    let metadata = metadata();
    let members: BTreeSet<_> = metadata
        .workspace_packages()
        .iter()
        .map(|package| short(&package.name).to_owned())
        .collect();
    assert_eq!(
        members,
        allowed.keys().map(|name| (*name).to_owned()).collect()
    );
    for package in metadata.workspace_packages() {
        let own = package
            .dependencies
            .iter()
            .filter(|dependency| dependency.kind == DependencyKind::Normal);
        for dependency in own.filter(|dependency| members.contains(short(&dependency.name))) {
            let name = short(&package.name);
            assert!(
                allowed[name].contains(&short(&dependency.name)),
                "{name} must not name {}",
                dependency.name
            );
        }
    }
    let runtimes = [
        "tokio",
        "async-std",
        "smol",
        "rayon",
        "ureq",
        "reqwest",
        "hyper",
        "compio",
        "monoio",
        "glommio",
        "may",
    ];
    for package in metadata.workspace_packages() {
        let may = ["strategies", "mock-server", "benches"].contains(&short(&package.name));
        let named = package
            .dependencies
            .iter()
            .find(|dependency| runtimes.contains(&dependency.name.as_str()));
        assert!(
            may || named.is_none(),
            "{} must not name {}",
            package.name,
            named.unwrap().name
        );
    }
}

/// Every file with a workload or a strategy is in its registry, and the name in it is the name of the file.
fn registries() {
    let registry = makespan::Registry::built_in();
    let built = registry.strategies.iter().map(|row| row.facts.name);
    let optional = strategies::OPTIONAL.iter().map(|(module, _)| *module);
    let strategies = built.chain(optional).collect();
    let workloads = registry
        .workloads
        .iter()
        .map(|entry| entry.facts.name)
        .collect();
    for (folder, mark, names) in [
        (
            "crates/strategies/src/catalog",
            "\nimpl Strategy for ",
            strategies,
        ),
        (
            "crates/workloads/src/catalog",
            "\nimpl Workload for ",
            workloads,
        ),
    ] {
        let names: BTreeSet<String> = Vec::into_iter(names)
            .map(|name: &str| name.replace('-', "_"))
            .collect();
        let holds = |path: &PathBuf| fs::read_to_string(path).unwrap().contains(mark);
        let files = fs::read_dir(root().join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let files = files.filter(|path| {
            path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs")
        });
        let stem = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
        assert_eq!(
            files.filter(holds).map(stem).collect::<BTreeSet<_>>(),
            names,
            "{folder}"
        );
    }
}

fn rust_version() {
    // Whatever this build needed has been fetched for this platform, and nothing else.
    let platform = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let registry = makespan::Registry::built_in();
    let built = |module: &str| registry.strategy(&module.replace('_', "-")).is_ok();
    let optional = strategies::OPTIONAL
        .iter()
        .filter(|(module, _)| built(module));
    let features = optional.map(|(_, feature)| format!("--features=makespan/{feature}"));
    let options = ["--locked", "--filter-platform", &platform].map(str::to_owned);
    let options: Vec<_> = options.into_iter().chain(features).collect();
    let metadata = MetadataCommand::new()
        .current_dir(root())
        .other_options(options)
        .exec()
        .unwrap();
    let ours = metadata.workspace_packages()[0]
        .rust_version
        .clone()
        .unwrap();
    for package in &metadata.packages {
        if let Some(theirs) = &package.rust_version {
            assert!(
                *theirs <= ours,
                "{} {} needs Rust {theirs}, over {ours}",
                package.name,
                package.version
            );
        }
    }
}

fn schema() {
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

/// The lists that are written by hand lack nothing that there is.
fn docs() {
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
fn spliced() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("README.md");
    fs::copy(root().join("README.md"), &copy).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_makespan"));
    command
        .arg("report")
        .arg(root().join("results/reference"))
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
fn recomputed() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_makespan"));
    command.arg("analyze").arg(root().join("results/reference"));
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "cargo run --bin makespan -- analyze results/reference --write\n{told}"
    );
}
