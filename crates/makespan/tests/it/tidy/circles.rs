//! No file of a crate needs itself by way of others.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};

use super::root;
use super::sources::{Arrow, Sources};

/// The sources of all crates.
const CRATES: [&str; 7] = [
    "crates/workloads/src",
    "crates/strategies/src",
    "crates/model/src",
    "crates/report/src",
    "crates/harness/src",
    "crates/makespan/src",
    "mock-server/src",
];

pub(super) fn no_circle() {
    let mut found = Vec::new();
    for folder in CRATES {
        let circles = circles(&Sources::read(&root().join(folder)).arrows());
        found.extend(circles.iter().map(|circle| format!("{folder}: {circle}")));
    }
    assert!(
        found.is_empty(),
        "files need themselves:\n{}",
        found.join("\n")
    );
}

/// The rooms of the model, in the order in which data flows through them.
const ROOMS: [&str; 12] = [
    "statistics",
    "spec",
    "plan",
    "record",
    "judge",
    "reasons",
    "summary",
    "across",
    "simulation",
    "gate",
    "history",
    "timeline",
];

/// No room of the model names a later one.
pub(super) fn model_flows() {
    let folder = root().join("crates/model/src");
    for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let placed = entry.path().is_file() || ROOMS.contains(&name.as_str());
        assert!(placed, "the room `{name}` has no place in the order");
    }
    let arrows = Sources::read(&folder).arrows();
    let room = |file: &Path| ROOMS.iter().position(|room| file.starts_with(room));
    let back = |arrow: &&Arrow| room(&arrow.from) < room(&arrow.to) && room(&arrow.from).is_some();
    let back: Vec<String> = arrows
        .iter()
        .filter(|arrow| !arrow.handed_on)
        .filter(back)
        .map(|arrow| format!("{} -> {}", arrow.from.display(), arrow.to.display()))
        .collect();
    assert!(back.is_empty(), "against the flow:\n{}", back.join("\n"));
}

/// The shortest circle through every file that is part of one, each circle once.
fn circles(arrows: &BTreeSet<Arrow>) -> BTreeSet<String> {
    let mut next: BTreeMap<&Path, BTreeSet<&Path>> = BTreeMap::new();
    for arrow in arrows.iter().filter(|arrow| !arrow.handed_on) {
        next.entry(&arrow.from).or_default().insert(&arrow.to);
    }
    let circles = next.keys().filter_map(|start| circle(&next, start));
    circles.map(|circle| chain(&circle)).collect()
}

/// The shortest way from a file back to itself.
fn circle<'a>(
    next: &BTreeMap<&'a Path, BTreeSet<&'a Path>>,
    start: &'a Path,
) -> Option<Vec<&'a Path>> {
    let mut ways = VecDeque::from([vec![start]]);
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop_front() {
        for file in next.get(way.last()?).into_iter().flatten() {
            if *file == start {
                return Some(way);
            }
            if seen.insert(*file) {
                let mut longer = way.clone();
                longer.push(file);
                ways.push_back(longer);
            }
        }
    }
    None
}

/// A circle as text, from its first file in the alphabet.
fn chain(circle: &[&Path]) -> String {
    let first = (0..circle.len())
        .min_by_key(|index| circle[*index])
        .unwrap();
    let files = circle.iter().cycle().skip(first).take(circle.len() + 1);
    let files: Vec<_> = files.map(|file| file.display().to_string()).collect();
    files.join(" -> ")
}

/// A made-up crate.
fn made_up(files: &[(&str, &str)]) -> BTreeSet<Arrow> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    Sources::read(folder.path()).arrows()
}

pub(super) fn a_circle_is_named() {
    let arrows = made_up(&[
        ("lib.rs", "mod a; mod b; mod c; pub use c::deep::Deep;"),
        (
            "a.rs",
            "use crate::b::B; #[cfg(test)] mod tests { use crate::c::x; }",
        ),
        ("b.rs", "pub struct B(crate::Deep);"),
        ("c/mod.rs", "pub mod deep; fn x(it: deep::Deep) {}"),
        ("c/deep.rs", "pub struct Deep; fn y() { crate::a::y(); }"),
    ]);
    let expected = "a.rs -> b.rs -> c/deep.rs -> a.rs";
    assert_eq!(circles(&arrows), BTreeSet::from([expected.to_owned()]));
}

pub(super) fn what_is_no_circle() {
    let arrows = made_up(&[
        (
            "lib.rs",
            "mod a; mod b; pub use a::A; fn f() { helper() } fn helper() {}",
        ),
        (
            "a.rs",
            "pub struct A; macro_rules! m { () => { $crate::b::B } }\n#[cfg(test)] use crate::b::B;",
        ),
        (
            "b.rs",
            "use tokio::a; use ::a::A; pub struct B { a: super::A } // crate::b",
        ),
    ]);
    let arrow = |from: &str, to: &str, handed_on| Arrow {
        from: PathBuf::from(from),
        to: PathBuf::from(to),
        handed_on,
    };
    let expected = BTreeSet::from([arrow("b.rs", "a.rs", false), arrow("lib.rs", "a.rs", true)]);
    assert_eq!(arrows, expected);
    assert_eq!(circles(&arrows), BTreeSet::new());
}
