//! What a bisection goes over, versions of a crate or commits, and how each becomes an executable.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use cargo_metadata::semver;

use crate::gate::checkout::Checkout;
use crate::gate::project::Project;
use crate::gate::published::{Kinds, between};
use crate::gate::side::{file_name, short};
use crate::gate::version::Version;

/// One thing that can be built.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Version(String, semver::Version),
    Commit(String),
}

impl Step {
    /// What it is called.
    pub(crate) fn name(&self) -> String {
        match self {
            Step::Version(_, version) => version.to_string(),
            Step::Commit(commit) => short(commit).to_owned(),
        }
    }
}

/// The steps from the good one to the bad one, in order.
///
/// # Errors
///
/// If an end is unknown, or if there is nothing between them.
pub(crate) fn steps(
    project: &Project,
    package: Option<&str>,
    good: &str,
    bad: &str,
    kinds: Kinds,
) -> Result<Vec<Step>> {
    let Some(package) = package else {
        return commits(project, good, bad);
    };
    let root = project.workspace_of(project.git.root());
    let locked = crate::gate::version::locked(&root, package)?;
    let version = |flag: &str, text: &str| -> Result<semver::Version> {
        let parsed = text.parse();
        parsed.with_context(|| {
            format!(
                "{flag} `{text}` is no version; allowed is one such as {}",
                locked[0]
            )
        })
    };
    let (good, bad) = (version("--good", good)?, version("--bad", bad)?);
    let versions = between(&root, package, &good, &bad, kinds)?.into_iter();
    Ok(versions
        .map(|it| Step::Version(package.to_owned(), it))
        .collect())
}

fn commits(project: &Project, good: &str, bad: &str) -> Result<Vec<Step>> {
    let (good, bad) = (project.git.commit(good)?, project.git.commit(bad)?);
    let range = format!("{good}..{bad}");
    let all = project
        .git
        .ask(&["rev-list", "--first-parent", "--reverse", &range])?;
    let after: Vec<String> = all.lines().map(str::to_owned).collect();
    let earlier = project
        .git
        .ask(&["merge-base", "--is-ancestor", &good, &bad])
        .is_ok();
    ensure!(
        earlier && !after.is_empty(),
        "--good {} is not before --bad {}; allowed is an ancestor of it",
        short(&good),
        short(&bad)
    );
    Ok(std::iter::once(good)
        .chain(after)
        .map(Step::Commit)
        .collect())
}

/// Builds steps, all in one folder, so that cargo only builds what a step changes. The folder goes when this does.
pub(crate) struct Workshop<'a> {
    project: &'a Project,
    checkout: Checkout,
    commit: String,
    built: Vec<(String, PathBuf)>,
    /// How long each build took.
    pub(crate) took: Vec<Duration>,
}

/// Artifacts and checkouts of bisections are called so.
const NAME: &str = "bisect";

impl<'a> Workshop<'a> {
    /// Opens it. Versions are built with the present commit.
    ///
    /// # Errors
    ///
    /// If git cannot take the commit out.
    pub(crate) fn open(project: &'a Project) -> Result<Workshop<'a>> {
        let commit = project.git.commit("HEAD")?;
        Ok(Workshop {
            checkout: Checkout::new(&project.git, &commit, &project.builds.join(NAME))?,
            project,
            commit,
            built: Vec::new(),
            took: Vec::new(),
        })
    }

    /// The executable of a step. It is built once.
    ///
    /// # Errors
    ///
    /// If it does not build. Cargo has said why.
    pub(crate) fn build(&mut self, step: &Step) -> Result<PathBuf> {
        let name = step.name();
        if let Some((_, path)) = self.built.iter().find(|(built, _)| *built == name) {
            return Ok(path.clone());
        }
        let start = Instant::now();
        let kept = match step {
            Step::Commit(commit) => {
                self.checkout.switch(commit)?;
                format!("{NAME}-{name}")
            }
            Step::Version(package, version) => {
                // The lock file of the commit, without the version before.
                self.checkout.switch(&self.commit)?;
                let root = self.project.workspace_of(self.checkout.path());
                Version::exactly(package, version.clone()).apply(&root, self.project.user())?;
                format!("{NAME}-{}-{package}-{version}", short(&self.commit))
            }
        };
        let path = self
            .project
            .keep_build(self.checkout.path(), NAME, &file_name(&kept))?;
        self.took.push(start.elapsed());
        self.built.push((name, path.clone()));
        Ok(path)
    }
}
