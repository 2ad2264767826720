//! Runs that were interrupted, are shared by machines, or are compared with an older one by name.

use std::fs;
use std::path::Path;

use libtest_mimic::Trial;

use crate::command::{folder, makespan, output, refused, summary, words};
use crate::small::{PLAIN, SERIAL, run};
use crate::together;

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        together("continued::a_run_that_was_cut_off_goes_on", resumed),
        together("continued::another_build_cannot_go_on", other_build),
        together("continued::shards_are_merged", merged),
        together("continued::a_baseline_is_kept_and_compared_with", baselines),
    ]
}

const SMALL: [&str; 4] = ["--workload", "sleep,get", "--launches", "2"];

/// The lines of a journal that are samples.
fn samples(journal: &str) -> usize {
    journal
        .lines()
        .filter(|line| line.contains("\"record\":\"sample\""))
        .count()
}

fn resume(folder: &Path) -> (Option<i32>, String, String) {
    output(&["run", "--allow-debug", "--resume", folder.to_str().unwrap()])
}

fn resumed() {
    let (_parent, folder) = run(SERIAL, &[&PLAIN[..], &SMALL].concat());
    let path = folder.join("samples.jsonl");
    let whole = fs::read_to_string(&path).unwrap();
    let planned = samples(&whole);
    let (code, _, err) = resume(&folder);
    assert!(
        code == Some(0) && err.contains("the run is complete"),
        "{err}"
    );
    // In the middle of a line, in the middle of a round, in the second launch.
    let at = whole.len() * 7 / 10;
    let kept = whole[..at].rfind('\n').unwrap() + 1;
    fs::write(&path, &whole[..at]).unwrap();
    let (code, out, err) = resume(&folder);
    assert_eq!(code, Some(0), "{out}{err}");
    let after = fs::read_to_string(&path).unwrap();
    assert!(
        after.starts_with(&whole[..kept]),
        "what was measured stays as it is"
    );
    let resumed: Vec<&str> = after
        .lines()
        .filter(|it| it.contains("\"record\":\"resumed\""))
        .collect();
    assert_eq!(resumed.len(), 1, "{resumed:?}");
    // New workers begin with a round that is discarded. It is the only one that was not planned.
    let (more, rows) = (samples(&after) - planned, planned / (9 + 2));
    assert_eq!(more, rows, "{planned} planned");
    let summary = summary(&folder);
    assert!(
        !summary.interrupted && summary.troubles.is_empty(),
        "{:?}",
        summary.troubles
    );
    assert!(
        summary.cells.iter().all(|cell| cell.samples == 9),
        "{:?}",
        summary.cells
    );
    let readme = fs::read_to_string(folder.join("README.md")).unwrap();
    assert!(
        readme.contains("This run was interrupted after"),
        "{readme}"
    );
    let (code, _, err) = output(&["analyze", folder.to_str().unwrap()]);
    assert!(
        code == Some(0) && err.contains("summary.json: the same"),
        "{err}"
    );
    // What was changed meanwhile is refused, and stays as it is.
    let changed = whole[..kept].replacen("\"position\":3", "\"position\":\"3\"", 1);
    fs::write(&path, &changed).unwrap();
    let (code, _, err) = resume(&folder);
    assert!(
        code == Some(2) && err.contains("samples.jsonl, line"),
        "{code:?} {err}"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), changed);
}

fn other_build() {
    let (_parent, folder) = run(SERIAL, &[&PLAIN[..], &["--workload", "sleep"]].concat());
    let path = folder.join("samples.jsonl");
    let whole = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let cut = lines[..lines.len() / 2].join("\n") + "\n";
    let at = cut.find("\"executable_crc32\":").unwrap() + "\"executable_crc32\":".len();
    // One digit of the checksum changes.
    let digit = if cut[at..].starts_with('1') { "2" } else { "1" };
    let mut other = cut;
    other.replace_range(at..=at, digit);
    fs::write(&path, other).unwrap();
    let folder = folder.to_str().unwrap();
    refused(
        &["run", "--allow-debug", "--resume", folder],
        &["another build", "its executable differs"],
    );
    refused(
        &["run", "--allow-debug", "--resume", "nowhere"],
        &["cannot read nowhere"],
    );
    refused(
        &["run", "--resume", folder, "--rounds", "3"],
        &["cannot be used with", "--rounds"],
    );
}

