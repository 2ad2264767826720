//! Which versions of a crate were published, as cargo's own copy of the registry has them.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use cargo_metadata::semver::Version;
use crates_index::{HashKind, SparseIndex};

/// All versions of a crate from one to another, both included, in order. Yanked versions and pre-releases are left out unless they are asked for.
///
/// # Errors
///
/// If the registry is not known here, or has no such version. The error names some that it has.
pub(crate) fn between(
    root: &Path,
    package: &str,
    from: &Version,
    to: &Version,
    with: Kinds,
) -> Result<Vec<Version>> {
    ensure!(
        from < to,
        "--good {from} is not older than --bad {to}; allowed is an older one that is good"
    );
    let all = published(root, package)?;
    for end in [from, to] {
        let known = all.iter().any(|(version, _)| version == end);
        ensure!(
            known,
            "{package} {end} was never published; allowed are {}",
            nearest(&all, end)
        );
    }
    let wanted = |(version, yanked): &(Version, bool)| {
        let inside = from <= version && version <= to;
        let named = version == from || version == to;
        let kind = (!yanked || with.yanked) && (version.pre.is_empty() || with.pre_releases);
        (inside && (named || kind)).then(|| version.clone())
    };
    Ok(all.iter().filter_map(wanted).collect())
}

/// Which versions are taken beside the usual ones.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Kinds {
    pub(crate) yanked: bool,
    pub(crate) pre_releases: bool,
}

/// All versions, in order, and whether each was yanked.
fn published(root: &Path, package: &str) -> Result<Vec<(Version, bool)>> {
    // Cargo brings its copy up to date. Its dry run changes nothing else; if it fails, the copy may still be there.
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    let _ = cargo
        .args(["update", "--dry-run"])
        .current_dir(root)
        .output();
    let read = |kind: &HashKind| {
        let index = SparseIndex::from_url_with_hash_kind(crates_index::sparse::URL, kind).ok()?;
        index.crate_from_cache(package).ok()
    };
    // Where the copy is depends on cargo's version.
    let found = read(&HashKind::Stable).or_else(|| read(&HashKind::Legacy));
    let found = found.with_context(|| {
        format!("the versions of `{package}` are not in cargo's copy of the registry; allowed are crates of the default registry that are in Cargo.lock, or --versions with a list")
    })?;
    let versions = found.versions().iter();
    let parsed = versions.filter_map(|it| Some((it.version().parse().ok()?, it.is_yanked())));
    let mut all: Vec<(Version, bool)> = parsed.collect();
    all.sort();
    Ok(all)
}

/// The published versions around one that is not.
fn nearest(all: &[(Version, bool)], wanted: &Version) -> String {
    let after = all.partition_point(|(version, _)| version < wanted);
    let near = &all[after.saturating_sub(3)..(after + 3).min(all.len())];
    let names: Vec<String> = near
        .iter()
        .map(|(version, _)| version.to_string())
        .collect();
    format!("{} and others", names.join(", "))
}
