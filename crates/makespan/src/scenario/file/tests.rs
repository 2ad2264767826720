//! What a scenario file may leave out, and what is said of its faults.

use model::Load;

use super::*;
use crate::scenario::built_in;
use crate::scenario::core;

/// Reads this text of a file that somebody has written.
fn read_file(text: &str) -> Result<Scenario, String> {
    let core = core().unwrap();
    let origin = Origin {
        name: "a/mine.toml",
        built_in: false,
        registry: &Registry::built_in(),
        core: Some(&core),
    };
    read(&origin, text).map_err(|error| format!("{error:#}"))
}

fn notes(scenario: &Scenario) -> Vec<String> {
    scenario.notes.iter().map(ToString::to_string).collect()
}

fn labels(scenario: &Scenario) -> Vec<String> {
    scenario.spec.workloads.iter().map(Load::label).collect()
}

/// The lines of the answer to a wrong file.
fn faults(text: &str) -> Vec<String> {
    let error = read_file(text).expect_err("it is refused");
    error.lines().map(str::to_owned).collect()
}

const GET: &str = "[[workload]]\nname = \"get\"\n";

#[test]
fn a_workload_is_enough_and_the_rest_is_as_in_core() {
    let core = core().unwrap();
    let scenario = read_file(GET).unwrap();
    let get = core.workloads.iter().filter(|load| load.name == "get");
    let expected = Spec {
        name: "mine".to_owned(),
        workloads: get.cloned().collect(),
        ..core
    };
    assert_eq!(scenario.spec, expected);
    assert!(scenario.notes.is_empty());
    // A workload that core does not have.
    let load = &read_file("[[workload]]\nname = \"churn\"")
        .unwrap()
        .spec
        .workloads[0];
    assert_eq!((load.tasks, load.latency), (20, "20ms".parse().unwrap()));
}

#[test]
fn what_is_left_out_fits_to_what_is_written() {
    let spec = read_file(&format!("rounds = 2\n{GET}")).unwrap().spec;
    assert_eq!((spec.rounds, spec.launches, spec.long_rounds), (2, 2, 2));
    // Rounds that are written mean exactly those, also when such a run is run again.
    assert_eq!(spec.budget, None);
    let stored = toml::to_string(&spec).unwrap();
    assert!(stored.contains("precision = "), "{stored}");
    assert_eq!(read_file(&stored).unwrap().spec, spec);
    let spec = read_file(&format!("rounds = 2\nbudget = \"1m\"\n{GET}"))
        .unwrap()
        .spec;
    assert!(spec.budget.is_some());

    let scenario = read_file(&format!("strategies = [\"smol\", \"rayon\"]\n{GET}")).unwrap();
    assert!(scenario.spec.reference.is("smol"));
    assert_eq!(
        notes(&scenario),
        [
            "ratios are against smol, the first of the scenario's strategies, because it names no reference"
        ]
    );
    let program =
        "[[program]]\nname = \"mine\"\ncommand = [\"x\"]\nclient = \"y\"\nworkloads = [\"get\"]\n";
    let spec = read_file(&format!("{program}{GET}")).unwrap().spec;
    assert_eq!(spec.strategies.len(), core().unwrap().strategies.len() + 1);
    assert_eq!(spec.strategies.last().unwrap(), "mine");
}

#[test]
fn any_size_may_be_a_list_also_for_all_workloads() {
    let text = "concurrency = [2, 20]\n[[workload]]\nname = \"get\"\n[[workload]]\nname = \"pages\"\ntasks = [1, 10]\npages = [2, 3]\nconcurrency = 4";
    let scenario = read_file(text).unwrap();
    assert_eq!(
        labels(&scenario),
        [
            "get(concurrency=2)",
            "get(concurrency=20)",
            "pages(tasks=1,pages=2)",
            "pages(tasks=1,pages=3)",
            "pages(tasks=10,pages=2)",
            "pages(tasks=10,pages=3)"
        ]
    );
    let limits = scenario.spec.workloads.iter();
    let limits: Vec<_> = limits
        .map(|load| load.concurrency(&scenario.spec))
        .collect();
    assert_eq!(limits, [2, 20, 4, 4, 4, 4]);
    let text = "cpus = 1\n[[workload]]\nname = \"mixed\"\ncompute = [\"1ms\", \"2ms\"]";
    let computing = read_file(text).unwrap();
    assert_eq!(
        labels(&computing),
        ["mixed(compute=1ms)", "mixed(compute=2ms)"]
    );
    assert_eq!(computing.spec.cpus, Some(1));
    // What was run can be run again.
    let written = toml::to_string(&scenario.spec).unwrap();
    assert_eq!(read_file(&written).unwrap().spec, scenario.spec);
}

