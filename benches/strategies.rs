//! The main job: `cargo bench --bench strategies -- [flags]`. Without `--bench`, as cargo test starts it, it verifies.

#![forbid(unsafe_code)]

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    makespan::bench(
        &makespan::Registry::built_in(),
        &Path::new(env!("CARGO_MANIFEST_DIR")).join(".."),
        env!("CARGO_CRATE_NAME"),
    )
}
