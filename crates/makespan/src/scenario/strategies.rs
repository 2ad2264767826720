//! The strategies that a scenario can name: those of this executable, those that another build would have, and its own programs.

use anyhow::{Result, bail};
use harness::Registry;
use model::Program;
use wildmatch::WildMatch;

use crate::names;

/// The names of all strategies that can be chosen: those of the registry, then the programs.
pub(super) fn all<'a>(registry: &'a Registry, programs: &'a [Program]) -> Vec<&'a str> {
    let built_in = registry.strategies.iter().map(|row| row.facts.name);
    let declared = programs.iter().map(|program| program.name.as_str());
    built_in.chain(declared).collect()
}

/// The strategies that are compiled in only if a feature is on: each by its name, with that feature.
fn optional() -> impl Iterator<Item = (String, &'static str)> {
    let rows = strategies::OPTIONAL.iter();
    rows.map(|(module, feature)| (module.replace('_', "-"), *feature))
}

/// Whether a built-in strategy has this name, in this build or in another.
pub(super) fn is_built_in(registry: &Registry, name: &str) -> bool {
    registry.strategy(name).is_ok() || optional().any(|(optional, _)| optional == name)
}

/// Whether only another build has a strategy of this name.
pub(super) fn is_left_out(name: &str, names: &[&str]) -> bool {
    !names.contains(&name) && optional().any(|(optional, _)| optional == name)
}

/// The names that match any of the patterns, in the order of `names`.
///
/// # Errors
///
/// If a pattern matches nothing. If it matches a strategy of another build, the features that bring it are named.
pub(super) fn select(patterns: &[String], names: &[&str]) -> Result<Vec<String>> {
    for pattern in patterns {
        let matcher = WildMatch::new(pattern);
        let absent = optional().filter(|(name, _)| matcher.matches(name));
        let mut features: Vec<_> = absent.map(|(_, feature)| feature).collect();
        features.dedup();
        if !features.is_empty() && !names.iter().any(|name| matcher.matches(name)) {
            bail!(
                "strategy `{pattern}` is not in this build: build it with `--features {}`",
                features.join(",")
            );
        }
    }
    names::select("strategy", patterns, names)
}

#[cfg(test)]
mod tests {
    const NAMES: [&str; 4] = ["sequential", "tokio", "tokio-reqwest", "smol"];

    #[test]
    fn what_is_not_in_this_build_is_answered_with_how_to_build_it() {
        let select = |pattern: &str| super::select(&[pattern.to_owned()], &NAMES);
        assert_eq!(select("smol").unwrap(), ["smol"]);
        for (pattern, features) in [("compio", "compio"), ("*onoio", "monoio")] {
            let error = select(pattern).unwrap_err().to_string();
            assert_eq!(
                error,
                format!(
                    "strategy `{pattern}` is not in this build: build it with `--features {features}`"
                )
            );
        }
        let error = select("tokyo").unwrap_err().to_string();
        assert!(error.starts_with("no strategy matches `tokyo`"), "{error}");
    }
}
