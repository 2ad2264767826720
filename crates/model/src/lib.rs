//! What is planned and what the numbers mean.
//!
//! # Layout
//!
//! - [`Spec`] says what to run, also [`Program`]s of its own; [`Plan`] in which order, drawn from its seed.
//! - [`Sample`] is one measurement as it was taken; [`Expectation`] says whether it may count.
//! - [`Summary`] is what is known of all cells after a run; `statistics` holds the estimators.
//!
//! # Invariants
//!
//! - Pure: no clock, file, process, thread or randomness without a seed.
//! - It knows strategies by name only, and neither runtimes nor output formats.
//! - Times are integer nanoseconds until they are estimates. The unit of analysis is the ratio within a round.

#![forbid(unsafe_code)]

mod cell;
mod expectation;
#[cfg(test)]
mod fixtures;
mod flag;
mod host;
mod load;
mod plan;
mod program;
mod sample;
mod series;
mod spec;
pub mod statistics;
mod summary;
mod sweep;
#[cfg(test)]
mod tests;

pub use cell::Cell;
pub use expectation::Expectation;
pub use flag::{Flag, FlagKind};
pub use host::{Host, Limits};
pub use load::Load;
pub use plan::{Block, Launch, Plan, Round};
pub use program::{Program, ProgramCapacity};
pub use sample::{Measurement, Sample, SampleOutcome};
pub use series::{Crossover, Place, Point, Series, Slope};
pub use spec::Spec;
pub use summary::{CellSummary, Outcome, Quantiles, Ratio, SCHEMA_VERSION, Spread, Summary};
pub use sweep::Sizes;
