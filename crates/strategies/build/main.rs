//! Writes the locked versions of what is compared into the crate, so that no version is ever typed by hand.

mod lock;

use std::path::PathBuf;
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
    let variable = |name: &str| env::var(name).expect("cargo sets it for build scripts");
    let out = PathBuf::from(variable("OUT_DIR"));
    let found = lock::find(
        &out,
        &variable("CARGO_PKG_NAME"),
        &variable("CARGO_PKG_VERSION"),
    );
    let locked = |name: &&'static str| {
        let (_, text) = found.as_ref()?;
        Some((*name, lock::highest(text, name)?))
    };
    let versions: Vec<_> = COMPARED.iter().filter_map(locked).collect();
    let code = format!(
        "/// What is compared.\nconst COMPARED: &[&str] = &{COMPARED:?};\n\n/// Versions in the lock file of this build.\nconst LOCKED: &[(&str, &str)] = &{versions:?};\n"
    );
    fs::write(out.join("versions.rs"), code).expect("cannot write into OUT_DIR");
    println!("cargo::rerun-if-changed=build");
    if let Some((path, _)) = found {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}
