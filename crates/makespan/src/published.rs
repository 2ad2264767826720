//! What others published: files that come with the program, or are given by their path.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use model::Published;

use crate::names::known;

/// Declares what comes with the program.
macro_rules! published {
    ($($name:literal,)+) => {
        /// Each by its name, with its text.
        const PUBLISHED: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../published/", $name, ".toml"))),)+
        ];
    };
}

published! {
    "sleeping-tasks",
    "million-tasks",
    "waking-threads",
    "python-downloads",
    "world-bank",
    "flags",
    "five-fetches",
    "generators",
    "three-sleeps",
    "brigade",
}

/// The names of all that come with the program.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    PUBLISHED.iter().map(|(name, _)| *name)
}

/// Reads what is published under this name, or in this file.
///
/// # Errors
///
/// If there is no such name, or the file is not one. The error names the file, and the line where there is one.
pub(crate) fn read(name: &str) -> Result<Published> {
    let path = Path::new(name);
    let built_in = PUBLISHED.iter().find(|(known, _)| *known == name);
    let text = match built_in {
        Some((_, text)) => (*text).to_owned(),
        None if path.extension().is_some_and(|it| it == "toml") => {
            fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?
        }
        None => {
            let names: Vec<&str> = names().collect();
            known("published table", name, &names)?;
            bail!("`{name}` is no published table");
        }
    };
    let published: Published = toml::from_str(&text).with_context(|| name.to_owned())?;
    let faults = published.faults();
    if !faults.is_empty() {
        bail!("{name}: {}", faults.join("\n"));
    }
    Ok(published)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario;

    #[test]
    fn all_can_be_read_and_name_what_there_is() {
        for name in names() {
            let published = read(name).unwrap();
            assert_eq!(published.name, name);
            if let Some(scenario) = &published.scenario {
                let known = scenario::SCENARIOS.iter().any(|(name, _)| name == scenario);
                assert!(known, "{name}: {scenario}");
            }
            let lines = published.tables.iter().flat_map(|table| &table.lines);
            assert!(published.scenario.is_some() || lines.clone().all(|it| it.absent.is_some()));
        }
    }

    #[test]
    fn faults_name_the_file() {
        for (name, wanted) in [("flag", "flags"), ("none.toml", "none.toml")] {
            let error = format!("{:#}", read(name).unwrap_err());
            assert!(error.contains(wanted), "{error}");
        }
    }
}
