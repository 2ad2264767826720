//! One part of a run that several machines share.

use std::str::FromStr;

use anyhow::{Context, Result, ensure};
use harness::Prepared;
use model::Spec;
use serde::{Deserialize, Serialize};

use crate::runs::outlook::floor;

/// The file of a run folder that says which part it is.
pub(crate) const SHARD: &str = "shard.json";

/// A part, as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shard {
    /// This one of so many, from 1.
    Number { index: u32, of: u32 },
    /// What the machine that runs this says, of so many where it does not say that.
    Auto { of: Option<u32> },
}

/// What the file says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Part {
    /// Which one, from 1.
    pub(crate) index: u32,
    /// Of so many.
    pub(crate) of: u32,
    /// What all of them measure together.
    pub(crate) whole: Spec,
}

const ALLOWED: &str = "allowed are I/N with I from 1 to N, auto, or auto/N";

impl FromStr for Shard {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let number = |text: &str| {
            text.parse::<u32>()
                .ok()
                .filter(|it| (1..=1000).contains(it))
        };
        let shard = match text.split_once('/') {
            None if text == "auto" => Shard::Auto { of: None },
            None => anyhow::bail!(ALLOWED),
            Some(("auto", of)) => Shard::Auto {
                of: Some(number(of).context(ALLOWED)?),
            },
            Some((index, of)) => {
                let (index, of) = number(index).zip(number(of)).context(ALLOWED)?;
                Shard::Number { index, of }
            }
        };
        if let Shard::Number { index, of } = shard {
            ensure!(index <= of, ALLOWED);
        }
        Ok(shard)
    }
}

/// What a system of jobs says of one of them: how the variables are called, and whether it counts from 1.
struct Names {
    index: &'static str,
    of: &'static str,
    first: Option<&'static str>,
    from_one: bool,
}

/// GitLab and others, Slurm arrays, indexed jobs of Kubernetes.
const SYSTEMS: [Names; 3] = [
    Names {
        index: "CI_NODE_INDEX",
        of: "CI_NODE_TOTAL",
        first: None,
        from_one: true,
    },
    Names {
        index: "SLURM_ARRAY_TASK_ID",
        of: "SLURM_ARRAY_TASK_COUNT",
        first: Some("SLURM_ARRAY_TASK_MIN"),
        from_one: false,
    },
    Names {
        index: "JOB_COMPLETION_INDEX",
        of: "JOB_COMPLETION_COUNT",
        first: None,
        from_one: false,
    },
];

impl Shard {
    /// Which one of how many. `variable` reads the environment.
    ///
    /// # Errors
    ///
    /// If the environment does not say it, or says something that cannot be. The error names the variable.
    pub(crate) fn numbers(self, variable: impl Fn(&str) -> Option<String>) -> Result<(u32, u32)> {
        let of = match self {
            Shard::Number { index, of } => return Ok((index, of)),
            Shard::Auto { of } => of,
        };
        let number = |name: &str| -> Result<Option<u32>> {
            let text = variable(name);
            let parse = |text: String| {
                let number = text.trim().parse::<u32>().ok();
                number.with_context(|| format!("{name} is `{text}`; allowed is a whole number"))
            };
            text.map(parse).transpose()
        };
        let system = SYSTEMS.iter().find(|names| variable(names.index).is_some());
        let names = SYSTEMS.map(|names| names.index).join(", ");
        let system = system.with_context(|| {
            format!("--shard auto: none of {names} is set; allowed is --shard I/N")
        })?;
        let said = number(system.index)?.unwrap_or_default();
        let first = system.first.map(&number).transpose()?.flatten();
        let first = first.unwrap_or(u32::from(system.from_one));
        let of = match of {
            Some(of) => of,
            None => number(system.of)?.with_context(|| {
                format!(
                    "--shard auto: {} is not set; allowed is --shard auto/N",
                    system.of
                )
            })?,
        };
        let index = said.checked_sub(first).map(|index| index + 1);
        let index = index.filter(|index| *index <= of).with_context(|| {
            format!(
                "{} is {said}, which is none of {of} from {first} on",
                system.index
            )
        })?;
        Ok((index, of))
    }
}

