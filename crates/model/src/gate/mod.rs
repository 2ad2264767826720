//! Whether a build is slower than another one: base against head, row by row, in one run.
//!
//! Each row is entered once per build: `tokio@base` and `tokio@head` meet the same server, round by round, in a balanced order. A third
//! entry, `tokio@again`, is the base built a second time, in another folder: it shows what only differs between two builds of the same
//! sources. [`Gate::judge`] says what follows. A row that alarms is measured again in fresh workers; only what alarms twice is
//! [regressed](GateKind::Regressed).
//!
//! The test is the sign test of the median log ratio against the margin of the row, with Holm's adjustment over all rows at
//! [`ALPHA`](crate::ALPHA). So, if rounds are independent, a gate of unchanged rows alarms with a chance of at most 1 %, and the second
//! measurement can only lower that.

mod arms;
mod bisected;
mod bisection;
mod counts;
mod judged;
mod kind;
mod look;
mod margins;
mod moved;
mod paired;
mod trial;

pub use arms::{AGAIN, BASE, HEAD, build_name, row_name};
pub use bisected::{BisectStep, BisectTest, Bisected, Change};
pub use bisection::{Bisection, Culprit};
pub use counts::Count;
pub use judged::{Gate, GateRow, Outcome};
pub use kind::GateKind;
pub use look::GateLook;
pub use margins::{LEAST, Margins, UNCALIBRATED, WIDEST};
pub use moved::Moved;
pub use trial::{GateRates, GateTrial, Often, RowRate, Slower, TrialRow};

#[cfg(test)]
mod tests;
