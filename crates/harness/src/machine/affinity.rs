//! Which processors a run keeps to.
//!
//! Affinity belongs to a thread. A child inherits it from the thread that starts it. So the parent keeps to the processors of the
//! workers before it starts anything. To start the server, it moves to the server's processors and then back.

use std::sync::OnceLock;

use anyhow::{Context, Result, ensure};
use model::Placement;
use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;

/// The processors of this run. Set once, because affinity is a state of the whole process.
static PLACED: OnceLock<Placement> = OnceLock::new();

/// Makes this process and all that it starts keep to `cpus` processors. The server gets another processor if one is left.
///
/// Must be called once, before any thread is started.
///
/// # Errors
///
/// If this process may use fewer processors, or the system refuses.
pub fn keep_to(cpus: usize) -> Result<Placement> {
    let placement = place(&allowed()?, cpus)?;
    set(&placement.workers)?;
    Ok(PLACED.get_or_init(|| placement).clone())
}

/// The numbers of the processors that this thread may use.
pub fn allowed() -> Result<Vec<usize>> {
    let set = sched_getaffinity(Pid::from_raw(0)).context("cannot read the affinity")?;
    let is_set = |number: &usize| set.is_set(*number).unwrap_or(false);
    Ok((0..CpuSet::count()).filter(is_set).collect())
}

/// Whether the run keeps to this processor, for its workers or its server. `None` if the run does not keep to any.
pub(crate) fn uses(processor: usize) -> Option<bool> {
    let placement = PLACED.get()?;
    let mut all = placement.workers.iter().chain(&placement.server);
    Some(all.any(|used| *used == processor))
}

/// Starts a process that must begin on the server's processors.
pub(crate) fn beside<T>(start: impl FnOnce() -> Result<T>) -> Result<T> {
    match PLACED.get() {
        Some(placement) => on(&placement.server, start),
        None => start(),
    }
}

/// Does some work in this thread, on these processors. Afterwards the thread may use the same processors as before.
pub(crate) fn on<T>(processors: &[usize], work: impl FnOnce() -> Result<T>) -> Result<T> {
    let before = allowed()?;
    set(processors)?;
    let done = work();
    set(&before)?;
    done
}

fn set(processors: &[usize]) -> Result<()> {
    let mut wanted = CpuSet::new();
    let all = |result: Result<(), nix::errno::Errno>, number: &usize| {
        result.and_then(|()| wanted.set(*number))
    };
    processors
        .iter()
        .fold(Ok(()), all)
        .and_then(|()| sched_setaffinity(Pid::from_raw(0), &wanted))
        .with_context(|| format!("cannot keep to the processors {processors:?}"))
}

/// The workers get the first processors. The server gets the next one, or shares those of the workers if there is none.
fn place(allowed: &[usize], cpus: usize) -> Result<Placement> {
    ensure!(
        (1..=allowed.len()).contains(&cpus),
        "cpus = {cpus}: allowed here are 1 to {}, the processors that this process may use",
        allowed.len()
    );
    let (workers, rest) = allowed.split_at(cpus);
    let server = rest.first().map_or(workers, std::slice::from_ref);
    Ok(Placement {
        workers: workers.to_vec(),
        server: server.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_has_a_processor_of_its_own_where_one_is_left() {
        let placed = |cpus| {
            let placement = place(&[1, 4, 6], cpus).unwrap();
            (placement.shares(), placement.workers, placement.server)
        };
        assert_eq!(placed(1), (false, vec![1], vec![4]));
        assert_eq!(placed(2), (false, vec![1, 4], vec![6]));
        assert_eq!(placed(3), (true, vec![1, 4, 6], vec![1, 4, 6]));
        for cpus in [0, 4] {
            let error = place(&[1, 4, 6], cpus).unwrap_err().to_string();
            let start = format!("cpus = {cpus}: allowed here are 1 to 3");
            assert!(error.starts_with(&start), "{error}");
        }
    }

    #[test]
    fn a_child_begins_where_it_is_started_and_the_parent_is_back_after_that() {
        let before = allowed().unwrap();
        let last = before[before.len() - 1];
        let list = on(&[last], || {
            let status = std::process::Command::new("cat")
                .arg("/proc/self/status")
                .output()?;
            let text = String::from_utf8(status.stdout)?;
            let line = text.lines().find(|it| it.starts_with("Cpus_allowed_list:"));
            let list = line.and_then(|it| it.split_whitespace().nth(1));
            Ok(list.unwrap_or_default().to_owned())
        });
        assert_eq!(list.unwrap(), last.to_string());
        assert_eq!(allowed().unwrap(), before);
    }
}
