//! A history in a file on a branch of its own. Git's own objects are written, so no file of the working tree changes.

use anyhow::{Context, Result, bail, ensure};

use crate::gate::git::Git;
use crate::history::lines::joined;

/// The file on the branch.
const FILE: &str = "history.jsonl";

/// How often a branch may move on while a line is added.
const TRIES: usize = 20;

/// All text; none where there is no such branch, or no such file on it.
pub(super) fn read(git: &Git, branch: &str) -> Result<String> {
    named(git, branch)?;
    match tip(git, branch) {
        Some(tip) => Ok(text(git, &tip)),
        None => Ok(String::new()),
    }
}

fn text(git: &Git, commit: &str) -> String {
    git.ask(&["cat-file", "blob", &format!("{commit}:{FILE}")])
        .map_or_else(
            |_| String::new(),
            // Git's line end was cut off.
            |text| if text.is_empty() { text } else { text + "\n" },
        )
}

/// Adds text in a new commit. If somebody else was faster, it is added to what they wrote.
pub(super) fn append(git: &Git, branch: &str, added: &str) -> Result<()> {
    named(git, branch)?;
    for _ in 0..TRIES {
        let tip = tip(git, branch);
        let before = tip.as_deref().map(|tip| text(git, tip)).unwrap_or_default();
        let whole = format!("{before}{}", joined(&before, added));
        let blob = git.ask_with(&["hash-object", "-w", "--stdin"], &whole)?;
        let others = match &tip {
            Some(tip) => git.ask(&["ls-tree", tip])?,
            None => String::new(),
        };
        let others = others
            .lines()
            .filter(|line| !line.ends_with(&format!("\t{FILE}")));
        let mut tree: Vec<String> = others.map(str::to_owned).collect();
        tree.push(format!("100644 blob {blob}\t{FILE}"));
        let tree = git.ask_with(&["mktree"], &(tree.join("\n") + "\n"))?;
        let mut words = vec!["commit-tree", &tree, "-m", "makespan history"];
        if let Some(tip) = &tip {
            words.extend(["-p", tip]);
        }
        let commit = git.ask(&words)?;
        let reference = format!("refs/heads/{branch}");
        let none = "0".repeat(commit.len());
        let old = tip.as_deref().unwrap_or(&none);
        if git.ask(&["update-ref", &reference, &commit, old]).is_ok() {
            return Ok(());
        }
    }
    bail!("cannot write branch {branch}: others write it all the time")
}

fn tip(git: &Git, branch: &str) -> Option<String> {
    let name = format!("refs/heads/{branch}");
    git.ask(&["rev-parse", "--verify", "--quiet", &name]).ok()
}

fn named(git: &Git, branch: &str) -> Result<()> {
    let checked = git.ask(&["check-ref-format", "--branch", branch]);
    let name = checked.with_context(|| format!("`{branch}` is no name of a branch"))?;
    ensure!(name == branch, "`{branch}` is no name of a branch");
    Ok(())
}
