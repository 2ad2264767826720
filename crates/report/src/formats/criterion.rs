//! Rows in the files of criterion 0.8, for tools that read those: critcmp and cargo-bench-history.
//!
//! Criterion declares its files private, so their shape is that of its sources: `src/estimate.rs`, `src/report.rs` and `src/lib.rs`.

use anyhow::Result;
use model::statistics::{Resampled, mean, median, resampled, standard_deviation};
use model::{CellSummary, Recorded, SampleOutcome, Summary};
use serde_json::{Value, json};

use crate::formats::escape::terminal;

/// The longest name of a folder.
const LONGEST: usize = 64;

/// The same seed for every row, so that the same samples give the same files.
const SEED: u64 = 1;

/// Files below `target/criterion`, and the rows that have no samples and so no files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CriterionFiles {
    /// Paths with `/` and their texts.
    pub files: Vec<(String, String)>,
    /// Names of rows.
    pub left_out: Vec<String>,
}

/// All rows that were measured. The workload is the group, the strategy the function, and each sample one iteration in nanoseconds.
///
/// # Errors
///
/// If a file cannot be made.
pub fn criterion(summary: &Summary, recorded: &Recorded) -> Result<CriterionFiles> {
    let mut made = CriterionFiles::default();
    let mut folders: Vec<String> = Vec::new();
    for cell in &summary.cells {
        let name = format!("{}/{}", cell.workload, cell.row);
        let Some(texts) = row(cell, recorded) else {
            made.left_out.push(name);
            continue;
        };
        let (group, function) = (safe(&cell.workload), safe(&cell.row.to_string()));
        let mut folder = format!("{group}/{function}");
        let mut number = 1;
        while folders.contains(&folder) {
            number += 1;
            folder = format!("{group}/{function}_{number}");
        }
        let id = json!({
            "group_id": terminal(&cell.workload),
            "function_id": terminal(&cell.row.to_string()),
            "value_str": null,
            "throughput": null,
            "full_id": terminal(&name),
            "directory_name": folder,
            "title": terminal(&name),
        });
        let (estimates, sample) = texts;
        for (file, value) in [
            ("benchmark", id),
            ("estimates", estimates),
            ("sample", sample),
        ] {
            let path = format!("{folder}/new/{file}.json");
            made.files
                .push((path, serde_json::to_string(&value)? + "\n"));
        }
        folders.push(folder);
    }
    Ok(made)
}

/// The estimates and the samples of a row; nothing where it has none.
fn row(cell: &CellSummary, recorded: &Recorded) -> Option<(Value, Value)> {
    let own = recorded.samples.iter();
    let own = own.filter(|it| it.kept && it.workload == cell.workload && it.row == cell.row);
    let times = own.filter_map(|it| match &it.outcome {
        SampleOutcome::Measured(measured) => Some(measured.wall_ns as f64),
        SampleOutcome::Refused { .. } | SampleOutcome::Failed { .. } => None,
    });
    let times: Vec<f64> = times.collect();
    let deviation = |values: &[f64]| {
        let middle = median(values)?;
        let from: Vec<f64> = values.iter().map(|it| (it - middle).abs()).collect();
        // As criterion has it: times 1.4826, which makes it the standard deviation of a normal distribution.
        median(&from).map(|it| it * 1.4826)
    };
    // One value has no spread.
    let spread = |values: &[f64]| standard_deviation(values).or(Some(0.0));
    let estimates = json!({
        "mean": estimate(resampled(&times, mean, SEED)?),
        "median": estimate(resampled(&times, median, SEED)?),
        "median_abs_dev": estimate(resampled(&times, deviation, SEED)?),
        "slope": null,
        "std_dev": estimate(resampled(&times, spread, SEED)?),
    });
    let iterations = vec![1.0; times.len()];
    let sample = json!({"sampling_mode": "Flat", "iters": iterations, "times": times});
    Some((estimates, sample))
}

