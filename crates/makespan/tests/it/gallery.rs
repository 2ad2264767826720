//! A folder with a run of each scenario.

use std::fs;
use std::path::Path;

use libtest_mimic::Trial;
use tempfile::TempDir;

use crate::command::output;
use crate::small::kept;
use crate::together;

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        together("gallery::a_page_shows_all_runs", page),
        together("gallery::a_complete_run_takes_its_place", placed),
        together("gallery::marks_name_the_scenario_first", marks),
        together("gallery::what_cannot_be_is_said", refused),
        together("gallery::a_published_table_stands_beside_a_run", reproduced),
    ]
}

/// A gallery whose run of a scenario is at this place.
fn with_run(place: &str) -> TempDir {
    let gallery = tempfile::tempdir().unwrap();
    let (_parent, run) = kept();
    copy(&run, &gallery.path().join(place));
    gallery
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let there = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &there),
            false => drop(fs::copy(&path, &there).unwrap()),
        }
    }
}

fn gallery(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let out = ["gallery", "--out", folder.to_str().unwrap()];
    output(&[&out[..], arguments].concat())
}

fn page() {
    let folder = with_run("flags");
    let numbers = folder.path().join("flags/summary.csv");
    assert!(!numbers.exists());
    let (code, out, err) = gallery(folder.path(), &["--pages"]);
    assert_eq!(code, Some(0), "{err}");
    assert_eq!(out, "");
    assert!(numbers.exists(), "files that lack are written");
    let text = fs::read_to_string(folder.path().join("README.md")).unwrap();
    assert!(text.contains("## flags\n\n306 flag images"), "{text}");
    assert!(text.contains("](flags/plots/"), "{text}");
    assert_eq!(gallery(folder.path(), &["--pages", "--check"]).0, Some(0));
    fs::write(&numbers, "").unwrap();
    let (code, _, err) = gallery(folder.path(), &["--pages", "--check"]);
    assert!(code == Some(1) && err.contains("summary.csv"), "{err}");
    assert_eq!(
        fs::read_to_string(&numbers).unwrap(),
        "",
        "a check writes nothing"
    );
    for link in text
        .split("](")
        .skip(1)
        .filter_map(|it| it.split(')').next())
    {
        let there = link.starts_with('#') || folder.path().join(link).exists();
        assert!(there, "{link}");
    }
}

