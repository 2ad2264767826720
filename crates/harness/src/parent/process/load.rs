//! The parent's end of a load: a process that keeps a processor busy as long as somebody wants it to.

use anyhow::Result;

use crate::parent::process::Process;
use crate::protocol::role::Role;

/// A process that uses one processor all the time. It ends when this value is dropped, and never outlives this process.
pub struct LoadProcess(#[expect(dead_code, reason = "dropping it ends the process")] Process);

impl LoadProcess {
    /// Starts to use one processor.
    ///
    /// # Errors
    ///
    /// If the system starts no process.
    pub fn start() -> Result<LoadProcess> {
        Ok(LoadProcess(Process::start(Role::Load, &[])?))
    }
}
