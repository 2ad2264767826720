//! Where and with what a run was made.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Build, Computer};

/// The computer and the build. Absolute times hold for it alone. In files it is one flat object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Host {
    /// The computer.
    #[serde(flatten)]
    pub computer: Computer,
    /// The build of makespan that ran the parent.
    #[serde(flatten)]
    pub build: Build,
    /// When the run started, in UTC, RFC 3339.
    pub started: String,
}
