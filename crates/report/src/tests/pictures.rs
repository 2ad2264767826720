//! Pictures and the page.

use model::{
    CellSummary, FlagKind, Header, Measurement, Noise, Outcome, Ratio, Recorded, Row, Sample,
    SampleOutcome, Summary, VerdictKind, WorkloadSummary,
};

use super::{cell, summary};
use crate::plots::{plots, scenes};
use crate::scene::{Anchor, Mark, Scene, svg, width};
use crate::{page, pages};

const HOSTILE: &str = "</script><script>alert(1)</script>\"'&\u{202e}\u{1b}[31m a name that is far too long for any place in a picture";

/// A run of so many rows, with samples around their medians.
fn run(rows: usize) -> (Summary, Recorded) {
    let mut summary = summary();
    let row = |index: usize| {
        let times = 1.0 + 0.3 * index as f64;
        let mut made = cell(
            &format!("strategy-number-{index}"),
            (4e7 * times) as u64,
            Some((times, times * 0.99, times * 1.01)),
        );
        made.tie = Some(if index == 0 { "a" } else { "b" }.into());
        made
    };
    summary.cells = (0..rows).map(row).collect();
    summary.cells[rows - 1].outcome = Outcome::Failed;
    (
        summary.cells[rows - 1].wall_ns,
        summary.cells[rows - 1].ratio,
    ) = (None, None);
    summary.spec.reference = Row::plain("strategy-number-0");
    summary.cells[0].verdict = None;
    let reference = &summary.spec.reference;
    let ratio = Ratio {
        estimate: 1.0,
        low: Some(0.99),
        high: Some(1.02),
        reference: reference.clone(),
        pairs: 9,
    };
    summary.workloads = vec![WorkloadSummary {
        workload: "get".into(),
        rounds: 9,
        launches: 3,
        autocorrelation: None,
        p_of_launches: None,
        dropped: vec![],
        noise: Some(Noise {
            row: reference.clone(),
            twin: reference.clone(),
            ratio,
            floor: Some(0.02),
        }),
        alpha: 0.01,
        friedman: None,
        computes: None,
        machine: None,
        flags: vec![model::Flag {
            kind: FlagKind::FewLaunches,
            text: "with fewer than five launches, intervals leave out how launches differ".into(),
            detail: Some("3 launches".into()),
        }],
    }];
    let recorded = recorded(&summary);
    (summary, recorded)
}

fn recorded(summary: &Summary) -> Recorded {
    let sample = |cell: &CellSummary, round: u32| Sample {
        launch: 0,
        round,
        position: 0,
        kept: true,
        workload: cell.workload.clone(),
        row: cell.row.clone(),
        padding_bytes: 0,
        draw: 1,
        floor_ns: None,
        own_floor_ns: None,
        at_ns: 0,
        outcome: SampleOutcome::Measured(Measurement {
            wall_ns: cell.wall_ns.map_or(0, |it| it.median) + u64::from(round) * 100_000,
            ..Measurement::default()
        }),
    };
    let measured = summary.cells.iter().filter(|cell| cell.wall_ns.is_some());
    Recorded {
        header: Header {
            schema_version: summary.schema_version,
            host: summary.host.clone(),
            spec: summary.spec.clone(),
            cells: vec![],
        },
        samples: measured
            .flat_map(|cell| (0..9).map(move |round| sample(cell, round)))
            .collect(),
        conditions: vec![],
        resumed: vec![],
        end: None,
        timelines: Vec::new(),
        troubles: vec![],
    }
}

/// The room that each text takes.
fn boxes(scene: &Scene) -> Vec<([f64; 4], &str)> {
    let of = |mark| match mark {
        &Mark::Text {
            at: (x, y),
            ref text,
            size,
            anchor,
            ..
        } => {
            let wide = width(text, size);
            let left = match anchor {
                Anchor::Start => x,
                Anchor::Middle => x - wide / 2.0,
                Anchor::End => x - wide,
            };
            Some((
                [left, y - 0.75 * size, left + wide, y + 0.2 * size],
                text.as_str(),
            ))
        }
        _ => None,
    };
    scene.marks.iter().filter_map(of).collect()
}

