//! Two runs side by side.

use model::Comparison;

use super::summary;
use crate::formats::markdown::markdown;
use crate::formats::screen::Screen;
use crate::formats::terminal::terminal;
use crate::tables::comparison::comparison;

#[test]
fn a_change_has_its_interval_and_its_word() {
    let (before, mut after) = (summary(), summary());
    let identical = Comparison::new(&before, &after, false).unwrap();
    let text = terminal(&comparison(&identical, false)[0], Screen::plain(80));
    assert!(text.contains("1.00 (1.00-1.00) same (identical)"), "{text}");
    let json = serde_json::to_value(&identical).unwrap();
    let row = &json["workloads"][0]["rows"][1];
    assert_eq!(
        (&row["change"]["kind"], &row["change"]["identical"]),
        (&"same".into(), &true.into())
    );
    let ratio = after.cells[2].ratio.as_mut().unwrap();
    (ratio.estimate, ratio.low, ratio.high) = (0.0335, Some(0.0330), Some(0.0338));
    let ratio = after.cells[1].ratio.as_mut().unwrap();
    (ratio.estimate, ratio.low, ratio.high) = (0.6, Some(0.59), Some(0.61));
    after.cells[1].floor_ratio = Some(18.2);
    let changed = Comparison::new(&before, &after, false).unwrap();
    let text = comparison(&changed, false)
        .iter()
        .map(|it| terminal(it, Screen::plain(80)))
        .collect::<String>();
    assert!(
        text.contains("0.979 (0.940-0.997) faster, under 5 %"),
        "{text}"
    );
    assert!(text.contains("1.19 (1.17-1.21) slower"), "{text}");
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
    let text = comparison(&changed, false)
        .iter()
        .map(markdown)
        .collect::<String>();
    assert!(text.contains("| floor before | floor after |"), "{text}");
}