/// Leaves the workloads of one part in a spec. Whole workloads are dealt, with all their sizes, because rows are only compared on one
/// machine. The parts take about equally long.
pub(crate) fn deal(spec: &mut Spec, cells: &[Prepared], index: u32, of: u32) {
    let mut costs: Vec<(String, u128)> = Vec::new();
    for cell in cells {
        let cost = floor(cell).as_nanos();
        match costs.iter_mut().find(|(name, _)| *name == cell.workload) {
            Some((_, sum)) => *sum += cost,
            None => costs.push((cell.workload.clone(), cost)),
        }
    }
    costs.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut parts = vec![(0u128, Vec::new()); of as usize];
    for (name, cost) in costs {
        if let Some((sum, names)) = parts.iter_mut().min_by_key(|(sum, _)| *sum) {
            *sum += cost;
            names.push(name);
        }
    }
    let own = &parts[index as usize - 1].1;
    spec.workloads.retain(|load| own.contains(&load.name));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Registry;

    #[test]
    fn a_part_is_typed_or_read_from_the_environment() {
        let shard = |text: &str| text.parse::<Shard>();
        let environment = |set: &'static [(&str, &str)]| {
            move |name: &str| {
                let found = set.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            }
        };
        let none = environment(&[]);
        assert_eq!(shard("2/3").unwrap().numbers(none).unwrap(), (2, 3));
        let gitlab = environment(&[("CI_NODE_INDEX", "3"), ("CI_NODE_TOTAL", "3")]);
        assert_eq!(shard("auto").unwrap().numbers(gitlab).unwrap(), (3, 3));
        let slurm = environment(&[
            ("SLURM_ARRAY_TASK_ID", "12"),
            ("SLURM_ARRAY_TASK_MIN", "10"),
            ("SLURM_ARRAY_TASK_COUNT", "4"),
        ]);
        assert_eq!(shard("auto").unwrap().numbers(slurm).unwrap(), (3, 4));
        let kubernetes = environment(&[("JOB_COMPLETION_INDEX", "0")]);
        assert_eq!(
            shard("auto/5").unwrap().numbers(kubernetes).unwrap(),
            (1, 5)
        );
        for (text, set, needed) in [
            ("auto", &[][..], "none of CI_NODE_INDEX"),
            (
                "auto",
                &[("CI_NODE_INDEX", "1")],
                "CI_NODE_TOTAL is not set",
            ),
            ("auto/2", &[("CI_NODE_INDEX", "3")], "CI_NODE_INDEX is 3"),
            ("auto/2", &[("CI_NODE_INDEX", "0")], "CI_NODE_INDEX is 0"),
            ("auto/2", &[("CI_NODE_INDEX", "x")], "CI_NODE_INDEX is `x`"),
        ] {
            let error = shard(text).unwrap().numbers(environment(set)).unwrap_err();
            assert!(error.to_string().contains(needed), "{error}");
        }
        for wrong in [
            "", "0/3", "4/3", "1", "1/0", "auto/0", "a/b", "auto/", "1/2/3",
        ] {
            let error = shard(wrong).unwrap_err().to_string();
            assert!(error.contains("allowed are I/N"), "{wrong}: {error}");
        }
    }

    #[test]
    fn each_workload_is_in_one_part_with_all_its_sizes() {
        let registry = Registry::built_in();
        let whole = crate::scenario::core().unwrap();
        let cells = registry.prepare(&whole).unwrap();
        for of in [1, 2, 3, 40] {
            let mut seen = Vec::new();
            for index in 1..=of {
                let mut part = whole.clone();
                deal(&mut part, &cells, index, of);
                seen.extend(part.workloads.iter().map(model::Load::label));
            }
            seen.sort();
            let mut all: Vec<String> = whole.workloads.iter().map(model::Load::label).collect();
            all.sort();
            assert_eq!(seen, all, "{of}");
        }
    }
}
