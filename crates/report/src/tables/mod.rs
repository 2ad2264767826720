//! One file for each kind of table. `run` lists the tables of a run.

pub(crate) mod bisect;
pub(crate) mod calibration;
pub(crate) mod columns;
pub(crate) mod comparison;
pub(crate) mod computing;
pub(crate) mod crossover;
pub(crate) mod gate;
pub(crate) mod gate_trial;
pub(crate) mod history;
pub(crate) mod notes;
pub(crate) mod overall;
pub(crate) mod reproduction;
pub(crate) mod run;
pub(crate) mod simulation;
pub(crate) mod sweep;
pub(crate) mod trial;
pub(crate) mod workload;
