//! A stored run in the files of other tools.

use std::fs;

use libtest_mimic::Trial;

use crate::command::output;
use crate::small::kept;
use crate::together;

pub(crate) fn tests() -> Vec<Trial> {
    vec![together(
        "exported::rows_are_written_as_criterion_keeps_them",
        criterion,
    )]
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
