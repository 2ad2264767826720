//! Between which sizes rows and the reference change places, in a picture of a series.

use model::{Crossover, Place, Series};

use crate::plots::across::Across;
use crate::plots::frame::{EDGE, Frame, WIDTH};
use crate::plots::plane::Plane;
use crate::scene::{Anchor, Ink, Mark, shortened};

/// More have no room below a picture. All are in its words.
const MOST: usize = 8;

/// How far two of them are apart.
const STEP: f64 = 16.0;

/// The changes of places that are drawn.
pub(super) struct Crossings<'a>(Vec<(&'a Crossover, (f64, f64))>);

impl<'a> Crossings<'a> {
    /// Those of a series.
    pub(super) fn of(series: &'a Series) -> Crossings<'a> {
        let between = |it: &'a Crossover| Some((it, it.between?));
        Crossings(
            series
                .crossovers
                .iter()
                .filter_map(between)
                .take(MOST)
                .collect(),
        )
    }

    /// A band behind the curves for each.
    pub(super) fn behind(&self, frame: &mut Frame, plane: &Plane, across: Across) {
        for (_, (low, high)) in &self.0 {
            let (low, high) = (across.place(*low), across.place(*high));
            frame.push(Mark::Area {
                at: (low, plane.top),
                size: (high - low, plane.bottom - plane.top),
                ink: Ink::Band,
            });
        }
    }

    /// A bar below the numbers for each, with its row. Returns how much room they take.
    pub(super) fn below(&self, frame: &mut Frame, plane: &Plane, across: Across) -> f64 {
        for (index, (crossover, (low, high))) in self.0.iter().enumerate() {
            let y = plane.bottom + 28.0 + STEP * index as f64;
            let (low, high) = (across.place(*low), across.place(*high));
            frame.push(Mark::line((low, y), (high, y), Ink::Text, 2.0));
            for x in [low, high] {
                frame.push(Mark::line((x, y - 4.0), (x, y + 4.0), Ink::Text, 2.0));
            }
            let what = match crossover.place {
                Place::BecomesFaster => "overtakes",
                _ => "falls behind",
            };
            let x = plane.right + 16.0;
            let text = format!("{} {what}", crossover.strategy);
            let text = shortened(&text, 11.0, WIDTH - EDGE - x);
            frame.push(Mark::text(
                (x, y + 4.0),
                text,
                11.0,
                Anchor::Start,
                Ink::Text,
            ));
        }
        let Some((first, _)) = self.0.first() else {
            return 0.0;
        };
        let high = STEP * self.0.len() as f64;
        let text = format!("bars and bands: changes places with {}", first.reference);
        let at = (plane.left, plane.bottom + 28.0 + high + 2.0);
        let text = shortened(&text, 11.0, plane.right - plane.left);
        frame.push(Mark::text(at, text, 11.0, Anchor::Start, Ink::Quiet));
        high + 22.0
    }
}
