//! What this executable can be beside the parent: worker, server, load, or child of a worker.
//!
//! There is one executable with five roles, so every way of starting makespan takes the same path. A hidden first argument says
//! that a process was started by makespan, and the second one names the role.

mod child;
mod load;
pub(crate) mod opened;
mod server;
mod worker;

use std::ffi::OsString;

use anyhow::{Result, bail};
use strategies::processes::HIDDEN;

use crate::cells::registry::Registry;
use crate::protocol::role::Role;

/// Plays a role to its end if this process was started for that; `None` if it was started by a person.
///
/// Must be called before anything else reads the arguments.
pub fn play_role(registry: &Registry) -> Option<Result<()>> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next()? != HIDDEN {
        return None;
    }
    die_with_parent();
    Some(play(arguments.next(), registry))
}

fn play(role: Option<OsString>, registry: &Registry) -> Result<()> {
    match role.as_deref().and_then(Role::named) {
        Some(Role::Worker) => worker::serve(registry),
        Some(Role::Server) => server::serve(registry),
        Some(Role::Load) => load::burn(),
        Some(Role::Child) => child::serve(registry),
        None => bail!("`{HIDDEN}` is for makespan's own processes"),
    }
}

/// A closed line ends all roles, but a worker inside a sample does not read: the kernel ends it.
fn die_with_parent() {
    // Refused only for signals that do not exist.
    let _ = nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGKILL);
}
