//! Every sample as a line of CSV: for whoever draws or computes something else.

use anyhow::Result;
use model::{Recorded, Sample, SampleOutcome, Summary};

use crate::formats::escape::csv as escape;

/// The names of the columns.
const COLUMNS: [&str; 12] = [
    "workload",
    "strategy",
    "launch",
    "round",
    "position",
    "kept",
    "outcome",
    "at_ns",
    "wall_ns",
    "cpu_ns",
    "threads_peak",
    "reason",
];

/// All samples of the workloads that the summary has, in their order.
pub(crate) fn samples(summary: &Summary, recorded: &Recorded) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    let wanted = |sample: &&Sample| {
        summary
            .cells
            .iter()
            .any(|cell| cell.workload == sample.workload)
    };
    for sample in recorded.samples.iter().filter(wanted) {
        let (outcome, measured, reason) = match &sample.outcome {
            SampleOutcome::Measured(measured) => ("measured", Some(measured), ""),
            SampleOutcome::Refused {
                reason,
                measurement,
                ..
            } => ("refused", Some(measurement), reason.as_str()),
            SampleOutcome::Failed { reason } => ("failed", None, reason.as_str()),
        };
        let number = |value: Option<u64>| value.map(|it| it.to_string()).unwrap_or_default();
        writer.write_record([
            escape(&sample.workload),
            escape(&sample.row.to_string()),
            sample.launch.to_string(),
            sample.round.to_string(),
            sample.position.to_string(),
            sample.kept.to_string(),
            outcome.to_owned(),
            sample.at_ns.to_string(),
            number(measured.map(|it| it.wall_ns)),
            number(measured.map(|it| it.cpu_ns)),
            number(measured.and_then(|it| it.threads_peak)),
            escape(reason),
        ])?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}
