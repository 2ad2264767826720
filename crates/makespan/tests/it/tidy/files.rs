//! How long files and functions are.

use std::fs;
use std::path::{Path, PathBuf};

use super::root;

/// A file is one noun. More lines than this are a corridor.
const MOST_LINES: usize = 400;

/// A function is read at one glance.
const MOST_LINES_OF_A_FUNCTION: usize = 60;

pub(super) fn lengths() {
    let mut long = Vec::new();
    for folder in ["crates", "mock-server", "benches"] {
        for file in files(&root().join(folder)) {
            let text = fs::read_to_string(&file).unwrap();
            if is_too_long(&text) {
                long.push(format!("{}: {} lines", name(&file), text.lines().count()));
            }
        }
    }
    assert!(
        long.is_empty(),
        "over {MOST_LINES} lines, and the first line gives no reason (`// Long because ...`):\n{}",
        long.join("\n")
    );
}

fn is_too_long(text: &str) -> bool {
    text.lines().count() > MOST_LINES && !text.starts_with("// Long because ")
}

pub(super) fn functions() {
    let mut long = Vec::new();
    for file in files(&root().join("crates/harness/src/parent")) {
        let text = fs::read_to_string(&file).unwrap();
        for (line, length) in long_functions(&text) {
            long.push(format!("{}:{line}: {length} lines", name(&file)));
        }
    }
    assert!(
        long.is_empty(),
        "functions over {MOST_LINES_OF_A_FUNCTION} lines:\n{}",
        long.join("\n")
    );
}

/// The lines where functions begin that are too long, and how long they are. A formatted function ends with the first brace that
/// stands where the function began.
fn long_functions(text: &str) -> Vec<(usize, usize)> {
    let lines: Vec<_> = text.lines().collect();
    let begins = |line: &str| {
        let code = line.trim_start();
        let words = ["pub", "pub(crate)", "pub(super)", "async", "const"];
        let first = code.split(' ').find(|word| !words.contains(word));
        (first == Some("fn")).then_some(line.len() - code.len())
    };
    let mut long = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(indent) = begins(line) else { continue };
        let end = format!("{:indent$}}}", "");
        let length = lines[index..].iter().position(|line| **line == end);
        let length = length.map_or(1, |last| last + 1);
        if length > MOST_LINES_OF_A_FUNCTION {
            long.push((index + 1, length));
        }
    }
    long
}

pub(super) fn what_is_long() {
    let file = "//! A file.\n".repeat(MOST_LINES + 1);
    assert!(is_too_long(&file) && !is_too_long(&file[12..]));
    assert!(!is_too_long(&format!(
        "// Long because it is a list.\n{file}"
    )));

    let body = "        it();\n".repeat(MOST_LINES_OF_A_FUNCTION - 2);
    let fits = format!("impl A {{\n    pub async fn f(\n    ) {{\n{body}    }}\n}}\n");
    assert_eq!(long_functions(&fits), [(2, MOST_LINES_OF_A_FUNCTION + 1)]);
    let fits = fits.replacen("        it();\n", "", 1);
    assert_eq!(long_functions(&fits), []);
}

fn name(file: &Path) -> String {
    file.strip_prefix(root()).unwrap().display().to_string()
}

/// All sources in a folder and the folders in it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// This binary has its own `main`, which runs what `tests()` lists. A function with the usual mark would be compiled and never run.
pub(super) fn tests_are_listed() {
    let mark = format!("\n#[{}]\n", "test");
    let folder = root().join("crates/makespan/tests/it");
    let marked = |file: &PathBuf| fs::read_to_string(file).unwrap().contains(&mark);
    let marked: Vec<_> = files(&folder).into_iter().filter(marked).collect();
    assert!(
        marked.is_empty(),
        "`#[test]` is never run here; add the test to `tests()`: {marked:?}"
    );
}
