//! A gate where CI shows it.

use model::gate::{Gate, GateRow};
use serde_json::{Value, json};

use super::summary;
use crate::surfaces::{SURFACES, Told};

/// What a name or a reason may hold.
const HOSTILE: &str = "a|b<img src=x>\n::error::%0A`]]>&\u{1b}[31m, c";

fn row(strategy: &str, kind: &str, ratio: f64) -> Value {
    let look = json!({
        "pairs": 30, "base_ns": 20_000_000, "head_ns": (2e7 * ratio) as u64, "ratio": ratio, "low": ratio - 0.01, "high": ratio + 0.01,
        "p": 0.0001, "alarms": ratio > 1.05, "again_ratio": 1.0, "again_alarms": false, "kind": "clean",
    });
    json!({
        "workload": "sleep", "strategy": strategy, "kind": kind, "margin": "5%", "advisory": false, "looks": [look], "counts": [],
        "moved": [{ "what": "processor time", "base": 1e6, "head": 2e6, "ratio": 2.0, "is_time": true }], "reason": null,
    })
}

fn gate(rows: Vec<Value>) -> Gate {
    serde_json::from_value(json!({ "alpha": 0.01, "rows": rows })).unwrap()
}

fn some() -> Gate {
    let mut advisory = row("spawner", "regressed", 1.4);
    advisory["advisory"] = json!(true);
    let mut failed = row("broken", "failed", 1.0);
    (failed["looks"], failed["reason"]) = (json!([]), json!("killed"));
    let mut changed = row("counter", "changed", 1.0);
    changed["counts"] = json!([{ "what": "threads", "base": 4, "head": 3 }]);
    gate(vec![
        row("tokio", "clean", 1.0),
        row("smol", "regressed", 1.18),
        row("rayon", "improved", 0.8),
        advisory,
        failed,
        changed,
    ])
}

fn shown(name: &str, gate: &Gate) -> String {
    let repeat = |row: &GateRow| format!("repeat {}", row.name());
    let told = Told {
        gate,
        repeat: &repeat,
    };
    let surface = SURFACES.iter().find(|it| it.name == name).unwrap();
    (surface.write)(&told).unwrap()
}

#[test]
fn junit_fails_what_is_red_and_skips_what_says_nothing() {
    let report = quick_junit::Report::deserialize_from_str(&shown("junit", &some())).unwrap();
    let [suite] = &report.test_suites[..] else {
        panic!("{report:?}")
    };
    assert_eq!(
        (suite.name.as_str(), suite.tests, suite.failures),
        ("sleep", 6, 3)
    );
    let case = |name: &str| {
        suite
            .test_cases
            .iter()
            .find(|case| case.name.as_str() == name)
            .unwrap()
    };
    let text = format!("{:?}", case("smol"));
    for needed in [
        "regressed",
        "1.18",
        "23.6 ms after 20.0 ms",
        "repeat sleep/smol",
        "processor time +100 %",
    ] {
        assert!(text.contains(needed), "{needed}: {text}");
    }
    assert!(format!("{:?}", case("tokio").status).starts_with("Success"));
    assert!(format!("{:?}", case("spawner").status).starts_with("Skipped"));
    assert!(format!("{:?}", case("counter").status).contains("3 threads after 4"));
}

#[test]
fn trackers_get_values_with_intervals() {
    let bmf: Value = serde_json::from_str(&shown("bmf", &some())).unwrap();
    let smol = &bmf["sleep/smol"];
    assert_eq!(smol["latency"]["value"], 23_600_000);
    assert_eq!(smol["ratio-to-base"]["value"], 1.18);
    assert!(smol["ratio-to-base"]["lower_value"].as_f64().unwrap() < 1.18);
    assert!(bmf.get("sleep/broken").is_none());
    let list: Vec<Value> = serde_json::from_str(&shown("benchmark-action", &some())).unwrap();
    let smol = list.iter().find(|it| it["name"] == "sleep/smol").unwrap();
    assert_eq!(
        (smol["value"].as_f64(), smol["unit"].as_str()),
        (Some(1.18), Some("x base"))
    );
    assert!(smol["extra"].as_str().unwrap().contains("regressed"));
    assert_eq!(list.len(), 5);
}

