//! What all pictures share: a title and a subtitle above, notes below.

use crate::scene::{Anchor, Ink, Mark, Scene, wrapped, wrapped_bold};

/// The width of a picture: that of a column of text on GitHub.
pub(super) const WIDTH: f64 = 800.0;

/// The room at all sides.
pub(super) const EDGE: f64 = 16.0;

/// A picture that grows downwards.
pub(super) struct Frame {
    marks: Vec<Mark>,
    /// Where the next thing goes.
    pub(super) y: f64,
    title: String,
    said: Vec<String>,
}

impl Frame {
    /// Begins with a title, and with what stands below it.
    pub(super) fn new(title: &str, subtitle: &str) -> Frame {
        let mut frame = Frame {
            marks: Vec::new(),
            y: EDGE,
            title: title.to_owned(),
            said: Vec::new(),
        };
        for line in wrapped_bold(title, 16.0, WIDTH - 2.0 * EDGE) {
            frame.y += 18.0;
            frame.push(Mark::bold((EDGE, frame.y - 4.0), line, 16.0));
        }
        frame.say(subtitle);
        frame
    }

    pub(super) fn push(&mut self, mark: Mark) {
        self.marks.push(mark);
    }

    /// A paragraph of small text.
    pub(super) fn say(&mut self, text: &str) {
        self.said.push(text.to_owned());
        for line in wrapped(text, 12.0, WIDTH - 2.0 * EDGE) {
            self.y += 16.0;
            let at = (EDGE, self.y - 4.0);
            self.push(Mark::text(at, line, 12.0, Anchor::Start, Ink::Quiet));
        }
        self.y += 4.0;
    }

    /// Ends below the last thing.
    pub(super) fn end(self) -> Scene {
        Scene {
            width: WIDTH,
            height: self.y + EDGE,
            title: self.title,
            description: self.said.join(" "),
            marks: self.marks,
        }
    }
}
