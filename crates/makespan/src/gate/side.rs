//! One side of a gate: from what was typed to an executable.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::gate::checkout::Checkout;
use crate::gate::project::Project;

/// What one side of a gate is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// An executable that is there already.
    Executable(PathBuf),
    /// A commit, by its whole name.
    Commit(String),
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

    /// What it is, for people.
    pub(crate) fn name(&self) -> String {
        match self {
            Side::Executable(path) => path.display().to_string(),
            Side::Commit(commit) => short(commit).to_owned(),
            Side::WorkingTree => "the working tree".to_owned(),
        }
    }

    /// Its executable, built if need be. `name` is that of its rows; it is built in a folder of that name, with artifacts of its own.
    ///
    /// # Errors
    ///
    /// If it cannot be built.
    pub(crate) fn build(&self, project: Option<&Project>, name: &str) -> Result<PathBuf> {
        let project = match (self, project) {
            (Side::Executable(path), _) => return Ok(path.clone()),
            (_, Some(project)) => project,
            (_, None) => bail!("{} is in no cargo project", self.name()),
        };
        let artifacts = |name: &str| project.builds.join("artifacts").join(name);
        let (built, version) = match self {
            Side::Commit(commit) => {
                let checkout = Checkout::new(&project.git, commit, &project.builds.join(name))?;
                let built = project.build(checkout.path(), &artifacts(name));
                (built, format!("{}-{name}", short(commit)))
            }
            // Not where cargo puts what the user builds: the executable that is running now could be replaced.
            _ => {
                let version = "working-tree";
                let built = project.build(project.git.root(), &artifacts(version));
                (built, version.to_owned())
            }
        };
        let target = project.target();
        let built = built.with_context(|| format!("{} ({target})", self.name()))?;
        kept(project, &built, &format!("{target}-{version}"))
    }
}

fn short(commit: &str) -> &str {
    commit.get(..12).unwrap_or(commit)
}

/// A copy under a name of its own: the next build replaces the original.
fn kept(project: &Project, built: &Path, name: &str) -> Result<PathBuf> {
    let path = project.builds.join(name);
    // A file that is being run cannot be written, but it can be replaced.
    let partial = project.builds.join(format!("{name}.partial"));
    fs::copy(built, &partial)
        .and_then(|_| fs::rename(&partial, &path))
        .with_context(|| format!("cannot keep {}", path.display()))?;
    Ok(path)
}
