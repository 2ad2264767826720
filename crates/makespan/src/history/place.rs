//! Where a history is kept.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use model::history::Line;

use crate::gate::git::Git;
use crate::history::lines::{History, parse};
use crate::history::{branch, file};

/// The flags that say where.
#[derive(Args, Clone, Debug)]
pub(crate) struct PlaceArguments {
    /// The file of the history
    #[arg(long, value_name = "FILE", default_value = "history.jsonl")]
    file: PathBuf,
    /// Keep it on this branch of the repository instead, as history.jsonl. Neither the working tree nor HEAD is touched
    #[arg(long, value_name = "NAME", conflicts_with = "file")]
    branch: Option<String>,
}

/// Where a history is.
pub(crate) enum Place {
    File(PathBuf),
    Branch(Git, String),
}

impl PlaceArguments {
    pub(crate) fn place(&self) -> Result<Place> {
        Ok(match &self.branch {
            None => Place::File(self.file.clone()),
            Some(name) => Place::Branch(Git::of(&std::env::current_dir()?)?, name.clone()),
        })
    }
}

impl Place {
    /// What it is called, for people.
    pub(crate) fn name(&self) -> String {
        match self {
            Place::File(path) => path.display().to_string(),
            Place::Branch(_, name) => format!("history.jsonl on branch {name}"),
        }
    }

    /// Reads all lines. What is not there yet is empty.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or a newer version of makespan wrote a line.
    pub(crate) fn read(&self) -> Result<History> {
        let text = match self {
            Place::File(path) => file::read(path)?,
            Place::Branch(git, name) => branch::read(git, name)?,
        };
        parse(&text, &self.name())
    }

    /// Adds lines. Several processes may do that at once: none of them loses a line of another.
    ///
    /// # Errors
    ///
    /// If they cannot be written.
    pub(crate) fn append(&self, lines: &[Line]) -> Result<()> {
        let mut text = String::new();
        for line in lines {
            text += &serde_json::to_string(line).context("cannot write a line")?;
            text.push('\n');
        }
        match self {
            Place::File(path) => file::append(path, &text),
            Place::Branch(git, name) => branch::append(git, name, &text),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::thread;

    use model::history::{Blessing, NEWEST};

    use super::*;

    fn line(commit: &str) -> Line {
        Line::Blessing(Blessing {
            version: NEWEST,
            commit: commit.to_owned(),
            date: String::new(),
            workload: None,
            strategy: None,
            reason: String::new(),
        })
    }

    #[test]
    fn appends_at_once_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::File(folder.path().join("history.jsonl"));
        thread::scope(|scope| {
            for thread in 0..8 {
                let place = &place;
                scope.spawn(move || {
                    for number in 0..20 {
                        place
                            .append(&[line(&format!("{thread}-{number}")), line("x")])
                            .unwrap();
                    }
                });
            }
        });
        let history = place.read().unwrap();
        assert_eq!((history.lines.len(), history.damage.len()), (320, 0));
    }

    #[test]
    fn a_line_that_was_cut_off_is_told_of_and_costs_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.jsonl");
        let place = Place::File(path.clone());
        assert!(
            place.read().unwrap().lines.is_empty(),
            "there is no file yet"
        );
        place.append(&[line("a"), line("b")]).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, &text[..text.len() - 9]).unwrap();
        place.append(&[line("c")]).unwrap();
        let history = place.read().unwrap();
        assert_eq!(history.lines, [line("a"), line("c")]);
        assert!(
            history.damage[0].contains("line 2 is left out"),
            "{:?}",
            history.damage
        );
        fs::write(&path, text.replace("\"version\":1", "\"version\":7")).unwrap();
        let error = place.read().err().unwrap().to_string();
        assert!(
            error.contains("line 1: version = 7 is newer than 1"),
            "{error}"
        );
    }
}
