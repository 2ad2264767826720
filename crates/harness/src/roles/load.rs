//! A process that uses a processor all the time: what a machine that is not left alone is like.

use std::hint::black_box;

use anyhow::Result;

use crate::parent::process::Process;

pub(crate) const ROLE: &str = "burner";

/// Lives as long as this does, and no longer than this process.
pub struct Burner(#[expect(dead_code, reason = "dropping it ends the process")] Process);

impl Burner {
    /// Starts to use one processor.
    pub fn start() -> Result<Burner> {
        Ok(Burner(Process::start(ROLE, &[])?))
    }
}

/// Uses a processor until it is killed.
pub(crate) fn burn() -> Result<()> {
    let mut state = 1;
    loop {
        state = black_box(workloads::mix(state, 1));
    }
}
