//! The sections of a report: which tables belong together, and what they are about.

use std::cmp::Reverse;

use model::{Load, Series, Summary};

use crate::order::ORDERS;
use crate::table::Table;
use crate::tables::run::all_tables;

/// A part of a report.
#[derive(Debug)]
pub(crate) struct Section {
    /// Its title.
    pub(crate) name: String,
    /// What it is about.
    pub(crate) about: About,
    /// Its tables, each with its place among all tables of the run.
    pub(crate) tables: Vec<(usize, Table)>,
}

/// What a section is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// A series of workloads of several sizes.
    Series,
    /// One workload.
    Workload,
    /// Everything else: timers, clients, and all workloads together.
    All,
}

/// The name of the section of a series.
pub(crate) fn name_of(series: &Series) -> String {
    format!("{} by {}", series.workload, series.parameter)
}

/// All sections, in the order in which people read them, with rows in the usual order. A table belongs to the workload that its title
/// begins with.
pub(crate) fn sections(summary: &Summary) -> Vec<Section> {
    let loads = summary.spec.workloads.iter();
    let loads = loads.filter(|load| !load.calibration).map(Load::label);
    let series = summary.series.iter().map(name_of);
    let mut sections: Vec<Section> = Vec::new();
    for (name, about) in series
        .map(|name| (name, About::Series))
        .chain(loads.map(|name| (name, About::Workload)))
    {
        if sections.iter().all(|section| section.name != name) {
            sections.push(Section {
                name,
                about,
                tables: Vec::new(),
            });
        }
    }
    // Longer names first, or a name that begins with another would lose its tables to that.
    let mut longest: Vec<usize> = (0..sections.len()).collect();
    longest.sort_by_key(|index| Reverse(sections[*index].name.len()));
    let mut others = Vec::new();
    let tables = all_tables(&ORDERS[0].of(summary));
    for numbered in tables.into_iter().enumerate() {
        let title = &numbered.1.title;
        let own = longest.iter().find(|index| {
            let after = title.strip_prefix(&sections[**index].name);
            after.is_some_and(|after| after.starts_with(':'))
        });
        match own {
            Some(index) => sections[*index].tables.push(numbered),
            None => others.push(numbered),
        }
    }
    if !others.is_empty() {
        sections.push(Section {
            name: "All workloads".to_owned(),
            about: About::All,
            tables: others,
        });
    }
    sections
}