#[test]
fn no_text_lies_on_another_or_outside() {
    for rows in [3, 5, 15, 38] {
        let (summary, recorded) = run(rows);
        let all = scenes(&summary, &recorded);
        assert_eq!(all.len(), 2, "{rows}");
        for (_, _, scene) in &all {
            let boxes = boxes(scene);
            for (index, (one, text)) in boxes.iter().enumerate() {
                assert!(
                    one[0] >= 0.0 && one[2] <= scene.width + 0.5,
                    "{rows} rows: `{text}` is outside: {one:?}"
                );
                assert!(
                    one[1] >= 0.0 && one[3] <= scene.height,
                    "{rows} rows: `{text}` is outside"
                );
                for (other, under) in &boxes[index + 1..] {
                    let apart = one[2] <= other[0]
                        || other[2] <= one[0]
                        || one[3] <= other[1]
                        || other[3] <= one[1];
                    assert!(apart, "{rows} rows: `{text}` lies on `{under}`");
                }
            }
        }
    }
}

#[test]
fn a_picture_says_what_it_shows_and_what_to_know() {
    let (summary, recorded) = run(5);
    let plots = plots(&summary, &recorded);
    let names: Vec<&str> = plots.iter().map(|plot| plot.name.as_str()).collect();
    assert_eq!(names, ["get-makespan", "get-ratio"]);
    let text = &plots[0].svg;
    assert!(text.starts_with("<svg ") && text.ends_with("</svg>\n"));
    for needed in [
        "role=\"img\"",
        "<title>get: strategy-number-0 is ahead of all others.",
        "floor 40.0 ms",
        "Caveat: with fewer than five launches",
        "no result",
        "prefers-color-scheme:dark",
    ] {
        assert!(text.contains(needed), "{needed}: {text}");
    }
    assert!(
        !text.contains("http://") || text.matches("http").count() == 1,
        "it asks for nothing"
    );
    assert!(
        plots[1].svg.contains("noise floor, 2.0%"),
        "{}",
        plots[1].svg
    );
    // Without samples there is nothing to draw.
    let empty = Recorded {
        samples: vec![],
        ..recorded
    };
    assert!(
        crate::plots(&summary, &empty)
            .iter()
            .all(|plot| plot.name != "get-makespan")
    );
}

#[test]
fn every_picture_is_xml_whatever_the_names_are() {
    let (mut summary, mut recorded) = run(3);
    for cell in &mut summary.cells {
        cell.row = Row::plain(HOSTILE);
        cell.reason = Some(HOSTILE.into());
    }
    for sample in &mut recorded.samples {
        sample.row = Row::plain(HOSTILE);
    }
    summary.host.computer.cpu = Some(HOSTILE.into());
    for (name, text) in pages(&summary, &recorded).unwrap() {
        // Data inside a script element is not shown, and keeps its characters.
        let data = text.find("<script type=").unwrap_or(text.len());
        let text = text[..data].to_owned();
        assert!(
            !text.contains("</script><script>alert")
                && !text.contains('\u{1b}')
                && !text.contains('\u{202e}'),
            "{name}"
        );
        if name.ends_with(".svg") {
            let mut reader = quick_xml::Reader::from_str(&text);
            loop {
                match reader.read_event() {
                    Ok(quick_xml::events::Event::Eof) => break,
                    Ok(_) => {}
                    Err(error) => panic!("{name}: {error}: {text}"),
                }
            }
        }
    }
}

