//! Pictures and the page.

use model::{Ratio, Recorded, Row, Summary, VerdictKind};

use super::made_up::run;
use crate::plots::{plots, scenes};
use crate::scene::svg;
use crate::{page, pages};

const HOSTILE: &str = "</script><script>alert(1)</script>\"'&\u{202e}\u{1b}[31m a name that is far too long for any place in a picture";

#[test]
fn a_picture_says_what_it_shows_and_what_to_know() {
    let (summary, recorded) = run(5);
    let plots = plots(&summary, &recorded);
    let names: Vec<&str> = plots.iter().map(|plot| plot.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "get-makespan",
            "get-ratio",
            "get-cost",
            "get-memory",
            "card"
        ]
    );
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
    // Programs that know no variables get colours.
    for plot in &plots {
        let plain = plot.plain();
        assert!(
            !plain.contains("var(") && !plain.contains("<style"),
            "{plain}"
        );
        assert!(plain.contains("fill=\"#1b1f24\"") && plain.contains("font-family="));
    }
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
    if let Some(ratio) = &mut summary.cells[2].ratio {
        (ratio.low, ratio.high) = (Some(0.3), Some(3.0));
    }
    for (index, kind) in [(1, VerdictKind::Slower), (2, VerdictKind::Unclear)] {
        if let Some(verdict) = &mut summary.cells[index].verdict {
            verdict.kind = kind;
        }
    }
    let text = said(&summary);
    assert!(
        text.contains(
            "strategy-number-0 has the smallest median; strategy-number-2 cannot be told from it."
        ),
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
        text.contains(
            "strategy-number-1 has the smallest median; strategy-number-2 cannot be told from it."
        ),
        "{text}"
    );
    assert!(
        text.contains("strategy-number-1 is 2.00 times as fast (1.96-2.04)"),
        "{text}"
    );
}

/// Rows next to the fastest and the slowest are named, with their intervals; how many lie between is counted.
#[test]
fn an_answer_compares_with_the_fastest() {
    let (mut summary, _) = run(8);
    let fastest = summary.cells[0].row.clone();
    for (index, cell) in summary.cells.iter_mut().enumerate().skip(1) {
        let estimate = 1.0 + index as f64;
        cell.over_fastest = Some(Ratio {
            estimate,
            low: Some(estimate - 0.5),
            high: Some(estimate + 0.5),
            reference: fastest.clone(),
            pairs: 9,
        });
    }
    let small = summary.cells[1].over_fastest.as_mut().unwrap();
    (small.estimate, small.low, small.high) = (1.0125, Some(1.01), Some(1.0151));
    let text = crate::answers(&summary).concat();
    let wanted = "Compared with strategy-number-0: \
        strategy-number-1 takes 1.25 % longer (1.00 to 1.51); strategy-number-2 takes 3.00 times as long (2.50-3.50); \
        2 more rows in between; strategy-number-5 takes 6.00 times as long (5.50-6.50); \
        strategy-number-6 takes 7.00 times as long (6.50-7.50).";
    assert!(text.contains(wanted), "{text}");
}

/// Letters need many rounds. A row that few rounds hold is not called as fast as the fastest if its own interval says otherwise.
#[test]
fn a_row_of_few_rounds_is_not_among_the_fastest() {
    let (mut summary, _) = run(4);
    for (index, cell) in summary.cells.iter_mut().enumerate() {
        cell.tie = Some(["ab", "a", "b", "ab"][index % 4].into());
        cell.samples = if index == 2 { 9 } else { 20 };
        let estimate = if index == 2 { 20.0 } else { 1.0 };
        cell.ratio = Some(Ratio {
            estimate,
            low: Some(estimate * 0.99),
            high: Some(estimate * 1.01),
            reference: Row::plain("another"),
            pairs: 9,
        });
        cell.verdict = None;
    }
    let text = crate::answers(&summary).concat();
    assert!(
        text.contains(
            "strategy-number-2 looks slower by its own 95 % interval, but 9 rounds are too few"
        ),
        "{text}"
    );
    let (first, _) = text.split_once("cannot be told from it").unwrap();
    assert!(first.contains("strategy-number-0") && first.contains("strategy-number-1"));
    assert!(!first.contains("strategy-number-2"), "{text}");
}
