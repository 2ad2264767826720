//! Names and patterns that people type.

use anyhow::{Result, bail};
use wildmatch::WildMatch;

/// The names that match any of the patterns, in the order of `names`; all where there is no pattern.
///
/// # Errors
///
/// If a pattern matches nothing: it is named, with the closest name and all allowed ones.
pub(crate) fn select(what: &str, patterns: &[String], names: &[&str]) -> Result<Vec<String>> {
    let matchers: Vec<_> = patterns
        .iter()
        .map(|pattern| WildMatch::new(pattern))
        .collect();
    for (pattern, matcher) in patterns.iter().zip(&matchers) {
        if !names.iter().any(|name| matcher.matches(name)) {
            let hint = closest(pattern, names)
                .map(|name| format!("did you mean `{name}`? "))
                .unwrap_or_default();
            bail!(
                "no {what} matches `{pattern}`; {hint}allowed are {}",
                names.join(", ")
            );
        }
    }
    let chosen =
        |name: &&&str| patterns.is_empty() || matchers.iter().any(|matcher| matcher.matches(name));
    Ok(names
        .iter()
        .filter(chosen)
        .map(|name| (*name).to_owned())
        .collect())
}

/// The same for strategies, some of which need not be in this build.
///
/// # Errors
///
/// If a pattern matches only such: the features that bring them are named.
pub(crate) fn select_strategies(patterns: &[String], names: &[&str]) -> Result<Vec<String>> {
    for pattern in patterns {
        let matcher = WildMatch::new(pattern);
        let matching = |name: &str| matcher.matches(name);
        let absent = strategies::OPTIONAL.iter();
        let absent = absent.filter(|(module, _)| matching(&module.replace('_', "-")));
        let mut features: Vec<_> = absent.map(|(_, feature)| *feature).collect();
        features.dedup();
        if !features.is_empty() && !names.iter().any(|name| matching(name)) {
            bail!(
                "strategy `{pattern}` is not in this build: build it with `--features {}`",
                features.join(",")
            );
        }
    }
    select("strategy", patterns, names)
}

/// The name that is most like what was typed, if any is like it at all.
fn closest<'a>(typed: &str, names: &[&'a str]) -> Option<&'a str> {
    let likeness = |name: &str| strsim::jaro_winkler(typed, name);
    let best = names
        .iter()
        .copied()
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(best) > 0.7).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 4] = ["sequential", "tokio", "tokio-reqwest", "smol"];

    fn selected(patterns: &[&str]) -> Result<Vec<String>> {
        select(
            "strategy",
            &patterns.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>(),
            &NAMES,
        )
    }

    #[test]
    fn patterns_choose_in_the_order_of_the_registry_and_once() {
        assert_eq!(
            selected(&["smol", "tokio*", "tokio"]).unwrap(),
            ["tokio", "tokio-reqwest", "smol"]
        );
        assert_eq!(selected(&["t?kio"]).unwrap(), ["tokio"]);
        assert_eq!(selected(&[]).unwrap(), NAMES);
    }

    #[test]
    fn what_is_not_in_this_build_is_answered_with_how_to_build_it() {
        let select = |pattern: &str| select_strategies(&[pattern.to_owned()], &NAMES);
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

    #[test]
    fn what_matches_nothing_is_answered_with_a_hint_and_all_names() {
        let error = selected(&["smol", "tokyo"]).unwrap_err().to_string();
        assert_eq!(
            error,
            "no strategy matches `tokyo`; did you mean `tokio`? allowed are sequential, tokio, tokio-reqwest, smol"
        );
        let error = selected(&["xyz*"]).unwrap_err().to_string();
        assert!(!error.contains("did you mean"), "{error}");
    }
}