#[test]
fn a_page_holds_everything_and_asks_for_nothing() {
    let (mut summary, recorded) = run(5);
    summary.cells[0].reasons = super::summary().cells[1].reasons.clone();
    let text = page(&summary, &recorded, None).unwrap();
    for needed in [
        "<section id=\"get\">",
        "is ahead of all others",
        "id=\"machine\"",
        "id=\"summary-json\"",
        "id=\"summary-csv\"",
        "-strategy-number-1\"",
        "data-v=\"40000000\"",
    ] {
        assert!(text.contains(needed), "{needed}");
    }
    // A link to something to read asks for nothing until somebody follows it.
    let link = "<a class=\"source\" rel=\"noreferrer\" href=\"https://";
    assert!(text.contains(link));
    for outside in ["src=\"http", "href=\"http", "@import", "url("] {
        assert!(!text.replace(link, "").contains(outside), "{outside}");
    }
    let json = text
        .split("id=\"summary-json\">")
        .nth(1)
        .unwrap()
        .split("</script>")
        .next()
        .unwrap();
    assert_eq!(json.replace("\\u003c", "<"), crate::json(&summary).unwrap());
    let own = page(
        &summary,
        &recorded,
        Some("{{ name }} has {{ sections|length }}"),
    )
    .unwrap();
    assert_eq!(own, "core has 1");
    let error = format!(
        "{:#}",
        page(&summary, &recorded, Some("a\n{% for %}")).unwrap_err()
    );
    assert!(
        error.contains("the template is wrong") && error.contains("page.html:2"),
        "{error}"
    );
}

#[test]
fn a_scene_has_no_number_that_is_none() {
    let (summary, recorded) = run(2);
    for (_, _, scene) in scenes(&summary, &recorded) {
        let text = svg(&scene);
        assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
    }
}

#[test]
fn samples_go_to_other_tools() {
    let (summary, recorded) = run(3);
    let write = |name: &str| {
        let format = crate::FORMATS
            .into_iter()
            .find(|it| it.name == name)
            .unwrap();
        let crate::Writes::Samples(write) = format.writes else {
            panic!("{name} has no samples")
        };
        write(&summary, &recorded).unwrap()
    };
    let read: serde_json::Value = serde_json::from_str(&write("hyperfine")).unwrap();
    let results = read["results"].as_array().unwrap();
    assert_eq!(results.len(), 2, "the row without a result has no times");
    assert_eq!(results[0]["command"], "get/strategy-number-0");
    assert_eq!(results[0]["times"].as_array().unwrap().len(), 9);
    let seconds = |key: &str| results[0][key].as_f64().unwrap();
    assert!(
        (seconds("median") - 0.0404).abs() < 1e-9 && seconds("min") == 0.04,
        "{results:?}"
    );
    let text = write("samples");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap().get(8), Some("wall_ns"));
    let walls: Vec<String> = reader
        .records()
        .map(|it| it.unwrap()[8].to_owned())
        .collect();
    assert_eq!((walls.len(), walls[0].as_str()), (18, "40000000"));
    assert!(write("html").starts_with("<!doctype html>"));
}

#[test]
fn an_answer_never_contradicts_a_verdict() {
    let (mut summary, _) = run(4);
    let said = |summary: &Summary| crate::answers(summary).concat();
    assert!(
        said(&summary).contains("strategy-number-0 is ahead of all others."),
        "{}",
        said(&summary)
    );
    // With few rounds the letters tell nothing apart, but verdicts may.
    for cell in &mut summary.cells {
        cell.tie = Some("a".into());
    }
    for (index, kind) in [(1, VerdictKind::Slower), (2, VerdictKind::Unclear)] {
        if let Some(verdict) = &mut summary.cells[index].verdict {
            verdict.kind = kind;
        }
    }
    let text = said(&summary);
    assert!(
        text.contains("strategy-number-0 and strategy-number-2 cannot be told apart"),
        "{text}"
    );
    assert!(
        text.contains("strategy-number-1 takes 1.30 times as long (1.29-1.31)"),
        "{text}"
    );
    // A reference that is beaten does not lead.
    let ratio = |reference: &Row| Ratio {
        estimate: 0.5,
        low: Some(0.49),
        high: Some(0.51),
        reference: reference.clone(),
        pairs: 9,
    };
    let reference = summary.spec.reference.clone();
    if let Some(own) = &mut summary.cells[0].ratio {
        own.reference = reference.clone();
    }
    summary.cells[1].ratio = Some(ratio(&reference));
    if let Some(verdict) = &mut summary.cells[1].verdict {
        verdict.kind = VerdictKind::Faster;
    }
    let text = said(&summary);
    assert!(
        text.contains("strategy-number-1 and strategy-number-2 cannot be told apart"),
        "{text}"
    );
    assert!(
        text.contains("strategy-number-1 is 2.00 times as fast (1.96-2.04)"),
        "{text}"
    );
}
