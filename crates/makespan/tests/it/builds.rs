//! Other builds of makespan as rows.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use harness::{Event, Interrupt, probe};
use libtest_mimic::Trial;
use model::{Sample, SampleOutcome};

use crate::matrix::{run_once, spec};
use crate::{faulty, test};

pub(crate) fn tests() -> Vec<Trial> {
    vec![test(
        "builds::another_build_is_started_from_its_path",
        another_build,
    )]
}

/// A build is an executable at a path: here this one, under another name.
fn another_build() {
    let folder = tempfile::tempdir().unwrap();
    let build = folder.path().join("build");
    let own = std::env::current_exe().unwrap();
    fs::copy(&own, &build).unwrap();
    let cells = faulty::registry().prepare(&spec(&["get"], &["tokio"]));
    let own_cell = cells.unwrap().remove(0);
    let mut cells = vec![
        own_cell.clone(),
        own_cell.in_build(&build, "base"),
        own_cell.in_build(&folder.path().join("nowhere"), "nowhere"),
        own_cell.in_build(Path::new("true"), "true"),
    ];
    // A build that does not list the cell.
    let script = folder.path().join("older");
    let hello = r#"{"type":"hello","protocol":2,"cells":["get/smol"]}"#;
    fs::write(&script, format!("#!/bin/sh\necho '{hello}'\ncat\n")).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    cells.push(own_cell.in_build(&script, "older"));
    probe(&mut cells, &Interrupt::default());
    let reasons: Vec<_> = cells
        .iter()
        .map(|cell| cell.cell.unsupported.as_deref().unwrap_or_default())
        .collect();
    let nowhere = reasons[2];
    assert!(
        nowhere.starts_with("cannot start ") && nowhere.contains("No such file"),
        "{nowhere}"
    );
    assert_eq!(
        [reasons[0], reasons[1], reasons[3], reasons[4]],
        ["", "", "", "its hello does not list get/tokio"]
    );
    let mut started = Vec::new();
    let taken = run_once(&cells, &mut |event| {
        if let Event::Started { process, .. } = event {
            started.push(fs::read_link(format!("/proc/{process}/exe")).unwrap_or_default());
        }
        Ok(())
    });
    assert_eq!(started[..2], [own, build]);
    let measured = |sample: &Sample| matches!(sample.outcome, SampleOutcome::Measured(_));
    assert_eq!(taken.samples.iter().filter(|it| measured(it)).count(), 2);
}
