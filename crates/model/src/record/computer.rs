//! The computer that a run is made on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A computer, as far as it bears on times.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Computer {
    /// Name of the machine.
    pub name: String,
    /// Operating system and architecture.
    pub system: String,
    /// Kernel release.
    pub kernel: Option<String>,
    /// Model of the processor.
    pub cpu: Option<String>,
    /// Processors this process may use.
    pub processors: usize,
    /// Which of them a run keeps to, where it was told to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placement: Option<Placement>,
    /// Main memory.
    pub memory_bytes: Option<u64>,
    /// Frequency governor of the first processor.
    pub governor: Option<String>,
    /// Limits that bound what can be measured.
    pub limits: Limits,
}

/// Processors that parts of a run keep to, by the numbers that the kernel gives them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Placement {
    /// Those of the workers and of the parent.
    pub workers: Vec<usize>,
    /// That of the server: one of its own, or those of the workers where none is left.
    pub server: Vec<usize>,
}

impl Placement {
    /// Whether the server has to run on the processors of the workers.
    pub fn shares(&self) -> bool {
        self.server.iter().any(|it| self.workers.contains(it))
    }
}

/// Limits of the process.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Limits {
    /// Open files.
    pub descriptors: Option<u64>,
    /// Threads and processes, by the narrowest of the limits that bind them.
    pub threads: Option<u64>,
    /// Local ports for connections to one address.
    pub ports: Option<u64>,
}
