//! Which lock file the build script takes, in made-up workspaces.

#![forbid(unsafe_code)]

#[path = "../build/lock.rs"]
mod lock;

use std::fs;
use std::path::{Path, PathBuf};

const OUR: &str = "makespan-strategies";

fn locks(packages: &[(&str, &str)]) -> String {
    let package = |(name, version): &(&str, &str)| {
        format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n\n")
    };
    packages.iter().map(package).collect()
}

/// Folders of one test, removed by the next one of its name.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn out(workspace: &Path) -> PathBuf {
    let out = workspace.join("target/debug/build/makespan-strategies-0123/out");
    fs::create_dir_all(&out).unwrap();
    out
}

#[test]
fn the_workspace_that_is_built_owns_the_target_folder() {
    let workspace = folder("owner");
    let text = locks(&[(OUR, "0.1.0"), ("tokio", "1.50.0")]);
    fs::write(workspace.join("Cargo.lock"), &text).unwrap();
    let found = lock::find(&out(&workspace), OUR, "0.1.0");
    assert_eq!(found, Some((workspace.join("Cargo.lock"), text)));
}

#[test]
fn a_lock_file_without_this_package_is_of_something_else() {
    let workspace = folder("stranger");
    let target = out(&workspace.join("other"));
    let text = locks(&[("tokio", "1.50.0"), (OUR, "0.0.9")]);
    fs::write(workspace.join("other/Cargo.lock"), text).unwrap();
    // So that nothing above the made-up workspaces is found.
    let version = "0.0.0-made-up";
    assert_eq!(lock::find(&target, OUR, version), None);
    let text = locks(&[(OUR, version)]);
    fs::write(workspace.join("Cargo.lock"), text).unwrap();
    let (path, _) = lock::find(&target, OUR, version).unwrap();
    assert_eq!(path, workspace.join("Cargo.lock"));
}

#[test]
fn the_highest_of_several_versions_is_ours() {
    let text = locks(&[
        ("tokio", "0.2.25"),
        ("tokio", "1.9.0"),
        ("tokio", "1.50.1"),
        ("tokio-util", "9.0.0"),
    ]);
    assert_eq!(lock::highest(&text, "tokio").as_deref(), Some("1.50.1"));
    assert_eq!(lock::highest(&text, "smol"), None);
}