fn merged() {
    let flags = |shard: &'static str| [&PLAIN[..], &SMALL, &["--shard", shard]].concat();
    let (_one, first) = run(SERIAL, &flags("1/2"));
    let (_two, second) = run(SERIAL, &flags("2/2"));
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("merged");
    let [a, b, to] = [&first, &second, &out].map(|path| path.to_str().unwrap());
    let (code, text, err) = output(&["merge", b, a, "--out", to]);
    assert_eq!(code, Some(0), "{text}{err}");
    let readme = fs::read_to_string(out.join("README.md")).unwrap();
    for needed in [
        "get: measured on",
        "sleep: measured on",
        "say nothing about each other",
    ] {
        assert!(readme.contains(needed), "{needed}: {readme}");
    }
    assert!(
        out.join("shard-1/samples.jsonl").is_file() && out.join("shard-2/summary.json").is_file()
    );
    let missing = parent.path().join("missing");
    let missing = missing.to_str().unwrap();
    refused(
        &["merge", a, "--out", missing],
        &["shard 2 of 2 is missing", "--partial"],
    );
    refused(&["merge", a, a, "--out", missing], &["are both shard 1"]);
    refused(&["merge", a, b, "--out", to], &["cannot make the folder"]);
    let (_other, whole) = run(SERIAL, &[&PLAIN[..], &SMALL].concat());
    refused(
        &["merge", whole.to_str().unwrap(), "--out", missing],
        &["is no shard"],
    );
    let (_third, other) = run(SERIAL, &[&flags("2/2")[..], &["--seed", "5"]].concat());
    refused(
        &["merge", a, other.to_str().unwrap(), "--out", missing],
        &["does not belong to", "scenario, sizes, strategies or seed"],
    );
    let mut command = makespan(&["run", "--quick", "--allow-debug", "--shard", "auto"]);
    command
        .env_remove("CI_NODE_TOTAL")
        .env("CI_NODE_INDEX", "1");
    let ended = command.output().unwrap();
    assert_eq!(ended.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("CI_NODE_TOTAL is not set"));
}

fn baselines() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().to_str().unwrap();
    let run = |flags: &[&str]| {
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
            SERIAL,
            "--out",
            out,
        ];
        output(&[&small[..], &PLAIN, flags].concat())
    };
    let (code, text, err) = run(&["--baseline", "main"]);
    assert_eq!((code, text.as_str()), (Some(2), ""));
    assert!(err.contains("there is none yet"), "{err}");
    let (code, text, err) = run(&["--save-baseline", "main"]);
    assert_eq!(code, Some(0), "{err}");
    let kept = parent.path().join("baselines/main/samples.jsonl");
    let original = folder(&text).join("samples.jsonl");
    assert_eq!(fs::read(kept).unwrap(), fs::read(original).unwrap());
    let (code, text, err) = run(&["--baseline", "main"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(
        words(&text).contains("from the first run to the second"),
        "{text}"
    );
    assert!(err.contains("was measured at another time"), "{err}");
    assert!(
        err.contains("how far equal runs differ here is unknown"),
        "{err}"
    );
    let (_, _, err) = run(&["--baseline", "main"]);
    let told = "between 2 other runs of this build and scenario, ratios moved by";
    assert!(err.contains(told), "{err}");
    let (code, _, err) = run(&["--baseline", "mian"]);
    assert!(code == Some(2) && err.contains("allowed are main"), "{err}");
    let (code, _, err) = run(&["--save-baseline", "../main"]);
    assert!(
        code == Some(2) && err.contains("allowed are letters"),
        "{err}"
    );
}
