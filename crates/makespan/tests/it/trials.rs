//! How the judgement itself is tried.

use std::fs;
use std::path::Path;

use libtest_mimic::Trial;
use model::Judgement;

use crate::command::output;
use crate::{test, together};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        together("trials::trials_go_on_where_they_ended", trials_go_on),
        test("trials::a_slower_row_really_waits_longer", slower),
    ]
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
        output(&[
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
    let (code, _, err) = output(&[
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
    let path = folder.to_str().unwrap();
    let (code, out, err) = output(&[
        "power",
        "--effect",
        "40%",
        "--runs",
        "1",
        "--strategy",
        "smol",
        "--allow-debug",
        "--out",
        path,
    ]);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("All waits of a row are longer"), "{out}");
    let judged = &judgements(&folder)[0];
    let slower = judged
        .rows
        .iter()
        .filter(|row| row.row.to_string() == "smol+40%");
    let ratios: Vec<f64> = slower
        .map(|row| row.ratio.as_ref().unwrap().estimate)
        .collect();
    // In the units and in the server; what else takes time in a debug build makes it less than 1.4.
    assert_eq!(ratios.len(), 2);
    assert!(
        ratios.iter().all(|ratio| (1.1..1.5).contains(ratio)),
        "{judged:?}"
    );
    // What was judged has no row that is 50 % slower, so it answers nothing about one.
    let other = [
        "power",
        "--effect",
        "50%",
        "--runs",
        "1",
        "--strategy",
        "smol",
    ];
    let (code, out, err) = output(&[&other[..], &["--allow-debug", "--out", path]].concat());
    assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
    assert!(err.contains("of the trial `power-40%`"), "{err}");
}
