//! Which answer a path has, and after how long.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use workloads::{Answer, Entry, Outline, Params};

use crate::counters::MOST_RESERVED;

/// The workloads that speak to the server, made for one set of parameters.
pub(crate) struct Site {
    outlines: Vec<(&'static str, Box<dyn Outline>)>,
}

impl Site {
    /// Makes each workload with the numbers that it declares; a number that no workload declares is refused.
    pub(crate) fn new(workloads: &[Entry], params: &Params) -> Result<Self> {
        let served = workloads.iter().filter(|entry| entry.facts.server);
        let numbers = served.flat_map(|entry| entry.facts.numbers);
        let declared: BTreeSet<_> = numbers.map(|number| number.name).collect();
        for name in params.numbers.keys() {
            if !declared.contains(name.as_str()) {
                let all = declared.into_iter().collect::<Vec<_>>().join(", ");
                bail!("no workload has a number `{name}`; allowed are {all}");
            }
        }
        let outline = |entry: &Entry| {
            let mut own = params.clone();
            own.numbers
                .retain(|name, _| entry.facts.numbers.iter().any(|n| n.name == name));
            Ok((entry.facts.name, (entry.outline)(&own)?))
        };
        let entries = workloads.iter().filter(|entry| entry.facts.server);
        let outlines = entries.map(outline).collect::<Result<_>>()?;
        Ok(Site { outlines })
    }

    /// The answer to a path. The first segment of a path names its workload; none if that workload does not know the path.
    pub(crate) fn answer(&self, path: &str, attempt: u32) -> Option<Answer> {
        let first = path.strip_prefix('/')?.split('/').next()?;
        let (_, outline) = self.outlines.iter().find(|(name, _)| *name == first)?;
        outline.answer(path, attempt)
    }

    /// The requests of the workload that sends the most of them, or as many as there is ever room for.
    pub(crate) fn requests(&self) -> u64 {
        let counted = |outline: &dyn Outline| match outline.units() {
            units if units < MOST_RESERVED => outline.requests(),
            _ => MOST_RESERVED,
        };
        let each = self.outlines.iter().map(|(_, outline)| counted(&**outline));
        each.max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(numbers: &[(&str, u64)]) -> Params {
        Params {
            numbers: numbers.iter().map(|(k, v)| ((*k).into(), *v)).collect(),
            ..Params::new(1, 10, "uniform:10ms,30ms".parse().unwrap())
        }
    }

    fn site(numbers: &[(&str, u64)]) -> Result<Site> {
        Site::new(workloads::all(), &params(numbers))
    }

    fn error(numbers: &[(&str, u64)]) -> String {
        format!("{:#}", site(numbers).err().unwrap())
    }

    #[test]
    fn each_workload_takes_its_own_numbers() {
        let site = site(&[("body_bytes", 7), ("pages", 3)]).unwrap();
        assert_eq!(site.answer("/get/9", 0).unwrap().reply.len(), 7);
        assert!(site.answer("/pages/9/first", 0).is_some());
        // Ten units of the aggregate ask five backends each.
        assert_eq!(site.requests(), 50);
    }

    #[test]
    fn numbers_that_nobody_declares_or_that_are_out_of_range_are_refused() {
        let error_of_name = error(&[("size", 7)]);
        assert!(
            error_of_name.contains("`size`")
                && error_of_name
                    .contains("allowed are attempts, back_off_ms, backends, body_bytes"),
            "{error_of_name}"
        );
        let error_of_range = error(&[("pages", 0)]);
        assert!(
            error_of_range.contains("pages = 0: allowed are 1 to 10000"),
            "{error_of_range}"
        );
    }

    #[test]
    fn the_delay_is_that_of_the_endpoint_the_item_and_the_attempt() {
        let site = site(&[]).unwrap();
        for (path, endpoint, item, attempt) in [
            ("/get/3", "get", 3, 0),
            ("/get/3", "get", 3, 1),
            ("/pages/4/first", "pages/4", 0, 0),
        ] {
            let answer = site.answer(path, attempt).unwrap();
            let expected = params(&[]).delay(endpoint, item, attempt);
            assert_eq!(answer.delay, expected, "{path}");
            assert_eq!(
                answer.key,
                params(&[]).key(endpoint, item, attempt),
                "{path}"
            );
        }
    }

    #[test]
    fn only_paths_of_workloads_are_known() {
        let site = site(&[]).unwrap();
        for path in ["", "/", "/get", "get/1", "//get/1", "/sleep/1", "/get/1?x"] {
            assert!(site.answer(path, 0).is_none(), "{path}");
        }
    }
}
