//! All integration tests of makespan, in one binary that is also its own worker and server.

#![forbid(unsafe_code)]

mod bisected;
mod builds;
mod caught;
mod command;
mod command_line;
mod computing;
mod continued;
mod declared;
mod doctor;
mod exported;
mod external;
mod faults;
mod faulty;
mod gallery;
mod gate;
mod history;
mod hostile;
mod matrix;
mod measured;
mod provenance;
mod recorded;
mod refused;
mod scenario;
mod small;
mod stored;
mod tidy;
mod traced;
mod trials;
mod wild;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Conclusion, Trial};

fn main() -> ExitCode {
    if let Some(played) = makespan::play_role(&faulty::registry()) {
        return played.map_or_else(|error| panic!("{error:#}"), |()| ExitCode::SUCCESS);
    }
    if let Some(code) = faulty::command_line() {
        return code;
    }
    let tests = [
        matrix::tests(),
        bisected::tests(),
        builds::tests(),
        caught::tests(),
        command_line::tests(),
        computing::tests(),
        continued::tests(),
        declared::tests(),
        doctor::tests(),
        exported::tests(),
        external::tests(),
        faults::tests(),
        gallery::tests(),
        gate::tests(),
        history::tests(),
        hostile::tests(),
        measured::tests(),
        provenance::tests(),
        recorded::tests(),
        refused::tests(),
        stored::tests(),
        tidy::tests(),
        traced::tests(),
        trials::tests(),
        wild::tests(),
    ];
    let tests = tests.into_iter().flatten();
    let (together, alone): (Vec<_>, Vec<_>) = tests.partition(|test| test.kind() == TOGETHER);
    let arguments = Arguments::from_args();
    // Most of them wait for a process.
    let first = run(&arguments, 4, together);
    // Cells with waits of a millisecond do not share two processors with other tests.
    let second = run(&arguments, 1, alone);
    match first.has_failed() || second.has_failed() {
        true => ExitCode::from(101),
        false => ExitCode::SUCCESS,
    }
}

fn run(arguments: &Arguments, threads: usize, tests: Vec<Trial>) -> Conclusion {
    let mut arguments = arguments.clone();
    arguments.test_threads = Some(threads);
    libtest_mimic::run(&arguments, tests)
}

/// The kind of tests that run beside each other.
const TOGETHER: &str = "together";

/// A test by its name; it fails by panicking. While it runs, no other does.
fn test(name: &str, run: fn()) -> Trial {
    Trial::test(name, move || {
        run();
        Ok(())
    })
}

/// A test in which nothing depends on how long anything takes, so that others run beside it.
fn together(name: &str, run: fn()) -> Trial {
    test(name, run).with_kind(TOGETHER)
}
