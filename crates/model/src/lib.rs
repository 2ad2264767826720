//! What is planned and what the numbers mean.
//!
//! # Layout
//!
//! In the order in which the data flows:
//!
//! - `spec` says what to run: [`Spec`], [`Load`], [`Program`].
//! - `plan` says in which order: [`Plan`], drawn from the seed of the spec, over [`Cell`]s.
//! - `record` is what a run leaves behind: [`Sample`]s, the [`Expectation`] that each must meet, [`Conditions`], [`Recorded`].
//! - `judge` says what may be concluded: [`Verdict`]s and [`Flag`]s.
//! - `summary` is what follows from a record, and from nothing else: [`Summary`].
//! - `across` is about several runs: [`Comparison`], and the campaigns that count false verdicts.
//! - [`statistics`] holds the estimators and tests; [`simulation`] holds the verdicts against noise that is known.
//!
//! # Invariants
//!
//! - Pure: no clock, file, process, thread or randomness without a seed.
//! - It knows strategies by name only, and neither runtimes nor output formats.
//! - Times are integer nanoseconds until they are estimates. The unit of analysis is the ratio within a round.

#![forbid(unsafe_code)]

mod across;
#[cfg(test)]
mod fixtures;
pub mod gate;
mod judge;
mod plan;
mod record;
pub mod simulation;
mod spec;
pub mod statistics;
mod summary;
#[cfg(test)]
mod tests;

pub use across::comparison::{Change, Compared, Comparison, Moved};
pub use across::trial::{Family, JudgedRow, Judgement, Rate, Share, false_alarms, found, p_shares};
pub use judge::Ratio;
pub use judge::flag::{Flag, FlagKind};
pub use judge::suspicion::{SUSPICIONS_THAT_CONVICT, convicted};
pub use judge::verdict::{MARGIN, Verdict, VerdictKind};
pub use plan::cell::Cell;

pub use plan::{Block, Launch, Plan, Round};
pub use record::conditions::Conditions;
pub use record::expectation::{Expectation, Refusal};
pub use record::host::{Host, Limits, Placement};
pub use record::sample::{Measurement, RefusalKind, Sample, SampleOutcome};
pub use record::{ALPHA, End, Header, OLDEST_VERSION, Recorded, SCHEMA_VERSION};
pub use spec::Spec;
pub use spec::computing::{ComputeTime, Computes, Computing};
pub use spec::load::Load;
pub use spec::program::{Program, ProgramCapacity};
pub use spec::quantity::{Budget, Percent};
pub use spec::row::{Arm, Row};
pub use spec::sweep::Sizes;
pub use spec::swept::{Size, Swept, Value};
pub use summary::Summary;
pub use summary::calibration::{CalibrationRow, Overshoot, RAW, Tax};
pub use summary::cell::{CellSummary, Outcome, Spread};
pub use summary::launch::Launched;
pub use summary::overall::{Overall, OverallRow};
pub use summary::quantiles::{Quantile, Quantiles};
pub use summary::series::{Crossover, Place, Point, Scaling, Series, Slope, Standing};
pub use summary::workload::{Dropped, Machine, Noise, WorkloadSummary};
