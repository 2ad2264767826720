//! Reads the versions of what is compared out of the lock file, so that no version is ever typed by hand.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// The packages whose version a result depends on.
const COMPARED: &[&str] = &[
    "async-executor",
    "async-io",
    "async-std",
    "compio",
    "futures-executor",
    "futures-util",
    "glommio",
    "hyper",
    "may",
    "monoio",
    "rayon",
    "reqwest",
    "smol",
    "tokio",
    "ureq",
];

fn main() {
    let manifest =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it for build scripts"));
    let lock = manifest
        .ancestors()
        .map(|folder| folder.join("Cargo.lock"))
        .find(|path| path.exists());
    let versions = lock.as_deref().map(versions).unwrap_or_default();
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it for build scripts"));
    fs::write(out.join("versions.rs"), format!("&{versions:?}"))
        .expect("cannot write into OUT_DIR");
    println!("cargo::rerun-if-changed=build.rs");
    if let Some(lock) = lock {
        println!("cargo::rerun-if-changed={}", lock.display());
    }
}

/// The highest locked version of each compared package: older ones are somebody else's dependency.
fn versions(lock: &Path) -> Vec<(&'static str, String)> {
    let text = fs::read_to_string(lock).expect("cannot read the lock file");
    let quoted = |line: &str, key: &str| {
        Some(
            line.strip_prefix(key)?
                .trim_matches(['"', ' ', '='])
                .to_owned(),
        )
    };
    let lines: Vec<_> = text.lines().collect();
    let locked = |wanted: &str| {
        let pairs = lines
            .windows(2)
            .filter(|pair| quoted(pair[0], "name").as_deref() == Some(wanted));
        pairs
            .filter_map(|pair| quoted(pair[1], "version"))
            .max_by_key(|version| numbers(version))
    };
    COMPARED
        .iter()
        .filter_map(|name| Some((*name, locked(name)?)))
        .collect()
}

fn numbers(version: &str) -> Vec<u64> {
    version
        .split(['.', '-', '+'])
        .map_while(|part| part.parse().ok())
        .collect()
}
