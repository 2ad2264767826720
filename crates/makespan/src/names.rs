//! Names and patterns that people type.

use anyhow::{Result, bail, ensure};
use wildmatch::WildMatch;

/// The names that match any of the patterns, in the order of `names`. Without a pattern, all names match.
///
/// # Errors
///
/// If a pattern matches nothing. The error names it, the closest name, and all allowed names.
pub(crate) fn select(what: &str, patterns: &[String], names: &[&str]) -> Result<Vec<String>> {
    let matchers: Vec<_> = patterns
        .iter()
        .map(|pattern| WildMatch::new(pattern))
        .collect();
    for (pattern, matcher) in patterns.iter().zip(&matchers) {
        if !names.iter().any(|name| matcher.matches(name)) {
            bail!("no {what} matches `{pattern}`; {}", allowed(pattern, names));
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

/// Refuses a name that is not among `names`. It is no pattern.
///
/// # Errors
///
/// If it is unknown. The error names the closest name and all allowed names.
pub(crate) fn known(what: &str, name: &str, names: &[&str]) -> Result<()> {
    if names.contains(&name) {
        return Ok(());
    }
    bail!("no {what} is called `{name}`; {}", allowed(name, names))
}

/// The second half of an error: the closest name, and all allowed names.
pub(crate) fn allowed(typed: &str, names: &[&str]) -> String {
    let hint = closest(typed, names)
        .map(|name| format!("did you mean `{name}`? "))
        .unwrap_or_default();
    format!("{hint}allowed are {}", names.join(", "))
}

/// The names and patterns that were typed for a flag. They are repeated or separated by commas; a comma in parentheses belongs to a
/// label.
///
/// # Errors
///
/// If a name stands there twice or is empty.
pub(crate) fn typed(flag: &str, values: &[String]) -> Result<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for value in values {
        let mut depth = 0_usize;
        let parts = value.split(|letter: char| {
            depth = match letter {
                '(' => depth + 1,
                ')' => depth.saturating_sub(1),
                _ => depth,
            };
            letter == ',' && depth == 0
        });
        for part in parts.map(str::trim) {
            ensure!(
                !part.is_empty(),
                "{flag} {value}: a name is empty; allowed are names separated by commas"
            );
            ensure!(
                !names.iter().any(|name| name == part),
                "{flag} {part}: it is named twice; each once is enough"
            );
            names.push(part.to_owned());
        }
    }
    Ok(names)
}

/// The name that is most similar to what was typed; nothing where none is similar.
pub(crate) fn closest<'a>(typed: &str, names: &[&'a str]) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let likeness = |name: &str| strsim::jaro_winkler(&typed, name);
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
    fn commas_separate_names_but_not_within_a_label_and_nothing_is_named_twice() {
        let typed = |values: &[&str]| {
            let values: Vec<_> = values.iter().map(|it| (*it).to_owned()).collect();
            typed("--strategy", &values).map_err(|error| error.to_string())
        };
        assert_eq!(
            typed(&["a, b*", "get(tasks=1,pages=2),c"]).unwrap(),
            ["a", "b*", "get(tasks=1,pages=2)", "c"]
        );
        assert_eq!(typed(&[]).unwrap(), [""; 0]);
        assert_eq!(
            typed(&["a,b", "a"]).unwrap_err(),
            "--strategy a: it is named twice; each once is enough"
        );
        let error = typed(&["a,"]).unwrap_err();
        assert!(
            error.starts_with("--strategy a,: a name is empty"),
            "{error}"
        );
    }

    #[test]
    fn a_name_is_no_pattern() {
        assert!(known("strategy", "smol", &NAMES).is_ok());
        let error = known("strategy", "tok*", &NAMES).unwrap_err().to_string();
        assert!(
            error.starts_with("no strategy is called `tok*`; "),
            "{error}"
        );
    }

    #[test]
    fn what_matches_nothing_is_answered_with_a_hint_and_all_names() {
        let error = selected(&["smol", "tokyo"]).unwrap_err().to_string();
        assert_eq!(
            error,
            "no strategy matches `tokyo`; did you mean `tokio`? allowed are sequential, tokio, tokio-reqwest, smol"
        );
        let error = selected(&["TOKIO"]).unwrap_err().to_string();
        assert!(error.contains("did you mean `tokio`?"), "{error}");
        let error = selected(&["xyz*"]).unwrap_err().to_string();
        assert!(!error.contains("did you mean"), "{error}");
    }
}
