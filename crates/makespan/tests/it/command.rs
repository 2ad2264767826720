//! The program as a person starts it, and what it printed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use model::Summary;

/// The program with these arguments, on a terminal of the usual width.
pub(crate) fn makespan(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_makespan"));
    command.env_remove("COLUMNS").args(arguments);
    command
}

/// What came back: the exit code, standard output and standard error.
pub(crate) type Ended = (Option<i32>, String, String);

/// Runs the program to its end.
pub(crate) fn output(arguments: &[&str]) -> Ended {
    ended(makespan(arguments).output().unwrap())
}

pub(crate) fn ended(output: Output) -> Ended {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// Refuses to pass where this is not refused, with all of these words, as a command line that cannot be carried out.
pub(crate) fn refused(arguments: &[&str], named: &[&str]) {
    let (code, out, err) = output(arguments);
    assert_eq!(code, Some(2), "{arguments:?}: {out}{err}");
    assert!(!named.is_empty());
    for part in named {
        assert!(
            err.contains(part),
            "{arguments:?}: `{part}` is missing in: {err}"
        );
    }
    assert_eq!(out, "", "{arguments:?}");
}

/// The folder of a run, which is the last line that it prints.
pub(crate) fn folder(out: &str) -> PathBuf {
    PathBuf::from(out.lines().last().unwrap_or_default())
}

/// The numbers of a run.
pub(crate) fn summary(folder: &Path) -> Summary {
    let path = folder.join("summary.json");
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

/// The words of a table, whose notes are broken into lines.
pub(crate) fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
