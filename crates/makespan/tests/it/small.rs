//! Small runs of two rows, for tests of what comes after a run.

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use tempfile::TempDir;

use crate::command::{folder, output};

pub(crate) const PLAIN: [&str; 3] = ["--no-calibration", "--rounds", "9"];

/// Rows that do one thing after the other. Nobody can suspect them of it, so it does not matter what else runs meanwhile.
pub(crate) const SERIAL: &str = "sequential,await-in-a-loop";

/// A small run of these rows with these flags, in a folder that lasts as long as what is returned.
pub(crate) fn run(strategies: &str, flags: &[&str]) -> (TempDir, PathBuf) {
    let parent = tempfile::tempdir().unwrap();
    let small = [
        "run",
        "--quick",
        "--allow-debug",
        "--tasks",
        "4",
        "--latency",
        "2ms",
        "--strategy",
        strategies,
        "--out",
        parent.path().to_str().unwrap(),
    ];
    let (code, out, err) = output(&[&small[..], flags].concat());
    assert_eq!(code, Some(0), "{out}{err}");
    (parent, folder(&out))
}

/// The files of a run that several tests read. It is made once.
static KEPT: LazyLock<Vec<(&str, String)>> = LazyLock::new(|| {
    let (_parent, folder) = run(SERIAL, &[&PLAIN[..], &["--workload", "sleep,get"]].concat());
    let read = |name| (name, fs::read_to_string(folder.join(name)).unwrap());
    ["samples.jsonl", "summary.json"].map(read).to_vec()
});

/// A copy of that run.
pub(crate) fn kept() -> (TempDir, PathBuf) {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("run");
    fs::create_dir(&folder).unwrap();
    for (name, text) in KEPT.iter() {
        fs::write(folder.join(name), text).unwrap();
    }
    (parent, folder)
}
