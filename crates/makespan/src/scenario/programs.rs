//! The programs that a scenario file declares.

use std::collections::BTreeMap;

use model::{Program, ProgramCapacity};
use toml::de::DeValue;

use super::faults::Faults;
use super::table::{Placed, Table, text, texts};
use crate::Registry;
use crate::scenario::known as programs;

/// Reads all of them. What is wrong with one is kept with its line.
pub(super) fn read(registry: &Registry, top: &mut Table, faults: &mut Faults) -> Vec<Program> {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    let mut all = Vec::new();
    for mut table in top.tables(faults, "program") {
        let Some(program) = program(&mut table, faults) else {
            continue;
        };
        let wrong = program.faults();
        let wrong = wrong
            .into_iter()
            .chain(programs::faults(registry, &program));
        for (key, text) in wrong {
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
    let about = table.get(faults, "about", text);
    let install = table.get(faults, "install", text);
    table.finish(faults, |_| None);
    Some(Program {
        name: name?.into_inner(),
        command: command?.into_inner(),
        client: client?.into_inner(),
        workloads: workloads?.into_inner(),
        capacity: capacity.map(Placed::into_inner).unwrap_or_default(),
        about: about.map(Placed::into_inner),
        install: install.map(Placed::into_inner),
    })
}

fn capacity(value: &DeValue, written: &str) -> Result<ProgramCapacity, String> {
    match value.as_str() {
        Some("one") => Ok(ProgramCapacity::One),
        Some("workers") => Ok(ProgramCapacity::Workers),
        Some("limit") => Ok(ProgramCapacity::Limit),
        _ => Err(format!(
            "{written}: allowed are \"one\", \"workers\" and \"limit\""
        )),
    }
}
