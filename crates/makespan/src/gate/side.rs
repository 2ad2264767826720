//! One side of a gate: from what was typed to an executable.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::gate::checkout::Checkout;
use crate::gate::project::Project;
use crate::gate::version::Version;

/// What one side of a gate is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// An executable that is there already.
    Executable(PathBuf),
    /// A commit, by its whole name.
    Commit(String),
    /// A commit with a dependency in another version.
    With(String, Version),
    /// The sources as they are, with changes that nobody has committed.
    WorkingTree,
}

impl Side {
    /// Whether that is the path of an executable, and not the name of a commit.
    pub(crate) fn executable(typed: &str) -> Option<Side> {
        let path = Path::new(typed);
        let path = path.is_file().then(|| path.canonicalize().ok())?;
        path.map(Side::Executable)
    }

    /// Whether it is built in a folder of its own, which may be done more than once.
    pub(crate) fn is_taken_out(&self) -> bool {
        matches!(self, Side::Commit(_) | Side::With(..))
    }

    /// What it is, for people.
    pub(crate) fn name(&self) -> String {
        match self {
            Side::Executable(path) => path.display().to_string(),
            Side::Commit(commit) => short(commit).to_owned(),
            Side::With(commit, version) => format!("{} with {}", short(commit), version.package),
            Side::WorkingTree => "the working tree".to_owned(),
        }
    }

    /// Its executable, built if need be, and what it is, for people. `name` is that of its rows; it is built in a folder of that name, with
    /// artifacts of its own.
    ///
    /// # Errors
    ///
    /// If it cannot be built.
    pub(crate) fn build(&self, project: Option<&Project>, name: &str) -> Result<(PathBuf, String)> {
        let project = match (self, project) {
            (Side::Executable(path), _) => return Ok((path.clone(), self.name())),
            (_, Some(project)) => project,
            (_, None) => bail!("{} is in no cargo project", self.name()),
        };
        let checkout = |commit| Checkout::new(&project.git, commit, &project.builds.join(name));
        match self {
            Side::Executable(path) => Ok((path.clone(), self.name())),
            Side::Commit(commit) => {
                let checkout = checkout(commit)?;
                let kept = format!("{}-{name}", short(commit));
                let built = project.keep_build(checkout.path(), name, &kept);
                Ok((built.with_context(|| self.name())?, self.name()))
            }
            Side::With(commit, version) => {
                let checkout = checkout(commit)?;
                let has = version.apply(&project.workspace_of(checkout.path()), project.user())?;
                let kept = format!("{}-{name}-{}", short(commit), file_name(&has));
                // One folder for all versions: cargo builds again what the version changes, and nothing else.
                let built = project.keep_build(checkout.path(), name, &kept);
                let what = format!("{} with {has}", short(commit));
                Ok((built.with_context(|| what.clone())?, what))
            }
            // Not where cargo puts what the user builds: the executable that is running now could be replaced.
            Side::WorkingTree => {
                let tree = "working-tree";
                let built = project.keep_build(project.git.root(), tree, tree);
                Ok((built.with_context(|| self.name())?, self.name()))
            }
        }
    }
}

pub(crate) fn short(commit: &str) -> &str {
    commit.get(..12).unwrap_or(commit)
}

/// The same text without what file names cannot hold.
pub(crate) fn file_name(text: &str) -> String {
    let allowed = |it: char| it.is_ascii_alphanumeric() || ".-_".contains(it);
    let kept = text.chars().map(|it| if allowed(it) { it } else { '-' });
    kept.take(80).collect()
}

impl Project {
    /// Builds the sources in a folder with the artifacts of that name, and keeps the executable under a name of its own: the next build
    /// replaces the original.
    pub(crate) fn keep_build(&self, root: &Path, artifacts: &str, name: &str) -> Result<PathBuf> {
        let artifacts = self.builds.join("artifacts").join(artifacts);
        let built = self.build(root, &artifacts)?;
        let name = format!("{}-{name}", self.target());
        let path = self.builds.join(&name);
        // A file that is being run cannot be written, but it can be replaced.
        let partial = self.builds.join(format!("{name}.partial"));
        fs::copy(built, &partial)
            .and_then(|_| fs::rename(&partial, &path))
            .with_context(|| format!("cannot keep {}", path.display()))?;
        Ok(path)
    }
}
