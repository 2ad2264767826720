//! Ctrl-C and termination, as a wish that a run asks for between samples.

use anyhow::Context;
use harness::Interrupt;

use crate::exit::Exit;

/// The first signal ends the run at the next sample. Another one, half a second later or more, ends the process at once.
pub(crate) fn interrupt_on_signal() -> Result<Interrupt, Exit> {
    let interrupt = Interrupt::default();
    let shared = interrupt.clone();
    let set = ctrlc::set_handler(move || {
        if shared.signal() {
            std::process::exit(130);
        }
    });
    set.context("cannot listen for Ctrl-C")?;
    Ok(interrupt)
}
