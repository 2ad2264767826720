//! What a picture is made of.

/// A picture. Lengths are in pixels of a screen, from the upper left corner.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scene {
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// What it shows, in a few words: for whoever cannot see it.
    pub(crate) title: String,
    /// The same in full.
    pub(crate) description: String,
    pub(crate) marks: Vec<Mark>,
}

/// One mark.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Mark {
    Line {
        from: (f64, f64),
        to: (f64, f64),
        ink: Ink,
        width: f64,
    },
    Area {
        at: (f64, f64),
        size: (f64, f64),
        ink: Ink,
    },
    Dot {
        at: (f64, f64),
        radius: f64,
        ink: Ink,
        /// What it is, shown where a pointer rests on it.
        hint: Option<String>,
    },
    /// Many dots of one size.
    Dots {
        places: Vec<(f64, f64)>,
        radius: f64,
        ink: Ink,
    },
    /// Straight lines from place to place.
    Path {
        places: Vec<(f64, f64)>,
        ink: Ink,
        width: f64,
    },
    Text {
        at: (f64, f64),
        text: String,
        size: f64,
        anchor: Anchor,
        ink: Ink,
        bold: bool,
    },
}

/// Which end of a text is at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// What a mark means. Its colour follows from that, in light and in dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Text and axes.
    Text,
    /// What stands behind: units, sources, ticks.
    Quiet,
    /// Lines of a grid.
    Grid,
    /// A sample.
    Sample,
    /// A median and its interval.
    Estimate,
    /// A bar from 0.
    Bar,
    /// The lower bound.
    Floor,
    /// Noise.
    Band,
    /// Faster than the reference.
    Faster,
    /// Slower than it.
    Slower,
    /// A unit waits, and no thread is busy with it.
    Waiting,
    /// A unit waits and holds its thread.
    Holding,
    /// A thread runs a unit.
    Working,
    /// One of several series, by its number.
    Series(usize),
}

impl Mark {
    pub(crate) fn text(
        at: (f64, f64),
        text: impl Into<String>,
        size: f64,
        anchor: Anchor,
        ink: Ink,
    ) -> Mark {
        Mark::Text {
            at,
            text: text.into(),
            size,
            anchor,
            ink,
            bold: false,
        }
    }

    pub(crate) fn bold(at: (f64, f64), text: impl Into<String>, size: f64) -> Mark {
        Mark::Text {
            at,
            text: text.into(),
            size,
            anchor: Anchor::Start,
            ink: Ink::Text,
            bold: true,
        }
    }

    pub(crate) fn line(from: (f64, f64), to: (f64, f64), ink: Ink, width: f64) -> Mark {
        Mark::Line {
            from,
            to,
            ink,
            width,
        }
    }
}
