//! Small runs of two rows, for tests of what comes after a run.

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use tempfile::TempDir;

use crate::command::{folder, output};

pub(crate) const PLAIN: [&str; 3] = ["--no-calibration", "--rounds", "9"];

/// A small run of two rows with these flags, in a folder that lasts as long as what is returned.
pub(crate) fn run(flags: &[&str]) -> (TempDir, PathBuf) {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().to_str().unwrap();
    let small = [
        "run",
        "--quick",
        "--allow-debug",
        "--workload",
        "sleep",
        "--tasks",
        "4",
        "--latency",
        "2ms",
        "--strategy",
        "smol",
        "--strategy",
        "async-std",
        "--out",
        out,
    ];
    let (code, out, err) = output(&[&small[..], flags].concat());
    assert_eq!(code, Some(0), "{out}{err}");
    let folder = folder(&out);
    (parent, folder)
}

/// The files of a run that several tests read. It is made once. Its rows do one thing after the other, so it does not matter what else
/// runs meanwhile.
static KEPT: LazyLock<Vec<(&str, String)>> = LazyLock::new(|| {
    let parent = tempfile::tempdir().unwrap();
    let (code, out, err) = output(&[
        "run",
        "--quick",
        "--allow-debug",
        "--no-calibration",
        "--workload",
        "sleep,get",
        "--tasks",
        "4",
        "--latency",
        "2ms",
        "--strategy",
        "sequential,await-in-a-loop",
        "--rounds",
        "9",
        "--out",
        parent.path().to_str().unwrap(),
    ]);
    assert_eq!(code, Some(0), "{out}{err}");
    let read = |name| (name, fs::read_to_string(folder(&out).join(name)).unwrap());
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
