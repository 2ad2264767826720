//! What is asked of git.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail, ensure};

/// A repository.
#[derive(Clone, Debug)]
pub(crate) struct Git {
    root: PathBuf,
}

impl Git {
    /// The repository that a folder is in.
    ///
    /// # Errors
    ///
    /// If it is in none, or git cannot be started.
    pub(crate) fn of(folder: &Path) -> Result<Git> {
        let outside = Git {
            root: folder.to_owned(),
        };
        let root = outside.ask(&["rev-parse", "--show-toplevel"]);
        let root = root.with_context(|| format!("{} is in no git repository", folder.display()))?;
        Ok(Git { root: root.into() })
    }

    /// Its topmost folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The whole name of a commit.
    ///
    /// # Errors
    ///
    /// If there is no such commit.
    pub(crate) fn commit(&self, revision: &str) -> Result<String> {
        let wanted = format!("{revision}^{{commit}}");
        self.ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted])
            .with_context(|| format!("`{revision}` is no commit here; allowed are a branch, a tag, a commit, or the path of an executable"))
    }

    /// Whether files that git knows were changed.
    pub(crate) fn is_dirty(&self) -> Result<bool> {
        let changes = self.ask(&["status", "--porcelain", "--untracked-files=no"])?;
        Ok(!changes.is_empty())
    }

    /// Where the present commit left the default branch: that of the remote `origin`, else `main`, else `master`.
    pub(crate) fn merge_base(&self) -> Result<String> {
        let remote = self.ask(&["symbolic-ref", "--quiet", "refs/remotes/origin/HEAD"]);
        let named = remote
            .into_iter()
            .chain(["main", "master"].map(str::to_owned));
        for branch in named {
            if self.commit(&branch).is_ok() {
                return self.ask(&["merge-base", "HEAD", &branch]);
            }
        }
        bail!("there is no default branch to compare with; --base names a commit")
    }

    /// What git says, without the line end.
    pub(crate) fn ask(&self, arguments: &[&str]) -> Result<String> {
        self.ask_with(arguments, "")
    }

    /// The same, with something to read.
    pub(crate) fn ask_with(&self, arguments: &[&str], input: &str) -> Result<String> {
        let mut command = Command::new("git");
        command.current_dir(&self.root).args(arguments);
        // Hooks set these, and they name another repository.
        for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            command.env_remove(variable);
        }
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut git = command.spawn().context("cannot start git")?;
        let mut stdin = git.stdin.take();
        let output = thread::scope(|scope| {
            // Git may answer before it has read everything. If it reads nothing, that is its own affair.
            scope.spawn(|| {
                stdin
                    .take()
                    .map(|mut stdin| stdin.write_all(input.as_bytes()))
            });
            git.wait_with_output()
        });
        let output = output.context("cannot hear git")?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(
            output.status.success(),
            "git {}: {}",
            arguments.join(" "),
            said.trim()
        );
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}
