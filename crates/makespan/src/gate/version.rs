//! A dependency in one version: what is typed, and how a checkout gets it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;

use anyhow::{Context, Result, anyhow, bail, ensure};
use cargo_metadata::semver;

/// A crate, and which version of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    pub(crate) package: String,
    pub(crate) wanted: Wanted,
}

/// Which version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// That of the lock file.
    Locked,
    /// The newest one that the requirements allow.
    Newest,
    /// This one.
    Exactly(semver::Version),
    /// The sources in a folder.
    Path(PathBuf),
    /// A git repository, and a revision in it.
    Git { url: String, revision: String },
}

const ALLOWED: &str =
    "allowed are NAME@1.2.3, NAME@newest, NAME@locked, NAME@path:FOLDER and NAME@git:URL#REVISION";

impl FromStr for Version {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let (package, wanted) = text.split_once('@').context(ALLOWED)?;
        let named = |it: char| it.is_ascii_alphanumeric() || "-_".contains(it);
        ensure!(!package.is_empty() && package.chars().all(named), ALLOWED);
        let wanted = match wanted.split_once(':') {
            Some(("path", folder)) => {
                let found = Path::new(folder).canonicalize();
                Wanted::Path(found.with_context(|| format!("cannot find the folder {folder}"))?)
            }
            Some(("git", place)) => {
                let (url, revision) = place.rsplit_once('#').context(ALLOWED)?;
                ensure!(!url.is_empty() && !revision.is_empty(), ALLOWED);
                let (url, revision) = (url.to_owned(), revision.to_owned());
                Wanted::Git { url, revision }
            }
            Some(_) => bail!(ALLOWED),
            None if wanted == "locked" => Wanted::Locked,
            None if wanted == "newest" => Wanted::Newest,
            None => {
                let exact = wanted.parse();
                Wanted::Exactly(exact.map_err(|error| anyhow!("{error}; {ALLOWED}"))?)
            }
        };
        Ok(Version {
            package: package.to_owned(),
            wanted,
        })
    }
}

impl Version {
    /// A version of the registry.
    pub(crate) fn exactly(package: &str, version: semver::Version) -> Version {
        Version {
            package: package.to_owned(),
            wanted: Wanted::Exactly(version),
        }
    }

    /// Gives the workspace in that folder this version, which `user`, a package of it, must use. Only files of the checkout change: its lock file, and for a path or a repository its
    /// manifest. Returns what it has now, for people.
    ///
    /// # Errors
    ///
    /// If nothing in the workspace uses the crate, or if cargo finds no such version that fits the others. Cargo's words are in the error.
    pub(crate) fn apply(&self, root: &Path, user: &str) -> Result<String> {
        let before = locked(root, &self.package)?;
        used(root, user, &self.package)?;
        match &self.wanted {
            Wanted::Locked => {}
            Wanted::Newest => update(root, &self.package, None, &before)?,
            Wanted::Exactly(version) => update(root, &self.package, Some(version), &before)?,
            Wanted::Path(folder) => {
                let source = format!("path = {}", toml::Value::from(folder.display().to_string()));
                self.patch(root, &source)?;
            }
            Wanted::Git { url, revision } => {
                let of = |text: &str| toml::Value::from(text.to_owned());
                self.patch(root, &format!("git = {}, rev = {}", of(url), of(revision)))?;
            }
        }
        let after = locked(root, &self.package)?;
        if let Wanted::Exactly(version) = &self.wanted {
            ensure!(
                after.contains(version),
                "{} {version} is not what cargo chose: it has {}",
                self.package,
                list(&after)
            );
        }
        let from = match &self.wanted {
            Wanted::Path(folder) => format!(" of {}", folder.display()),
            Wanted::Git { url, revision } => format!(" of {url}#{revision}"),
            Wanted::Locked | Wanted::Newest | Wanted::Exactly(_) => String::new(),
        };
        Ok(format!("{} {}{from}", self.package, list(&after)))
    }

    /// Replaces the crate by other sources.
    fn patch(&self, root: &Path, source: &str) -> Result<()> {
        let path = root.join("Cargo.toml");
        let text = fs::read_to_string(&path)?;
        let mut manifest: toml::Table = text.parse().context("Cargo.toml is no TOML")?;
        let patch = format!(
            "[patch.crates-io.{}]\n{}",
            self.package,
            source.replace(", ", "\n")
        );
        let patch: toml::Table = patch.parse().context("cannot write the patch")?;
        merge(&mut manifest, patch);
        fs::write(&path, toml::to_string(&manifest)?)?;
        // Without a version: the lock takes what the sources are.
        let updated = cargo(root, &["update", "--package", &self.package]);
        updated.with_context(|| format!("{} cannot be replaced", self.package))?;
        Ok(())
    }
}

/// Puts the tables of one document into another.
fn merge(into: &mut toml::Table, from: toml::Table) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(toml::Value::Table(old)), toml::Value::Table(new)) => merge(old, new),
            (_, value) => drop(into.insert(key, value)),
        }
    }
}

