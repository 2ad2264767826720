//! Puts stored runs side by side: each with the first.

use std::path::{Path, PathBuf};

use clap::Args;
use harness::Registry;
use model::Comparison;
use serde_json::json;

use crate::exit::Exit;
use crate::output;
use crate::runs::stored::Stored;

/// Put stored runs side by side, each with the first
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The run folder that the others are compared with, and the others
    #[arg(value_name = "RUN", num_args = 2.., required = true)]
    runs: Vec<PathBuf>,
    /// Take ratios against this row; by default against the reference of the first run
    #[arg(long, value_name = "NAME")]
    reference: Option<String>,
    /// Compare makespans too. That means something on one and the same machine only
    #[arg(long)]
    times: bool,
    /// Print Markdown
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Compare also runs that were changed or cut off, by the samples that are left. The output says so
    #[arg(long)]
    allow_damaged: bool,
}

pub(crate) fn carry_out(_: &Registry, arguments: &Arguments) -> Result<(), Exit> {
    let (first, others) = arguments.runs.split_first().expect("clap asks for two");
    let before = Stored::read(first)?.believed(arguments.allow_damaged)?;
    let stored = || before.summary.spec.reference.to_string();
    let reference = arguments.reference.clone().unwrap_or_else(stored);
    let before = before.against(&reference)?;
    if let [other] = others {
        let comparison = compared(&before, other, &reference, arguments)?;
        match arguments.json {
            true => output::line(report::json(&comparison)?.trim_end()),
            false => print(&comparison, arguments),
        }
        return Ok(());
    }
    several(&before, others, &reference, arguments)
}

/// Compares each of several runs. One that cannot be compared is named with the reason; it is an error if none can.
fn several(
    before: &Stored,
    others: &[PathBuf],
    reference: &str,
    arguments: &Arguments,
) -> Result<(), Exit> {
    let mut all = Vec::new();
    let mut last = None;
    for run in others {
        let name = run.display().to_string();
        match compared(before, run, reference, arguments) {
            Ok(comparison) => {
                if !arguments.json {
                    say(
                        &format!("{name}, compared with {}", before.folder().display()),
                        arguments,
                    );
                    print(&comparison, arguments);
                }
                all.push(json!({"run": name, "comparison": comparison}));
            }
            Err(Exit::Usage(why)) => {
                let reason = format!("{why:#}");
                if !arguments.json {
                    say(&format!("{name}: not comparable: {reason}"), arguments);
                }
                all.push(json!({"run": name, "not_comparable": reason}));
                last = Some(Exit::Usage(why));
            }
            Err(other) => return Err(other),
        }
    }
    if arguments.json {
        output::line(report::json(&all)?.trim_end());
    }
    let any = all.iter().any(|one| one.get("comparison").is_some());
    match last.filter(|_| !any) {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

fn compared(
    before: &Stored,
    run: &Path,
    reference: &str,
    arguments: &Arguments,
) -> Result<Comparison, Exit> {
    let after = Stored::read(run)?.believed(arguments.allow_damaged)?;
    let after = after.against(reference)?;
    let comparison = Comparison::new(&before.summary, &after.summary, arguments.times);
    let mut comparison = comparison.map_err(Exit::Usage)?;
    comparison.troubles = [before.warnings(), after.warnings()].concat();
    Ok(comparison)
}

fn print(comparison: &Comparison, arguments: &Arguments) {
    for trouble in &comparison.troubles {
        say(trouble, arguments);
    }
    let screen = output::screen();
    for table in report::comparison(comparison, arguments.times) {
        output::line(match arguments.markdown {
            true => report::markdown(&table),
            false => report::terminal(&table, screen),
        });
    }
}

/// A line above tables.
fn say(text: &str, arguments: &Arguments) {
    output::line(match arguments.markdown {
        true => report::bold(text),
        false => report::one_line(text),
    });
}
