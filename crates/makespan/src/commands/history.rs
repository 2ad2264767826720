//! Keeps what became of rows over many commits, and shows where they changed.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::{Args, Subcommand};
use harness::{Registry, host};
use model::history::{Blessing, Line, NEWEST, Trend, entries, trends};
use wildmatch::WildMatch;

use crate::exit::Exit;
use crate::flags::number;
use crate::gate::project::Project;
use crate::gate::side::{Side, short};
use crate::history::{Place, PlaceArguments};
use crate::output;
use crate::runs::stored::Stored;
use crate::signal::interrupt_on_signal;

/// Keep what became of rows over many commits, and show where they changed
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Add the rows of a run
    Add {
        /// A run folder
        run: PathBuf,
        #[command(flatten)]
        place: PlaceArguments,
    },
    /// Show each row: its last ratio, its trend, and where it changed for good. That turns nothing red
    Show {
        #[command(flatten)]
        place: PlaceArguments,
        #[command(flatten)]
        rows: RowArguments,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Accept a change: it is shown as accepted from then on
    Bless {
        /// The commit that made it
        #[arg(long, value_name = "REV")]
        commit: String,
        /// Why it is accepted
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Only in this workload
        #[arg(long, value_name = "NAME")]
        workload: Option<String>,
        /// Only for this strategy
        #[arg(long, value_name = "NAME")]
        strategy: Option<String>,
        #[command(flatten)]
        place: PlaceArguments,
    },
    /// Build and measure old commits that have no entry yet
    Backfill {
        /// Which commits, such as v1.0..main: the first of them is left out
        #[arg(value_name = "REV..REV")]
        range: String,
        /// Only each Nth of them
        #[arg(long, value_name = "N", default_value = "1", value_parser = number::<usize>(1, 10_000))]
        every: usize,
        /// The scenario that is run
        #[arg(long, value_name = "SCENARIO", default_value = "gate")]
        scenario: String,
        /// Rounds of each run
        #[arg(long, value_name = "N", value_parser = number::<u32>(6, 100_000))]
        rounds: Option<u32>,
        /// Build this bench target, where the project has several that run cells
        #[arg(long, value_name = "NAME")]
        bench_target: Option<String>,
        /// Parent of the run folders
        #[arg(long, value_name = "DIR", default_value = "results")]
        out: PathBuf,
        #[command(flatten)]
        place: PlaceArguments,
    },
}

/// Which rows are shown.
#[derive(Args, Debug)]
struct RowArguments {
    /// Only these workloads: a name, or a pattern with * and ?
    #[arg(long, value_name = "NAME", default_value = "*")]
    workload: String,
    /// Only these strategies
    #[arg(long, value_name = "NAME", default_value = "*")]
    strategy: String,
}

pub(crate) fn carry_out(_: &Registry, arguments: &Arguments) -> Result<(), Exit> {
    match &arguments.what {
        What::Add { run, place } => {
            let place = place.place().map_err(Exit::Usage)?;
            let added = add(run, &place, None)?;
            eprintln!("makespan: {}", said(added, &place));
            Ok(())
        }
        What::Show { place, rows, json } => {
            let place = place.place().map_err(Exit::Usage)?;
            show(&place, rows, *json)
        }
        What::Bless {
            commit,
            reason,
            workload,
            strategy,
            place,
        } => {
            let place = place.place().map_err(Exit::Usage)?;
            let known = crate::gate::git::Git::of(Path::new("."));
            let commit = known
                .and_then(|git| git.commit(commit))
                .unwrap_or(commit.clone());
            let blessing = Blessing {
                version: NEWEST,
                commit,
                date: host::host().started,
                workload: workload.clone(),
                strategy: strategy.clone(),
                reason: reason.clone(),
            };
            Ok(place.append(&[Line::Blessing(blessing)])?)
        }
        What::Backfill { .. } => backfill(&arguments.what),
    }
}

fn said(added: usize, place: &Place) -> String {
    match added {
        0 => format!("this run is in {} already; nothing was added", place.name()),
        rows => format!("{rows} rows were added to {}", place.name()),
    }
}

