//! From a scenario and flags to a spec that can be carried out.
//!
//! - `source` is where a scenario comes from: it comes with the program (`built_in`), or it is a `file`, whose faults are told at once.
//! - Flags change it: `choice` says which rows are measured, `sizes` how large their work is, `length` how long it takes.
//! - `strategies` are the names that can be chosen, `defaults` the sizes where nobody says any.
//! - A `note` is what was decided without being asked for.

mod built_in;
mod choice;
mod defaults;
mod file;
mod length;
mod note;
mod sizes;
mod source;
mod strategies;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use harness::Registry;
use model::{Load, Program, Spec};
use workloads::Latency;

pub(crate) use built_in::{SCENARIOS, about, answering, drawn};
pub(crate) use note::Note;

use self::file::Scenario;
use self::source::{Source, load};
use crate::flags::{RunArguments, SelectArguments, SizeArguments};

/// The scenarios that declare the programs that come with makespan.
const WITH_PROGRAMS: [&str; 2] = ["python", "languages"];

/// What a `run` command asks for.
pub(crate) struct Asked {
    pub(crate) spec: Spec,
    /// What was decided without being asked for.
    pub(crate) notes: Vec<Note>,
    /// Whether it is a scenario that comes with the program, at the length that its own file sets.
    pub(crate) as_it_comes: bool,
    /// The folder of its file; nothing where it comes with the program.
    pub(crate) folder: Option<PathBuf>,
}

/// The spec of a `run` command.
///
/// # Errors
///
/// All that can be wrong with a scenario and with flags.
pub(crate) fn of_run(registry: &Registry, arguments: &RunArguments) -> Result<Asked> {
    let named = arguments.scenario.as_deref();
    let name = named.unwrap_or(if arguments.quick { "quick" } else { "core" });
    let source = Source::of(name)?;
    let mut scenario = load(registry, name)?;
    if named.is_none() && !arguments.quick {
        with_own(registry, &mut scenario, defaults::TASKS, defaults::LATENCY);
    }
    let Scenario {
        mut spec,
        order,
        mut notes,
    } = scenario;
    // What the file decided is decided anew.
    if !arguments.select.strategies.is_empty() {
        notes.clear();
    }
    choice::choose_workloads(registry, &mut spec, &arguments.select, named)?;
    sizes::resize(registry, &mut spec, &arguments.sizes, &mut notes)?;
    spec.cpus = arguments.cpus.or(spec.cpus);
    length::measure(&mut spec, arguments, name, &mut notes)?;
    let order = choice::choose_strategies(registry, &mut spec, &arguments.select, order)?;
    let reference = arguments.reference.as_deref();
    if reference.is_some() {
        notes.retain(|note| !note.is_on_reference());
    }
    notes.extend(choice::refer(&mut spec, &order, reference)?);
    spec.calibration &= !arguments.no_calibration;
    spec.check()?;
    let other = !arguments.select.workloads.is_empty()
        || !arguments.select.strategies.is_empty()
        || arguments.sizes != SizeArguments::default()
        || arguments.rounds.is_some()
        || arguments.launches.is_some();
    let folder = source.folder();
    Ok(Asked {
        spec,
        notes,
        as_it_comes: !other && folder.is_none(),
        folder,
    })
}

/// What a plain `run` asks of the machine.
pub(crate) fn core() -> Result<Spec> {
    source::core()
}

/// Sizes of what is checked and not measured: each unit waits as shortly as possible.
const CHECKED: (u64, Latency) = (8, Latency::Fixed(Duration::from_millis(1)));

/// The spec of one scenario, with other sizes and fewer cells. Workloads that it does not have are chosen from all there are.
pub(crate) fn of(
    registry: &Registry,
    name: &str,
    sizes: &SizeArguments,
    select: &SelectArguments,
) -> Result<Spec> {
    let mut scenario = load(registry, name)?;
    with_own(registry, &mut scenario, CHECKED.0, CHECKED.1);
    chosen(registry, scenario, sizes, select)
}

/// The spec of a `verify` command; `external` is with the programs that come with makespan.
pub(crate) fn of_verify(
    registry: &Registry,
    select: &SelectArguments,
    external: bool,
) -> Result<Spec> {
    let mut scenario = load(registry, "verify")?;
    with_own(registry, &mut scenario, CHECKED.0, CHECKED.1);
    if external {
        let mut programs: Vec<Program> = Vec::new();
        for name in WITH_PROGRAMS {
            for program in load(registry, name)?.spec.programs {
                if programs.iter().all(|known| known.name != program.name) {
                    programs.push(program);
                }
            }
        }
        let names = programs.iter().map(|program| program.name.clone());
        scenario.order.extend(names.clone());
        scenario.spec.strategies.extend(names);
        scenario.spec.programs = programs;
    }
    chosen(registry, scenario, &SizeArguments::default(), select)
}

/// The names of the programs that a scenario declares; none where its text is wrong.
pub(crate) fn programs_of(name: &str) -> Vec<String> {
    let scenario = load(&Registry::built_in(), name);
    let programs = scenario.map(|scenario| scenario.spec.programs);
    let programs = programs.unwrap_or_default().into_iter();
    programs.map(|program| program.name).collect()
}

fn chosen(
    registry: &Registry,
    scenario: Scenario,
    sizes: &SizeArguments,
    select: &SelectArguments,
) -> Result<Spec> {
    let Scenario {
        mut spec, order, ..
    } = scenario;
    choice::choose_workloads(registry, &mut spec, select, None)?;
    sizes::resize(registry, &mut spec, sizes, &mut Vec::new())?;
    let order = choice::choose_strategies(registry, &mut spec, select, order)?;
    choice::refer(&mut spec, &order, None)?;
    spec.check()?;
    Ok(spec)
}

/// Adds what this executable brings of its own.
fn with_own(registry: &Registry, scenario: &mut Scenario, tasks: u64, latency: Latency) {
    let own = |name: &&str| Load::new(name, tasks, latency);
    let loads = registry.own.workloads.iter().map(own);
    let loads: Vec<_> = loads.collect();
    scenario.spec.workloads.splice(0..0, loads);
    for name in &registry.own.strategies {
        if !scenario.spec.strategies.iter().any(|it| it == name) {
            scenario.spec.strategies.push((*name).to_owned());
            scenario.order.push((*name).to_owned());
        }
    }
}

#[cfg(test)]
mod tests;
