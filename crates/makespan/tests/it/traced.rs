//! `makespan trace`, and `run --trace`.

use std::fs;
use std::path::Path;

use libtest_mimic::Trial;
use model::Timeline;

use crate::command::{folder, output, refused};
use crate::{test, together};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test(
            "traced::blocking_calls_hold_their_threads_and_futures_do_not",
            held,
        ),
        together("traced::a_run_keeps_its_timelines", a_run_keeps_them),
        together("traced::what_cannot_be_drawn_is_refused", refusals),
    ]
}

fn timelines(arguments: &[&str]) -> Vec<Timeline> {
    let (code, out, err) = output(arguments);
    assert_eq!(code, Some(0), "{out}{err}");
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"))
}

fn held() {
    let strategies = "sequential,threads,blocking-in-tokio,await-in-a-loop,tokio,smol,async-std";
    let all = timelines(&[
        "trace",
        "--workload",
        "sleep,get",
        "--strategy",
        strategies,
        "--tasks",
        "4",
        "--latency",
        "20ms",
        "--format",
        "json",
    ]);
    assert_eq!(all.len(), 2);
    for timeline in all {
        for row in &timeline.rows {
            let name = format!("{}/{}", timeline.workload, row.strategy);
            let trace = row.trace.as_ref().unwrap_or_else(|| {
                panic!("{name}: {:?}", row.reason);
            });
            assert_eq!(trace.units.len(), 4, "{name}");
            assert!(trace.units.iter().all(|unit| unit.done), "{name}");
            let lanes = model::timeline::lanes(trace);
            let gist = model::timeline::Gist::of(trace, &lanes);
            let share = gist.held().unwrap();
            let blocking = ["sequential", "threads", "blocking-in-tokio"];
            match blocking.contains(&row.strategy.as_str()) {
                true => assert!(share > 0.9, "{name}: {share}"),
                false => assert!(share < 0.1, "{name}: {share}"),
            }
            let expected = match row.strategy.as_str() {
                "sequential" | "await-in-a-loop" => 1,
                "blocking-in-tokio" => gist.threads,
                _ => 4,
            };
            assert_eq!(gist.in_flight, expected, "{name}");
        }
    }
}

/// Traced runs are no samples: the run has as many of them as without.
fn a_run_keeps_them() {
    let out = tempfile::tempdir().unwrap();
    let run = |more: &[&str]| {
        let line = "run three-sleeps --strategy sequential,tokio --rounds 2 --launches 1 --latency 5ms --no-precision --no-calibration \
                    --allow-debug --out";
        let mut arguments: Vec<&str> = line.split_whitespace().collect();
        arguments.push(out.path().to_str().unwrap());
        arguments.extend(more);
        let (code, text, err) = output(&arguments);
        assert_eq!(code, Some(0), "{text}{err}");
        folder(&text)
    };
    let samples = |folder: &Path| {
        let samples = fs::read_to_string(folder.join("samples.jsonl")).unwrap();
        let of = |line: &&str| line.contains("\"record\":\"sample\"");
        samples.lines().filter(of).count()
    };
    let (plain, folder) = (run(&[]), run(&["--trace"]));
    assert_eq!(samples(&plain), samples(&folder));
    assert!(!plain.join("timelines.json").exists());
    let kept = fs::read_to_string(folder.join("timelines.json")).unwrap();
    let kept: Vec<Timeline> = serde_json::from_str(&kept).unwrap();
    assert_eq!(kept[0].rows.len(), 2);
    assert!(folder.join("plots/sleep-timeline.svg").exists());
    let page = fs::read_to_string(folder.join("index.html")).unwrap();
    assert!(page.contains("sleep: what each unit does, and when"));
    let (code, text, err) = output(&["analyze", folder.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{text}{err}");

    fs::write(folder.join("timelines.json"), "[{").unwrap();
    let (_, text, err) = output(&["report", folder.to_str().unwrap()]);
    assert!(
        format!("{text}{err}").contains("timelines.json"),
        "{text}{err}"
    );
}

fn refusals() {
    refused(
        &["trace", "three-sleeps", "--tasks", "1001"],
        &["1001 units cannot be drawn", "at most 1000"],
    );
    refused(
        &["trace", "--format", "picture"],
        &["picture", "terminal, svg, perfetto, json"],
    );
    refused(
        &["trace", "--export", "svg"],
        &["NAME=FILE", "terminal, svg, perfetto, json"],
    );
    refused(
        &["trace", "behaviour", "--workload", "panic"],
        &["nothing to trace"],
    );
}
