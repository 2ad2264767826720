//! Whether programs and other builds can run here, asked before anything is planned.

use std::path::Path;

use model::Program;

use crate::cells::backend::Backend;
use crate::cells::prepared::Prepared;
use crate::parent::interrupt::Interrupt;
use crate::parent::process::worker::{HELLO_WITHIN, started};
use crate::protocol::version;
use crate::protocol::worker::FromWorker;

/// What came of starting one.
enum Answer {
    /// It cannot run here, and says or shows why.
    Cannot(String),
    /// It can open these cells.
    Opens(Vec<String>),
    /// It did not begin as it should. Its rows will fail for the same reason, which is told there.
    Broken,
}

/// What tells one that is asked from another.
#[derive(Clone, Copy, PartialEq)]
enum Asked<'a> {
    Build(&'a Path),
    Program(&'a Program),
}

/// Starts each program and each other build once, hears its first words and ends it: cells that it cannot run become unsupported.
pub fn probe(cells: &mut [Prepared], interrupt: &Interrupt) {
    let mut answers: Vec<(Backend, Answer)> = Vec::new();
    for cell in cells.iter_mut().filter(|it| it.cell.unsupported.is_none()) {
        let Some(asked) = asked(&cell.backend) else {
            continue;
        };
        let known = |(backend, _): &(Backend, Answer)| self::asked(backend) == Some(asked);
        let index = match answers.iter().position(known) {
            Some(index) => index,
            None if interrupt.is_set() => return,
            None => {
                answers.push((cell.backend.clone(), ask(&cell.backend, interrupt)));
                answers.len() - 1
            }
        };
        cell.cell.unsupported = match &answers[index].1 {
            Answer::Cannot(reason) => Some(with_remedy(reason, cell.backend.program())),
            Answer::Opens(cells) => not_among(cells, &cell.workload, &cell.strategy),
            Answer::Broken => None,
        };
    }
}

/// What a backend is asked as. What this executable can run is known without asking.
fn asked(backend: &Backend) -> Option<Asked<'_>> {
    match backend {
        Backend::ThisExecutable(_) => None,
        Backend::Build { executable, .. } => Some(Asked::Build(executable)),
        Backend::Program(program) => Some(Asked::Program(program)),
    }
}

fn ask(backend: &Backend, interrupt: &Interrupt) -> Answer {
    let mut process = match started(backend, &[]) {
        Ok(process) => process,
        Err(fault) => return Answer::Cannot(fault.to_string()),
    };
    match process.hear(HELLO_WITHIN, interrupt) {
        Ok(FromWorker::Hello {
            protocol,
            unsupported,
            cells,
            ..
        }) if version::check(protocol, false).is_ok() => {
            unsupported.map_or(Answer::Opens(cells), Answer::Cannot)
        }
        Ok(_) | Err(_) => Answer::Broken,
    }
}

fn with_remedy(reason: &str, program: Option<&Program>) -> String {
    match program.and_then(|program| program.install.as_ref()) {
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
