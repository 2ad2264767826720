//! Where the sizes of a series are in a picture.

use crate::scene::Scale;

/// A logarithmic scale, and 0 apart from it, which has no place on one.
#[derive(Clone, Copy)]
pub(super) struct Across {
    pub(super) zero: Option<f64>,
    pub(super) scale: Scale,
    /// How far everything is shifted.
    pub(super) aside: f64,
}

impl Across {
    /// The place of a size.
    pub(super) fn place(&self, value: f64) -> f64 {
        let place = match self.zero {
            Some(zero) if value <= 0.0 => zero,
            _ => self.scale.place(value),
        };
        place + self.aside
    }

    /// The same for one of so many curves. They stand side by side, so that no interval hides another.
    pub(super) fn aside(self, index: usize, of: usize) -> Across {
        Across {
            aside: (index as f64 - (of as f64 - 1.0) / 2.0) * 3.0,
            ..self
        }
    }
}
