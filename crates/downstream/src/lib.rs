//! A package that uses makespan as anybody can: its bench targets bring work and strategies that are in no registry.
//!
//! - `benches/mine.rs`: a workload and a strategy of one's own.
//! - `benches/runtime.rs`: a runtime of one's own.

#![forbid(unsafe_code)]
