//! One page for a run, in one file that asks for nothing.

use anyhow::{Context, Result};
use minijinja::{AutoEscape, Environment, Value, context};
use model::{Recorded, Summary};
use serde::Serialize;

use crate::answer::{answer, first};
use crate::formats::anchors::Anchors;
use crate::formats::csv::csv;
use crate::formats::escape::terminal;
use crate::formats::html::html;
use crate::formats::json::json;
use crate::machine::machine_card;
use crate::plots::{Plot, plots};
use crate::question::question;
use crate::sections::{About, Section, sections};

/// The template that comes with makespan.
const TEMPLATE: &str = include_str!("page.html");

/// The anchors that it has itself.
const OWN: [&str; 6] = [
    "method",
    "machine",
    "data",
    "exact",
    "summary-json",
    "summary-csv",
];

/// A part of the page: one workload, or one series of them.
#[derive(Serialize)]
struct Shown {
    anchor: String,
    name: String,
    question: Option<String>,
    /// Which rows are ahead.
    first: Option<String>,
    answer: Option<String>,
    plots: Vec<String>,
    tables: Vec<String>,
}

/// The page of a run, made by a template: one's own, or the one that comes with makespan.
///
/// # Errors
///
/// If the template is wrong. The error names the line.
pub fn page(summary: &Summary, recorded: &Recorded, template: Option<&str>) -> Result<String> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment
        .add_template("page.html", template.unwrap_or(TEMPLATE))
        .context("the template is wrong")?;
    let template = environment
        .get_template("page.html")
        .context("the template is wrong")?;
    let host = &summary.host;
    let values = context! {
        name => terminal(&summary.spec.name),
        started => terminal(&host.started),
        interrupted => summary.interrupted,
        resumed => summary.resumed.len(),
        troubles => summary.troubles.iter().map(|it| terminal(it)).collect::<Vec<_>>(),
        sections => shown(summary, recorded),
        reference => terminal(&summary.spec.reference.to_string()),
        seed => summary.spec.seed,
        rounds => summary.spec.rounds,
        launches => summary.spec.launches,
        machine => machine_card(host).into_iter().map(|(name, value)| (name, terminal(&value))).collect::<Vec<_>>(),
        // In JSON this is the same text, and it stays JSON for every template.
        json => embedded(&json(summary)?, "\\u003c"),
        csv => embedded(&csv(summary)?, "<\\"),
    };
    template
        .render(values)
        .context("the template cannot be filled")
}

/// The page and the pictures of a run: the names and texts of its files.
///
/// # Errors
///
/// As [`page`].
pub fn pages(summary: &Summary, recorded: &Recorded) -> Result<Vec<(String, String)>> {
    let mut files = vec![("index.html".to_owned(), page(summary, recorded, None)?)];
    let pictures = plots(summary, recorded).into_iter();
    files.extend(pictures.map(|plot| (format!("plots/{}.svg", plot.name), plot.svg)));
    Ok(files)
}

/// Text inside a script element. Without a `<` before a letter or a slash nothing in it can end that element.
fn embedded(text: &str, less: &str) -> Value {
    Value::from_safe_string(text.replace('<', less))
}

/// All tables and pictures, by what they are about.
fn shown(summary: &Summary, recorded: &Recorded) -> Vec<Shown> {
    let pictures = plots(summary, recorded);
    let mut anchors = Anchors::besides(&OWN);
    let mut shown = Vec::new();
    for section in sections(summary) {
        let plots = pictures.iter().filter(|plot| plot.workload == section.name);
        let plots: Vec<&Plot> = plots.collect();
        if !section.tables.is_empty() || !plots.is_empty() {
            shown.push(one(summary, &section, &plots, &mut anchors));
        }
    }
    shown
}

fn one(summary: &Summary, section: &Section, plots: &[&Plot], anchors: &mut Anchors) -> Shown {
    let name = &section.name;
    let workload = section.about == About::Workload;
    let load = summary.spec.load(name).filter(|_| workload);
    let said = |text: String| terminal(&text);
    Shown {
        anchor: anchors.take(name),
        name: terminal(name),
        question: load.map(|load| said(question(summary, load))),
        first: load.and_then(|_| first(summary, name)).map(said),
        answer: load.map(|_| said(answer(summary, name))),
        plots: plots.iter().map(|plot| plot.svg.clone()).collect(),
        tables: section
            .tables
            .iter()
            .map(|(number, table)| html(table, *number, anchors))
            .collect(),
    }
}
