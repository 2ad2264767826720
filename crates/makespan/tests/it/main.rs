//! All integration tests of makespan, in one binary that is also its own worker and server.

#![forbid(unsafe_code)]

mod analysis;
mod caught;
mod command_line;
mod computing;
mod doctor;
mod external;
mod faults;
mod faulty;
mod matrix;
mod tidy;
mod wild;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    if let Some(played) = makespan::play_role(&faulty::registry()) {
        return played.map_or_else(|error| panic!("{error:#}"), |()| ExitCode::SUCCESS);
    }
    if std::env::var_os(faulty::COMMAND_LINE).is_some() {
        return makespan::main(&faulty::registry());
    }
    let tests = [
        matrix::tests(),
        analysis::tests(),
        caught::tests(),
        command_line::tests(),
        computing::tests(),
        doctor::tests(),
        external::tests(),
        faults::tests(),
        tidy::tests(),
        wild::tests(),
    ];
    let mut arguments = Arguments::from_args();
    // Cells with waits of a millisecond do not share two processors with other tests.
    arguments.test_threads = Some(1);
    libtest_mimic::run(&arguments, tests.into_iter().flatten().collect()).exit_code()
}

/// A test by its name; it fails by panicking.
fn test(name: &str, run: fn()) -> Trial {
    Trial::test(name, move || {
        run();
        Ok(())
    })
}
