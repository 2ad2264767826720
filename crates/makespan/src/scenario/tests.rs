//! What flags make of scenarios, and what is said of it.

use clap::Parser;

use super::*;

/// What `makespan run` with these arguments asks for.
fn asked(arguments: &[&str]) -> Result<Asked, String> {
    let typed = ["makespan"].iter().chain(arguments);
    let typed = Typed::try_parse_from(typed).map_err(|error| error.to_string())?;
    of_run(&Registry::built_in(), &typed.run).map_err(|error| format!("{error:#}"))
}

#[derive(Parser)]
struct Typed {
    #[command(flatten)]
    run: RunArguments,
}

fn notes(asked: &Asked) -> Vec<String> {
    asked.notes.iter().map(ToString::to_string).collect()
}

fn labels(asked: &Asked) -> Vec<String> {
    asked.spec.workloads.iter().map(Load::label).collect()
}

fn refused(arguments: &[&str]) -> String {
    asked(arguments).err().expect("it is refused")
}

#[test]
fn every_scenario_can_be_carried_out() {
    for (name, _) in SCENARIOS {
        let spec = asked(&[name]).unwrap().spec;
        assert_eq!(spec.name, *name);
        Registry::built_in().prepare(&spec).unwrap();
    }
}

#[test]
fn any_workload_can_be_named_where_no_scenario_is() {
    let one = asked(&[
        "--workload",
        "mixed",
        "--tasks",
        "5000",
        "--latency",
        "80ms",
    ])
    .unwrap();
    assert_eq!(labels(&one), ["mixed"]);
    assert_eq!(one.spec.workloads[0].tasks, 5000);
    // The scenario's own comes first, with its sizes; a pattern means others only where it means none of them.
    let several = asked(&["--workload", "churn,p*,get,st*"]).unwrap();
    assert_eq!(
        labels(&several),
        ["get", "pages", "stream", "stream-body", "churn"]
    );
    let core = core().unwrap();
    assert_eq!(several.spec.workloads[0], core.workloads[1]);
    assert_eq!(several.spec.workloads[2].tasks, defaults::TASKS);
    let error = refused(&["--workload", "mixxed"]);
    assert!(
        error.contains("no workload matches `mixxed`; did you mean `mixed`?"),
        "{error}"
    );
    // Within a scenario that was named.
    let error = refused(&["flags", "--workload", "mixed"]);
    assert_eq!(
        error,
        "scenario flags has no workload `mixed`; allowed are get; without a scenario, --workload names any"
    );
    let error = refused(&["flags", "--workload", "gett"]);
    assert!(
        error.contains("did you mean `get`? allowed are get"),
        "{error}"
    );
}

#[test]
fn a_reference_that_was_not_chosen_is_replaced_by_the_first_that_was_and_that_is_said() {
    let reference = |arguments: &[&str]| {
        let asked = asked(arguments).unwrap();
        let notes = notes(&asked);
        (asked.spec.reference.to_string(), notes)
    };
    assert_eq!(reference(&[]), ("sequential".to_owned(), vec![]));
    let (name, notes) = reference(&["--strategy", "smol,tokio"]);
    assert_eq!(name, "smol");
    assert_eq!(
        notes,
        [
            "ratios are against smol, the first of the strategies, because sequential is not among them; --reference names another"
        ]
    );
    let named = reference(&["--strategy", "smol,tokio", "--reference", "tokio"]);
    assert_eq!(named, ("tokio".to_owned(), vec![]));
    assert_eq!(
        refused(&["--strategy", "smol", "--reference", "tokio"]),
        "the reference `tokio` is not among the strategies; allowed are smol"
    );
    let error = refused(&["--reference", "tokyo"]);
    assert!(error.contains("did you mean `tokio`?"), "{error}");
}

#[test]
fn a_size_that_only_some_have_is_set_there_and_that_is_said() {
    let some = asked(&["--set", "pages=9"]).unwrap();
    assert_eq!(
        notes(&some),
        ["--set pages is for pages only; there is no such size in sleep, get"]
    );
    assert_eq!(labels(&some), ["sleep", "get", "pages"]);
    assert_eq!(some.spec.workloads[2].numbers["pages"], 9);
    assert_eq!(
        refused(&["--workload", "get,sleep", "--set", "pages=9"]),
        "--set pages: none of the workloads has it; sleep has stagger_us; get has body_bytes, stagger_us"
    );
    let error = refused(&["--set", "pages=9", "--set", "pages=8"]);
    assert!(error.starts_with("--set pages: it is set twice"), "{error}");
    let error = refused(&["--set", "tasks=9"]);
    assert_eq!(error, "--set tasks: it has a flag of its own, --tasks");
}

#[test]
fn nothing_is_named_twice() {
    let error = refused(&["--strategy", "tokio,smol,tokio"]);
    assert_eq!(
        error,
        "--strategy tokio: it is named twice; each once is enough"
    );
    let error = refused(&["--tasks", "5,6,5"]);
    assert_eq!(
        error,
        "--tasks 5: the value is there twice; each once is enough"
    );
    let error = refused(&["--workload", "get", "--workload", "get"]);
    assert_eq!(
        error,
        "--workload get: it is named twice; each once is enough"
    );
}

#[test]
fn rounds_and_launches_mean_exactly_those_unless_there_is_a_budget() {
    let lengths = |arguments: &[&str]| {
        let spec = asked(arguments).unwrap().spec;
        (spec.rounds, spec.launches, spec.budget.is_some())
    };
    let core = core().unwrap();
    assert_eq!(lengths(&[]), (core.rounds, core.launches, true));
    assert_eq!(
        lengths(&["--rounds", "1", "--launches", "1"]),
        (1, 1, false)
    );
    assert_eq!(lengths(&["--rounds", "1"]), (1, 1, false));
    assert_eq!(lengths(&["--launches", "2"]), (core.rounds, 2, false));
    assert_eq!(
        lengths(&["--rounds", "6", "--launches", "1", "--budget", "1m"]),
        (6, 1, true)
    );
    assert_eq!(
        lengths(&["--no-precision"]),
        (core.rounds, core.launches, false)
    );
    assert_eq!(
        notes(&asked(&["--rounds", "1"]).unwrap()),
        [format!(
            "1 launch instead of {}, because each has at least one of the rounds",
            core.launches
        )]
    );
    let error = refused(&["--rounds", "6", "--precision", "1%"]);
    assert!(
        error.contains("mean exactly those; allowed together is with --budget"),
        "{error}"
    );
    let error = refused(&["--rounds", "3", "--launches", "4"]);
    assert!(
        error.starts_with("launches = 4: allowed are 1 to 3"),
        "{error}"
    );
    let error = refused(&["--no-precision", "--budget", "1m"]);
    assert!(error.contains("cannot be used with"), "{error}");
    let error = refused(&["quick", "--precision", "1%"]);
    assert!(error.contains("scenario quick has none"), "{error}");
}

#[test]
fn an_unknown_scenario_is_answered_with_the_known_ones() {
    let error = refused(&["cor"]);
    let expected =
        "no scenario is called `cor`; did you mean `core`? allowed are core, quick, world-bank, ";
    assert!(error.contains(expected), "{error}");
    assert!(error.ends_with(", and the path of a .toml file"), "{error}");
    let error = refused(&["no/core.toml"]);
    assert!(
        error.contains("the one that comes with makespan is called `core`"),
        "{error}"
    );
    let error = refused(&["no/such.toml"]);
    assert!(
        error.starts_with("cannot read the scenario no/such.toml"),
        "{error}"
    );
}