#[test]
fn runs_go_to_the_same_trackers() {
    let summary = summary();
    let bmf: Value = serde_json::from_str(&crate::surfaces::bmf_of_run(&summary).unwrap()).unwrap();
    assert_eq!(bmf["get/sequential"]["latency"]["value"], 1_206_000_000);
    assert_eq!(
        bmf["get/blocking-in-tokio"]["ratio-to-reference"]["upper_value"],
        0.5034
    );
    let list = crate::surfaces::benchmark_action_of_run(&summary).unwrap();
    let list: Vec<Value> = serde_json::from_str(&list).unwrap();
    assert!(
        list.iter().all(|it| it["unit"] == "x sequential"),
        "{list:?}"
    );
    assert_eq!(list.len(), 3);
}

#[test]
fn annotations_are_few_and_the_worst_come_first() {
    let text = shown("annotations", &some());
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines[0].starts_with("::error title=makespan%3A sleep/smol::regressed%3A 1.18")
            || lines[0].starts_with("::error title=makespan%3A sleep/smol::regressed: 1.18"),
        "{text}"
    );
    assert_eq!(
        lines
            .iter()
            .filter(|line| line.starts_with("::error "))
            .count(),
        3
    );
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("::warning title=makespan%3A sleep/spawner::"))
    );
    assert_eq!(
        lines.last().copied(),
        Some(
            "::notice title=makespan gate::6 rows compared: 2 regressed, 1 changed, 1 failed, 1 improved, 1 clean"
        )
    );
    let many: Vec<Value> = (0..40)
        .map(|index| row(&format!("s{index}"), "regressed", 1.2))
        .collect();
    let text = shown("annotations", &gate(many));
    assert_eq!(text.lines().count(), 10);
    assert!(
        text.ends_with("40 regressed (31 of them have no annotation of their own)\n"),
        "{text}"
    );
}

#[test]
fn a_comment_names_what_is_not_clean_and_stays_short() {
    let text = shown("comment", &some());
    assert!(text.starts_with("<!-- makespan gate -->\n**makespan gate**: 6 rows compared"));
    assert!(
        text.contains("**sleep/smol** regressed") && text.contains("`repeat sleep/smol`"),
        "{text}"
    );
    assert!(!text.contains("sleep/tokio"), "{text}");
    let many: Vec<Value> = (0..2000)
        .map(|index| row(&format!("s{index}"), "regressed", 1.2))
        .collect();
    let text = shown("comment", &gate(many));
    assert!(
        text.len() < 65_000 && text.contains("more rows"),
        "{}",
        text.len()
    );
}

#[test]
fn a_summary_has_a_sentence_a_table_and_the_alarms() {
    let text = shown("summary", &some());
    assert!(
        text.starts_with("## makespan gate\n\n6 rows compared: 2 regressed"),
        "{text}"
    );
    assert!(text.contains("| sleep/smol | regressed |"), "{text}");
    assert!(text.contains("- **sleep/smol** regressed"), "{text}");
}

#[test]
fn hostile_names_break_no_surface() {
    let mut hostile = row(HOSTILE, "regressed", 1.3);
    (hostile["workload"], hostile["reason"]) = (json!(HOSTILE), json!(HOSTILE));
    let gate = gate(vec![hostile]);
    for surface in SURFACES {
        let text = shown(surface.name, &gate);
        assert!(!text.contains('\u{1b}'), "{}: {text}", surface.name);
        let reads_html = ["summary", "junit"].contains(&surface.name);
        assert!(
            !reads_html || !text.replace("\\<", "").contains("<img"),
            "{}: {text}",
            surface.name
        );
    }
    assert_eq!(shown("annotations", &gate).lines().count(), 2);
    let report = quick_junit::Report::deserialize_from_str(&shown("junit", &gate)).unwrap();
    assert_eq!(report.test_suites[0].failures, 1);
    for name in ["bmf", "benchmark-action"] {
        let _: Value = serde_json::from_str(&shown(name, &gate)).unwrap();
    }
}
