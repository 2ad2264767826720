//! Where things are in a picture with a line for each row: names on the left, words on the right, a scale between them.

use model::CellSummary;

use crate::plots::frame::{EDGE, Frame, WIDTH};
use crate::scene::{Anchor, Ink, Mark, Scale, shortened, width};

/// Names are not wider than this.
const NAME: f64 = 230.0;

/// The room for words on the right.
const WORDS: f64 = 150.0;

/// The lines of a picture.
pub(super) struct Rows {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
    /// How far two lines are apart.
    pub(super) step: f64,
}

impl Rows {
    /// Below what is there, with some room for what stands above the lines.
    pub(super) fn below(frame: &Frame, cells: &[&CellSummary], head: f64) -> Rows {
        let names: Vec<String> = cells.iter().map(|cell| cell.row.to_string()).collect();
        Rows::named(frame, &names, head)
    }

    /// The same for lines of these names.
    pub(super) fn named(frame: &Frame, lines: &[String], head: f64) -> Rows {
        let names = lines.iter().map(|name| width(name, 12.0));
        let step = if lines.len() > 20 { 19.0 } else { 24.0 };
        let top = frame.y + head;
        Rows {
            left: EDGE + names.fold(60.0, f64::max).min(NAME) + 10.0,
            right: WIDTH - EDGE - WORDS,
            top,
            bottom: top + step * lines.len() as f64,
            step,
        }
    }

    /// The middle of a line.
    pub(super) fn y(&self, index: usize) -> f64 {
        self.top + self.step * (index as f64 + 0.5)
    }

    /// The name of a row.
    pub(super) fn name(&self, frame: &mut Frame, cell: &CellSummary, y: f64) {
        self.text(frame, &cell.row.to_string(), y);
    }

    /// Any name of a line.
    pub(super) fn text(&self, frame: &mut Frame, name: &str, y: f64) {
        let name = shortened(name, 12.0, self.left - EDGE - 8.0);
        let at = (self.left - 8.0, y + 4.0);
        frame.push(Mark::text(at, name, 12.0, Anchor::End, Ink::Text));
    }

    /// Words on the right of a line.
    pub(super) fn aside(&self, frame: &mut Frame, text: &str, y: f64, ink: Ink) {
        let text = shortened(text, 11.0, WORDS + EDGE - 12.0);
        let at = (self.right + 12.0, y + 4.0);
        frame.push(Mark::text(at, text, 11.0, Anchor::Start, ink));
    }

    /// A line of the grid for each tick, with its number below.
    pub(super) fn axis(&self, frame: &mut Frame, scale: Scale, text: impl Fn(f64) -> String) {
        self.ticks(frame, scale, scale.ticks(6), text);
    }

    /// The same at these numbers.
    pub(super) fn ticks(
        &self,
        frame: &mut Frame,
        scale: Scale,
        ticks: Vec<f64>,
        text: impl Fn(f64) -> String,
    ) {
        for tick in ticks {
            let x = scale.place(tick);
            let (top, bottom) = ((x, self.top), (x, self.bottom));
            frame.push(Mark::line(top, bottom, Ink::Grid, 1.0));
            let at = (x, self.bottom + 14.0);
            frame.push(Mark::text(at, text(tick), 11.0, Anchor::Middle, Ink::Quiet));
        }
    }

    /// Goes on below the numbers.
    pub(super) fn end(&self, frame: &mut Frame) {
        frame.y = self.bottom + 34.0;
    }
}
