//! Lists strategies, workloads, scenarios and reasons.

use std::collections::BTreeMap;

use anyhow::anyhow;
use clap::{Args, ValueEnum};
use harness::Registry;
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::output;
use crate::scenario;

/// List strategies, workloads, scenarios or reasons with their facts, or what runs what (--matrix)
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// What to list
    #[arg(required_unless_present = "matrix")]
    what: Option<Listed>,
    /// Show which strategy runs which workload, and why a cell does not exist
    #[arg(long, conflicts_with = "what")]
    matrix: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Print the page about all reasons
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Listed {
    Strategies,
    Workloads,
    Scenarios,
    Reasons,
}

pub(crate) fn carry_out(registry: &Registry, arguments: &Arguments) -> Result<(), Exit> {
    match arguments.what {
        Some(Listed::Reasons) if arguments.markdown => {
            output::line(report::reasons_document().trim_end());
            return Ok(());
        }
        _ if arguments.markdown => {
            let error = anyhow!("--markdown: allowed with `list reasons` alone");
            return Err(Exit::Usage(error));
        }
        _ => {}
    }
    let lines = match arguments.what {
        None => matrix(registry),
        Some(Listed::Strategies) => strategies(registry),
        Some(Listed::Workloads) => workloads(registry),
        Some(Listed::Scenarios) => scenarios(),
        Some(Listed::Reasons) => reasons(),
    };
    if arguments.json {
        let values: Vec<_> = lines.into_iter().map(|(_, value)| value).collect();
        output::line(format_args!("{:#}", Value::from(values)));
    } else {
        lines
            .iter()
            .for_each(|(line, _)| output::line(format_args!("{line}")));
    }
    Ok(())
}

fn strategies(registry: &Registry) -> Vec<(String, Value)> {
    let version = |package: &&'static str| {
        let version = strategies::versions().get(package);
        (*package, version.map_or("unknown", String::as_str))
    };
    let line = |row: &strategies::Row| {
        let facts = row.facts;
        let packages: Vec<_> = facts.packages.iter().map(version).collect();
        let with = match packages.is_empty() {
            true => "std".to_owned(),
            false => packages
                .iter()
                .map(|(name, version)| format!("{name} {version}"))
                .collect::<Vec<_>>()
                .join(", "),
        };
        let upkeep = facts.advisory.unwrap_or("kept");
        let quantum = match facts.quantum.is_zero() {
            true => "the kernel's".to_owned(),
            false => format!("{:?}", facts.quantum),
        };
        let text = format!(
            "{:<32} {}; {}; {with}; client {}; root on the {}; threads: {}; fan-out: {}; timer step: {quantum}; {upkeep}",
            facts.name,
            facts.family.name(),
            facts.about,
            facts.client.name(),
            facts.root,
            facts.threads,
            facts.fan_out,
        );
        let lacks = facts
            .lacks
            .iter()
            .map(|(need, why)| json!({"need": need, "why": why}));
        let value = json!({
            "name": facts.name, "about": facts.about, "family": facts.family, "client": facts.client,
            "packages": packages.iter().copied().collect::<std::collections::BTreeMap<_, _>>(), "root": facts.root,
            "threads": facts.threads, "fan_out": facts.fan_out, "manner": facts.manner, "lacks": lacks.collect::<Vec<_>>(),
            "capacity": facts.capacity, "timer_quantum_ns": facts.quantum.as_nanos() as u64, "advisory": facts.advisory,
        });
        (text, value)
    };
    registry.strategies.iter().map(line).collect()
}

fn workloads(registry: &Registry) -> Vec<(String, Value)> {
    let line = |entry: &workloads::Entry| {
        let facts = entry.facts;
        let numbers: String = facts
            .numbers
            .iter()
            .map(|number| format!(", {}", number.name))
            .collect();
        let text = format!(
            "{:<21} {}; sizes: tasks, latency{numbers}",
            facts.name, facts.about
        );
        let number = |number: &workloads::Number| {
            json!({
                "name": number.name, "about": number.about, "default": number.default, "min": number.min, "max": number.max,
            })
        };
        let numbers: Vec<_> = facts.numbers.iter().map(number).collect();
        let value = json!({
            "name": facts.name, "about": facts.about, "server": facts.server, "needs": facts.needs, "numbers": numbers,
        });
        (text, value)
    };
    registry.workloads.iter().map(line).collect()
}

/// For each workload: the strategies that can run it, and those that cannot, by reason. This follows from what the workload needs and
/// what the strategy lacks; it is listed nowhere.
fn matrix(registry: &Registry) -> Vec<(String, Value)> {
    let workload = |entry: &workloads::Entry| {
        let mut reasons: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        let mut able = Vec::new();
        for row in &registry.strategies {
            match registry.unsupported(entry, row) {
                None => able.push(row.facts.name),
                Some(why) => reasons.entry(why).or_default().push(row.facts.name),
            }
        }
        let (name, all) = (entry.facts.name, registry.strategies.len());
        let mut text = format!("{name:<21} {} of {all} strategies", able.len());
        for (why, rows) in &reasons {
            text += &format!("\n{:21} not {}: {why}", "", rows.join(", "));
        }
        let value = json!({"workload": name, "strategies": able, "excluded": reasons});
        (text, value)
    };
    registry.workloads.iter().map(workload).collect()
}

/// The first comment of a scenario says what it is for.
fn scenarios() -> Vec<(String, Value)> {
    let line = |(name, _): &(&str, &str)| {
        let about = scenario::about(name).unwrap_or_default();
        let programs = scenario::programs_of(name);
        let with = match programs.is_empty() {
            true => String::new(),
            false => format!(" Programs: {}.", programs.join(", ")),
        };
        (
            format!("{name:<21} {about}{with}"),
            json!({"name": name, "about": about, "programs": programs}),
        )
    };
    scenario::SCENARIOS.iter().map(line).collect()
}

/// Why a row may have the number that it has, and when a report says so.
fn reasons() -> Vec<(String, Value)> {
    let line = |rule: &model::Rule| {
        (
            format!("{:<21} {}; see {}", rule.id, rule.when, rule.source),
            json!({"id": rule.id, "when": rule.when, "source": rule.source}),
        )
    };
    model::REASONS.iter().map(line).collect()
}
