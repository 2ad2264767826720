//! Joins the parts of a run that several machines have measured.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use harness::{Registry, store};
use model::Summary;

use crate::exit::Exit;
use crate::output;
use crate::runs::shard::{Part, SHARD};
use crate::runs::stored::Stored;

/// Join the parts of a run that several machines have measured with run --shard
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The run folders of all shards
    #[arg(required = true, value_name = "RUN")]
    folders: Vec<PathBuf>,
    /// The new folder: it gets a copy of each shard, a README.md with all tables, and summaries.json
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Join what there is, even if shards are missing
    #[arg(long)]
    partial: bool,
    /// Print summaries.json instead of the tables. The folder is then named on standard error
    #[arg(long)]
    json: bool,
}

/// A shard that was read.
struct Measured {
    folder: PathBuf,
    part: Part,
    summary: Summary,
}

pub(crate) fn carry_out(_: &Registry, arguments: &Arguments) -> Result<(), Exit> {
    let mut shards = Vec::new();
    for folder in &arguments.folders {
        let summary = Stored::read(folder)?.believed(false)?.summary;
        let part = part(folder).map_err(Exit::Usage)?;
        shards.push(Measured {
            folder: folder.clone(),
            part,
            summary,
        });
    }
    shards.sort_by_key(|shard| shard.part.index);
    let missing = belong_together(&shards, arguments.partial).map_err(Exit::Usage)?;
    let summaries: Vec<&Summary> = shards.iter().map(|shard| &shard.summary).collect();
    let document = report::merged_document(&summaries, &missing);
    write(&arguments.out, &shards, &document).map_err(Exit::Usage)?;
    if arguments.json {
        output::line(report::json(&summaries)?.trim_end());
    }
    for shard in shards.iter().filter(|_| !arguments.json) {
        output::line(report::one_line(&report::measured_on(&shard.summary)));
        for table in report::tables(&shard.summary) {
            output::line(report::terminal(&table, output::screen()));
        }
    }
    for name in &missing {
        eprintln!("makespan: {name} is missing");
    }
    output::kept_in(&arguments.out, arguments.json);
    Ok(())
}

fn part(folder: &Path) -> Result<Part> {
    let path = folder.join(SHARD);
    let text = fs::read_to_string(&path);
    let text = text.with_context(|| {
        format!(
            "{} is no shard; allowed are run folders of `run --shard`",
            folder.display()
        )
    })?;
    serde_json::from_str(&text).with_context(|| format!("{} is damaged", path.display()))
}

/// Refuses what is not of one run. Returns the names of shards that are missing.
fn belong_together(shards: &[Measured], partial: bool) -> Result<Vec<String>> {
    let first = &shards[0];
    for pair in shards.windows(2) {
        let [one, other] = pair else { continue };
        ensure!(
            one.part.index != other.part.index,
            "{} and {} are both shard {}; allowed is each shard once",
            one.folder.display(),
            other.folder.display(),
            one.part.index
        );
    }
    for shard in shards {
        let (a, b) = (&first.summary.host.build, &shard.summary.host.build);
        let what = if shard.part.of != first.part.of {
            "they are parts of another number of shards"
        } else if shard.part.whole != first.part.whole {
            "they were asked for something else: scenario, sizes, strategies or seed"
        } else if (&a.makespan, &a.commit, &a.packages) != (&b.makespan, &b.commit, &b.packages) {
            "they were measured by another build of makespan"
        } else {
            continue;
        };
        bail!(
            "{} does not belong to {}: {what}",
            shard.folder.display(),
            first.folder.display()
        );
    }
    let there = |index: &u32| shards.iter().any(|shard| shard.part.index == *index);
    let missing = (1..=first.part.of).filter(|index| !there(index));
    let missing: Vec<String> = missing
        .map(|index| format!("shard {index} of {}", first.part.of))
        .collect();
    ensure!(
        missing.is_empty() || partial,
        "{} is missing; --partial joins what there is",
        missing.join(", ")
    );
    Ok(missing)
}

fn write(out: &Path, shards: &[Measured], document: &str) -> Result<()> {
    let cannot = || format!("cannot make the folder {}", out.display());
    if let Some(parent) = out.parent() {
        fs::create_dir_all(parent).with_context(cannot)?;
    }
    fs::create_dir(out).with_context(cannot)?;
    for shard in shards {
        let copy = out.join(format!("shard-{}", shard.part.index));
        fs::create_dir(&copy).with_context(cannot)?;
        for file in fs::read_dir(&shard.folder)? {
            let file = file?;
            if file.file_type()?.is_file() {
                fs::copy(file.path(), copy.join(file.file_name()))?;
            }
        }
    }
    let summaries: Vec<&Summary> = shards.iter().map(|shard| &shard.summary).collect();
    store::write(&out.join("summaries.json"), &report::json(&summaries)?)?;
    store::write(&out.join("README.md"), document)
}
