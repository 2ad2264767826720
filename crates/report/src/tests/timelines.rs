//! Timelines in all their forms.

use model::{TimedRow, Timeline};
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;
use workloads::{Poll, Trace, UnitTrace, Wait};

use crate::TIMELINES;
use crate::tests::overlap::apart;
use crate::timeline::scenes;

/// Units one after the other that hold their thread, or all at once without one.
fn trace(units: u64, blocking: bool) -> Trace {
    let unit = |unit: u64| {
        let begin_ns = unit * if blocking { 1_000_000 } else { 100 };
        let end_ns = begin_ns + 1_000_000;
        let poll = |from_ns, until_ns| Poll {
            thread: 0,
            from_ns,
            until_ns,
        };
        UnitTrace {
            unit,
            begin_ns,
            end_ns,
            done: true,
            waits: vec![Wait {
                what: "sleep".into(),
                from_ns: begin_ns + 10,
                until_ns: end_ns - 10,
            }],
            polls: match blocking {
                true => vec![poll(begin_ns, end_ns)],
                false => vec![poll(begin_ns, begin_ns + 90), poll(end_ns - 20, end_ns)],
            },
        }
    };
    Trace {
        units: (0..units).map(unit).collect(),
        threads: vec!["a-long-name-of-a-thread".to_owned()],
    }
}

fn timeline(rows: usize, units: u64) -> Timeline {
    let row = |index: usize| TimedRow {
        strategy: format!("a-strategy-with-a-long-name-of-many-words-{index}"),
        trace: (index % 5 != 4).then(|| trace(units, index.is_multiple_of(2))),
        reason: (index % 5 == 4).then(|| "it lacks <b>something</b> | that is needed".repeat(5)),
        failed: false,
    };
    Timeline {
        workload: "sleep".to_owned(),
        tasks: units,
        latency: "1ms".to_owned(),
        limit: 32,
        floor_ns: Some(1_000_000),
        rows: (0..rows).map(row).collect(),
    }
}

fn written(name: &str, timeline: &Timeline) -> String {
    let form = TIMELINES.iter().find(|form| form.name == name).unwrap();
    (form.write)(std::slice::from_ref(timeline), 80).unwrap()
}

#[test]
fn no_text_lies_on_another_or_outside() {
    for (rows, units) in [(1, 1), (5, 3), (15, 16), (38, 17), (5, 200)] {
        let timeline = timeline(rows, units);
        for (_, scene) in scenes(&[timeline]) {
            apart(&scene, &format!("{rows} rows, {units} units"));
        }
    }
}

#[test]
fn a_picture_is_xml_with_a_line_for_each_row_and_its_caveat() {
    let svg = written("svg", &timeline(5, 3));
    let mut reader = Reader::from_str(&svg);
    while !matches!(reader.read_event().unwrap(), Event::Eof) {}
    let all = svg.replace("&lt;", "<").replace("&gt;", ">");
    for part in [
        "at most 1 of 3 units in flight, on 1 thread; each wait held its thread",
        "at most 3 of 3 units in flight, on 1 thread; waits held no thread",
        "no timeline: it lacks <b>something</b>",
        "these times are no measurement",
        "floor 1.00 ms",
    ] {
        assert!(all.contains(part), "{part} is not in {all}");
    }
}

/// Perfetto does not support events that overlap within a track.
#[test]
fn trace_events_of_a_track_never_overlap() {
    for units in [3, 200] {
        let text = written("perfetto", &timeline(3, units));
        let file: Value = serde_json::from_str(&text).unwrap();
        let events = file["traceEvents"].as_array().unwrap();
        let complete = || events.iter().filter(|event| event["ph"] == "X");
        let mut seen = 0;
        let tracks: std::collections::BTreeSet<(u64, u64)> = complete().map(track).collect();
        for one in tracks {
            let mut own: Vec<(f64, f64)> = complete()
                .filter(|event| track(event) == one)
                .map(|event| {
                    (
                        event["ts"].as_f64().unwrap(),
                        event["dur"].as_f64().unwrap(),
                    )
                })
                .collect();
            own.sort_by(|a, b| a.0.total_cmp(&b.0));
            seen += own.len();
            let apart = |pair: &[(f64, f64)]| pair[0].0 + pair[0].1 <= pair[1].0 + 1e-6;
            assert!(own.windows(2).all(apart), "track {one:?}");
        }
        assert!(seen > units as usize * 3, "{seen}");
        let named = |event: &&Value| event["name"] == "process_name";
        assert_eq!(events.iter().filter(named).count(), 3);
    }
}

fn track(event: &Value) -> (u64, u64) {
    let number = |key: &str| event[key].as_u64().unwrap();
    (number("pid"), number("tid"))
}

#[test]
fn lines_in_a_terminal_are_no_wider_than_asked_and_show_who_stands_still() {
    let text = written("terminal", &timeline(5, 3));
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let lanes: Vec<&str> = text.lines().filter(|line| line.contains('|')).collect();
    assert!(lanes[0].contains("unit 0 |\u{2592}"), "{text}");
    assert!(lanes[2].contains("unit 2 | "), "{text}");
    assert!(text.contains("unit 2 |-"), "{text}");
}
