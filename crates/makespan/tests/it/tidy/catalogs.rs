//! Every variant is one file of a catalog, and only the list there names it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::root;
use super::sources::Sources;

/// Every file with a workload or a strategy is in its registry, and the name in it is the name of the file.
pub(super) fn registries() {
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

/// Only the list of a catalog names its files.
pub(super) fn catalogs() {
    for folder in ["crates/strategies/src", "crates/workloads/src"] {
        let arrows = Sources::read(&root().join(folder)).arrows();
        let list = Path::new("catalog/mod.rs");
        let outside = |file: &Path| !file.starts_with("catalog") || file == list;
        for arrow in arrows.iter().filter(|arrow| !outside(&arrow.to)) {
            // What lies in the folder of a variant is a part of it.
            let own = arrow.from.starts_with(arrow.to.with_extension(""));
            assert!(
                arrow.from == list || own,
                "{folder}: only {} may name {}, but {} does",
                list.display(),
                arrow.to.display(),
                arrow.from.display()
            );
        }
    }
}
