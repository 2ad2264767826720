//! A build of makespan.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a build was made of. A run may have rows of several builds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Build {
    /// The compiler of this build.
    pub rustc: String,
    /// `release` or `debug`.
    pub profile: String,
    /// The commit of the sources that this build was made of, with `-dirty` if they were changed; null without git.
    pub commit: Option<String>,
    /// Version of makespan.
    pub makespan: String,
    /// Locked versions of the runtimes and clients that are in this build.
    pub packages: BTreeMap<String, String>,
}