#[test]
fn all_faults_are_told_at_once_each_with_its_line() {
    let text = r#"rounds = 0
long_rounds = 40
refrence = "tokio"
tasks = 7
strategies = ["tokio", "tokyo", "smoll"]
[[workload]]
name = "get"
task = 5
latency = "lognormal:20ms,2ms"
pages = 3
body_bytes = -1
launches = 3
[[workload]]
name = "gett"
[[workload]]
tasks = [1, 2.5, "six"]
"#;
    let found = faults(text);
    assert_eq!(found[0], "scenario a/mine.toml has 15 faults");
    let expected = [
        (1, "rounds = 0: allowed are 1 to 100000"),
        (
            2,
            "long_rounds = 40: allowed are 1 to 20, because they are some of the rounds",
        ),
        (
            3,
            "no key is called `refrence`; did you mean `reference`? allowed are name, seed, launches, ",
        ),
        (
            4,
            "no key is called `tasks`; it belongs in a [[workload]]; allowed are ",
        ),
        (
            5,
            "strategies: no strategy matches `tokyo`; did you mean `tokio`? allowed are sequential, ",
        ),
        (
            5,
            "strategies: no strategy matches `smoll`; did you mean `smol`?",
        ),
        (
            8,
            "get: no key is called `task`; did you mean `tasks`? allowed are name, tasks, latency, ",
        ),
        (
            9,
            "get: latency `lognormal:20ms,2ms`: its second number, the 99th percentile, is below the first, the median; allowed are ",
        ),
        (10, "get: no key is called `pages`; allowed are name, "),
        (11, "get: body_bytes = -1: allowed are 0 to "),
        (
            12,
            "get: no key is called `launches`; it belongs at the top of the file, before the first [[workload]]; ",
        ),
        (
            14,
            "no workload is called `gett`; did you mean `get`? allowed are sleep, get, ",
        ),
        (15, "it needs a `name`, such as name = \"get\""),
        (16, "tasks = 2.5: allowed are 1 to 10000000"),
        (16, "tasks = \"six\": allowed are 1 to 10000000"),
    ];
    for (index, (line, what)) in expected.into_iter().enumerate() {
        let fault = &found[index + 1];
        let start = format!("a/mine.toml:{line}: {what}");
        assert!(fault.starts_with(&start), "{start}\n{fault}");
    }
    assert_eq!(found.len(), 16, "{found:#?}");
    assert!(
        found[8].contains("99th percentile, is below the first, the median"),
        "{}",
        found[8]
    );
}

