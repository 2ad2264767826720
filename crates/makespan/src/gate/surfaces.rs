//! Where a gate is shown beside this terminal: files that are asked for, and GitHub where that runs it.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use harness::store;
use report::{ANNOTATIONS, SUMMARY, SURFACES, Surface, Told};

use crate::output;

/// The flags of it.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct SurfaceArguments {
    /// Also write what was found in another form: junit, bmf, benchmark-action, summary, comment or annotations. FILE may be - for standard
    /// output. Repeatable
    #[arg(long = "export", value_name = "NAME=FILE", value_parser = export)]
    exports: Vec<Export>,
    /// Where GitHub runs this: no job summary, no annotations and no outputs
    #[arg(long)]
    no_github: bool,
}

/// A surface, and the file that it goes to.
#[derive(Clone, Debug)]
struct Export {
    surface: Surface,
    file: PathBuf,
}

fn export(text: &str) -> Result<Export, String> {
    let names: Vec<&str> = SURFACES.iter().map(|it| it.name).collect();
    let allowed = || format!("allowed are NAME=FILE with a name of {}", names.join(", "));
    let (name, file) = text.split_once('=').ok_or_else(allowed)?;
    let surface = SURFACES
        .into_iter()
        .find(|it| it.name == name)
        .ok_or_else(allowed)?;
    let file = Some(PathBuf::from(file)).filter(|file| !file.as_os_str().is_empty());
    Ok(Export {
        surface,
        file: file.ok_or_else(allowed)?,
    })
}

impl SurfaceArguments {
    /// Shows a gate on all of them.
    ///
    /// # Errors
    ///
    /// If a file cannot be written. The others are written first.
    pub(crate) fn show(&self, told: &Told, folder: Option<&Path>, outcome: &str) -> Result<()> {
        let mut first = Ok(());
        for export in &self.exports {
            let written = write(export, told);
            first = first.and(written);
        }
        first.and(self.github(told, folder, outcome))
    }

    /// What GitHub takes: a summary in a file that it names, annotations from standard output, and outputs for later steps.
    fn github(&self, told: &Told, folder: Option<&Path>, outcome: &str) -> Result<()> {
        if self.no_github || std::env::var_os("GITHUB_ACTIONS").is_none_or(|it| it != "true") {
            return Ok(());
        }
        let shown = |name: &str| SURFACES.iter().find(|it| it.name == name);
        if let Some(surface) = shown(ANNOTATIONS) {
            output::line((surface.write)(told)?.trim_end());
        }
        if let (Some(surface), Some(file)) = (shown(SUMMARY), variable("GITHUB_STEP_SUMMARY")) {
            append(&file, &(surface.write)(told)?)?;
        }
        if let Some(file) = variable("GITHUB_OUTPUT") {
            let folder = folder.map(|folder| format!("folder={}\n", folder.display()));
            append(
                &file,
                &format!("outcome={outcome}\n{}", folder.unwrap_or_default()),
            )?;
        }
        Ok(())
    }
}

fn variable(name: &str) -> Option<PathBuf> {
    let value = std::env::var_os(name).filter(|value| !value.is_empty());
    value.map(PathBuf::from)
}

fn write(export: &Export, told: &Told) -> Result<()> {
    let text = (export.surface.write)(told)?;
    match export.file.as_os_str() == "-" {
        true => output::line(text.trim_end()),
        false => store::write(&export.file, &text)?,
    }
    Ok(())
}

fn append(file: &Path, text: &str) -> Result<()> {
    let cannot = || format!("cannot write into {}", file.display());
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(file)
        .with_context(cannot)?;
    file.write_all(text.as_bytes()).with_context(cannot)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_is_a_known_name_and_a_file() {
        let export = super::export("junit=a=b.xml").unwrap();
        assert_eq!(
            (export.surface.name, export.file),
            ("junit", PathBuf::from("a=b.xml"))
        );
        for wrong in ["junit", "junit=", "xml=a", "=a", ""] {
            let error = super::export(wrong).unwrap_err();
            assert!(
                error.contains("junit, bmf, benchmark-action, summary"),
                "{wrong}: {error}"
            );
        }
    }
}
