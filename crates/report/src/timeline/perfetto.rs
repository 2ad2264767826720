//! Timelines as trace events, which Perfetto and Chromium's `about:tracing` open.
//!
//! The format is that of "Trace Event Format" (Google, 2016): complete events, `"ph": "X"`, in microseconds. Perfetto wants the events of
//! a track to nest, so overlapping units stand in lanes of their own.

use anyhow::{Context, Result};
use model::Timeline;
use model::timeline::{Lane, SpanKind, lanes};
use serde::Serialize;
use serde_json::{Value, json};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct File {
    trace_events: Vec<Value>,
    display_time_unit: &'static str,
}

/// Tracks of threads have numbers from here on.
const THREADS: usize = 1_000_000;

/// All timelines in one file: a process for each strategy, a track for each lane.
pub(super) fn perfetto(timelines: &[Timeline]) -> Result<String> {
    let mut events = Vec::new();
    let mut process = 0;
    for timeline in timelines {
        for row in &timeline.rows {
            let Some(trace) = &row.trace else { continue };
            process += 1;
            let name = format!("{}/{}", timeline.workload, row.strategy);
            events.push(named("process_name", process, 0, &name));
            let lanes = lanes(trace);
            for (index, lane) in lanes.units.iter().enumerate() {
                track(
                    &mut events,
                    process,
                    index + 1,
                    &format!("units, lane {}", index + 1),
                    lane,
                );
            }
            for (index, lane) in lanes.threads.iter().enumerate() {
                track(
                    &mut events,
                    process,
                    THREADS + index,
                    &format!("thread {}", lane.name),
                    lane,
                );
            }
        }
    }
    let file = File {
        trace_events: events,
        display_time_unit: "ms",
    };
    Ok(serde_json::to_string(&file).context("cannot write the trace events")? + "\n")
}

fn named(what: &str, process: usize, track: usize, name: &str) -> Value {
    json!({"name": what, "ph": "M", "pid": process, "tid": track, "args": {"name": name}})
}

fn track(events: &mut Vec<Value>, process: usize, number: usize, name: &str, lane: &Lane) {
    events.push(named("thread_name", process, number, name));
    let sort = json!({"name": "thread_sort_index", "ph": "M", "pid": process, "tid": number, "args": {"sort_index": number}});
    events.push(sort);
    for span in &lane.spans {
        let what = match span.kind {
            SpanKind::Waiting => "waiting",
            SpanKind::Holding => "waiting, holds a thread",
            SpanKind::Working => "working",
        };
        events.push(json!({
            "name": format!("unit {}: {what}", span.unit),
            "cat": what,
            "ph": "X",
            "ts": span.from_ns as f64 / 1000.0,
            "dur": span.ns() as f64 / 1000.0,
            "pid": process,
            "tid": number,
            "args": {"unit": span.unit},
        }));
    }
}
