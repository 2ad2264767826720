//! Whether times of this build mean anything.

use anyhow::{Result, ensure};
use model::Host;

/// Refuses builds whose times mean nothing.
pub(crate) fn check_build(host: &Host, allow_debug: bool) -> Result<()> {
    ensure!(
        host.build.profile != "debug" || allow_debug,
        "this is a debug build, whose times mean nothing; use `cargo bench` or `cargo run --release`"
    );
    Ok(())
}
