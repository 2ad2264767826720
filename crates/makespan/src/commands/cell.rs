//! Runs one cell alone and in this process, so that a profiler sees nothing else.

use anyhow::Context;
use clap::Args;
use harness::{Files, OpenedCell, Prepared, Registry, ServerProcess, fit, host, limits};

use crate::exit::Exit;
use crate::flags::{SelectArguments, SizeArguments, number};
use crate::output;
use crate::scenario;

/// Run one cell alone, in this process, for a profiler
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The workload
    #[arg(long, value_name = "NAME")]
    workload: String,
    /// The strategy
    #[arg(long, value_name = "NAME")]
    strategy: String,
    /// Samples to take
    #[arg(long, value_name = "N", default_value = "10", value_parser = number::<u32>(1, 1_000_000))]
    #[arg(allow_hyphen_values = true)]
    samples: u32,
    #[command(flatten)]
    sizes: SizeArguments,
    /// Print each sample as a line of JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn carry_out(registry: &Registry, arguments: &Arguments) -> Result<(), Exit> {
    let mut cells = [prepare(registry, arguments).map_err(Exit::Usage)?];
    let _files = Files::write(&mut cells)?;
    let [cell] = cells;
    in_environment(&cell)?;
    limits::raise_descriptors();
    if cfg!(debug_assertions) {
        eprintln!("makespan: this is a debug build, whose times mean nothing");
    }
    let (samples, refused) = take(registry, &cell, arguments.samples, arguments.json)?;
    if !arguments.json {
        output::line(format_args!(
            "{samples} samples of {}/{}, {refused} refused",
            cell.cell.workload, cell.cell.row
        ));
    }
    if refused > 0 { Err(Exit::Rows) } else { Ok(()) }
}

fn prepare(registry: &Registry, arguments: &Arguments) -> anyhow::Result<Prepared> {
    let one = SelectArguments {
        workloads: vec![arguments.workload.clone()],
        strategies: vec![arguments.strategy.clone()],
    };
    // The same sizes as in `run`.
    let mut spec = scenario::of(registry, "core", &arguments.sizes, &one)?;
    harness::calibrate(registry, &mut spec)?;
    let mut cells = registry.prepare(&spec)?;
    fit::apply(&mut cells, &host::host().computer.limits)?;
    let [cell] = <[Prepared; 1]>::try_from(cells).map_err(|cells| {
        let names: Vec<_> = cells
            .iter()
            .map(|c| format!("{}/{}", c.cell.workload, c.cell.row))
            .collect();
        anyhow::anyhow!("one cell is needed, not {}", names.join(", "))
    })?;
    if let Some(reason) = &cell.cell.unsupported {
        anyhow::bail!("{}/{}: {reason}", cell.cell.workload, cell.cell.row);
    }
    Ok(cell)
}

/// Starts this process anew with the environment of the cell: some libraries read a variable only once, at the start.
fn in_environment(cell: &Prepared) -> anyhow::Result<()> {
    let set = |(key, value): &(&str, String)| std::env::var(key).is_ok_and(|is| is == *value);
    if cell.environment.iter().all(set) {
        return Ok(());
    }
    let mut command =
        std::process::Command::new(std::env::current_exe().context("cannot find this executable")?);
    command
        .args(std::env::args_os().skip(1))
        .envs(cell.environment.iter().map(|(key, value)| (key, value)));
    let error = std::os::unix::process::CommandExt::exec(&mut command);
    Err(error).context("cannot start this executable anew")
}

/// Takes samples in this process, against a server in another one, and prints a line for each.
fn take(
    registry: &Registry,
    cell: &Prepared,
    samples: u32,
    json: bool,
) -> anyhow::Result<(u32, u32)> {
    let mut server = if cell.server {
        Some(ServerProcess::start()?)
    } else {
        None
    };
    let mut setup = cell.setup.clone();
    setup.server = server.as_ref().map(ServerProcess::address);
    if let Some(server) = &mut server {
        server.reset(&cell.params)?;
    }
    let (workload, strategy) = (&cell.workload, &cell.strategy);
    let mut opened = OpenedCell::open(registry, workload, strategy, &cell.params, &setup)?;
    let mut refused = 0;
    for _ in 0..samples {
        if let Some(server) = &mut server {
            server.reset(&cell.params)?;
        }
        let mut sample = opened.sample(cell.params.draw)?;
        sample.witness = server.as_mut().map(ServerProcess::account).transpose()?;
        let expected = Some(&cell.expectation).filter(|_| !cell.cell.asks);
        let refusal = expected.and_then(|it| it.refusal(&sample));
        refused += u32::from(refusal.is_some());
        if json {
            let reason = refusal.as_ref().map(|it| it.reason.as_str());
            output::line(serde_json::json!({"measured": sample, "refused": reason}));
            continue;
        }
        let (wall, cpu) = (
            report::duration(sample.wall_ns),
            report::duration(sample.cpu_ns),
        );
        let late = sample.witness.as_ref().map(|witness| {
            let late = report::duration(witness.lateness_p99_ns);
            format!("server {late} late (p99), ")
        });
        let checked = refusal.as_ref().map_or("checked", |it| it.reason.as_str());
        let checked = report::one_line(checked);
        output::line(format_args!(
            "wall {wall}, CPU {cpu}, {}{checked}",
            late.unwrap_or_default()
        ));
    }
    Ok((samples, refused))
}
