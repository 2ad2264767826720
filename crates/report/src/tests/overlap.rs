//! No text of a picture lies on another.

use model::{Quantile, Quantiles};

use super::made_up::{named, recorded, swept};
use crate::plots::scenes;
use crate::scene::{Anchor, Mark, Scene, width};

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
    let short = |index: usize| format!("strategy-number-{index}");
    let long = |index: usize| {
        format!("{index}-a-strategy-with-a-name-that-no-place-in-a-picture-has-room-for")
    };
    for (rows, name) in [3, 5, 15, 38]
        .into_iter()
        .flat_map(|it| [(it, short as fn(usize) -> String), (it, long)])
    {
        let (mut summary, _) = named(rows, name);
        swept(&mut summary);
        for cell in &mut summary.cells {
            let (p50_ns, p99_ns) = (quantile(20_000_000), Some(quantile(22_000_000)));
            cell.latencies = Some(Quantiles {
                count: 540,
                p50_ns,
                p90_ns: p50_ns,
                p99_ns,
                max_ns: 1,
            });
        }
        let recorded = recorded(&summary);
        let all = scenes(&summary, &recorded);
        let kinds: Vec<&str> = all
            .iter()
            .map(|(kind, workload, _)| match workload.as_str() {
                "get" | "get by tasks" | "" => *kind,
                _ => "of a size",
            })
            .filter(|kind| *kind != "of a size")
            .collect();
        assert_eq!(
            kinds,
            [
                "makespan", "ratio", "latency", "cost", "memory", "sweep", "memory", "card"
            ],
            "{rows}"
        );
        for (kind, _, scene) in &all {
            apart(scene, &format!("{kind}, {rows} rows"));
        }
    }
}

/// Refuses to pass where a text lies on another, or outside of the picture.
pub(super) fn apart(scene: &Scene, which: &str) {
    let boxes = boxes(scene);
    for (index, (one, text)) in boxes.iter().enumerate() {
        assert!(
            one[0] >= 0.0 && one[2] <= scene.width + 0.5,
            "{which}: `{text}` is outside: {one:?}"
        );
        assert!(
            one[1] >= 0.0 && one[3] <= scene.height,
            "{which}: `{text}` is outside"
        );
        for (other, under) in &boxes[index + 1..] {
            let apart = one[2] <= other[0]
                || other[2] <= one[0]
                || one[3] <= other[1]
                || other[3] <= one[1];
            assert!(apart, "{which}: `{text}` lies on `{under}`");
        }
    }
}

fn quantile(value_ns: u64) -> Quantile {
    let (low_ns, high_ns) = (Some(value_ns - 9_000), Some(value_ns + 9_000));
    Quantile {
        value_ns,
        low_ns,
        high_ns,
    }
}
