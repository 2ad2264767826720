//! One cell with everything that is known of it before it runs.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;
use model::{Arm, Cell, Expectation};
use strategies::Setup;
use workloads::{Outline, Pace, Params};

use crate::cells::backend::Backend;

/// One cell, ready to be opened and judged.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// What the plan and the analysis need.
    pub cell: Cell,
    /// Name of the workload in the registry.
    pub workload: String,
    /// Name of the strategy in the registry, or of the program.
    pub strategy: String,
    /// Sizes of the workload, with the first draw of its delays.
    pub params: Params,
    /// Makes the pure side of the workload, for any sizes.
    pub outline: fn(&Params) -> Result<Box<dyn Outline>>,
    /// Numbers of the strategy. The server's address is filled in when there is a server.
    pub setup: Setup,
    /// What runs it.
    pub backend: Backend,
    /// Variables to set before the worker starts.
    pub environment: Vec<(&'static str, String)>,
    /// Whether the workload speaks to the server.
    pub server: bool,
    /// Files to write before the run, by name. Cells of one workload share them.
    pub files: Arc<[(String, Bytes)]>,
    /// How fast units compute, if they compute and their speed is known.
    pub pace: Option<Pace>,
    /// Threads that wait for units while it is open, beside those of a runtime.
    pub threads: usize,
    /// What each sample must show under the first draw.
    pub expectation: Expectation,
    /// How long one sample may take. After that its worker counts as stuck.
    pub timeout: Duration,
}

impl Prepared {
    /// The same cell, run by the build of makespan at that path, as a row `@name`. A program is part of no build: it runs as it is.
    pub fn in_build(&self, executable: &Path, name: &str) -> Prepared {
        let mut built = self.clone();
        built.backend = self.backend.in_build(executable);
        built.cell.row.arm = Arm::Build(name.to_owned());
        built
    }
}
