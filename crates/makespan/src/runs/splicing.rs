//! Puts tables, pictures and answers of a run into a document that people write.

use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail};
use harness::store;
use model::Summary;
use report::{Order, Plot, Spliced, Table};

use crate::names::known;
use crate::runs::chosen::{labels, named};
use crate::runs::stored::Stored;

/// What goes into a document, and how.
pub(crate) struct Splicing<'a> {
    /// The whole run. A mark may name any of its workloads.
    pub(crate) run: &'a Stored,
    /// What marks without a name mean.
    pub(crate) chosen: &'a Summary,
    /// In which order rows stand.
    pub(crate) order: Order,
    /// Whether tables of resources and latencies are left out.
    pub(crate) makespans: bool,
}

impl Splicing<'_> {
    /// What belongs between two marks of a document.
    ///
    /// # Errors
    ///
    /// If the run has nothing of that name.
    pub(crate) fn fill(
        &self,
        kind: Spliced,
        name: Option<&str>,
        document: &Path,
    ) -> Result<String> {
        match kind {
            Spliced::Table => self.tables(name),
            Spliced::Picture => self.pictures(name, document),
            Spliced::Answer => self.answers(name),
        }
    }

    fn tables(&self, name: Option<&str>) -> Result<String> {
        let warnings = self.run.warnings();
        let of =
            |summary: &Summary| markdown(&warnings, &tables(summary, self.order, self.makespans));
        match name {
            None => Ok(of(self.chosen)),
            Some(name) => Ok(of(&named(&self.run.summary, name)?)),
        }
    }

    /// A name is that of a picture, such as `get-ratio`, or of a workload: then it is the picture of its makespans.
    fn pictures(&self, name: Option<&str>, document: &Path) -> Result<String> {
        let plots = report::plots(&self.run.summary, &self.run.recorded);
        let makespans = |label: &str| {
            let of = |plot: &&Plot| plot.workload == label && plot.name.ends_with("-makespan");
            plots.iter().find(of)
        };
        let shown: Vec<&Plot> = match name {
            None => labels(self.chosen)
                .iter()
                .filter_map(|label| makespans(label))
                .collect(),
            Some(name) => {
                let by_name = plots.iter().find(|plot| plot.name == name);
                let Some(plot) = by_name.or_else(|| makespans(name)) else {
                    let names: Vec<&str> = plots.iter().map(|plot| plot.name.as_str()).collect();
                    known("picture", name, &names)?;
                    bail!("`{name}` has no picture");
                };
                vec![plot]
            }
        };
        let link = |plot: &&Plot| {
            let file = self.run.folder().join(format!("plots/{}.svg", plot.name));
            let place = relative(&file, document)?;
            Ok(format!("![{}]({place})", report::escaped(&plot.title)))
        };
        let links: Result<Vec<String>> = shown.iter().map(link).collect();
        Ok(links?.join("\n\n"))
    }

    fn answers(&self, name: Option<&str>) -> Result<String> {
        let summary = match name {
            None => self.chosen.clone(),
            Some(name) => named(&self.run.summary, name)?,
        };
        let answers = report::answers(&summary);
        let escaped: Vec<String> = answers.iter().map(|it| report::escaped(it)).collect();
        Ok(escaped.join("\n\n"))
    }
}

/// A file that follows from runs, and whether it did before it was written.
pub(crate) struct Written {
    pub(crate) path: PathBuf,
    same: bool,
}

impl Written {
    /// Writes the text, unless the file has it already or it is only a check.
    pub(crate) fn new(path: &Path, text: &str, check: bool) -> Result<Self> {
        let same = fs::read_to_string(path).is_ok_and(|stored| stored == text);
        if !same && !check {
            store::write(path, text)?;
        }
        Ok(Written {
            path: path.to_owned(),
            same,
        })
    }

    /// Whether it is as it should be. A check says which is not.
    pub(crate) fn is_same(&self, check: bool) -> bool {
        if check && !self.same {
            let path = self.path.display();
            eprintln!("{path}: differs from what the runs say; without --check it is written anew");
        }
        self.same
    }
}

/// Rewrites what stands between the marks of a file.
///
/// # Errors
///
/// If a mark is wrong, or the file cannot be read or written. Then it stays as it is.
pub(crate) fn rewrite(
    path: &Path,
    check: bool,
    fill: impl Fn(Spliced, Option<&str>) -> Result<String>,
) -> Result<Written> {
    let cannot = || format!("cannot put the run into {}", path.display());
    let document = fs::read_to_string(path).with_context(cannot)?;
    let document = report::splice(&document, fill).with_context(cannot)?;
    Written::new(path, &document, check)
}

/// The tables of a run, or those of makespans alone.
pub(crate) fn tables(summary: &Summary, order: Order, makespans: bool) -> Vec<Table> {
    let mut tables = report::tables(&order.of(summary));
    if makespans {
        tables.retain(|table| table.makespans);
    }
    tables
}

/// The same in Markdown, below what must not be missed.
pub(crate) fn markdown(warnings: &[String], tables: &[Table]) -> String {
    let warnings = warnings.iter().map(|it| report::bold(it));
    let tables = tables.iter().map(report::markdown);
    warnings.chain(tables).collect::<Vec<_>>().join("\n")
}

/// The way to a file from the folder of a document, as a link has it.
fn relative(file: &Path, document: &Path) -> Result<String> {
    let whole = |path: &Path| {
        fs::canonicalize(path).with_context(|| format!("there is no file {}", path.display()))
    };
    let (file, document) = (whole(file)?, whole(document)?);
    let folder: Vec<Component> = document
        .parent()
        .into_iter()
        .flat_map(Path::components)
        .collect();
    let parts: Vec<Component> = file.components().collect();
    let shared = folder
        .iter()
        .zip(&parts)
        .take_while(|(a, b)| a == b)
        .count();
    let up = folder[shared..].iter().map(|_| Component::ParentDir);
    let way: PathBuf = up.chain(parts[shared..].iter().copied()).collect();
    let link = way.to_string_lossy().into_owned();
    // A link ends at a space or a bracket.
    Ok(link
        .replace(' ', "%20")
        .replace('(', "%28")
        .replace(')', "%29"))
}
