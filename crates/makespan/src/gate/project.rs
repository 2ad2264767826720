//! The cargo project that a gate builds: which of its targets runs cells.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use cargo_metadata::{Message, MetadataCommand, Package, TargetKind};

use crate::gate::git::Git;

/// A project, and the executable of it that runs cells.
pub(crate) struct Project {
    pub(crate) git: Git,
    /// Where gates keep what they build.
    pub(crate) builds: PathBuf,
    /// The folder of the workspace, from the top of the repository.
    folder: PathBuf,
    package: String,
    /// The bench target, or none for the program `makespan` itself.
    bench: Option<String>,
}

/// What runs cells where nothing else is asked for.
const OWN: &str = "makespan";

impl Project {
    /// The project that a folder is in. `bench` names a bench target; without it the program `makespan` is built, if the project has it, else the
    /// only bench target of a package that depends on makespan.
    ///
    /// # Errors
    ///
    /// If the folder is in no cargo project or no git repository, or if it does not say which target runs cells.
    pub(crate) fn of(folder: &Path, bench: Option<&str>) -> Result<Project> {
        let metadata = MetadataCommand::new()
            .current_dir(folder)
            .no_deps()
            .exec()
            .context("a gate builds a cargo project; allowed are a folder in one, or --base and --head with executables")?;
        let packages = metadata.workspace_packages();
        let (package, bench) = match bench {
            Some(name) => {
                let (package, bench) = with_bench(&packages, name)?;
                (package, Some(bench))
            }
            None => target(&packages)?,
        };
        let git = Git::of(metadata.workspace_root.as_std_path())?;
        let folder = metadata.workspace_root.as_std_path();
        let folder = folder.canonicalize()?;
        let root = git.root().canonicalize()?;
        let folder = folder
            .strip_prefix(root)
            .context("the workspace is not in its repository")?;
        Ok(Project {
            builds: metadata.target_directory.as_std_path().join("gate"),
            folder: folder.to_owned(),
            git,
            package,
            bench,
        })
    }

    /// Builds the sources below that folder, and returns the executable. Artifacts go into the folder `artifacts`. Two checkouts
    /// must never share one: cargo tells their sources apart by times alone, and would take one for the other.
    ///
    /// # Errors
    ///
    /// If they cannot be built. Cargo has said why, on standard error.
    pub(crate) fn build(&self, root: &Path, artifacts: &Path) -> Result<PathBuf> {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
        match &self.bench {
            None => command.args(["build", "--release", "--bin", OWN]),
            Some(name) => command.args(["bench", "--no-run", "--bench", name]),
        };
        command
            .args([
                "--package",
                &self.package,
                "--message-format=json-render-diagnostics",
            ])
            .current_dir(self.workspace_of(root))
            .env("CARGO_TARGET_DIR", artifacts)
            .stdout(Stdio::piped());
        let mut cargo = command.spawn().context("cannot start cargo")?;
        let output = cargo.stdout.take().context("cargo has no output")?;
        let mut built = None;
        for message in Message::parse_stream(std::io::BufReader::new(output)) {
            if let Message::CompilerArtifact(artifact) = message?
                && let Some(executable) = artifact.executable
                && artifact.target.name == self.bench.as_deref().unwrap_or(OWN)
            {
                built = Some(executable.into_std_path_buf());
            }
        }
        ensure!(cargo.wait()?.success(), "it does not build");
        built.context("cargo built no executable")
    }

    /// The folder of the workspace in a checkout.
    pub(crate) fn workspace_of(&self, root: &Path) -> PathBuf {
        root.join(&self.folder)
    }

    /// The rust compiler that builds the sources in that folder, as it names itself.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub(crate) fn rustc(&self, root: &Path) -> Result<String> {
        let mut command = Command::new("rustc");
        let output = command
            .arg("--version")
            .current_dir(self.workspace_of(root))
            .output();
        let output = output.context("cannot start rustc")?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Whether it is a bench target, whose flags are those of `run`.
    pub(crate) fn is_bench(&self) -> bool {
        self.bench.is_some()
    }

    /// The package whose dependencies are worth comparing: the strategies of makespan, or a package with its own.
    pub(crate) fn user(&self) -> &str {
        match self.package.as_str() {
            OWN => "makespan-strategies",
            package => package,
        }
    }

    /// What is built, for people and for file names.
    pub(crate) fn target(&self) -> &str {
        self.bench.as_deref().unwrap_or(OWN)
    }
}

/// The package of a bench target, and the whole name of the target: crates have `_` where the name may have `-`.
fn with_bench(packages: &[&Package], name: &str) -> Result<(String, String)> {
    let same = |bench: &&str| bench.replace('-', "_") == name.replace('-', "_");
    let found = packages.iter().find_map(|package| {
        let bench = benches(package).find(same)?;
        Some((package.name.to_string(), bench.to_owned()))
    });
    found.with_context(|| {
        let all: Vec<&str> = packages.iter().flat_map(|it| benches(it)).collect();
        format!(
            "no bench target is called `{name}`; allowed are {}",
            all.join(", ")
        )
    })
}

fn benches(package: &Package) -> impl Iterator<Item = &str> {
    let benches = package.targets.iter();
    let benches = benches.filter(|target| target.kind.contains(&TargetKind::Bench));
    benches.map(|target| target.name.as_str())
}

fn target(packages: &[&Package]) -> Result<(String, Option<String>)> {
    if packages.iter().any(|package| package.name == OWN) {
        return Ok((OWN.to_owned(), None));
    }
    let depends = |package: &&&Package| package.dependencies.iter().any(|it| it.name == OWN);
    let benches = packages.iter().filter(depends).flat_map(|package| {
        let name = package.name.to_string();
        benches(package).map(move |bench| (name.clone(), Some(bench.to_owned())))
    });
    let mut benches: Vec<_> = benches.collect();
    match benches.len() {
        1 => Ok(benches.remove(0)),
        0 => bail!("no bench target of this project depends on makespan"),
        _ => {
            let names: Vec<_> = benches
                .iter()
                .filter_map(|(_, name)| name.as_deref())
                .collect();
            bail!(
                "which bench target runs cells? --bench-target names one of {}",
                names.join(", ")
            )
        }
    }
}
