//! What must be right in every page. Each check gives what is wrong.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::chrome::{Browser, Tab};
use crate::made::Made;

/// A check by its name.
pub(crate) type Check = (&'static str, fn(&mut Browser, &Made) -> Vec<String>);

pub(crate) const CHECKS: [Check; 9] = [
    ("asks_for_nothing_and_says_nothing", quiet),
    ("tables_sort_by_pointer_and_keyboard", sorts),
    ("exact_numbers_are_shown_without_a_pointer", exact),
    ("everything_is_seen_in_light_and_dark", seen),
    ("every_row_has_an_address", anchors),
    ("nothing_is_wider_than_a_telephone", narrow),
    ("nothing_is_cut_on_paper", printed),
    ("numbers_can_be_saved", saved),
    ("names_are_only_text", inert),
];

const SCHEMES: [&str; 2] = ["light", "dark"];

fn quiet(browser: &mut Browser, made: &Made) -> Vec<String> {
    let mut tab = Tab::open(browser, &made.address);
    // Whatever was begun while it loaded has been said before this answer.
    tab.value("new Promise(done => setTimeout(done, 200))");
    let requests = tab.events("Network.requestWillBeSent").into_iter();
    let addresses = requests.map(|it| it["request"]["url"].as_str().unwrap_or("?").to_owned());
    let mut wrong: Vec<String> = addresses.filter(|it| *it != made.address).collect();
    let loud =
        |it: &Value| ["error", "warning", "assert"].contains(&it["type"].as_str().unwrap_or("?"));
    let console = tab.events("Runtime.consoleAPICalled");
    wrong.extend(console.iter().filter(|it| loud(it)).map(Value::to_string));
    for event in ["Log.entryAdded", "Runtime.exceptionThrown"] {
        wrong.extend(tab.events(event).iter().map(Value::to_string));
    }
    wrong
}

fn sorts(browser: &mut Browser, made: &Made) -> Vec<String> {
    let mut tab = Tab::open(browser, &made.address);
    let head = "document.querySelector('thead th:nth-child(2)')";
    let mut wrong = Vec::new();
    let mut expect = |tab: &mut Tab, what: &str, way: &str| {
        let found = tab.value(&format!("{head}.getAttribute('aria-sort')"));
        if found != way {
            wrong.push(format!("{what}: {found} and not {way}"));
        }
    };
    tab.click("thead th:nth-child(2) button");
    expect(&mut tab, "a click", "ascending");
    tab.click("thead th:nth-child(2) button");
    expect(&mut tab, "one more click", "descending");
    tab.value(&format!("{head}.querySelector('button').focus()"));
    tab.press_enter();
    expect(&mut tab, "the Enter key", "ascending");
    tab.press_enter();
    expect(&mut tab, "the Enter key once more", "descending");
    wrong.extend(tab.complaints("sorting()"));
    wrong
}

fn exact(browser: &mut Browser, made: &Made) -> Vec<String> {
    let mut tab = Tab::open(browser, &made.address);
    let shown = "getComputedStyle(document.querySelector('td[data-v]'), '::after').content";
    let before = tab.value(shown);
    tab.value("document.getElementById('exact').focus()");
    tab.press_enter();
    let (after, pressed) = (
        tab.value(shown),
        tab.value("document.getElementById('exact').getAttribute('aria-pressed')"),
    );
    let number = tab.value("document.querySelector('td[data-v]').dataset.v");
    let number = number.as_str().unwrap_or("nothing");
    let after = after.as_str().unwrap_or_default();
    let mut wrong = Vec::new();
    if before != "none" || !after.contains(number) || pressed != "true" {
        wrong.push(format!("{number} is shown as {after}, before as {before}"));
    }
    // There is more text now, and it must be read too.
    wrong.extend(tab.complaints("contrast()"));
    tab.size(360, 800);
    wrong.extend(tab.complaints("widths(true)"));
    wrong
}

fn seen(browser: &mut Browser, made: &Made) -> Vec<String> {
    let mut tab = Tab::open(browser, &made.address);
    let mut wrong = Vec::new();
    for scheme in SCHEMES {
        tab.look("screen", scheme);
        let dark = tab.value("matchMedia('(prefers-color-scheme: dark)').matches");
        assert_eq!(dark, scheme == "dark", "the scheme can be chosen");
        for check in ["pictures()", "contrast()"] {
            let found = tab.complaints(check).into_iter();
            wrong.extend(found.map(|it| format!("{scheme}: {it}")));
        }
    }
    wrong
}

fn anchors(browser: &mut Browser, made: &Made) -> Vec<String> {
    let mut tab = Tab::open(browser, &made.address);
    let mut wrong = tab.complaints("anchors()");
    let last = tab.value("[...document.querySelectorAll('tbody tr')].at(-1).id");
    let last = last.as_str().unwrap_or("nothing").to_owned();
    drop(tab);
    let mut tab = Tab::open(browser, &format!("{}#{last}", made.address));
    let inside = tab.complaints(&format!(
        "inView('{last}') ? [] : ['#{last} is opened out of view']"
    ));
    wrong.extend(inside);
    wrong
}

fn narrow(browser: &mut Browser, made: &Made) -> Vec<String> {
    let mut tab = Tab::open(browser, &made.address);
    tab.size(360, 740);
    tab.complaints("widths(true)")
}

/// A4 is 794 pixels wide, and Chromium leaves a centimetre on each side.
fn printed(browser: &mut Browser, made: &Made) -> Vec<String> {
    let mut tab = Tab::open(browser, &made.address);
    tab.size(718, 1047);
    let mut wrong = Vec::new();
    for scheme in SCHEMES {
        tab.look("print", scheme);
        for check in ["pictures()", "contrast()", "widths(false)"] {
            let found = tab.complaints(check).into_iter();
            wrong.extend(found.map(|it| format!("{scheme}: {it}")));
        }
    }
    let a4 = json!({"paperWidth": 8.27, "paperHeight": 11.69, "printBackground": true});
    let file = tab.call("Page.printToPDF", a4);
    let file = BASE64_STANDARD.decode(file["data"].as_str().unwrap_or_default());
    if !file.is_ok_and(|it| it.starts_with(b"%PDF-") && it.len() > 10_000) {
        wrong.push("it cannot be printed".into());
    }
    wrong
}

fn saved(browser: &mut Browser, made: &Made) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let mut tab = Tab::open(browser, &made.address);
    let csv = tab.saved("summary.csv", folder.path());
    let json = tab.saved("summary.json", folder.path());
    let mut wrong = Vec::new();
    if csv != report::csv(&made.summary).expect("it can be written") {
        wrong.push("the CSV is not that of the run".into());
    }
    let values = |text: &str| serde_json::from_str::<Value>(text).expect("it is JSON");
    if values(&json) != values(&report::json(&made.summary).expect("it can be written")) {
        wrong.push("the JSON is not that of the run".into());
    }
    let mut rows: BTreeMap<String, usize> = BTreeMap::new();
    for record in csv::Reader::from_reader(csv.as_bytes()).records() {
        let record = record.expect("it is CSV");
        // One row is measured as two, and the tables show one.
        *rows.entry(record[0].to_owned()).or_default() += usize::from(record[2].is_empty());
    }
    let tables = tab.value(
        "[...document.querySelectorAll('section')].map(it => [it, it.querySelector('table')]) \
         .filter(([it, table]) => table && table.tHead.innerText.includes('median')) \
         .map(([it, table]) => table.tBodies[0].rows.length)",
    );
    let tables: Vec<usize> = serde_json::from_value(tables).expect("they are numbers");
    let (mut in_file, mut in_page): (Vec<usize>, _) = (rows.into_values().collect(), tables);
    in_file.sort();
    in_page.sort();
    if in_file != in_page {
        wrong.push(format!(
            "rows by workload: {in_file:?} in the file, {in_page:?} in the page"
        ));
    }
    wrong
}

fn inert(browser: &mut Browser, made: &Made) -> Vec<String> {
    let mut tab = Tab::open(browser, &made.address);
    let mut wrong = tab.complaints("intruders()");
    let dialogs = tab.events("Page.javascriptDialogOpening");
    wrong.extend(dialogs.iter().map(Value::to_string));
    wrong
}

/// What axe-core finds, by its rules for WCAG and more.
pub(crate) fn axe(browser: &mut Browser, made: &Made, script: &Path) -> Vec<String> {
    let script = fs::read_to_string(script).expect("axe-core can be read");
    let mut tab = Tab::open(browser, &made.address);
    tab.value(&format!("{script};undefined"));
    let mut wrong = Vec::new();
    for (scheme, width) in SCHEMES.into_iter().zip([1000, 360]) {
        tab.look("screen", scheme);
        tab.size(width, 740);
        let found = tab.complaints("axe()").into_iter();
        wrong.extend(found.map(|it| format!("{scheme}: {it}")));
    }
    wrong
}