/// Adds a run, as one of that commit if it is named. Returns how many rows it has; none if they were there already.
fn add(run: &Path, place: &Place, commit: Option<&str>) -> Result<usize, Exit> {
    let stored = Stored::read(run)?.believed(false)?;
    let mut rows = entries(&stored.summary);
    if let Some(commit) = commit {
        rows.iter_mut()
            .for_each(|row| row.commit = commit.to_owned());
    }
    if rows.is_empty() {
        return Err(Exit::Usage(anyhow::anyhow!(
            "{} has no row with a ratio; allowed are runs with a reference and another row",
            run.display()
        )));
    }
    let history = place.read().map_err(Exit::Usage)?;
    let there =
        |line: &Line| matches!(line, Line::Row(row) if rows.iter().any(|it| it.is_of_run(row)));
    if history.lines.iter().any(there) {
        return Ok(0);
    }
    let count = rows.len();
    place.append(&rows.into_iter().map(Line::Row).collect::<Vec<_>>())?;
    Ok(count)
}

fn show(place: &Place, rows: &RowArguments, json: bool) -> Result<(), Exit> {
    let history = place.read().map_err(Exit::Usage)?;
    for damage in &history.damage {
        output::complain(damage);
    }
    let wanted = |pattern: &str, name: &str| WildMatch::new(pattern).matches(name);
    let mut found: Vec<Trend> = trends(&history.lines);
    found.retain(|it| wanted(&rows.workload, &it.workload) && wanted(&rows.strategy, &it.strategy));
    if json {
        output::line(report::json(&found)?.trim_end());
        return Ok(());
    }
    if found.is_empty() {
        eprintln!("makespan: {} has no such row", place.name());
    }
    for table in report::history(&found) {
        output::line(report::terminal(&table, output::screen()));
    }
    Ok(())
}

fn backfill(what: &What) -> Result<(), Exit> {
    let What::Backfill {
        range,
        every,
        scenario,
        rounds,
        bench_target,
        out,
        place,
    } = what
    else {
        return Ok(());
    };
    let place = place.place().map_err(Exit::Usage)?;
    let folder = std::env::current_dir().map_err(|error| Exit::Crash(error.into()))?;
    let project = Project::of(&folder, bench_target.as_deref()).map_err(Exit::Usage)?;
    let commits = commits(&project, range).map_err(Exit::Usage)?;
    let interrupt = interrupt_on_signal()?;
    for commit in commits.iter().step_by(*every) {
        if interrupt.is_set() {
            return Err(Exit::Interrupted);
        }
        let history = place.read().map_err(Exit::Usage)?;
        let measured =
            |line: &Line| matches!(line, Line::Row(row) if row.commit.starts_with(short(commit)));
        if history.lines.iter().any(measured) {
            eprintln!("makespan: {} is there already", short(commit));
            continue;
        }
        let run = run(&project, commit, scenario, *rounds, out);
        if interrupt.is_set() {
            return Err(Exit::Interrupted);
        }
        match run
            .map_err(Exit::Crash)
            .and_then(|run| add(&run, &place, Some(commit)))
        {
            Ok(rows) => eprintln!("makespan: {}: {rows} rows were added", short(commit)),
            Err(Exit::Crash(error) | Exit::Usage(error)) => {
                output::complain(format_args!("{} is left out: {error:#}", short(commit)));
            }
            Err(_) => output::complain(format_args!("{} is left out", short(commit))),
        }
    }
    Ok(())
}

/// The commits of a range, the oldest first.
fn commits(project: &Project, range: &str) -> Result<Vec<String>> {
    let (from, to) = range.split_once("..").with_context(|| {
        format!("`{range}` is no range of commits; allowed is REV..REV, such as v1.0..main")
    })?;
    let (from, to) = (project.git.commit(from)?, project.git.commit(to)?);
    let range = format!("{from}..{to}");
    let all = project
        .git
        .ask(&["rev-list", "--first-parent", "--reverse", &range])?;
    Ok(all.lines().map(str::to_owned).collect())
}

/// Builds a commit and has it run the scenario. Returns the run folder.
fn run(
    project: &Project,
    commit: &str,
    scenario: &str,
    rounds: Option<u32>,
    out: &Path,
) -> Result<PathBuf> {
    eprintln!("makespan: building {}", short(commit));
    let (executable, _) = Side::Commit(commit.to_owned()).build(Some(project), "backfill")?;
    let mut command = Command::new(executable);
    if project.is_bench() {
        command.args([scenario, "--bench"]);
    } else {
        command.args(["run", scenario]);
    }
    command
        .args(["--yes", "--no-calibration", "--out"])
        .arg(out);
    if let Some(rounds) = rounds {
        command.args(["--rounds", &rounds.to_string()]);
    }
    let output = command.output().context("cannot start it")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "its run failed: {}",
        said.lines().last().unwrap_or_default()
    );
    let folder = text.lines().last().context("it printed nothing")?;
    Ok(PathBuf::from(folder))
}
