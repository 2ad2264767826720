//! Where the files of programs are, from whatever folder makespan is started.

use std::env;
use std::path::{Path, PathBuf};

use harness::{Backend, Prepared};

/// Finds the files that the commands of a scenario's programs name: those of a scenario file beside it, those of a built-in
/// scenario where makespan was built or beside its executable; all others from the current folder. A program of a built-in scenario
/// whose file is nowhere cannot run here.
pub(crate) fn locate(cells: &mut [Prepared], scenario: &str) {
    let built_in = !scenario.ends_with(".toml");
    let folders = match built_in {
        true => installed(),
        false => Path::new(scenario)
            .parent()
            .map(Path::to_owned)
            .into_iter()
            .collect(),
    };
    for cell in cells
        .iter_mut()
        .filter(|cell| cell.cell.unsupported.is_none())
    {
        let Backend::Program(program) = &mut cell.backend else {
            continue;
        };
        for (index, word) in program.command.iter_mut().enumerate() {
            // What is not a path is left to whoever starts the program, or to the program.
            let path = word.contains('/') && !word.starts_with(['-', '/']);
            let name = index > 0 || path;
            match folders
                .iter()
                .map(|folder| folder.join(&*word))
                .find(|file| name && file.is_file())
            {
                Some(file) => *word = whole(&file),
                None if built_in && index > 0 && path && !Path::new(word).is_file() => {
                    cell.cell.unsupported = Some(nowhere(word, &folders));
                }
                None => {}
            }
        }
    }
}

/// Where the files of built-in scenarios are.
fn installed() -> Vec<PathBuf> {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let executable = env::current_exe().ok();
    let beside = executable.and_then(|path| path.parent().map(Path::to_owned));
    [built].into_iter().chain(beside).collect()
}

/// Without dots, as far as that can be told.
fn whole(path: &Path) -> String {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    whole.display().to_string()
}

fn nowhere(word: &str, folders: &[PathBuf]) -> String {
    let folders: Vec<_> = folders.iter().map(|folder| whole(folder)).collect();
    format!(
        "cannot find {word} in {} or the current folder; allowed is to start makespan in the folder that has it, or to put it beside the executable",
        folders.join(", ")
    )
}
