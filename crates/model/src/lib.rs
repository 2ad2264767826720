//! What is planned and what the numbers mean.
//!
//! # Layout
//!
//! - [`Spec`] says what to run, also [`Program`]s of its own; [`Plan`] in which order, drawn from its seed.
//! - [`Sample`] is one measurement as it was taken; [`Expectation`] says whether it may count; [`Conditions`] say what else the
//!   machine did meanwhile, and whether that was too much.
//! - [`Recorded`] is everything that a run leaves behind; [`Summary`] is what follows from it, and from nothing else;
//!   [`Quantiles`] of what was seen many times in each sample.
//! - [`statistics`] holds the estimators and tests; `judgement` applies them to the rows of one workload, and a [`Verdict`] is what
//!   may be said of one.
//!
//! # Invariants
//!
//! - Pure: no clock, file, process, thread or randomness without a seed.
//! - It knows strategies by name only, and neither runtimes nor output formats.
//! - Times are integer nanoseconds until they are estimates. The unit of analysis is the ratio within a round.

#![forbid(unsafe_code)]

mod calibration;
mod cell;
mod cell_summary;
mod comparison;
mod conditions;
mod doubt;
mod expectation;
#[cfg(test)]
mod fixtures;
mod flag;
mod host;
mod judgement;
mod launched;
mod load;
mod overall;
mod plan;
mod program;
mod quantiles;
mod record;
mod sample;
mod series;
pub mod simulation;
mod spec;
pub mod statistics;
mod summary;
mod sweep;
#[cfg(test)]
mod tests;
mod trial;
mod verdict;
mod workload;
mod written;

pub use calibration::{CalibrationRow, Overshoot, RAW, Tax};
pub use cell::Cell;
pub use cell_summary::{CellSummary, Outcome, Spread};
pub use comparison::{Change, Compared, Comparison, Moved};
pub use conditions::Conditions;
pub use expectation::Expectation;
pub use flag::{Flag, FlagKind};
pub use host::{Host, Limits};
pub use judgement::Ratio;
pub use launched::Launched;
pub use load::Load;
pub use overall::{Overall, OverallRow};
pub use plan::{Block, Launch, Plan, Round};
pub use program::{Program, ProgramCapacity};
pub use quantiles::{Quantile, Quantiles};
pub use record::{ALPHA, End, Header, OLDEST_VERSION, Recorded, SCHEMA_VERSION};
pub use sample::{Measurement, Sample, SampleOutcome};
pub use series::{Crossover, Place, Point, Scaling, Series, Slope, Standing};
pub use spec::Spec;
pub use summary::Summary;
pub use sweep::Sizes;
pub use trial::{Family, JudgedRow, Judgement, Rate, Share, false_alarms, found, p_shares};
pub use verdict::{MARGIN, Verdict, VerdictKind};
pub use workload::{Dropped, Machine, Noise, WorkloadSummary};
pub use written::{Budget, Percent};
