//! Which two sides are compared, from what was typed.

use anyhow::{Result, ensure};
use clap::Args;

use crate::flags::quantity;
use crate::gate::checkout::Checkout;
use crate::gate::project::Project;
use crate::gate::side::Side;
use crate::gate::version::Version;

/// The flags that name the sides.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct SideArguments {
    /// What to compare with: a commit, or an executable; by default where the present commit left the default branch
    #[arg(long, value_name = "REV|FILE")]
    base: Option<String>,
    /// What to judge: a commit, or an executable; by default the working tree
    #[arg(long, value_name = "REV|FILE")]
    head: Option<String>,
    /// Judge a version of a dependency: tokio@1.51.0, tokio@newest, tokio@locked, tokio@path:FOLDER or tokio@git:URL#REVISION
    #[arg(long, value_name = "NAME@VERSION", value_parser = quantity::<Version>, conflicts_with_all = ["base", "head"])]
    with: Option<Version>,
    /// The version to compare it with; by default that of the lock file
    #[arg(long, value_name = "NAME@VERSION", value_parser = quantity::<Version>, requires = "with")]
    against: Option<Version>,
    /// Build this bench target, where the project has several that run cells
    #[arg(long, value_name = "NAME")]
    pub(crate) bench_target: Option<String>,
}

impl SideArguments {
    /// Whether the base is something that is built.
    pub(crate) fn are_built(&self) -> bool {
        let typed = self.base.as_deref().and_then(Side::executable);
        typed.is_none()
    }
}

/// Both sides, and the project that builds them, unless both are executables.
pub(crate) struct Sides {
    pub(crate) base: Side,
    pub(crate) head: Side,
    pub(crate) project: Option<Project>,
}

impl Sides {
    /// Finds out what was asked for. Nothing is built.
    ///
    /// # Errors
    ///
    /// If that is no commit, no executable, or twice the same.
    pub(crate) fn of(arguments: &SideArguments) -> Result<Sides> {
        let typed = |typed: &Option<String>| typed.as_deref().and_then(Side::executable);
        if let (Some(base), Some(head)) = (typed(&arguments.base), typed(&arguments.head)) {
            differ(&base, base == head)?;
            let project = None;
            return Ok(Sides {
                base,
                head,
                project,
            });
        }
        let folder = std::env::current_dir()?;
        let project = Project::of(&folder, arguments.bench_target.as_deref())?;
        if let Some(with) = &arguments.with {
            return versions(project, with, arguments.against.as_ref());
        }
        let side = |text: &str| match Side::executable(text) {
            Some(side) => Ok(side),
            None => project.git.commit(text).map(Side::Commit),
        };
        let head = arguments
            .head
            .as_deref()
            .map_or(Ok(Side::WorkingTree), side)?;
        let base = match &arguments.base {
            Some(text) => side(text)?,
            None => Side::Commit(project.git.merge_base()?),
        };
        let same = match (&base, &head) {
            (Side::Commit(base), Side::WorkingTree) => {
                *base == project.git.commit("HEAD")? && !project.git.is_dirty()?
            }
            _ => base == head,
        };
        differ(&base, same)?;
        let project = Some(project);
        Ok(Sides {
            base,
            head,
            project,
        })
    }
}

impl Sides {
    /// The compilers of base and head, where they are not the same: a commit may ask for another one.
    ///
    /// # Errors
    ///
    /// If there is no compiler.
    pub(crate) fn rustc(&self) -> Result<Option<[String; 2]>> {
        let Some(project) = &self.project else {
            return Ok(None);
        };
        let of = |side: &Side| match side {
            Side::Executable(_) => Ok(None),
            Side::WorkingTree => project.rustc(project.git.root()).map(Some),
            Side::Commit(commit) | Side::With(commit, _) => {
                let path = project.builds.join("compiler");
                let checkout = Checkout::new(&project.git, commit, &path)?;
                project.rustc(checkout.path()).map(Some)
            }
        };
        let both = of(&self.base)?.zip(of(&self.head)?);
        Ok(both
            .filter(|(base, head)| base != head)
            .map(<[String; 2]>::from))
    }
}

/// The present commit with two versions of a dependency.
fn versions(project: Project, with: &Version, against: Option<&Version>) -> Result<Sides> {
    let commit = project.git.commit("HEAD")?;
    if project.git.is_dirty()? {
        eprintln!(
            "makespan: both versions are built with commit {commit}; changes that are not committed are left out"
        );
    }
    let against = match against {
        Some(against) => against.clone(),
        None => format!("{}@locked", with.package).parse()?,
    };
    ensure!(
        against.package == with.package,
        "--with is a version of {} and --against one of {}; allowed are two versions of one crate",
        with.package,
        against.package
    );
    ensure!(
        *with != against,
        "--with and --against are the same version"
    );
    // Before anything is built: whether both can be had.
    let checkout = Checkout::new(&project.git, &commit, &project.builds.join("versions"))?;
    for version in [&against, with] {
        checkout.switch(&commit)?;
        version.apply(&project.workspace_of(checkout.path()), project.user())?;
    }
    Ok(Sides {
        base: Side::With(commit.clone(), against),
        head: Side::With(commit, with.clone()),
        project: Some(project),
    })
}

fn differ(base: &Side, same: bool) -> Result<()> {
    ensure!(
        !same,
        "base and head are the same: {}; --base names another one",
        base.name()
    );
    Ok(())
}
