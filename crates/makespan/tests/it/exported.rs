//! A stored run in the files of other tools.

use std::fs;
use std::path::Path;

use libtest_mimic::Trial;

use crate::command::{output, summary};
use crate::small::kept;
use crate::stored::plain;
use crate::together;

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        together(
            "exported::rows_are_written_as_criterion_keeps_them",
            criterion,
        ),
        together(
            "exported::several_runs_are_compared_with_the_first",
            several,
        ),
    ]
}

/// What critcmp looks for stands where it looks.
fn criterion() {
    let (_parent, folder) = kept();
    let out = folder.join("target/criterion");
    let (run, to) = (folder.to_str().unwrap(), out.to_str().unwrap());
    let (code, text, err) = output(&["report", run, "--workload", "get", "--criterion", to]);
    assert_eq!(code, Some(0), "{err}");
    assert_eq!(text.trim_end(), to);
    let groups: Vec<_> = fs::read_dir(&out).unwrap().collect();
    assert_eq!(groups.len(), 1, "only the workload that was chosen");
    for rows in fs::read_dir(out.join("get")).unwrap() {
        let new = rows.unwrap().path().join("new");
        for file in ["benchmark", "estimates", "sample"] {
            let text = fs::read_to_string(new.join(format!("{file}.json"))).unwrap();
            assert!(
                serde_json::from_str::<serde_json::Value>(&text).is_ok(),
                "{text}"
            );
        }
    }
    let in_the_way = folder.join("in-the-way");
    fs::write(&in_the_way, "").unwrap();
    let (code, _, err) = output(&["report", run, "--criterion", in_the_way.to_str().unwrap()]);
    assert!(code == Some(1) && err.contains("in-the-way"), "{err}");
}

/// A run that cannot be compared is a line with its reason, and the others are compared all the same.
fn several() {
    let (_parent, folder) = kept();
    let (_other, other) = plain();
    let (run, other) = (folder.to_str().unwrap(), other.to_str().unwrap());
    let (code, out, err) = output(&["compare", run, run, run]);
    assert_eq!(code, Some(0), "{err}");
    assert_eq!(out.matches(", compared with ").count(), 2, "{out}");
    let path = Path::new(other).join("samples.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let host = summary(Path::new(other)).host.computer.name;
    let own = format!("\"name\":\"{host}\"");
    fs::write(&path, text.replacen(&own, "\"name\":\"elsewhere\"", 1)).unwrap();
    let all = ["compare", run, run, other, "--times", "--allow-damaged"];
    let (code, out, err) = output(&all);
    assert_eq!(code, Some(0), "{err}");
    assert_eq!(out.matches(", compared with ").count(), 1, "{out}");
    assert!(out.contains("not comparable: "), "{out}");
    let (code, out, _) = output(&[&all[..], &["--json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert!(
        code == Some(0) && json[0]["comparison"].is_object(),
        "{out}"
    );
    assert!(json[1]["not_comparable"].is_string(), "{out}");
    let none = ["compare", run, other, other, "--times", "--allow-damaged"];
    assert_eq!(output(&none).0, Some(2));
}
