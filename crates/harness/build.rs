//! Records the build: the compiler and the commit, which the program cannot ask for at run time, wherever it is run.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, str};

/// What a build is made of, from the root of the workspace. Only these can make it dirty, and each makes this script run again.
const SOURCES: [&str; 5] = [
    "Cargo.toml",
    "Cargo.lock",
    "crates",
    "mock-server",
    "benches",
];

fn main() {
    let rustc = env::var_os("RUSTC").expect("cargo sets it for build scripts");
    let version = Command::new(rustc)
        .arg("--version")
        .output()
        .expect("cannot run rustc");
    let version = str::from_utf8(&version.stdout)
        .expect("rustc prints UTF-8")
        .trim();
    println!("cargo::rustc-env=MAKESPAN_RUSTC={version}");
    println!("cargo::rerun-if-changed=build.rs");
    let manifest = env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it for build scripts");
    let root = Path::new(&manifest).join("../..");
    let commit = commit(&root).or_else(|| packaged(Path::new(&manifest)));
    // Empty where it is not known: without a line here, a variable of this name in the environment would count.
    let commit = commit.unwrap_or_default();
    println!("cargo::rustc-env=MAKESPAN_COMMIT={commit}");
}

/// The commit of these sources, with a mark if they were changed; none without git, or where they only lie in a repository of
/// something else.
fn commit(root: &Path) -> Option<String> {
    git(
        root,
        &["ls-files", "--error-unmatch", "crates/harness/build.rs"],
    )?;
    watch(root);
    let commit = git(root, &["rev-parse", "--short=12", "HEAD"])?;
    let mut status = vec!["status", "--porcelain", "--untracked-files=no", "--"];
    status.extend(SOURCES);
    let dirty = !git(root, &status)?.is_empty();
    Some(if dirty { commit + "-dirty" } else { commit })
}

/// The commit that a packaged copy was made from: cargo writes it down.
fn packaged(manifest: &Path) -> Option<String> {
    let text = fs::read_to_string(manifest.join(".cargo_vcs_info.json")).ok()?;
    let (_, rest) = text.split_once("\"sha1\": \"")?;
    let commit = rest.get(..12)?.to_owned();
    let dirty = text.contains("\"dirty\": true");
    Some(if dirty { commit + "-dirty" } else { commit })
}

/// Has this script run again when the commit may be another one, or the sources are.
fn watch(root: &Path) {
    let mut paths: Vec<PathBuf> = SOURCES.iter().map(|it| root.join(it)).collect();
    let branch = git(root, &["symbolic-ref", "--quiet", "HEAD"]);
    let of_git = ["HEAD", "index", "packed-refs"].map(str::to_owned);
    for name in of_git.into_iter().chain(branch) {
        if let Some(path) = git(root, &["rev-parse", "--git-path", &name]) {
            paths.push(root.join(path));
        }
    }
    // Cargo takes a path that is not there for one that has changed.
    for path in paths.iter().filter(|path| path.exists()) {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}

/// What git says; none where it fails or is not there.
fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new("git");
    command.current_dir(root).args(arguments);
    // Hooks set these, and they name another repository. And to look is not to write: the index would be newer than this build.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(variable);
    }
    let output = command.env("GIT_OPTIONAL_LOCKS", "0").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
