//! The page of a run in a browser: what no look at its text can tell.
//!
//! `made` makes pages, `chrome` opens them, and `checks` looks at them; what has to be asked inside a page is in `checks.js`. Without
//! Chromium or axe-core the tests are skipped, and the last lines say so.

#![forbid(unsafe_code)]

mod checks;
mod chrome;
mod made;

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use libtest_mimic::{Arguments, Failed, Trial};

use crate::checks::CHECKS;
use crate::chrome::Browser;
use crate::made::Made;

/// One browser for all tests, started by the first.
type Shared = Arc<Mutex<Option<Browser>>>;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let (program, axe) = (chrome::found(), axe());
    let folder = tempfile::tempdir().expect("a folder can be made");
    let shared = Shared::default();
    let mut trials = Vec::new();
    for made in Made::all(folder.path()) {
        let made = Arc::new(made);
        for (name, check) in CHECKS {
            trials.push(trial(name, &made, &shared, program.as_deref(), check));
        }
        let script = axe.clone().unwrap_or_default();
        let check = move |browser: &mut Browser, made: &Made| checks::axe(browser, made, &script);
        let program = program.as_deref().filter(|_| axe.is_some());
        trials.push(trial(
            "axe_finds_nothing_grave",
            &made,
            &shared,
            program,
            check,
        ));
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    if !arguments.list && program.is_none() {
        println!("browser tests skipped: no chromium found; `apt-get install chromium`");
    } else if !arguments.list && axe.is_none() {
        println!(
            "axe tests skipped: no axe-core found; `npm install --no-save axe-core`, or MAKESPAN_AXE with the path of axe.min.js"
        );
    }
    // It would outlive this process.
    drop(shared.lock().unwrap_or_else(PoisonError::into_inner).take());
    conclusion.exit_code()
}

fn trial(
    name: &str,
    made: &Arc<Made>,
    shared: &Shared,
    program: Option<&Path>,
    check: impl FnOnce(&mut Browser, &Made) -> Vec<String> + Send + 'static,
) -> Trial {
    let (made, shared) = (made.clone(), shared.clone());
    let known = program.map(Path::to_owned);
    Trial::test(format!("{}::{name}", made.name), move || {
        let program = known.ok_or("there is no Chromium or no axe-core")?;
        let mut browser = shared.lock().unwrap_or_else(PoisonError::into_inner);
        let browser = browser.get_or_insert_with(|| Browser::start(&program));
        let wrong = check(browser, &made);
        match wrong.is_empty() {
            true => Ok(()),
            false => Err(Failed::from(wrong.join("\n"))),
        }
    })
    .with_ignored_flag(program.is_none())
}

/// The script of axe-core: where the environment says, or as npm installs it here or above.
fn axe() -> Option<PathBuf> {
    let named = env::var_os("MAKESPAN_AXE").map(PathBuf::from);
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let installed = above.map(|it| it.join("node_modules/axe-core/axe.min.js"));
    named.into_iter().chain(installed).find(|it| it.is_file())
}
