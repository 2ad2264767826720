//! The command line of makespan.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    makespan::main(&makespan::Registry::built_in())
}
