//! What all pictures share: a title and a subtitle above, notes below.

use crate::scene::{Anchor, Ink, Mark, Scene, wrapped, wrapped_bold};

/// The width of a picture: that of a column of text on GitHub.
pub(crate) const WIDTH: f64 = 800.0;

/// The room at all sides.
pub(crate) const EDGE: f64 = 16.0;

/// A picture that grows downwards.
pub(crate) struct Frame {
    marks: Vec<Mark>,
    /// Where the next thing goes.
    pub(crate) y: f64,
    title: String,
    said: Vec<String>,
}

impl Frame {
    /// Begins with a title, and with what stands below it.
    pub(crate) fn new(title: &str, subtitle: &str) -> Frame {
        let mut frame = Frame {
            marks: Vec::new(),
            y: EDGE,
            title: title.to_owned(),
            said: Vec::new(),
        };
        frame.head(title);
        frame.say(subtitle);
        frame
    }

    /// A title.
    pub(crate) fn head(&mut self, title: &str) {
        for line in wrapped_bold(title, 16.0, WIDTH - 2.0 * EDGE) {
            self.y += 18.0;
            self.push(Mark::bold((EDGE, self.y - 4.0), line, 16.0));
        }
    }

    pub(crate) fn push(&mut self, mark: Mark) {
        self.marks.push(mark);
    }

    /// A paragraph of small text.
    pub(crate) fn say(&mut self, text: &str) {
        self.said.push(text.to_owned());
        for line in wrapped(text, 12.0, WIDTH - 2.0 * EDGE) {
            self.y += 16.0;
            let at = (EDGE, self.y - 4.0);
            self.push(Mark::text(at, line, 12.0, Anchor::Start, Ink::Quiet));
        }
        self.y += 4.0;
    }

    /// Ends below the last thing.
    pub(crate) fn end(self) -> Scene {
        Scene {
            width: WIDTH,
            height: self.y + EDGE,
            title: self.title,
            description: self.said.join(" "),
            marks: self.marks,
        }
    }
}
