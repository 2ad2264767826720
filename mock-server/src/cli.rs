//! The command line: of the server alone, and of the verb that serves.

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::SocketAddr;

use anyhow::{Context, Result};
use workloads::{Latency, Params};

use crate::{Config, Handle, serve};

/// What to serve, and where.
#[derive(Clone, Debug, clap::Args)]
pub struct ServeArgs {
    /// Loopback address to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0", value_parser = address)]
    pub listen: SocketAddr,

    /// Wait before each answer, up to 60s: `20ms`, `uniform:10ms,30ms` or `lognormal:20ms,80ms` (median, p99).
    #[arg(long, value_name = "LATENCY", default_value = "20ms", value_parser = latency, allow_hyphen_values = true)]
    pub latency: Latency,

    /// All delays and bodies are drawn from it.
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = whole, allow_hyphen_values = true)]
    pub seed: u64,

    /// Units of each workload: the items 0 to N - 1 exist.
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = whole, allow_hyphen_values = true)]
    pub tasks: u64,

    #[arg(long = "number", value_name = "NAME=VALUE", value_parser = number, help = help_on_numbers())]
    #[expect(
        missing_docs,
        reason = "a doc comment would win over the computed help"
    )]
    pub numbers: Vec<(String, u64)>,
}

/// Opens a server of all workloads.
///
/// # Errors
///
/// Those of [`serve`]: the arguments cannot be carried out.
pub fn open(args: ServeArgs) -> Result<Handle> {
    serve(Config {
        listen: args.listen,
        workloads: workloads::all().to_vec(),
        params: Params {
            numbers: args.numbers.into_iter().collect(),
            ..Params::new(args.seed, args.tasks, args.latency)
        },
    })
}

/// Prints the URL of a server as the only line on stdout, then waits until it ends. By itself it ends only if it fails.
///
/// # Errors
///
/// If stdout is closed; if the server fails.
pub fn attend(server: Handle) -> Result<()> {
    let mut stdout = std::io::stdout();
    writeln!(stdout, "{}", server.url())
        .and_then(|()| stdout.flush())
        .context("cannot write the URL to stdout")?;
    server.wait()
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        "allowed is a loopback address with a port, such as 127.0.0.1:0 or [::1]:8080".to_owned()
    })
}

fn latency(text: &str) -> Result<Latency, String> {
    text.parse().map_err(|error| format!("{error:#}"))
}

fn whole(text: &str) -> Result<u64, String> {
    text.parse()
        .map_err(|_| format!("allowed are whole numbers from 0 to {}", u64::MAX))
}

fn number(text: &str) -> Result<(String, u64), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or("allowed is a name with its value, such as body_bytes=1024")?;
    Ok((name.to_owned(), whole(value)?))
}

/// All numbers of all workloads that speak to the server.
fn help_on_numbers() -> String {
    let mut help = "A size that only some workloads have; may be repeated:".to_owned();
    for entry in workloads::all().iter().filter(|entry| entry.facts.server) {
        for number in entry.facts.numbers {
            write!(
                help,
                "\n- {} ({}): {}, {} to {}, default {}",
                number.name, entry.facts.name, number.about, number.min, number.max, number.default
            )
            .expect("a string takes any text");
        }
    }
    help
}
