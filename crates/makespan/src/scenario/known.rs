//! Programs of a scenario, next to the strategies that are compiled in.

use model::Program;

use crate::Registry;
use crate::scenario::selection::known;

/// Names of all strategies that can be chosen: those of the registry, then the programs.
pub(crate) fn strategies<'a>(registry: &'a Registry, programs: &'a [Program]) -> Vec<&'a str> {
    let built_in = registry.strategies.iter().map(|row| row.facts.name);
    let declared = programs.iter().map(|program| program.name.as_str());
    built_in.chain(declared).collect()
}

/// What is wrong with a program here, by its key: it is called like a strategy, or names a workload that nobody knows.
pub(crate) fn faults(registry: &Registry, program: &Program) -> Vec<(&'static str, String)> {
    let workloads = registry.workloads.iter().map(|entry| entry.facts.name);
    let workloads: Vec<_> = workloads.collect();
    let mut faults = Vec::new();
    // One that this build leaves out has its name all the same.
    let absent = strategies::OPTIONAL.iter();
    let mut absent = absent.map(|(module, _)| module.replace('_', "-"));
    if registry.strategy(&program.name).is_ok() || absent.any(|name| name == program.name) {
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
