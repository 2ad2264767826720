//! Where curves and points are in a picture with two scales, and the names beside the ends of curves.

use crate::plots::frame::{EDGE, Frame, WIDTH};
use crate::scene::{Anchor, Ink, Mark, Scale, shortened};

/// The room for names on the right.
const NAMES: f64 = 232.0;

/// How high a line of a name is.
const LINE: f64 = 14.0;

/// Where names begin, to the right of the curves: behind a line to them and a piece of the curve.
const BEHIND: f64 = 46.0;

/// The room between the scales.
pub(super) struct Plane {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

/// The name of a curve, with what else is to be said of it.
pub(super) struct Name {
    /// Where the curve ends.
    pub(super) end: (f64, f64),
    /// That of the curve, for its colour and its dashes.
    pub(super) ink: Ink,
    pub(super) name: String,
    /// Smaller lines below the name.
    pub(super) more: Vec<String>,
}

impl Plane {
    /// Below what is there, with room for names on the right.
    pub(super) fn with_names(frame: &Frame) -> Plane {
        Plane {
            right: WIDTH - EDGE - NAMES,
            ..Plane::below(frame)
        }
    }

    /// Below what is there, as wide as the picture.
    pub(super) fn below(frame: &Frame) -> Plane {
        Plane {
            left: EDGE + 76.0,
            right: WIDTH - EDGE - 8.0,
            top: frame.y + 26.0,
            bottom: frame.y + 366.0,
        }
    }

    /// The title of the upward scale above it, a line of the grid for each tick and its number on the left.
    pub(super) fn up(
        &self,
        frame: &mut Frame,
        scale: Scale,
        title: &str,
        text: impl Fn(f64) -> String,
    ) {
        let at = (EDGE, self.top - 10.0);
        frame.push(Mark::text(at, title, 12.0, Anchor::Start, Ink::Text));
        for tick in scale.ticks(6) {
            let y = scale.place(tick);
            let (from, to) = ((self.left, y), (self.right, y));
            frame.push(Mark::line(from, to, Ink::Grid, 1.0));
            let at = (self.left - 6.0, y + 4.0);
            frame.push(Mark::text(at, text(tick), 11.0, Anchor::End, Ink::Quiet));
        }
    }

    /// A line of the grid at a place across, with its number below where there is room for one.
    pub(super) fn tick(&self, frame: &mut Frame, x: f64, text: Option<String>) {
        frame.push(Mark::line((x, self.top), (x, self.bottom), Ink::Grid, 1.0));
        let at = (x, self.bottom + 14.0);
        if let Some(text) = text {
            frame.push(Mark::text(at, text, 11.0, Anchor::Middle, Ink::Quiet));
        }
    }

    /// The title of the scale across, below its numbers. The picture goes on below it.
    pub(super) fn across(&self, frame: &mut Frame, title: &str, down: f64) {
        let at = ((self.left + self.right) / 2.0, self.bottom + 32.0 + down);
        frame.push(Mark::text(at, title, 12.0, Anchor::Middle, Ink::Text));
        frame.y = frame.y.max(at.1 + 14.0);
    }

    /// Names beside the ends of their curves, as near as there is room. Each has a piece of its curve, so that dashes tell them apart.
    pub(super) fn names(&self, frame: &mut Frame, mut names: Vec<Name>) {
        names.sort_by(|a, b| a.end.1.total_cmp(&b.end.1));
        let high = |name: &Name| LINE * (1 + name.more.len()) as f64 + 5.0;
        let mut tops: Vec<f64> = Vec::new();
        let mut free = self.top - 8.0;
        for name in &names {
            let top = (name.end.1 - LINE / 2.0).max(free);
            free = top + high(name);
            tops.push(top);
        }
        // What reaches too far down moves up as far as there is room.
        let mut end = self.bottom + 10.0;
        for (top, name) in tops.iter_mut().zip(&names).rev() {
            *top = top.min(end - high(name));
            end = *top;
        }
        let least = self.top - 8.0;
        let down = (least - tops.first().copied().unwrap_or(least)).max(0.0);
        for (top, name) in tops.iter().zip(&names) {
            self.name(frame, name, top + down);
            frame.y = frame.y.max(top + down + high(name) + 8.0);
        }
    }

    fn name(&self, frame: &mut Frame, name: &Name, top: f64) {
        let ink = name.ink;
        let middle = top + LINE / 2.0;
        let swatch = self.right + 16.0;
        let from = (name.end.0 + 4.0, name.end.1);
        frame.push(Mark::line(from, (swatch, middle), Ink::Quiet, 0.7));
        frame.push(Mark::Path {
            places: vec![(swatch, middle), (swatch + 26.0, middle)],
            ink,
            width: 2.0,
        });
        let x = self.right + BEHIND;
        let room = WIDTH - EDGE - x;
        let text = shortened(&name.name, 12.0, room);
        let at = (x, middle + 4.0);
        frame.push(Mark::text(at, text, 12.0, Anchor::Start, ink));
        for (index, more) in name.more.iter().enumerate() {
            let text = shortened(more, 11.0, room);
            let at = (x, middle + 4.0 + LINE * (index + 1) as f64);
            frame.push(Mark::text(at, text, 11.0, Anchor::Start, Ink::Quiet));
        }
    }
}
