//! What is planned and what the numbers mean.
//!
//! # What flows through this crate
//!
//! Each room uses only those before it. A test holds this order.
//!
//! 1. [`statistics`]: estimators and tests on plain numbers. They know nothing of runs.
//! 2. `spec`: what to run, with every number decided: [`Spec`], [`Load`], [`Program`], [`Row`], and quantities as people write them.
//! 3. `plan`: in which order: [`Plan`], drawn from the seed of the spec, over [`Cell`]s.
//! 4. `record`: what a run leaves behind: [`Sample`]s, the [`Expectation`] that each must meet, [`Conditions`], the [`Host`],
//!    [`Recorded`].
//! 5. `judge`: what may be concluded of the rows of one workload: [`Ratio`], [`Noise`], [`Verdict`], [`Flag`].
//! 6. `reasons`: why a row has a number that surprises: a catalogue of rules, [`REASONS`].
//! 7. `summary`: what follows from a record, and from nothing else: [`Summary`].
//! 8. `across`: several runs: [`Comparison`], the campaigns that count false verdicts, and a run beside what others [`Published`].
//! 9. [`simulation`]: the verdicts against noise that is known.
//! 10. [`gate`]: whether one build is slower than another, row by row.
//! 11. [`history`]: many runs of many commits, and where they changed.
//! 12. [`timeline`]: what each unit of a recorded run did, and when.
//!
//! # Where a line belongs
//!
//! - A formula without makespan's words belongs to [`statistics`], with its source and its range.
//! - What a person may ask for is a field in `spec`. What is measured is a field in `record`: both are in files, so a change of meaning
//!   raises [`SCHEMA_VERSION`].
//! - A rule that decides what may be said belongs to `judge`. A rule that says why a number is what it is belongs to `reasons`. A number that tables show belongs to `summary`.
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
pub mod history;
mod judge;
mod plan;
mod reasons;
mod record;
pub mod simulation;
mod spec;
pub mod statistics;
mod summary;
#[cfg(test)]
mod tests;
pub mod timeline;

pub use across::comparison::{Change, Compared, Comparison, Moved};
pub use across::published::{Published, PublishedLine, PublishedTable, Quantity};
pub use across::reproduction::{
    Counts, Reproduced, ReproducedLine, ReproducedTable, Reproduction, TOLERANCE,
};
pub use across::trial::{Family, JudgedRow, Judgement, Rate, Share, false_alarms, found, p_shares};
pub use judge::disturbed::{Dropped, Machine};
pub use judge::flag::{Flag, FlagKind};
pub use judge::noise::Noise;
pub use judge::ratio::Ratio;
pub use judge::suspicion::{SUSPICIONS_THAT_CONVICT, convicted};
pub use judge::verdict::{MARGIN, Verdict, VerdictKind};
pub use plan::calibration::RAW;
pub use plan::cell::Cell;
pub use plan::manner::Manner;
pub use plan::{Block, Launch, Plan, Round};
pub use reasons::REASONS;
pub use reasons::reason::{CAPPED, Reason, Rule};
pub use record::build::Build;
pub use record::computer::{Computer, Limits, Placement};
pub use record::conditions::Conditions;
pub use record::expectation::{Expectation, Refusal};
pub use record::host::Host;
pub use record::sample::{Measurement, RefusalKind, Sample, SampleOutcome};
pub use record::timeline::{TimedRow, Timeline};
pub use record::{ALPHA, End, Header, OLDEST_VERSION, Recorded, Resumed, SCHEMA_VERSION};
pub use spec::Spec;
pub use spec::compute_time::ComputeTime;
pub use spec::computing::{Computes, Computing};
pub use spec::load::Load;
pub use spec::program::{Program, ProgramCapacity};
pub use spec::quantity::{Budget, Percent};
pub use spec::row::{Arm, Row};
pub use spec::sweep::Sizes;
pub use spec::swept::{Size, Swept, Value};
pub use summary::Summary;
pub use summary::bend::Bend;
pub use summary::calibration::{CalibrationRow, Overshoot, Tax};
pub use summary::cell::{CellSummary, Outcome, Spread};
pub use summary::launch::Launched;
pub use summary::observed::{Centre, Observed};
pub use summary::overall::{Overall, OverallRow};
pub use summary::quantiles::{Quantile, Quantiles};
pub use summary::series::{Crossover, Place, Point, Scaling, Series, Standing};
pub use summary::slope::Slope;
pub use summary::workload::WorkloadSummary;