#[test]
fn each_fault_alone_is_one_line() {
    let program =
        "[[program]]\nname = \"mine\"\ncommand = [\"x\"]\nclient = \"y\"\nworkloads = [\"get\"]\n";
    for (text, expected) in [
        (
            "",
            "a/mine.toml:1: it needs a workload at least, such as [[workload]] and",
        ),
        (
            "[workload]\nname = \"get\"",
            "a/mine.toml:1: workload: write [[workload]], in two brackets each",
        ),
        (
            "[[workloads]]\nname = \"get\"\n[[workload]]\nname = \"get\"",
            "a/mine.toml:1: no key is called `workloads`; did you mean `workload`?",
        ),
        (
            &format!("{GET}{GET}"),
            "a/mine.toml:3: workload `get` is there already, in line 1; ",
        ),
        (
            &format!("reference = \"smol\"\nstrategies = [\"tokio\"]\n{GET}"),
            "a/mine.toml:1: reference: no strategy of this scenario is called `smol`; allowed are tokio",
        ),
        (
            &format!("anchor = \"smoll\"\n{GET}"),
            "a/mine.toml:1: anchor: no strategy of this scenario is called `smoll`; did you mean `smol`?",
        ),
        (
            &format!("rounds = 5\nlong_rounds = 9\n{GET}"),
            "a/mine.toml:2: long_rounds = 9: allowed are 1 to 5",
        ),
        (
            &format!("rounds = 5\nlaunches = 9\n{GET}"),
            "a/mine.toml:2: launches = 9: allowed are 1 to 5",
        ),
        (
            &format!("rounds = 9\nprecision = \"1%\"\n{GET}"),
            "a/mine.toml:2: precision: it adds launches to the rounds that are written, and needs a `budget`",
        ),
        (
            &format!("strategies = []\n{GET}"),
            "a/mine.toml:1: strategies = []: at least one value is needed",
        ),
        (
            &format!("seed = 1\nseed = 2\n{GET}"),
            "a/mine.toml:2: duplicate key",
        ),
        (
            &format!("{GET}latency = 20"),
            "a/mine.toml:3: get: latency `20`: `20` is no duration: time unit needed, ",
        ),
        (
            &format!("strategies = [\"tokio\",\n\"tokio\"]\n{GET}"),
            "a/mine.toml:2: strategies: \"tokio\" is there already, in line 1; each once is enough",
        ),
        (
            &format!("{GET}tasks = [5, 6, 5]"),
            "a/mine.toml:3: get: tasks: 5 is there already, in line 3",
        ),
        (
            &format!("{GET}latency = 0"),
            "a/mine.toml:3: get: latency = 0: allowed is the same in quotes",
        ),
        (
            "[[workload]]\nname = \"mixed\"\nrounds = 5\ncompute = \"2ms\"",
            "a/mine.toml:4: mixed: compute and rounds say the same; allowed is one of them",
        ),
        (
            &format!("{GET}compute = \"2ms\""),
            "a/mine.toml:3: get: no key is called `compute`; ",
        ),
        (
            &format!("{GET}rounds = 3"),
            "a/mine.toml:3: get: no key is called `rounds`; it belongs at the top of the file, ",
        ),
        (
            &format!("calibration = 1\n{GET}"),
            "a/mine.toml:1: calibration = 1: allowed are true and false",
        ),
        (
            &format!("{program}instal = \"z\"\n{GET}"),
            "a/mine.toml:6: program `mine`: no key is called `instal`; did you mean `install`?",
        ),
        (
            &format!("{program}capacity = \"two\"\n{GET}"),
            "a/mine.toml:6: program `mine`: capacity = \"two\": allowed are \"one\", ",
        ),
        (
            &format!("{program}{program}{GET}"),
            "a/mine.toml:7: program name = \"mine\": it is declared twice, first in line 2",
        ),
        (
            "[[workload]]\nname = \"payload\"\nbody_bytes = 1\n",
            "a/mine.toml:",
        ),
    ] {
        let found = faults(text);
        assert_eq!(found.len(), 1, "{text}\n{found:#?}");
        assert!(found[0].starts_with(expected), "{text}\n{}", found[0]);
    }
}

#[test]
fn text_that_is_no_toml_is_refused_with_its_lines() {
    let found = faults("rounds = = 3\n[[workload]\nname = \"get\n");
    assert!(found.len() > 1, "{found:#?}");
    assert!(
        found
            .iter()
            .skip(1)
            .all(|line| line.starts_with("a/mine.toml:")),
        "{found:#?}"
    );
}

#[test]
fn a_build_without_a_strategy_can_read_the_scenarios_that_come_along() {
    let mut registry = Registry::built_in();
    registry
        .strategies
        .retain(|row| row.facts.name != "async-std");
    let (core, text) = (core().unwrap(), built_in::text("core").unwrap());
    let mut origin = Origin {
        name: "core",
        built_in: true,
        registry: &registry,
        core: Some(&core),
    };
    let scenario = read(&origin, text).unwrap();
    assert_eq!(scenario.spec.strategies.len(), core.strategies.len() - 1);
    assert_eq!(
        notes(&scenario),
        ["async-std is left out, because it is not in this build"]
    );
    // The same text in a file of one's own names what is not there.
    origin.built_in = false;
    let error = read(&origin, text).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("`async-std` is not in this build"),
        "{error}"
    );
}
