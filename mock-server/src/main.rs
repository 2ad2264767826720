//! The mock server on its own.

#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::Parser;

/// A GET server on loopback that answers each item of each workload after a delay of its own.
///
/// Prints its URL on stdout and serves until it is killed. Try `URL/get/0`, `URL/pages/0/first`, and `URL/stats` for what
/// was served so far.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(flatten)]
    args: mock_server::ServeArgs,
}

fn main() -> ExitCode {
    let outcome = match Cli::try_parse() {
        Ok(cli) => mock_server::run(cli.args).map_err(|error| format!("{error:#}")),
        Err(help) if !help.use_stderr() => help.exit(),
        Err(error) => Err(first_line(&error)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mock-server: {error}");
            ExitCode::from(2)
        }
    }
}

/// What is wrong, without the tips and the usage below it.
fn first_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    line.trim_start_matches("error: ").to_owned()
}
