//! Whole documents in GitHub's Markdown: the README of a run, and that of a trial.

use model::gate::GateTrial;
use model::{CellSummary, Host, Judgement, Launched, Series, Spec, Summary};

use crate::answer::answer;
use crate::formats::escape::markdown as escape;
use crate::formats::markdown::{bold, markdown};
use crate::machine::machine_card;
use crate::numbers::{duration, percent};
use crate::order::ORDERS;
use crate::plots::{of_makespans, of_series};
use crate::question::question;
use crate::sections::{About, Section, name_of, sections};
use crate::table::Table;
use crate::tables::computing;
use crate::tables::run::all_tables;

/// The README of a run: what was measured, the tables, how to read them, and where they were measured.
pub fn document(summary: &Summary) -> String {
    let spec = &summary.spec;
    let mut text = format!(
        "# {}, {}\n\n",
        escape(&spec.name),
        escape(&summary.host.started)
    );
    text += "[How to read the columns](#how-to-read-the-columns). [Where it was measured](#where-it-was-measured).\n\n";
    if summary.interrupted {
        text += "**This run was interrupted: the tables hold what was measured until then.**\n\n";
    }
    for resumed in &summary.resumed {
        text += &format!(
            "This run was interrupted after {} samples. It went on at {}, with new workers.\n\n",
            resumed.samples,
            escape(&resumed.at)
        );
    }
    for section in sections(summary) {
        text += &part(summary, &section);
    }
    for trouble in &summary.troubles {
        text += &bold(trouble);
        text.push('\n');
    }
    text += &reading(&spec.reference.to_string());
    let seen = |cell: &CellSummary| cell.latencies.is_some() || cell.heartbeat.is_some();
    if summary.cells.iter().any(seen) {
        text += QUANTILES;
    }
    text += &machine(&summary.host);
    text += &time(summary);
    text += &format!(
        "Seed {}, {} worker threads. Planned were {} launches with {} rounds that count ({} of them with the long rows), and one discarded round \
         per launch. `spec.toml` says what was asked for. `samples.jsonl` has every sample, and `makespan analyze` computes everything else \
         from it. `summary.json` and `summary.csv` have every number. `index.html` is the same as one page.\n",
        spec.seed, spec.workers, spec.launches, spec.rounds, spec.long_rounds
    );
    text
}

/// One workload: its question, its answer, its picture and its makespans; then what was seen beside them, folded.
fn part(summary: &Summary, section: &Section) -> String {
    let name = &section.name;
    let mut text = format!("## {}\n\n", escape(name));
    let load = summary.spec.load(name);
    if let Some(load) = load.filter(|_| section.about == About::Workload) {
        text += &format!("*{}* ", escape(&question(summary, load)));
        text += &format!("{}\n\n", escape(&answer(summary, name)));
    }
    if let Some(picture) = of_makespans(summary, name) {
        text += &format!("![Makespans of {}]({picture})\n\n", escape(name));
    }
    let own = |series: &&Series| section.about == About::Series && name_of(series) == *name;
    for series in summary.series.iter().filter(own) {
        for picture in of_series(summary, series) {
            let title = escape(&picture.title);
            text += &format!(
                "{}\n\n![{title}]({})\n\n",
                escape(&picture.says),
                picture.file
            );
        }
    }
    let folded = section.about == About::Workload;
    let (first, others) = section.tables.split_at(if folded {
        1.min(section.tables.len())
    } else {
        0
    });
    let written = |tables: &[(usize, Table)]| -> String {
        let each = tables.iter().map(|(_, table)| markdown(table) + "\n");
        each.collect()
    };
    text += &written(first);
    text += &match (folded, others) {
        (_, []) => String::new(),
        (true, others) => fold("What it takes beside time", &written(others)),
        (false, others) => written(others),
    };
    text
}

/// A part that is shown when a reader asks for it. GitHub reads Markdown inside it where blank lines stand around.
fn fold(title: &str, text: &str) -> String {
    format!(
        "<details>\n<summary>{title}</summary>\n\n{}\n\n</details>\n\n",
        text.trim()
    )
}

fn reading(reference: &str) -> String {
    let reference = escape(reference);
    format!(
        "## How to read the columns\n\n\
         - *median*: the time until all units are done.\n\
         - *speed-up*: how many times as fast as {reference} the row is. It is the median of the ratios within rounds, with a 95 % interval \
         that assumes no shape of the noise. Below 1 the row is slower. Files have the ratio of the makespans, which is one over it.\n\
         - *verdict*: the row against the reference. *same*: the difference is shown to be under 5 %. *faster*, *slower*: an interval that holds \
         for all rows together excludes 1, and the difference exceeds the noise floor. *unclear*: none of these.\n\
         - *ties*: every row against every other. Rows without a common letter differ. Rows with one may be equal, or the run cannot tell. \
         The fastest row has an `a`.\n\
         - *vs floor*: the median over the floor, a lower bound that no schedule can beat.\n\
         - *excess/unit*: what each unit adds to the floor.\n\
         - *CPU*: the median processor time of the client process.\n\
         - *waits*, *preempt*: how often its threads gave up the processor, and how often they lost it.\n\
         - *thr*: the most threads that it had.\n\
         - *memory*: how much its resident memory grew.\n\
         - *n*: the number of samples.\n\n\
         One row is measured as two rows. How far the interval of their ratio reaches from 1 is the noise floor. Files name the second entry with `#2`. \
         Each sample was checked against a computed tally and, where there is a server, against the server's own account.\n\n"
    )
}

