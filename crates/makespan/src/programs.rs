//! Programs of a scenario, next to the strategies that are compiled in.

use anyhow::{Result, ensure};
use model::Program;

use crate::Registry;
use crate::selection::select;

/// Names of all strategies that can be chosen: those of the registry, then the programs.
pub(crate) fn strategies<'a>(registry: &'a Registry, programs: &'a [Program]) -> Vec<&'a str> {
    let built_in = registry.strategies.iter().map(|row| row.facts.name);
    let declared = programs.iter().map(|program| program.name.as_str());
    built_in.chain(declared).collect()
}

/// Refuses programs that are called like a strategy, or that name a workload that nobody knows.
pub(crate) fn check(registry: &Registry, programs: &[Program]) -> Result<()> {
    let workloads = registry.workloads.iter().map(|entry| entry.facts.name);
    let workloads: Vec<_> = workloads.collect();
    for program in programs {
        // One that this build leaves out has its name all the same.
        let absent = strategies::OPTIONAL.iter();
        let mut absent = absent.map(|(module, _)| module.replace('_', "-"));
        let taken =
            registry.strategy(&program.name).is_ok() || absent.any(|name| name == program.name);
        ensure!(
            !taken,
            "program name = \"{}\": a built-in strategy has this name; allowed is any that `makespan list strategies` does not show",
            program.name
        );
        for workload in &program.workloads {
            ensure!(
                workloads.contains(&workload.as_str()),
                "program `{}`: workloads = {:?}: {}",
                program.name,
                program.workloads,
                select("workload", std::slice::from_ref(workload), &workloads)
                    .err()
                    .map_or("patterns are not allowed".to_owned(), |error| error
                        .to_string())
            );
        }
    }
    Ok(())
}
