//! Records the compiler, which the program cannot ask for at run time.

use std::process::Command;
use std::{env, str};

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
}
