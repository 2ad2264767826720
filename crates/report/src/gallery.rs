//! The page of a gallery: what each of its runs asked, and what it found.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use model::{Load, Summary};

use crate::answer::answer;
use crate::document::in_short;
use crate::formats::escape::markdown as escape;
use crate::plots::{of_makespans, of_series};
use crate::sections::{About, Section, sections};

/// A run of a gallery.
#[derive(Debug)]
pub struct Shown<'a> {
    /// The name of its scenario, and of its folder.
    pub name: &'a str,
    /// What the scenario is for.
    pub about: &'a str,
    /// What was measured.
    pub summary: &'a Summary,
}

/// The README of a gallery.
pub fn gallery_document(runs: &[Shown]) -> String {
    let mut text = String::from(
        "# Gallery\n\n\
         Runs of the scenarios that come with makespan. `makespan gallery` measures the missing ones and writes this page.\n\n",
    );
    text += &machines(runs);
    text += "| scenario | what it shows |\n| --- | --- |\n";
    for run in runs {
        text += &format!(
            "| [{name}](#{name}) | {} |\n",
            escape(first_sentence(run.about)),
            name = escape(run.name)
        );
    }
    for run in runs {
        text += &format!("\n{}", part(run));
    }
    text
}

/// One scenario: what it is for, its pictures, and what they and its workloads say.
fn part(run: &Shown) -> String {
    let (name, summary) = (escape(run.name), run.summary);
    let mut text = format!("## {name}\n\n{}\n\n", escape(run.about));
    if summary.interrupted {
        text += "**This run was interrupted: it holds what was measured until then.**\n\n";
    }
    for series in &summary.series {
        for picture in of_series(summary, series) {
            let (title, says) = (escape(&picture.title), escape(&picture.says));
            text += &format!(
                "![{title}]({name}/{})\n\n- **{title}** {says}\n\n",
                picture.file
            );
        }
    }
    text += &workloads(run);
    let failed = summary.failures().count();
    if failed > 0 {
        text += &format!("- **{failed} rows failed; the tables say why.**\n");
    }
    text + &format!(
        "\n[All tables]({name}/README.md), [the same as a page]({name}/index.html), and in a shell: `makespan run {name}`.\n"
    )
}

/// What each workload says that is no size of a series, below the picture of the first.
fn workloads(run: &Shown) -> String {
    let (name, summary) = (escape(run.name), run.summary);
    let points = || summary.series.iter().flat_map(|it| &it.points);
    let sections = sections(summary);
    let alone = |section: &&Section| {
        let swept = points().any(|point| point.label == section.name);
        section.about == About::Workload && !swept
    };
    let loads = sections
        .iter()
        .filter(alone)
        .filter_map(|section| summary.spec.load(&section.name));
    let own: Vec<&Load> = loads.collect();
    let mut text = String::new();
    // Where it is asked what happens, times are beside the point.
    let asks = summary.cells.iter().any(|cell| !cell.verdicts.is_empty());
    // What has the most units: of a run that also measures one unit, that is no picture.
    let mut largest = own.clone();
    largest.sort_by_key(|load| Reverse(load.tasks));
    let mut pictures = largest
        .iter()
        .filter_map(|load| Some((load.label(), of_makespans(summary, &load.label())?)));
    if let Some((what, file)) = pictures.next().filter(|_| !asks) {
        text += &format!("![Makespans of {}]({name}/{file})\n\n", escape(&what));
    }
    for load in own {
        let said = answer(summary, &load.label());
        let (what, size) = (load.label(), format!("{} x {}", load.tasks, load.latency));
        if !said.is_empty() {
            text += &format!("- **{}**, {size}: {}\n", escape(&what), escape(&said));
        }
    }
    text
}

/// On which machines the runs were measured, and by which builds.
fn machines(runs: &[Shown]) -> String {
    let machines: BTreeSet<String> = runs.iter().map(|it| in_short(&it.summary.host)).collect();
    let builds: BTreeSet<String> = runs.iter().map(|it| build(it.summary)).collect();
    let of = |all: BTreeSet<String>| escape(&Vec::from_iter(all).join("; "));
    let (one, same) = (machines.len() == 1, builds.len() == 1);
    let measured = if one {
        "Measured on one machine"
    } else {
        "Measured on several machines"
    };
    let built = if same {
        "by one build"
    } else {
        "by several builds; the page of a run names its own"
    };
    format!(
        "{measured}: {} Measured {built}: {}. Absolute times hold for one machine and one build alone.\n\n",
        of(machines),
        of(builds)
    )
}

fn build(summary: &Summary) -> String {
    let build = &summary.host.build;
    let commit = build.commit.as_deref().unwrap_or("an unknown commit");
    format!("{} {commit}, {}", build.profile, build.rustc)
}

/// The text up to its first full stop or colon that a space follows.
fn first_sentence(text: &str) -> &str {
    let ends = [". ", ": "].into_iter().filter_map(|end| text.find(end));
    &text[..ends.min().unwrap_or(text.len())]
}
