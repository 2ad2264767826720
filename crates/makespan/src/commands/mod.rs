//! What each command does.

mod analyze;
mod cell;
mod compare;
mod doctor;
mod list;
mod null;
mod power;
mod report;
mod run;
mod schema;
mod simulate;
mod trial;
mod verify;

pub(crate) use analyze::analyze;
pub(crate) use cell::cell;
pub(crate) use compare::compare;
pub(crate) use doctor::doctor;
pub(crate) use list::list;
pub(crate) use null::null;
pub(crate) use power::power;
pub(crate) use report::report;
pub(crate) use run::run;
pub(crate) use schema::schema;
pub(crate) use simulate::simulate;
pub(crate) use verify::verify;

pub(crate) use ::report::json;

use anyhow::Context;
use harness::Interrupt;

use crate::exit::Exit;

/// Ctrl-C and termination end the run at the next sample; again, and half a second later or more, they end the process.
fn interrupt_on_signal() -> Result<Interrupt, Exit> {
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
