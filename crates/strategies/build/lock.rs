//! The lock file of a build.
//!
//! The file above the sources is not always the right one: a copy from a registry brings the lock file of its own release, and a
//! checkout that another workspace depends on brings its own. The target folder belongs to the workspace that is being built.

use std::fs;
use std::path::{Path, PathBuf};

/// The lock file of the build that writes into this folder, and its text: the nearest one above that locks this package. There is
/// none if the target folder lies elsewhere, as it does with `CARGO_TARGET_DIR` or `cargo install` from a registry.
pub(crate) fn find(out: &Path, package: &str, version: &str) -> Option<(PathBuf, String)> {
    let read = |folder: &Path| {
        let path = folder.join("Cargo.lock");
        let text = fs::read_to_string(&path).ok()?;
        Some((path, text))
    };
    let mut files = out.ancestors().filter_map(read);
    files.find(|(_, text)| versions(text, package).any(|locked| locked == version))
}

/// The highest locked version of a package: lower ones are dependencies of something else.
pub(crate) fn highest(lock: &str, package: &str) -> Option<String> {
    let highest = versions(lock, package).max_by_key(|version| numbers(version))?;
    Some(highest.to_owned())
}

fn versions<'a>(lock: &'a str, package: &str) -> impl Iterator<Item = &'a str> {
    let name = format!("name = \"{package}\"");
    let lines = lock.lines().zip(lock.lines().skip(1));
    lines.filter_map(move |(first, second)| {
        let version = second.strip_prefix("version = \"")?;
        (first == name).then(|| version.trim_end_matches('"'))
    })
}

fn numbers(version: &str) -> Vec<u64> {
    let parts = version.split(['.', '-', '+']);
    parts.map_while(|part| part.parse().ok()).collect()
}
