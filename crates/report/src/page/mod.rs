//! One page for a run, in one file that asks for nothing.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use minijinja::{AutoEscape, Environment, Value, context};
use model::{Load, Recorded, Summary};
use serde::Serialize;

use crate::answer::{answer, first};
use crate::formats::anchors::Anchors;
use crate::formats::csv::csv;
use crate::formats::escape::terminal;
use crate::formats::html::html;
use crate::formats::json::json;
use crate::numbers::bytes;
use crate::order::ORDERS;
use crate::plots::{Plot, plots};
use crate::table::Table;
use crate::tables::run::all_tables;

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
struct Section {
    anchor: String,
    name: String,
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
        sections => sections(summary, recorded),
        reference => terminal(&summary.spec.reference.to_string()),
        seed => summary.spec.seed,
        rounds => summary.spec.rounds,
        launches => summary.spec.launches,
        machine => machine(summary),
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

fn machine(summary: &Summary) -> Vec<(String, String)> {
    let host = &summary.host;
    let unknown = || "unknown".to_owned();
    let packages = host.build.packages.iter();
    let packages: Vec<String> = packages
        .map(|(name, version)| format!("{name} {version}"))
        .collect();
    [
        (
            "Processor",
            host.computer.cpu.clone().unwrap_or_else(unknown),
        ),
        (
            "Processors that may be used",
            host.computer.processors.to_string(),
        ),
        (
            "Memory",
            host.computer.memory_bytes.map_or_else(unknown, bytes),
        ),
        ("System", host.computer.system.clone()),
        (
            "Kernel",
            host.computer.kernel.clone().unwrap_or_else(unknown),
        ),
        ("Compiler", host.build.rustc.clone()),
        ("Build", host.build.profile.clone()),
        ("makespan", host.build.makespan.clone()),
        ("Commit", host.build.commit.clone().unwrap_or_else(unknown)),
        ("Packages", packages.join(", ")),
    ]
    .map(|(name, value)| (name.to_owned(), terminal(&value)))
    .into()
}

/// All tables and pictures, by what they are about. A table belongs to the workload that its title begins with.
fn sections(summary: &Summary, recorded: &Recorded) -> Vec<Section> {
    let pictures = plots(summary, recorded);
    let mut names: Vec<String> = Vec::new();
    let loads = summary
        .spec
        .workloads
        .iter()
        .filter(|load| !load.calibration);
    names.extend(
        summary
            .series
            .iter()
            .map(|it| format!("{} by {}", it.workload, it.parameter)),
    );
    names.extend(loads.map(Load::label));
    let tables = all_tables(&ORDERS[0].of(summary));
    let mut left: Vec<(usize, Table)> = tables.into_iter().enumerate().collect();
    let mut sections = Vec::new();
    // Longer names first, or a name that begins with another would lose its tables to that.
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|index| std::cmp::Reverse(names[*index].len()));
    let mut own: Vec<Vec<(usize, Table)>> = names.iter().map(|_| Vec::new()).collect();
    for index in order {
        let begins = format!("{}:", names[index]);
        let (mine, others) = left
            .into_iter()
            .partition(|(_, table)| table.title.starts_with(&begins));
        own[index] = mine;
        left = others;
    }
    let mut seen = BTreeSet::new();
    let mut anchors = Anchors::besides(&OWN);
    for (name, tables) in names.iter().zip(own) {
        let plots = pictures.iter().filter(|plot| plot.workload == *name);
        let plots: Vec<&Plot> = plots.collect();
        if tables.is_empty() && plots.is_empty() || !seen.insert(name.clone()) {
            continue;
        }
        let swept = summary
            .series
            .iter()
            .any(|it| format!("{} by {}", it.workload, it.parameter) == *name);
        sections.push(section(
            name,
            (!swept).then(|| (first(summary, name), answer(summary, name))),
            &plots,
            &tables,
            &mut anchors,
        ));
    }
    if !left.is_empty() {
        sections.push(section("All workloads", None, &[], &left, &mut anchors));
    }
    sections
}

fn section(
    name: &str,
    said: Option<(Option<String>, String)>,
    plots: &[&Plot],
    tables: &[(usize, Table)],
    anchors: &mut Anchors,
) -> Section {
    let (first, answer) = said.map_or((None, None), |(first, answer)| (first, Some(answer)));
    Section {
        anchor: anchors.take(name),
        name: terminal(name),
        first: first.map(|it| terminal(&it)),
        answer: answer.map(|it| terminal(&it)),
        plots: plots.iter().map(|plot| plot.svg.clone()).collect(),
        tables: tables
            .iter()
            .map(|(number, table)| html(table, *number, anchors))
            .collect(),
    }
}