/// A run that is there is kept, unless it is asked for again and the new one is complete.
fn placed() {
    let folder = with_run(".unfinished/flags/run");
    let (code, _, err) = gallery(folder.path(), &["flags", "--allow-debug"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(folder.path().join("flags/samples.jsonl").exists());
    assert!(!folder.path().join(".unfinished").exists());
    fs::write(folder.path().join("flags/mine"), "").unwrap();
    let (code, _, err) = gallery(folder.path(), &["flags", "--allow-debug"]);
    assert!(code == Some(0) && err.contains("--again"), "{err}");
    assert!(folder.path().join("flags/mine").exists());
    let newer = with_run("newer");
    let unfinished = folder.path().join(".unfinished/flags/run");
    copy(&newer.path().join("newer"), &unfinished);
    let again = ["flags", "--again", "--allow-debug"];
    let (code, _, err) = gallery(folder.path(), &again);
    assert_eq!(code, Some(0), "{err}");
    assert!(!folder.path().join("flags/mine").exists());
    assert!(folder.path().join("flags/samples.jsonl").exists());
}

fn marks() {
    let folder = with_run("flags");
    assert_eq!(gallery(folder.path(), &["--pages"]).0, Some(0));
    let document = folder.path().join("post.md");
    let marked = "<!-- makespan:answer flags/get -->\n<!-- /makespan:answer -->\n<!-- makespan:picture flags -->\n<!-- /makespan:picture -->\n";
    fs::write(&document, marked).unwrap();
    let (code, _, err) = gallery(folder.path(), &["--splice", document.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{err}");
    let text = fs::read_to_string(&document).unwrap();
    assert!(text.contains("](flags/plots/get-makespan.svg)"), "{text}");
    let check = ["--check", "--splice", document.to_str().unwrap()];
    assert_eq!(gallery(folder.path(), &check).0, Some(0));
    fs::write(&document, marked).unwrap();
    let (code, _, err) = gallery(folder.path(), &check);
    assert!(code == Some(1) && err.contains("post.md"), "{err}");
    assert_eq!(fs::read_to_string(&document).unwrap(), marked);
    for (mark, wanted) in [
        ("", "SCENARIO"),
        ("other/get", "scenario"),
        ("flags/other", "workload"),
    ] {
        let marked = format!("<!-- makespan:answer {mark} -->\n<!-- /makespan:answer -->\n");
        fs::write(&document, &marked).unwrap();
        let (code, _, err) = gallery(folder.path(), &["--splice", document.to_str().unwrap()]);
        assert!(
            code == Some(2) && err.contains("line 1") && err.contains(wanted),
            "{err}"
        );
        assert_eq!(fs::read_to_string(&document).unwrap(), marked);
    }
}

fn refused() {
    let folder = tempfile::tempdir().unwrap();
    let (code, _, err) = gallery(folder.path(), &["flag"]);
    assert!(code == Some(2) && err.contains("flags"), "{err}");
    let (code, _, err) = gallery(folder.path(), &["--check"]);
    assert!(code == Some(2) && err.contains("--pages"), "{err}");
    // It checks makespan, and answers nothing.
    let (code, _, err) = gallery(folder.path(), &["verify"]);
    assert!(code == Some(2) && err.contains("allowed"), "{err}");
    fs::create_dir(folder.path().join("foreign")).unwrap();
    let (code, _, err) = gallery(folder.path(), &["--pages"]);
    assert!(code == Some(2) && err.contains("foreign"), "{err}");
    for run in ["one", "two"] {
        fs::create_dir_all(folder.path().join(".unfinished/flags").join(run)).unwrap();
    }
    fs::remove_dir(folder.path().join("foreign")).unwrap();
    let (code, _, err) = gallery(folder.path(), &["flags", "--allow-debug"]);
    assert!(code == Some(1) && err.contains("several runs"), "{err}");
}

const TABLE: &str = r#"
name = "mine"
about = "Sleeps"
by = "me"
date = "2026"
machine = "a laptop"
versions = "tokio 1.0"
differs = ["theirs lasted longer"]

[[table]]
title = "Time"
quantity = "makespan"
unit = "s"
against = "SLOW"

[[table.line]]
what = "slow"
theirs = 4.0
row = "sequential"
workload = "sleep"

[[table.line]]
what = "a million"
theirs = 1.0
absent = "it takes too long"
"#;

fn reproduced() {
    let (_parent, run) = kept();
    let from = ["--from", run.to_str().unwrap()];
    let file = run.join("mine.toml");
    let mine = file.to_str().unwrap();
    let reproduce = |name: &str, more: &[&str]| output(&[&["reproduce", name], more].concat());
    fs::write(&file, TABLE).unwrap();
    let (code, _, err) = reproduce(mine, &from);
    assert!(code == Some(2) && err.contains("against = `SLOW`"), "{err}");
    fs::write(&file, TABLE.replace("SLOW", "slow")).unwrap();
    let (code, out, err) = reproduce(mine, &from);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("a million: it takes too long"), "{out}");
    let (_, out, _) = reproduce(mine, &[&from[..], &["--json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let lines = &json[0]["tables"][0]["lines"];
    assert_eq!(lines[0]["verdict"]["kind"], "base", "{out}");
    assert_eq!(lines[1]["verdict"]["kind"], "missing", "{out}");
    // The same names in another scenario are other work.
    let (code, _, err) = reproduce("sleeping-tasks", &from);
    assert!(code == Some(2) && err.contains("allowed for"), "{err}");
    // Nothing was run, and nothing is.
    let none = run.join("none");
    let nothing = ["--no-run", "--gallery", none.to_str().unwrap()];
    let (code, out, err) = reproduce("flags", &nothing);
    assert!(
        code == Some(0) && out.contains("nothing was run"),
        "{err}{out}"
    );
    assert!(!none.exists());
    let (code, _, err) = reproduce("flag", &nothing);
    assert!(code == Some(2) && err.contains("flags"), "{err}");
}
