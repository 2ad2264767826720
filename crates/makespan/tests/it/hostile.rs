//! Text from outside, which may not steer a terminal or a page.

use std::fs;

use libtest_mimic::Trial;

use crate::command::{folder, output};
use crate::scenario::with_program;
use crate::together;

pub(crate) fn tests() -> Vec<Trial> {
    vec![together(
        "hostile::what_a_program_says_steers_no_terminal_and_is_no_html",
        hostile,
    )]
}

/// A program that ends with an escape sequence, a bell and reversed text.
const COMMAND: [&str; 3] = [
    "sh",
    "-c",
    r"printf '\033[31mred\007 \342\200\256<img src=x>' >&2; exit 1",
];

fn hostile() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("hostile.toml");
    // The name of the scenario is HTML, that of the client a formula that steers.
    let text = with_program(&COMMAND)
        .replacen(
            "name = \"mine\"",
            "name = \"<img src=x onerror=alert(1)>\"",
            1,
        )
        .replacen("\"none\"", r#""=1+1\u001b[2J""#, 1);
    fs::write(&file, text).unwrap();
    let (out, file) = (parent.path().to_str().unwrap(), file.to_str().unwrap());
    let (code, out, err) = output(&[
        "run",
        file,
        "--allow-debug",
        "--no-calibration",
        "--out",
        out,
    ]);
    assert_eq!(code, Some(1), "{out}{err}");
    let folder = folder(&out);
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let (document, csv) = (read("README.md"), read("summary.csv"));
    let (_, markdown, _) = output(&["report", folder.to_str().unwrap(), "--markdown"]);
    for text in [&out, &err, &document, &csv, &markdown] {
        let steers = |it: char| (it.is_control() && it != '\n') || it == '\u{202e}';
        assert!(!text.contains(steers), "{text:?}");
    }
    let (_, _, typed) = output(&["report", "no\u{1b}[31m/run"]);
    assert!(typed.contains(r"cannot read no\u{1b}[31m/run"), "{typed:?}");
    // All is said, though.
    let said = r"\u{1b}[31mred\u{7} \u{202e}<img src=x>";
    assert!(
        err.contains(&format!(
            "get/mine failed: the process ended: exit status: 1: {said}"
        )),
        "{err}"
    );
    assert!(
        document.starts_with(r"# \<img src=x onerror=alert(1)\>, "),
        "{document}"
    );
    assert!(
        document.contains(r"\<img src=x\>") && !document.contains(" <img"),
        "{document}"
    );
    assert!(
        csv.contains(r"'=1+1\u{1b}[2J") && csv.contains(said),
        "{csv}"
    );
}
