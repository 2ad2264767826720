//! Timelines: what each unit did and when, one strategy below the other on one axis.
//!
//! `sentence` says what one sees. `picture` draws it, `text` draws it in characters, and `perfetto` writes it for Perfetto and for
//! Chromium's own viewer. `list` is the list of these forms. Lanes and spans come from the model.

mod list;
mod perfetto;
mod picture;
mod sentence;
mod text;

pub use list::{TIMELINES, TimelineForm};
pub(crate) use picture::scenes;
