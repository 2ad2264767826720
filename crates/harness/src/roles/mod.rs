//! One executable, five roles: parent, worker, server, child of a worker and disturber of the peace, so that every way of starting
//! makespan takes the same path.

mod child;
pub(crate) mod load;
mod server;
mod worker;

use std::ffi::OsString;

use anyhow::{Result, bail};

use strategies::processes::{self, HIDDEN};

use crate::Registry;

/// Plays one of the other roles to its end if this process was started for that; `None` if it was started by a person.
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
    match role.as_ref().and_then(|role| role.to_str()) {
        Some("worker") => worker::serve(registry),
        Some("server") => server::serve(registry),
        Some(load::ROLE) => load::burn(),
        Some(processes::ROLE) => child::serve(registry),
        _ => bail!("`{HIDDEN}` is for makespan's own processes"),
    }
}

/// A closed line ends all roles, but a worker inside a sample does not read: the kernel ends it.
fn die_with_parent() {
    #[cfg(target_os = "linux")]
    // Refused only for signals that do not exist.
    let _ = nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGKILL);
}
