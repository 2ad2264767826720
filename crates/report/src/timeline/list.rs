//! The list of forms of a timeline. A form is one file here and one line in [`TIMELINES`].

use anyhow::{Context, Result};
use model::Timeline;

use crate::scene::svg;
use crate::timeline::{perfetto, picture, text};

/// One way to show timelines.
#[derive(Clone, Copy, Debug)]
pub struct TimelineForm {
    /// What `--format` and `--export` take.
    pub name: &'static str,
    /// Writes the timelines, in lines of at most so many columns where the form has lines.
    pub write: fn(&[Timeline], usize) -> Result<String>,
}

/// All forms.
pub const TIMELINES: [TimelineForm; 4] = [
    TimelineForm {
        name: "terminal",
        write: |timelines, width| Ok(text::text(timelines, width)),
    },
    TimelineForm {
        name: "svg",
        write: |timelines, _| Ok(svg(&picture::all(timelines))),
    },
    TimelineForm {
        name: "perfetto",
        write: |timelines, _| perfetto::perfetto(timelines),
    },
    TimelineForm {
        name: "json",
        write: |timelines, _| {
            let text = serde_json::to_string_pretty(timelines);
            Ok(text.context("cannot write the timelines")? + "\n")
        },
    },
];
