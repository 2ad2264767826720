//! What can be done with a run when it is over, and how the judgement itself is tried.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::Trial;
use model::{FlagKind, Judgement, Summary};
use tempfile::TempDir;

use crate::test;

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test(
            "analysis::a_stored_run_is_recomputed_byte_for_byte",
            recomputed,
        ),
        test(
            "analysis::damaged_runs_are_told_and_what_is_left_counts",
            damaged,
        ),
        test(
            "analysis::runs_are_compared_and_times_only_on_one_machine",
            compared,
        ),
        test("analysis::one_launch_is_flagged", one_launch),
        test("analysis::timers_and_clients_come_first", calibrated),
        test(
            "analysis::launches_are_added_while_the_budget_lasts",
            launches_are_added,
        ),
        test("analysis::trials_go_on_where_they_ended", trials_go_on),
        test("analysis::a_slower_row_really_waits_longer", slower),
    ]
}

/// Exit code, standard output and standard error.
fn makespan(arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_makespan"));
    let output = command.args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// A small run of two rows with these flags, in a folder that lasts as long as what is returned.
fn run(flags: &[&str]) -> (TempDir, PathBuf) {
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
    let (code, out, err) = makespan(&[&small[..], flags].concat());
    assert_eq!(code, Some(0), "{out}{err}");
    let folder = PathBuf::from(out.lines().last().unwrap());
    (parent, folder)
}

const PLAIN: [&str; 3] = ["--no-calibration", "--rounds", "9"];

fn summary(folder: &Path) -> Summary {
    let text = fs::read_to_string(folder.join("summary.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn recomputed() {
    let (_parent, folder) = run(&["--rounds", "9"]);
    let name = folder.to_str().unwrap();
    let (code, tables, err) = makespan(&["analyze", name]);
    assert_eq!(code, Some(0), "{err}");
    let (_, stored, _) = makespan(&["report", name]);
    assert_eq!(tables.trim_end(), stored.trim_end());
    for file in ["summary.json", "summary.csv", "README.md"] {
        assert!(err.contains(&format!("{file}: the same")), "{err}");
    }
    // What somebody else wrote into it is found, and mended only if that is asked for.
    let path = folder.join("summary.csv");
    let before = fs::read_to_string(&path).unwrap();
    fs::write(&path, before.replacen("smol", "slom", 1)).unwrap();
    let (code, _, err) = makespan(&["analyze", name]);
    assert!(
        code == Some(1) && err.contains("summary.csv: differs"),
        "{err}"
    );
    assert_eq!(makespan(&["analyze", name, "--write"]).0, Some(0));
    assert_eq!(fs::read_to_string(&path).unwrap(), before);
    // Any row can be the reference.
    let (code, tables, err) = makespan(&["analyze", name, "--reference", "async-std"]);
    assert_eq!(code, Some(0), "{err}");
    let row = |text: &str| {
        tables
            .lines()
            .any(|line| line.starts_with("async-std") && line.contains(text))
    };
    assert!(row("1 (reference)"), "{tables}");
    let (code, _, err) = makespan(&["analyze", name, "--reference", "smoll"]);
    assert!(
        code == Some(2) && err.contains("did you mean `smol`"),
        "{err}"
    );
}

fn damaged() {
    let (_parent, folder) = run(&PLAIN);
    let (name, path) = (folder.to_str().unwrap(), folder.join("samples.jsonl"));
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    // Cut in the middle of a line: a third of the samples is left, and judged.
    let third = lines[..lines.len() / 3].join("\n");
    fs::write(&path, &third[..third.len() - 20]).unwrap();
    let (code, tables, err) = makespan(&["analyze", name]);
    assert_eq!(code, Some(1), "{err}");
    assert!(
        err.contains("it ends in the middle of line") && err.contains("the run was cut off"),
        "{err}"
    );
    assert!(
        tables.contains("smol") && tables.contains("ratio, 95 % CI"),
        "{tables}"
    );
    // A number that somebody improved.
    let edited = text.replacen("\"wall_ns\":", "\"wall_ns\":1", 1);
    fs::write(&path, edited).unwrap();
    let (code, _, err) = makespan(&["analyze", name]);
    assert!(
        code == Some(1) && err.contains("it was changed after the run"),
        "{err}"
    );
    // Another version, and no version.
    for (from, to, named) in [
        (
            "\"schema_version\":3",
            "\"schema_version\":2",
            "schema_version = 2: allowed is 3",
        ),
        ("\"record\":\"run\",", "", "not the header of a run"),
    ] {
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let (code, out, err) = makespan(&["analyze", name]);
        assert!(
            code == Some(2) && out.is_empty() && err.contains(named),
            "{err}"
        );
    }
    let (code, _, err) = makespan(&["analyze", "no/such/run"]);
    assert!(
        code == Some(2) && err.contains("cannot read no/such/run/samples.jsonl"),
        "{err}"
    );
}

fn compared() {
    let ((_first, a), (_second, b)) = (run(&PLAIN), run(&PLAIN));
    let (a, b) = (a.to_str().unwrap(), b.to_str().unwrap());
    let (code, out, err) = makespan(&["compare", a, b, "--times"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(
        out.contains("change: the second over the first") && out.contains("sleep: median makespan"),
        "{out}"
    );
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    // The same run on a machine of another name.
    let path = Path::new(b).join("samples.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let host = summary(Path::new(b)).host.name;
    fs::write(
        &path,
        text.replacen(&format!("\"name\":\"{host}\""), "\"name\":\"elsewhere\"", 1),
    )
    .unwrap();
    let (code, out, _) = makespan(&["compare", a, b]);
    assert!(
        code == Some(0) && out.contains("different machines"),
        "{out}"
    );
    assert!(!out.contains("median makespan"), "{out}");
    let (code, out, err) = makespan(&["compare", a, b, "--times"]);
    assert!(
        code == Some(2) && out.is_empty() && err.contains("makespans of different machines"),
        "{err}"
    );
}

fn one_launch() {
    let (_parent, folder) = run(&["--no-calibration", "--rounds", "9", "--launches", "1"]);
    let summary = summary(&folder);
    let flags: Vec<FlagKind> = summary.workloads[0]
        .flags
        .iter()
        .map(|flag| flag.kind)
        .collect();
    assert!(flags.contains(&FlagKind::OneLaunch), "{flags:?}");
    assert_eq!(summary.launches.len(), 1);
}

fn calibrated() {
    let (_parent, folder) = run(&["--rounds", "3"]);
    let summary = summary(&folder);
    let names: Vec<&str> = summary
        .calibration
        .iter()
        .map(|row| row.strategy.as_str())
        .collect();
    assert_eq!(names, ["smol", "async-std", "thread-pool-raw"]);
    for row in &summary.calibration[..2] {
        let asked: Vec<u64> = row
            .timers
            .iter()
            .map(|it| it.asked_ns / 1_000_000)
            .collect();
        assert_eq!(asked, [1, 5, 20]);
        assert!(
            row.timers
                .iter()
                .all(|it| it.late_ns.is_some() && it.high_ns.is_some()),
            "{row:?}"
        );
        let limits: Vec<usize> = row.taxes.iter().map(|it| it.concurrency).collect();
        assert_eq!(limits, [1, 64]);
        assert!(
            row.taxes
                .iter()
                .all(|it| it.ratio.as_ref().is_some_and(|ratio| ratio.pairs == 6)),
            "{row:?}"
        );
    }
    // They are no cells of the comparison, and were measured before it.
    assert!(summary.cells.iter().all(|cell| cell.workload == "sleep"));
    let document = fs::read_to_string(folder.join("README.md")).unwrap();
    let (timers, sleep) = (document.find("**Timers"), document.find("**sleep"));
    assert!(timers.is_some() && timers < sleep, "{document}");
}

fn launches_are_added() {
    // No interval is ever that narrow, so only the time ends it.
    let endless = [
        "--launches",
        "1",
        "--rounds",
        "6",
        "--precision",
        "0.01%",
        "--budget",
        "8s",
    ];
    let (_parent, folder) = run(&[&["--no-calibration"], &endless[..]].concat());
    let recorded = harness::journal::read(&folder).unwrap();
    let summary = summary(&folder);
    let end = recorded.end.unwrap();
    assert!(summary.launches.len() > 1, "{:?}", summary.launches);
    assert_eq!(
        (end.looks as usize, end.exhausted),
        (summary.launches.len(), true)
    );
    // Looking again has been paid for.
    assert!(
        summary.workloads[0].alpha < model::ALPHA,
        "{}",
        summary.workloads[0].alpha
    );
    // Two launches differ in how long their workers' environments are.
    let mut paddings: Vec<_> = recorded
        .samples
        .iter()
        .filter(|it| it.strategy == "smol")
        .map(|it| it.padding_bytes)
        .collect();
    paddings.dedup();
    assert!(paddings.len() > 1, "{paddings:?}");
}

fn judgements(folder: &Path) -> Vec<Judgement> {
    let text = fs::read_to_string(folder.join("judgements.jsonl")).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn trials_go_on() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("null");
    let null = |runs: &str| {
        let out = folder.to_str().unwrap();
        makespan(&[
            "null",
            "--runs",
            runs,
            "--strategy",
            "smol",
            "--allow-debug",
            "--out",
            out,
        ])
    };
    let (code, out, err) = null("1");
    assert_eq!(code, Some(0), "{err}");
    assert!(
        out.contains("Identical cells") && out.contains("all "),
        "{out}"
    );
    let first = judgements(&folder);
    // Two workloads, each with four more entries of the same row.
    assert_eq!((first.len(), first[0].rows.len()), (1, 8));
    assert!(
        first[0]
            .rows
            .iter()
            .all(|row| row.kind.is_some() && row.ratio.is_some()),
        "{first:?}"
    );
    // What a crash left of a second one is cut off; the first is there and not made again.
    let path = folder.join("judgements.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.clone() + "{\"trial\":\"nu").unwrap();
    assert_eq!(null("1").0, Some(0));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    // Judgements of another trial are not counted with these.
    let (code, _, err) = makespan(&[
        "null",
        "--runs",
        "1",
        "--loaded",
        "--allow-debug",
        "--out",
        folder.to_str().unwrap(),
    ]);
    assert!(
        code == Some(2) && err.contains("not 0 of `null-loaded`"),
        "{err}"
    );
}

fn slower() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("power");
    let out = folder.to_str().unwrap();
    let (code, out, err) = makespan(&[
        "power",
        "--effect",
        "40%",
        "--runs",
        "1",
        "--strategy",
        "smol",
        "--allow-debug",
        "--out",
        out,
    ]);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("All waits 40% longer"), "{out}");
    let judged = &judgements(&folder)[0];
    let slower = judged.rows.iter().filter(|row| row.row == "smol+40%");
    let ratios: Vec<f64> = slower
        .map(|row| row.ratio.as_ref().unwrap().estimate)
        .collect();
    // In the units and in the server; what else takes time in a debug build makes it less than 1.4.
    assert_eq!(ratios.len(), 2);
    assert!(
        ratios.iter().all(|ratio| (1.1..1.5).contains(ratio)),
        "{judged:?}"
    );
}
