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

/// Exit codes: 2 the command line cannot be carried out, 1 the server failed.
fn main() -> ExitCode {
    let server = match mock_server::open(Cli::parse().args) {
        Ok(server) => server,
        Err(error) => return ended(&error, 2),
    };
    match mock_server::attend(server) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => ended(&error, 1),
    }
}

fn ended(error: &anyhow::Error, code: u8) -> ExitCode {
    eprintln!("mock-server: {error:#}");
    ExitCode::from(code)
}
