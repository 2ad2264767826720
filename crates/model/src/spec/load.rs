//! One workload of a spec, with its sizes.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use workloads::{Latency, Params};

use crate::{ComputeTime, Swept, Value};

/// One workload with its sizes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Load {
    /// Its name in the registry.
    pub name: String,
    /// The sizes in which it differs from others of a sweep, as `tasks=10,latency=5ms`; none if it is alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub swept: Option<Swept>,
    /// Whether it measures timers and clients before the comparison, instead of being part of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub calibration: bool,
    /// Units known up front.
    pub tasks: u64,
    /// How long each wait lasts: `20ms`, `uniform:10ms,30ms` or `lognormal:20ms,80ms`.
    #[schemars(with = "String")]
    pub latency: Latency,
    /// At most this many units in flight, where it is not the spec's. 1 to 1,000,000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<usize>,
    /// Worker threads of asynchronous runtimes, where it is not the spec's. 1 to 1024.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workers: Option<usize>,
    /// How long each unit computes, such as `2ms`, for workloads that compute: as many steps as that is at the speed that is
    /// measured at the start of the run. Instead of it, `rounds` asks for a number of steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compute: Option<ComputeTime>,
    /// Sizes that only this workload has.
    #[serde(flatten)]
    pub numbers: BTreeMap<String, u64>,
}

impl Load {
    /// A workload with the spec's limit and the sizes that everything has.
    pub fn new(name: &str, tasks: u64, latency: Latency) -> Self {
        Load {
            name: name.to_owned(),
            swept: None,
            calibration: false,
            tasks,
            latency,
            concurrency: None,
            workers: None,
            compute: None,
            numbers: BTreeMap::new(),
        }
    }

    /// Its name in samples and tables: with the swept sizes, so that no two are the same.
    pub fn label(&self) -> String {
        match &self.swept {
            Some(swept) => format!("{}({swept})", self.name),
            None => self.name.clone(),
        }
    }

    /// The value of a size that is swept over.
    pub fn size(&self, name: &str) -> Option<Value> {
        let sizes = self.swept.iter().flat_map(Swept::sizes);
        let mut named = sizes.filter(|size| size.name == name);
        named.next().map(|size| size.value)
    }

    /// The sizes as the workload takes them.
    pub fn params(&self, seed: u64) -> Params {
        Params {
            numbers: self.numbers.clone(),
            ..Params::new(seed, self.tasks, self.latency)
        }
    }
}
