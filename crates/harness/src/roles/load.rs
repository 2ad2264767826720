//! The load: uses a processor all the time, as other programs do on a machine that is not left alone.

use std::hint::black_box;

use anyhow::Result;

/// Uses a processor until this process is killed.
pub(crate) fn burn() -> Result<()> {
    let mut state = 1;
    loop {
        state = black_box(workloads::mix(state, 1));
    }
}
