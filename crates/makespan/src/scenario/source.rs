//! Where a scenario comes from: it comes with the program, or it is a file.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use harness::Registry;
use model::Spec;

use super::built_in::{self, SCENARIOS};
use super::file::{self, Origin, Scenario};
use crate::names::allowed;

/// A scenario that can be read.
pub(super) enum Source<'a> {
    /// The text of one that comes with the program.
    BuiltIn(&'static str),
    /// The path of a file.
    File(&'a Path),
}

impl<'a> Source<'a> {
    /// What a person means by a name.
    ///
    /// # Errors
    ///
    /// If it is neither the name of a scenario nor the path of a `.toml` file.
    pub(super) fn of(name: &'a str) -> Result<Self> {
        if let Some(text) = built_in::text(name) {
            return Ok(Source::BuiltIn(text));
        }
        let path = Path::new(name);
        if path.extension() != Some(OsStr::new("toml")) {
            let names: Vec<_> = SCENARIOS.iter().map(|(name, _)| *name).collect();
            let hint = allowed(name, &names);
            bail!("no scenario is called `{name}`; {hint}, and the path of a .toml file");
        }
        Ok(Source::File(path))
    }

    /// The folder of a file.
    pub(super) fn folder(&self) -> Option<PathBuf> {
        match self {
            Source::BuiltIn(_) => None,
            Source::File(path) => path.parent().map(Path::to_owned),
        }
    }
}

/// Reads the scenario of this name.
pub(super) fn load(registry: &Registry, name: &str) -> Result<Scenario> {
    let core = core()?;
    let source = Source::of(name)?;
    let origin = Origin {
        name,
        built_in: matches!(source, Source::BuiltIn(_)),
        registry,
        core: Some(&core),
    };
    match source {
        Source::BuiltIn(text) => file::read(&origin, text),
        Source::File(path) => file::read(&origin, &text(path)?),
    }
}

/// What a plain `run` asks of the machine.
pub(super) fn core() -> Result<Spec> {
    let text = built_in::text("core").context("there is no scenario `core`")?;
    let origin = Origin {
        name: "core",
        built_in: true,
        registry: &Registry::built_in(),
        core: None,
    };
    Ok(file::read(&origin, text)?.spec)
}

fn text(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| {
        let stem = path.file_stem().and_then(OsStr::to_str);
        let like = stem.filter(|stem| built_in::text(stem).is_some());
        let hint =
            like.map(|stem| format!(" (the one that comes with makespan is called `{stem}`)"));
        format!(
            "cannot read the scenario {}{}",
            path.display(),
            hint.unwrap_or_default()
        )
    })
}
