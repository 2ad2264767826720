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
    /// CRC-32 (IEEE) of the executable; not there where nobody asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub executable_crc32: Option<u32>,
    /// Locked versions of the runtimes and clients that are in this build.
    pub packages: BTreeMap<String, String>,
}
