//! What a process of makespan is started as, by its hidden arguments.

use std::ffi::OsStr;

use strategies::processes;

/// A role of an executable beside that of the parent. The parent starts a process with [`HIDDEN`](processes::HIDDEN) and the
/// role's name as its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Runs a cell.
    Worker,
    /// Answers requests, and counts them.
    Server,
    /// Uses a processor all the time.
    Load,
    /// Does units of a worker whose strategy is processes.
    Child,
}

impl Role {
    const ALL: [Role; 4] = [Role::Worker, Role::Server, Role::Load, Role::Child];

    /// As an argument.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Role::Worker => "worker",
            Role::Server => "server",
            Role::Load => "load",
            Role::Child => processes::ROLE,
        }
    }

    /// The role of that name.
    pub(crate) fn named(name: &OsStr) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == name)
    }
}
