//! What each crate may depend on.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

use super::{metadata, root, short};

/// Which crates of the workspace each one may name. The whole architecture, in ten lines.
pub(super) fn layering() {
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

/// The declared version of Rust is not lower than that of any dependency.
pub(super) fn rust_version() {
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
