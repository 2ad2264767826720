//! What a gate looks like where CI shows it: the list of surfaces. A surface is one file here and one line in [`SURFACES`].

mod annotations;
mod benchmark_action;
mod bmf;
mod comment;
mod junit;
mod sentence;
mod summary;
mod told;

use anyhow::Result;

pub use told::Told;

/// One way to show a gate to people or programs that are not at this terminal.
#[derive(Clone, Copy, Debug)]
pub struct Surface {
    /// What `--export` takes.
    pub name: &'static str,
    /// What it writes.
    pub write: fn(&Told) -> Result<String>,
}

/// All surfaces.
pub const SURFACES: [Surface; 6] = [
    Surface {
        name: "junit",
        write: junit::junit,
    },
    Surface {
        name: "bmf",
        write: bmf::gate,
    },
    Surface {
        name: "benchmark-action",
        write: benchmark_action::gate,
    },
    Surface {
        name: SUMMARY,
        write: |told| Ok(summary::summary(told)),
    },
    Surface {
        name: "comment",
        write: |told| Ok(comment::comment(told)),
    },
    Surface {
        name: ANNOTATIONS,
        write: |told| Ok(annotations::annotations(told)),
    },
];

/// The surface that GitHub shows on the page of a job.
pub const SUMMARY: &str = "summary";

/// The surface that GitHub shows beside a job, from what it prints.
pub const ANNOTATIONS: &str = "annotations";

pub(crate) use {benchmark_action::run as benchmark_action_of_run, bmf::run as bmf_of_run};