/// The versions of a crate in the lock file of a workspace.
///
/// # Errors
///
/// If there is none: nothing uses the crate.
pub(crate) fn locked(root: &Path, package: &str) -> Result<Vec<semver::Version>> {
    let lock = root.join("Cargo.lock");
    if !lock.exists() {
        cargo(root, &["generate-lockfile"])?;
    }
    let text = fs::read_to_string(&lock).context("cannot read the lock file")?;
    let lock: toml::Table = text.parse().context("the lock file is no TOML")?;
    let packages = lock.get("package").and_then(toml::Value::as_array);
    let found = packages.into_iter().flatten().filter_map(|it| {
        let name = it.get("name")?.as_str()?;
        let version = it.get("version")?.as_str()?;
        (name == package).then(|| version.parse().ok())?
    });
    let found: Vec<semver::Version> = found.collect();
    ensure!(
        !found.is_empty(),
        "nothing here uses a crate `{package}`; allowed are the packages of Cargo.lock"
    );
    Ok(found)
}

/// Refuses a crate that a package of the workspace does not use, directly or through others: another version of it would change nothing.
fn used(root: &Path, user: &str, package: &str) -> Result<()> {
    let words = [
        "tree",
        "--package",
        user,
        "--prefix",
        "none",
        "--format",
        "{p}",
    ];
    let text = cargo(root, &words)?;
    let named = |line: &str| line.split_whitespace().next() == Some(package);
    ensure!(
        text.lines().any(named),
        "{user} does not use `{package}`, so no row can change with it; allowed are the packages that `cargo tree --package {user}` lists"
    );
    Ok(())
}

/// Has cargo choose a version. Of several that are locked, the one that is compatible with it changes.
fn update(
    root: &Path,
    package: &str,
    version: Option<&semver::Version>,
    before: &[semver::Version],
) -> Result<()> {
    let compatible = |it: &&semver::Version| match version {
        Some(version) => it.major == version.major && (it.major > 0 || it.minor == version.minor),
        None => true,
    };
    let mut locked: Vec<&semver::Version> = before.iter().filter(compatible).collect();
    locked.sort();
    let locked = locked.last().with_context(|| {
        format!(
            "{package} {} is not compatible with the version that is used, {}",
            version.map(ToString::to_string).unwrap_or_default(),
            list(before)
        )
    })?;
    let id = format!("{package}@{locked}");
    let exact = version.map(ToString::to_string);
    let mut words = vec!["update", "--package", &id];
    if let Some(exact) = &exact {
        words.extend(["--precise", exact]);
    }
    let name = exact.as_deref().unwrap_or("newest");
    cargo(root, &words).with_context(|| format!("{package} {name} cannot be had here"))?;
    Ok(())
}

/// Runs cargo, and returns its output. What it says beside that comes out only if it fails.
fn cargo(root: &Path, words: &[&str]) -> Result<String> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    let output = command.current_dir(root).args(words).output();
    let output = output.context("cannot start cargo")?;
    let said = String::from_utf8_lossy(&output.stderr);
    let lines = said
        .lines()
        .filter(|line| !line.trim_start().starts_with("Updating"));
    ensure!(
        output.status.success(),
        "{}",
        lines.collect::<Vec<_>>().join("\n")
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn list(versions: &[semver::Version]) -> String {
    let names = versions.iter().map(ToString::to_string);
    names.collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_typed_in_five_ways() {
        let wanted = |text: &str| text.parse::<Version>().unwrap().wanted;
        assert_eq!(wanted("tokio@locked"), Wanted::Locked);
        assert_eq!(wanted("tokio@newest"), Wanted::Newest);
        let exact = semver::Version::new(1, 50, 0);
        assert_eq!(wanted("tokio@1.50.0"), Wanted::Exactly(exact));
        assert!(matches!(wanted("tokio@path:."), Wanted::Path(_)));
        let git = Wanted::Git {
            url: "https://example.org/tokio".to_owned(),
            revision: "abc".to_owned(),
        };
        assert_eq!(wanted("tokio@git:https://example.org/tokio#abc"), git);
        for wrong in [
            "tokio",
            "@1.0.0",
            "tokio@",
            "tokio@1",
            "tokio@git:x",
            "tokio@git:#a",
            "to kio@1.0.0",
            "tokio@what:x",
        ] {
            let error = format!("{:#}", wrong.parse::<Version>().unwrap_err());
            assert!(error.contains("allowed are NAME@1.2.3"), "{wrong}: {error}");
        }
    }

    #[test]
    fn a_patch_is_added_to_the_tables_that_are_there() {
        let mut manifest: toml::Table = "[patch.crates-io]\na = 1\n[x]\ny = 2".parse().unwrap();
        let patch = "[patch.crates-io.b]\npath = \"p\"".parse().unwrap();
        merge(&mut manifest, patch);
        let patched = &manifest["patch"]["crates-io"];
        assert_eq!(
            (patched["a"].as_integer(), patched["b"]["path"].as_str()),
            (Some(1), Some("p"))
        );
        assert_eq!(manifest["x"]["y"].as_integer(), Some(2));
    }
}
