//! A commit in a folder of its own, as long as it is needed.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::gate::git::Git;

/// The sources of a commit. The folder goes when this does.
pub(crate) struct Checkout {
    git: Git,
    path: PathBuf,
}

impl Checkout {
    /// Takes a commit out into a new folder. What an earlier gate that was killed has left there is removed first.
    ///
    /// # Errors
    ///
    /// If git cannot do it.
    pub(crate) fn new(git: &Git, commit: &str, path: &Path) -> Result<Checkout> {
        let checkout = Checkout {
            git: git.clone(),
            path: path.to_owned(),
        };
        checkout.remove();
        let folder = path.to_str().context("the target folder is no UTF-8")?;
        git.ask(&["worktree", "add", "--detach", "--force", folder, commit])
            .with_context(|| format!("cannot take commit {commit} out"))?;
        Ok(checkout)
    }

    /// Takes another commit out in the same folder. Only files that differ are written, so what is built of the others is not built
    /// again.
    ///
    /// # Errors
    ///
    /// If git cannot do it.
    pub(crate) fn switch(&self, commit: &str) -> Result<()> {
        let folder = self
            .path
            .to_str()
            .context("the target folder is no UTF-8")?;
        let words = [
            "-C", folder, "checkout", "--quiet", "--force", "--detach", commit,
        ];
        self.git
            .ask(&words)
            .with_context(|| format!("cannot take commit {commit} out"))?;
        Ok(())
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Nothing can be done about a failure here: the next gate tries again.
    fn remove(&self) {
        if self.path.exists() {
            let folder = self.path.display().to_string();
            let _ = self.git.ask(&["worktree", "remove", "--force", &folder]);
            let _ = std::fs::remove_dir_all(&self.path);
        }
        let _ = self.git.ask(&["worktree", "prune"]);
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        self.remove();
    }
}
