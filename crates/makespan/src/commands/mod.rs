//! The commands, one file each.
//!
//! A command is a module with `Arguments`, whose first doc line is what `--help` says of it, and with `carry_out`. A new one takes its
//! file, its `mod` and its line in the list below.

mod analyze;
mod bisect;
mod cell;
mod compare;
mod doctor;
mod gallery;
mod gate;
mod gate_null;
mod gate_power;
mod history;
mod list;
mod merge;
mod null;
mod power;
mod report;
mod reproduce;
pub(crate) mod run;
mod schema;
mod serve;
mod simulate;
mod trace;
pub(crate) mod verify;

use clap::Subcommand;
use harness::Registry;

use crate::exit::Exit;

/// Declares the commands. The name of the variant in kebab case is what is typed: `SeedOf` is `seed-of`.
macro_rules! commands {
    ($($name:ident => $module:ident,)+) => {
        /// What can be asked for.
        #[derive(Debug, Subcommand)]
        pub(crate) enum Command {
            $($name($module::Arguments),)+
        }

        impl Command {
            /// Does what was asked for.
            pub(crate) fn carry_out(&self, registry: &Registry) -> Result<(), Exit> {
                match self {
                    $(Command::$name(arguments) => $module::carry_out(registry, arguments),)+
                }
            }
        }
    };
}

// In the order of --help.
commands! {
    Run => run,
    List => list,
    Verify => verify,
    Cell => cell,
    Trace => trace,
    Report => report,
    Analyze => analyze,
    Gallery => gallery,
    Reproduce => reproduce,
    Compare => compare,
    Merge => merge,
    Gate => gate,
    Bisect => bisect,
    History => history,
    GateNull => gate_null,
    GatePower => gate_power,
    Null => null,
    Power => power,
    Simulate => simulate,
    Doctor => doctor,
    Serve => serve,
    Schema => schema,
}
