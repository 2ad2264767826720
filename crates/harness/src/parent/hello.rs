//! Whether programs can run here, asked before anything is planned.

use std::time::Duration;

use model::Program;

use crate::parent::process::Process;
use crate::protocol::{self, FromWorker};
use crate::{Interrupt, Prepared};

/// Interpreters take a good part of a second to begin; one that takes longer than this is stuck.
pub(crate) const HELLO_WITHIN: Duration = Duration::from_secs(10);

/// What came of starting a program.
enum Answer {
    /// It cannot run here, and says or shows why.
    Cannot(String),
    /// It can open these cells.
    Opens(Vec<String>),
    /// It did not begin as it should. Its rows will fail for the same reason, which is told there.
    Broken,
}

/// Starts each program once, hears its first words and ends it: cells that it cannot run become unsupported.
pub fn probe(programs: &[Program], cells: &mut [Prepared], interrupt: &Interrupt) {
    for program in programs {
        let own = |cell: &&mut Prepared| {
            cell.command.is_some()
                && cell.strategy == program.name
                && cell.cell.unsupported.is_none()
        };
        let mut own: Vec<_> = cells.iter_mut().filter(own).collect();
        if own.is_empty() || interrupt.is_set() {
            continue;
        }
        let answer = ask(own[0].command.as_deref().unwrap_or_default(), interrupt);
        for cell in &mut own {
            cell.cell.unsupported = match &answer {
                Answer::Cannot(reason) => Some(with_remedy(reason, program)),
                Answer::Opens(cells) => not_among(cells, &cell.workload, &program.name),
                Answer::Broken => None,
            };
        }
    }
}

fn ask(command: &[String], interrupt: &Interrupt) -> Answer {
    let mut process = match Process::program(command, &[]) {
        Ok(process) => process,
        Err(error) => return Answer::Cannot(format!("{error:#}")),
    };
    match process.hear(HELLO_WITHIN, interrupt) {
        Ok(FromWorker::Hello {
            protocol,
            unsupported,
            cells,
            ..
        }) if protocol::check(protocol, false).is_ok() => {
            unsupported.map_or(Answer::Opens(cells), Answer::Cannot)
        }
        Ok(_) | Err(_) => Answer::Broken,
    }
}

fn with_remedy(reason: &str, program: &Program) -> String {
    match &program.install {
        Some(install) => format!("{reason}; {install}"),
        None => reason.to_owned(),
    }
}

/// Why a program cannot open a cell that its hello does not list.
fn not_among(cells: &[String], workload: &str, name: &str) -> Option<String> {
    let listed = |cell: &String| match cell.split_once('/') {
        Some((known, who)) => known == workload && (who == "*" || who == name),
        None => cell == workload,
    };
    let listed = cells.iter().any(listed);
    (!listed).then(|| format!("its hello does not list {workload}/{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_listed_by_both_names_by_a_star_or_by_its_workload() {
        let unlisted = |cells: &[&str]| {
            let cells: Vec<_> = cells.iter().map(|cell| (*cell).to_owned()).collect();
            not_among(&cells, "get", "loop")
        };
        for cells in [&["get/loop"][..], &["get/*"], &["get"], &["pages", "get"]] {
            assert_eq!(unlisted(cells), None, "{cells:?}");
        }
        for cells in [
            &[][..],
            &["get/other"],
            &["pages/*"],
            &["*/loop"],
            &["getx"],
        ] {
            let reason = "its hello does not list get/loop";
            assert_eq!(unlisted(cells).as_deref(), Some(reason), "{cells:?}");
        }
    }
}
