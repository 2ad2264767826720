//! The programs that a scenario file declares.

use std::collections::BTreeMap;

use harness::Registry;
use model::{Program, ProgramCapacity};

use super::faults::Faults;
use super::table::{Placed, Table};
use super::value::{Value, text, texts, whole};
use crate::names::known;
use crate::scenario::strategies::is_built_in;

/// Reads all of them. What is wrong with one is kept with its line.
pub(super) fn read(registry: &Registry, top: &mut Table, faults: &mut Faults) -> Vec<Program> {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    let mut all = Vec::new();
    for mut table in top.tables(faults, "program") {
        let Some(program) = program(&mut table, faults) else {
            continue;
        };
        let faulty = program.faults().into_iter();
        for (key, text) in faulty.chain(wrong(registry, &program)) {
            faults.add(&table.place(key), text);
        }
        let at = table.place("name");
        if let Some(first) = found.insert(program.name.clone(), faults.line(&at)) {
            let text = format!(
                "program name = \"{}\": it is declared twice, first in line {first}; each needs a name of its own",
                program.name
            );
            faults.add(&at, text);
            continue;
        }
        all.push(program);
    }
    all
}

fn program(table: &mut Table, faults: &mut Faults) -> Option<Program> {
    for (key, example) in [
        ("name", "\"mine\""),
        ("command", "[\"python3\", \"mine.py\"]"),
        ("client", "\"requests\""),
        ("workloads", "[\"get\"]"),
    ] {
        table.need(faults, key, example);
    }
    let name = table.get(faults, "name", text);
    table.prefix = match &name {
        Some(name) => format!("program `{}`: ", name.get_ref()),
        None => "program: ".to_owned(),
    };
    let command = table.get(faults, "command", texts);
    let client = table.get(faults, "client", text);
    let workloads = table.get(faults, "workloads", texts);
    let capacity = table.get(faults, "capacity", capacity);
    let threads = table.get(faults, "threads", whole(1, 1_000_000));
    let about = table.get(faults, "about", text);
    let install = table.get(faults, "install", text);
    table.finish(faults, |_| None);
    Some(Program {
        name: name?.into_inner(),
        command: command?.into_inner(),
        client: client?.into_inner(),
        workloads: workloads?.into_inner(),
        capacity: capacity.map(Placed::into_inner).unwrap_or_default(),
        threads: threads.map(|it| it.into_inner() as usize),
        about: about.map(Placed::into_inner),
        install: install.map(Placed::into_inner),
    })
}

/// What is wrong with a program here, by its key: it is called like a strategy, or names a workload that nobody knows.
fn wrong(registry: &Registry, program: &Program) -> Vec<(&'static str, String)> {
    let workloads = registry.workloads.iter().map(|entry| entry.facts.name);
    let workloads: Vec<_> = workloads.collect();
    let mut faults = Vec::new();
    if is_built_in(registry, &program.name) {
        let text = format!(
            "program name = \"{}\": a built-in strategy has this name; allowed is any that `makespan list strategies` does not show",
            program.name
        );
        faults.push(("name", text));
    }
    for workload in &program.workloads {
        if let Err(error) = known("workload", workload, &workloads) {
            let text = format!(
                "program `{}`: workloads = {:?}: {error}",
                program.name, program.workloads
            );
            faults.push(("workloads", text));
        }
    }
    faults
}

fn capacity(value: &Value) -> Result<ProgramCapacity, String> {
    match value.value.as_str() {
        Some("one") => Ok(ProgramCapacity::One),
        Some("workers") => Ok(ProgramCapacity::Workers),
        Some("limit") => Ok(ProgramCapacity::Limit),
        _ => Err(format!(
            "{value}: allowed are \"one\", \"workers\" and \"limit\""
        )),
    }
}
