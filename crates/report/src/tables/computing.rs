//! What units compute and where a run was kept, in words.

use model::{CellSummary, Host, Placement, WorkloadSummary};

use crate::note::Note;
use crate::numbers::duration;

/// What bounds a workload whose units compute, and how long a unit really took.
pub(crate) fn notes(workload: &WorkloadSummary, cells: &[&CellSummary]) -> Vec<Note> {
    let computes = workload.computes.as_ref().filter(|it| it.steps > 0);
    let Some(computes) = computes else {
        return Vec::new();
    };
    let each = format!(
        "computing: {} per unit as calibrated before the run ({} steps){}",
        duration(computes.unit_ns),
        computes.steps,
        taken(cells, computes.units)
    );
    let floor = cells.iter().find_map(|cell| cell.floor_ns);
    let bound = floor.map(|floor| {
        let waits = computes
            .waits_ns
            .map(|it| format!("waits {}, ", duration(it)));
        let processors = match computes.processors {
            1 => "1 processor".to_owned(),
            several => format!("{several} processors"),
        };
        format!(
            "{}computing {} on {processors}: at least {}",
            waits.unwrap_or_default(),
            duration(computes.computing_ns),
            duration(floor)
        )
    });
    bound
        .into_iter()
        .chain([each])
        .map(Note::statement)
        .collect()
}

/// The least and the most CPU time per unit, with their rows: with all that a unit costs beside its computing.
fn taken(cells: &[&CellSummary], units: u64) -> String {
    let row = |cell: &&CellSummary| Some((cell.cpu_ns? / units.max(1), cell.row.to_string()));
    let rows = || cells.iter().filter_map(row);
    let text = |(cpu, row): (u64, String)| format!("{} ({row})", duration(cpu));
    match (rows().min(), rows().max()) {
        (Some(least), Some(most)) if least.1 != most.1 => {
            format!("; CPU time per unit {} to {}", text(least), text(most))
        }
        (Some(only), _) => format!("; CPU time per unit {}", text(only)),
        _ => String::new(),
    }
}

/// Where a run was kept, if it was told to keep anywhere.
pub(crate) fn placed(host: &Host) -> Option<String> {
    let placement = host.computer.placement.as_ref()?;
    let workers = processors(&placement.workers);
    Some(match placement.shares() {
        true => format!("workers and server share {workers}: none was left for the server"),
        false => format!(
            "workers kept to {workers}, the server to {}",
            processors(&placement.server)
        ),
    })
}

/// Where the server was, for a table of a workload that has one.
pub(crate) fn server(host: &Host, cells: &[&CellSummary]) -> Option<Note> {
    let served = cells.iter().any(|cell| cell.client.is_some());
    let shares = host
        .computer
        .placement
        .as_ref()
        .is_some_and(Placement::shares);
    match (served, shares) {
        (false, true) => None,
        _ => placed(host).map(Note::statement),
    }
}

fn processors(numbers: &[usize]) -> String {
    let list: Vec<String> = numbers.iter().map(usize::to_string).collect();
    let what = if numbers.len() == 1 {
        "processor"
    } else {
        "processors"
    };
    format!("{what} {}", list.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(workers: &[usize], server: &[usize]) -> Host {
        let placement = Placement {
            workers: workers.to_vec(),
            server: server.to_vec(),
        };
        let mut host = Host::default();
        host.computer.placement = Some(placement);
        host
    }

    #[test]
    fn it_is_said_where_a_run_was_kept_and_whether_the_server_had_a_processor_of_its_own() {
        assert_eq!(placed(&Host::default()), None);
        let own = "workers kept to processors 0, 1, the server to processor 2";
        assert_eq!(placed(&host(&[0, 1], &[2])).unwrap(), own);
        let shared = "workers and server share processors 0, 1: none was left for the server";
        assert_eq!(placed(&host(&[0, 1], &[0, 1])).unwrap(), shared);
        assert_eq!(server(&host(&[0], &[0]), &[]), None);
    }
}
