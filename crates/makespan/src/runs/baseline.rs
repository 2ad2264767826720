//! A run that later runs are compared with, by a name.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use harness::journal;
use model::statistics::median;
use model::{Comparison, Summary};

use crate::exit::Exit;
use crate::output;
use crate::runs::stored::Stored;

/// The folder of all baselines, beside the runs.
const BASELINES: &str = "baselines";

/// A name that is a folder of its own.
pub(crate) fn name(text: &str) -> Result<String, String> {
    let allowed = |it: char| it.is_ascii_alphanumeric() || "._-".contains(it);
    let fine = !text.is_empty() && text.len() <= 100 && text.chars().all(allowed);
    match fine && !text.starts_with('.') {
        true => Ok(text.to_owned()),
        false => {
            Err("allowed are letters, digits, `-`, `_` and `.`, not at the beginning".to_owned())
        }
    }
}

fn place(out: &Path, name: &str) -> PathBuf {
    out.join(BASELINES).join(name)
}

/// Reads a baseline, before anything is measured.
///
/// # Errors
///
/// If there is none of that name, or it is damaged. The error lists those that there are.
pub(crate) fn read(out: &Path, name: &str) -> Result<Stored, Exit> {
    let path = place(out, name);
    if !path.is_dir() {
        let folders = fs::read_dir(out.join(BASELINES))
            .into_iter()
            .flatten()
            .flatten();
        let names = folders.filter_map(|folder| folder.file_name().into_string().ok());
        let mut names: Vec<String> = names.filter(|name| !name.ends_with(".partial")).collect();
        names.sort();
        let allowed = match names.is_empty() {
            true => "there is none yet; --save-baseline makes one".to_owned(),
            false => format!("allowed are {}", names.join(", ")),
        };
        return Err(Exit::Usage(anyhow::anyhow!("--baseline {name}: {allowed}")));
    }
    Stored::read(&path)?.believed(false)
}

/// Keeps a copy of a run under a name. One of that name is only replaced when the copy is complete.
///
/// # Errors
///
/// If it cannot be copied.
pub(crate) fn save(run: &Path, out: &Path, name: &str) -> Result<()> {
    let path = place(out, name);
    let partial = place(out, &format!("{name}.partial"));
    let copy = || -> Result<()> {
        let _ = fs::remove_dir_all(&partial);
        fs::create_dir_all(&partial)?;
        for file in fs::read_dir(run)? {
            let file = file?;
            if file.file_type()?.is_file() {
                fs::copy(file.path(), partial.join(file.file_name()))?;
            }
        }
        if path.exists() {
            fs::remove_dir_all(&path)?;
        }
        Ok(fs::rename(&partial, &path)?)
    };
    copy().with_context(|| format!("cannot save the baseline {}", path.display()))?;
    eprintln!("makespan: saved as baseline {name} in {}", path.display());
    Ok(())
}

/// Prints how a run differs from a baseline, and how far runs differ on this machine anyway.
///
/// # Errors
///
/// If the two have nothing in common.
pub(crate) fn compare(
    before: Stored,
    name: &str,
    (folder, after): (&Path, &Summary),
    out: &Path,
) -> Result<(), Exit> {
    let reference = after.spec.reference.to_string();
    let before = before.against(&reference)?;
    let comparison = Comparison::new(&before.summary, after, false).map_err(Exit::Crash)?;
    for table in report::comparison(&comparison, false) {
        output::line(report::terminal(&table, output::screen()));
    }
    eprintln!(
        "makespan: the baseline {name} was measured at another time, so what happened between the two can look like a change; `makespan gate` measures two builds side by side"
    );
    eprintln!("makespan: {}", drift(folder, after, out));
    Ok(())
}

/// How far the ratios of equal runs were apart at different times, from the runs that are there.
fn drift(folder: &Path, after: &Summary, out: &Path) -> String {
    let mut runs: Vec<Summary> = stored(out, folder, after);
    runs.sort_by(|a, b| a.host.started.cmp(&b.host.started));
    let mut moves: Vec<f64> = Vec::new();
    for pair in runs.windows(2) {
        if let Ok(comparison) = Comparison::new(&pair[0], &pair[1], false) {
            let rows = comparison.workloads.iter().flat_map(|it| &it.rows);
            let changes = rows.filter(|row| row.row != after.spec.reference);
            moves.extend(changes.filter_map(|row| Some(row.change?.estimate.ln().abs())));
        }
    }
    let largest = moves.iter().copied().reduce(f64::max);
    let Some((middle, largest)) = median(&moves).zip(largest) else {
        return "how far equal runs differ here is unknown: there are no two other runs of this build and scenario".to_owned();
    };
    let percent = |log: f64| 100.0 * (log.exp() - 1.0);
    format!(
        "between {} other runs of this build and scenario, ratios moved by {:.1} % in the median and by {:.1} % at most",
        runs.len(),
        percent(middle),
        percent(largest)
    )
}

/// All other complete runs of the same build and sizes on this machine.
fn stored(out: &Path, own: &Path, like: &Summary) -> Vec<Summary> {
    let same = |it: &Summary| {
        it.host.build == like.host.build
            && it.host.computer.name == like.host.computer.name
            && it.spec.workloads == like.spec.workloads
            && it.spec.reference == like.spec.reference
            && !it.interrupted
    };
    // The difference of the run itself is what is asked about.
    let folders = fs::read_dir(out).into_iter().flatten().flatten();
    let folders = folders.filter(|folder| Some(folder.file_name().as_os_str()) != own.file_name());
    let read = |folder: fs::DirEntry| {
        let recorded = journal::read(&folder.path()).ok()?;
        Some(Summary::new(&recorded)).filter(same)
    };
    folders.filter_map(read).collect()
}

/// Refuses a baseline of a run that is not complete.
///
/// # Errors
///
/// If the run was interrupted.
pub(crate) fn ensure_complete(summary: &Summary) -> Result<()> {
    ensure!(
        !summary.interrupted,
        "the run is not complete, so it was not saved as a baseline"
    );
    Ok(())
}