fn estimate(found: Resampled) -> Value {
    json!({
        "confidence_interval": {
            "confidence_level": 0.95,
            "lower_bound": found.interval.0,
            "upper_bound": found.interval.1,
        },
        "point_estimate": found.estimate,
        "standard_error": found.standard_error,
    })
}

/// A name of a folder, as criterion makes it, that never leads out of its parent.
fn safe(name: &str) -> String {
    let replaced = |it: char| if "?\"/\\*<>:|^".contains(it) { '_' } else { it };
    let name: String = terminal(name).chars().map(replaced).collect();
    let mut short = String::new();
    for character in name.chars() {
        if short.len() + character.len_utf8() > LONGEST {
            break;
        }
        short.push(character);
    }
    match short.trim_matches('.').is_empty() {
        true => "_".to_owned(),
        false => short,
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::tests::made_up::run;

    /// What a consumer reads: the types of criterion's own sources.
    #[derive(Deserialize)]
    struct Estimates {
        mean: Estimate,
        median: Estimate,
        median_abs_dev: Estimate,
        slope: Option<Estimate>,
        std_dev: Estimate,
    }

    #[derive(Deserialize)]
    struct Estimate {
        confidence_interval: Interval,
        point_estimate: f64,
        standard_error: f64,
    }

    #[derive(Deserialize)]
    struct Interval {
        confidence_level: f64,
        lower_bound: f64,
        upper_bound: f64,
    }

    #[derive(Deserialize)]
    struct Saved {
        sampling_mode: String,
        iters: Vec<f64>,
        times: Vec<f64>,
    }

    #[derive(Deserialize)]
    struct Id {
        group_id: String,
        function_id: Option<String>,
        value_str: Option<String>,
        full_id: String,
        directory_name: String,
    }

    #[test]
    fn a_consumer_reads_every_row_that_has_samples() {
        let (summary, recorded) = run(4);
        let made = criterion(&summary, &recorded).unwrap();
        assert_eq!(made.left_out, ["get/strategy-number-3"]);
        assert_eq!(made.files.len(), 3 * 3);
        let text = |name: &str| {
            let path = format!("get/strategy-number-1/new/{name}.json");
            let file = made.files.iter().find(|(own, _)| *own == path);
            file.unwrap_or_else(|| panic!("{path}")).1.as_str()
        };
        let id: Id = serde_json::from_str(text("benchmark")).unwrap();
        assert_eq!((id.group_id.as_str(), id.value_str), ("get", None));
        assert_eq!(id.function_id.as_deref(), Some("strategy-number-1"));
        assert_eq!(id.full_id, "get/strategy-number-1");
        assert_eq!(id.directory_name, "get/strategy-number-1");
        let saved: Saved = serde_json::from_str(text("sample")).unwrap();
        assert_eq!(saved.sampling_mode, "Flat");
        assert_eq!(saved.iters.len(), saved.times.len());
        let estimates: Estimates = serde_json::from_str(text("estimates")).unwrap();
        assert!(estimates.slope.is_none());
        assert_eq!(Some(estimates.median.point_estimate), median(&saved.times));
        assert_eq!(Some(estimates.mean.point_estimate), mean(&saved.times));
        for it in [
            estimates.mean,
            estimates.median,
            estimates.median_abs_dev,
            estimates.std_dev,
        ] {
            let interval = it.confidence_interval;
            assert_eq!(interval.confidence_level, 0.95);
            assert!(interval.lower_bound <= it.point_estimate);
            assert!(it.point_estimate <= interval.upper_bound && it.standard_error >= 0.0);
        }
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        assert_eq!(safe(".."), "_");
        assert_eq!(safe("../../etc"), ".._.._etc");
        assert_eq!(safe("a|b<c>\n"), "a_b_c_ ");
        assert!(safe(&"\u{e9}".repeat(100)).len() <= LONGEST);
    }
}