const QUANTILES: &str = "*p50* and *p99* are quantiles over the observations of all samples, with a distribution-free 95 % \
    interval, and *max* is the largest. Observations within a sample are not independent, so these intervals are a little narrow.\n\n";

/// How launches spent their time.
fn time(summary: &Summary) -> String {
    let launch = |it: &Launched| {
        let (inside, whole) = (percent(it.in_samples), duration(it.elapsed_ns));
        format!("{inside} of {whole}")
    };
    let launches: Vec<String> = summary.launches.iter().map(launch).collect();
    match launches.is_empty() {
        true => String::new(),
        false => format!(
            "Time inside samples, by launch: {}.\n\n",
            launches.join("; ")
        ),
    }
}

/// The machine and the build, folded: what a reader needs who compares with another machine.
fn machine(host: &Host) -> String {
    let rows = machine_card(host);
    let line = |(name, value): &(String, String)| format!("| {} | {} |\n", name, escape(value));
    let table: String = rows.iter().map(line).collect();
    format!(
        "## Where it was measured\n\n{} Absolute times hold for this machine alone.\n\n{}",
        escape(&in_short(host)),
        fold(
            "Machine and build",
            &format!("| what | which |\n| --- | --- |\n{table}")
        )
    )
}

/// The machine in a sentence.
pub(crate) fn in_short(host: &Host) -> String {
    let cpu = host.computer.cpu.as_deref().unwrap_or("unknown processor");
    let placed = computing::placed(host).map(|it| format!(" ({it})"));
    format!(
        "{} processors{}, {cpu}.",
        host.computer.processors,
        placed.unwrap_or_default()
    )
}

/// Where a run was measured, and what of it.
pub fn measured_on(summary: &Summary) -> String {
    let names: Vec<String> = summary
        .spec
        .workloads
        .iter()
        .map(model::Load::label)
        .collect();
    let cpu = summary
        .host
        .computer
        .cpu
        .as_deref()
        .unwrap_or("unknown processor");
    format!(
        "{}: measured on {} ({} processors, {cpu})",
        names.join(", "),
        summary.host.computer.name,
        summary.host.computer.processors
    )
}

/// The README of a run that several machines share: the tables of each, below the machine that measured them.
pub fn merged_document(summaries: &[&Summary], missing: &[String]) -> String {
    let mut text = String::from("# A run of several machines\n\n");
    text += "Each workload was measured on one machine. Ratios and distances to the floor can be put side by side. Absolute times of different machines say nothing about each other.\n\n";
    for name in missing {
        text += &bold(&format!("{name} is missing"));
        text.push('\n');
    }
    for summary in summaries {
        text += &format!("## {}\n\n", escape(&measured_on(summary)));
        for table in all_tables(&ORDERS[0].of(summary)) {
            text += &markdown(&table);
            text.push('\n');
        }
    }
    if let Some(first) = summaries.first() {
        text += &reading(&first.spec.reference.to_string());
    }
    text
}

/// The README of a trial: its tables, how they were made, and where.
pub fn trial_document(
    tables: &[Table],
    judgements: &[Judgement],
    host: &Host,
    command: &str,
) -> String {
    let cpu = escape(host.computer.cpu.as_deref().unwrap_or("unknown processor"));
    let commits = judgements.iter().filter_map(|it| it.commit.as_deref());
    let mut commits: Vec<&str> = commits.collect();
    commits.sort_unstable();
    commits.dedup();
    format!(
        "# {}\n\n{}\nEach judgement is a whole run of the scenario `trial` with a seed of its own, as `{command}` makes it; \
         `judgements.jsonl` has every verdict. Rates have Clopper-Pearson intervals. Machine of the last one: {} processors, {cpu}. \
         Commits: {}.\n",
        escape(command),
        tables.iter().map(markdown).collect::<Vec<_>>().join("\n"),
        host.computer.processors,
        escape(&commits.join(", "))
    )
}

/// The README of trials of the gate: their tables, how they were made, and where.
pub fn gate_trial_document(
    tables: &[Table],
    gates: &[GateTrial],
    host: &Host,
    command: &str,
    spec: &Spec,
) -> String {
    let cpu = escape(host.computer.cpu.as_deref().unwrap_or("unknown processor"));
    let mut commits: Vec<&str> = gates.iter().map(|gate| gate.commit.as_str()).collect();
    commits.sort_unstable();
    commits.dedup();
    format!(
        "# {}\n\n{}\nEach gate compares three builds of one commit, made in three folders, in the scenario `{}` with {} rounds and a seed of \
         its own, as `{command}` makes it. `gates.jsonl` has every one. Rates have Clopper-Pearson intervals, medians have \
         distribution-free ones. Machine of the last gate: {} processors, {cpu}. Commits: {}.\n",
        escape(command),
        tables.iter().map(markdown).collect::<Vec<_>>().join("\n"),
        escape(&spec.name),
        spec.rounds,
        host.computer.processors,
        escape(&commits.join(", "))
    )
}
