//! What a build was made of.

use std::fs;
use std::path::Path;
use std::process::Command;

use libtest_mimic::Trial;

use crate::command::summary;
use crate::{test, together};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test(
            "provenance::the_build_is_the_same_wherever_it_is_run",
            provenance,
        ),
        together(
            "provenance::a_build_knows_its_commit_and_whether_its_sources_were_changed",
            build_script,
        ),
    ]
}

/// What a build was made of does not depend on whose repository it is run in.
fn provenance() {
    let elsewhere = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.current_dir(elsewhere.path()).args(arguments);
        let output = command.output();
        let output = output.ok().filter(|output| output.status.success())?;
        Some(String::from_utf8(output.stdout).unwrap().trim().to_owned())
    };
    let commit = [
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b",
        "commit",
        "--quiet",
        "--allow-empty",
        "--message=a",
    ];
    if git(&["init", "--quiet"]).is_none() || git(&commit).is_none() {
        return eprintln!("git is not installed, so nothing was checked");
    }
    let other = git(&["rev-parse", "--short=12", "HEAD"]).unwrap();
    let built = harness::host::host();
    let mut command = Command::new(env!("CARGO_BIN_EXE_makespan"));
    command.current_dir(elsewhere.path()).args([
        "run",
        "--quick",
        "--allow-debug",
        "--no-calibration",
        "--workload",
        "sleep",
        "--tasks",
        "1",
        "--latency",
        "1ms",
        "--strategy",
        "smol",
        "--rounds",
        "1",
        "--launches",
        "1",
        "--budget",
        "1s",
    ]);
    let output = command.output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let folder = elsewhere.path().join(out.lines().last().unwrap());
    let host = summary(&folder).host;
    assert_eq!(
        (&host.build.commit, &host.build.rustc),
        (&built.build.commit, &built.build.rustc)
    );
    assert!(!host.build.commit.unwrap_or_default().starts_with(&other));
    // Rows that this build has not need no packages.
    let registry = makespan::Registry::built_in();
    for name in ["compio", "monoio", "glommio", "may", "async-std"] {
        let built = registry.strategy(name).is_ok();
        assert_eq!(host.build.packages.contains_key(name), built, "{name}");
    }
}

/// The build script itself, in repositories of its own.
fn build_script() {
    let parent = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../harness/build.rs");
    let script = parent.path().join("script");
    let mut rustc = Command::new("rustc");
    rustc
        .args(["--edition", "2024", "-o"])
        .arg(&script)
        .arg(&source);
    if !rustc.status().is_ok_and(|status| status.success()) {
        return eprintln!("rustc is not installed, so nothing was checked");
    }
    let root = parent.path().join("sources");
    let package = root.join("crates/harness");
    fs::create_dir_all(&package).unwrap();
    fs::copy(&source, package.join("build.rs")).unwrap();
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command
            .current_dir(&root)
            .args(["-c", "user.name=a", "-c", "user.email=a@b"])
            .args(arguments);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let commit = || {
        let mut command = Command::new(&script);
        command
            .env("RUSTC", "rustc")
            .env("CARGO_MANIFEST_DIR", &package);
        let output = command.output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let mut lines = text.lines();
        let known = lines.find_map(|line| line.strip_prefix("cargo::rustc-env=MAKESPAN_COMMIT="));
        (known.unwrap_or_default().to_owned(), text)
    };
    assert_eq!(commit().0, "", "not in a repository");
    git(&["init", "--quiet"]);
    git(&["commit", "--quiet", "--allow-empty", "--message=a"]);
    assert_eq!(commit().0, "", "in a repository of something else");
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message=b"]);
    let head = git(&["rev-parse", "--short=12", "HEAD"]);
    let (clean, watched) = commit();
    assert_eq!(clean, head);
    let branch = git(&["symbolic-ref", "HEAD"]);
    for path in ["/crates\n", "HEAD\n", "index\n", &format!("{branch}\n")] {
        assert!(watched.contains(path), "{path} in {watched}");
    }
    fs::write(package.join("new.rs"), "").unwrap();
    assert_eq!(commit().0, head, "not a source yet");
    git(&["add", "crates"]);
    assert_eq!(commit().0, format!("{head}-dirty"));
    git(&["commit", "--quiet", "--message=c"]);
    let head = git(&["rev-parse", "--short=12", "HEAD"]);
    fs::write(package.join("new.rs"), "// changed").unwrap();
    assert_eq!(commit().0, format!("{head}-dirty"));
}
