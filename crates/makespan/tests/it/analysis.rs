//! What can be done with a run when it is over, and how the judgement itself is tried.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::Trial;
use model::{FlagKind, Judgement, Summary};
use tempfile::TempDir;

use crate::test;

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test(
            "analysis::a_stored_run_is_recomputed_byte_for_byte",
            recomputed,
        ),
        test(
            "analysis::damaged_runs_are_told_and_what_is_left_counts",
            damaged,
        ),
        test(
            "analysis::runs_are_compared_and_times_only_on_one_machine",
            compared,
        ),
        test(
            "analysis::what_is_no_run_as_measured_is_not_shown",
            not_shown,
        ),
        test("analysis::tables_are_spliced_by_name", spliced),
        test(
            "analysis::what_a_program_says_steers_no_terminal_and_is_no_html",
            hostile,
        ),
        test(
            "analysis::the_build_is_the_same_wherever_it_is_run",
            provenance,
        ),
        test(
            "analysis::a_build_knows_its_commit_and_whether_its_sources_were_changed",
            build_script,
        ),
        test("analysis::one_launch_is_flagged", one_launch),
        test("analysis::timers_and_clients_come_first", calibrated),
        test(
            "analysis::launches_are_added_while_the_budget_lasts",
            launches_are_added,
        ),
        test("analysis::trials_go_on_where_they_ended", trials_go_on),
        test("analysis::a_slower_row_really_waits_longer", slower),
    ]
}

/// Exit code, standard output and standard error.
fn makespan(arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_makespan"));
    command.env_remove("COLUMNS");
    let output = command.args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// A small run of two rows with these flags, in a folder that lasts as long as what is returned.
fn run(flags: &[&str]) -> (TempDir, PathBuf) {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().to_str().unwrap();
    let small = [
        "run",
        "--quick",
        "--allow-debug",
        "--workload",
        "sleep",
        "--tasks",
        "4",
        "--latency",
        "2ms",
        "--strategy",
        "smol",
        "--strategy",
        "async-std",
        "--out",
        out,
    ];
    let (code, out, err) = makespan(&[&small[..], flags].concat());
    assert_eq!(code, Some(0), "{out}{err}");
    let folder = PathBuf::from(out.lines().last().unwrap());
    (parent, folder)
}

const PLAIN: [&str; 3] = ["--no-calibration", "--rounds", "9"];

fn summary(folder: &Path) -> Summary {
    let text = fs::read_to_string(folder.join("summary.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn recomputed() {
    let (_parent, folder) = run(&["--rounds", "9"]);
    let name = folder.to_str().unwrap();
    let (code, tables, err) = makespan(&["analyze", name]);
    assert_eq!(code, Some(0), "{err}");
    let (_, stored, _) = makespan(&["report", name]);
    assert_eq!(tables.trim_end(), stored.trim_end());
    for file in ["summary.json", "summary.csv", "README.md"] {
        assert!(err.contains(&format!("{file}: the same")), "{err}");
    }
    // What somebody else wrote into it is found, and mended only if that is asked for.
    let path = folder.join("summary.csv");
    let before = fs::read_to_string(&path).unwrap();
    fs::write(&path, before.replacen("smol", "slom", 1)).unwrap();
    let (code, _, err) = makespan(&["analyze", name]);
    assert!(
        code == Some(1) && err.contains("summary.csv: differs"),
        "{err}"
    );
    assert_eq!(makespan(&["analyze", name, "--write"]).0, Some(0));
    assert_eq!(fs::read_to_string(&path).unwrap(), before);
    // Any row can be the reference.
    let (code, tables, err) = makespan(&["analyze", name, "--reference", "async-std"]);
    assert_eq!(code, Some(0), "{err}");
    let row = |text: &str| {
        tables
            .lines()
            .any(|line| line.starts_with("async-std") && line.contains(text))
    };
    assert!(row("1 (reference)"), "{tables}");
    let (code, _, err) = makespan(&["analyze", name, "--reference", "smoll"]);
    assert!(
        code == Some(2) && err.contains("did you mean `smol`"),
        "{err}"
    );
}

fn damaged() {
    let (_parent, folder) = run(&PLAIN);
    let (name, path) = (folder.to_str().unwrap(), folder.join("samples.jsonl"));
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    // Cut in the middle of a line: a third of the samples is left, and judged.
    let third = lines[..lines.len() / 3].join("\n");
    fs::write(&path, &third[..third.len() - 20]).unwrap();
    let (code, tables, err) = makespan(&["analyze", name]);
    assert_eq!(code, Some(1), "{err}");
    assert!(
        err.contains("it ends in the middle of line") && err.contains("the run was cut off"),
        "{err}"
    );
    assert!(
        tables.contains("smol") && tables.contains("speed-up, 95 % CI"),
        "{tables}"
    );
    // A number that somebody improved.
    let edited = text.replacen("\"wall_ns\":", "\"wall_ns\":1", 1);
    fs::write(&path, edited).unwrap();
    let (code, _, err) = makespan(&["analyze", name]);
    assert!(
        code == Some(1) && err.contains("it was changed after the run"),
        "{err}"
    );
    // Another version, and no version.
    let version = format!("\"schema_version\":{}", model::SCHEMA_VERSION);
    for (from, to, named) in [
        (
            version.as_str(),
            "\"schema_version\":2",
            "schema_version = 2: allowed are 3 to",
        ),
        ("\"record\":\"run\",", "", "not the header of a run"),
    ] {
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let (code, out, err) = makespan(&["analyze", name]);
        assert!(
            code == Some(1) && out.is_empty() && err.contains(named),
            "{err}"
        );
    }
    let (code, _, err) = makespan(&["analyze", "no/such/run"]);
    assert!(
        code == Some(2) && err.contains("cannot read no/such/run/samples.jsonl"),
        "{err}"
    );
}

fn compared() {
    let ((_first, a), (_second, b)) = (run(&PLAIN), run(&PLAIN));
    let (a, b) = (a.to_str().unwrap(), b.to_str().unwrap());
    let (code, out, err) = makespan(&["compare", a, b, "--times"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(
        out.contains("change: the second over the first")
            && out.contains("sleep: median makespan")
            && out.contains("floor before floor after"),
        "{out}"
    );
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    // With itself nothing moved, however wide the intervals are.
    let (code, out, err) = makespan(&["compare", a, a]);
    assert_eq!(code, Some(0), "{err}");
    assert!(
        out.contains("1.00 (1.00-1.00) same (identical)") && !out.contains("unclear"),
        "{out}"
    );
    let (code, out, err) = makespan(&["compare", a, b, "--json"]);
    assert_eq!(code, Some(0), "{err}");
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let row = &json["workloads"][0]["rows"][1]["change"];
    assert!(
        row["low"].is_number() && row["kind"].is_string() && row["identical"] == false,
        "{out}"
    );
    // The same run on a machine of another name.
    let path = Path::new(b).join("samples.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let host = summary(Path::new(b)).host.name;
    fs::write(
        &path,
        text.replacen(&format!("\"name\":\"{host}\""), "\"name\":\"elsewhere\"", 1),
    )
    .unwrap();
    let (code, out, err) = makespan(&["compare", a, b]);
    assert!(
        code == Some(1) && out.is_empty() && err.contains("it was changed after the run"),
        "{out}{err}"
    );
    let (code, out, _) = makespan(&["compare", a, b, "--allow-damaged"]);
    assert!(
        code == Some(0) && out.contains("different machines") && out.contains("damaged run"),
        "{out}"
    );
    assert!(!out.contains("median makespan"), "{out}");
    let (_, out, _) = makespan(&["compare", a, b, "--allow-damaged", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert!(!json["troubles"].as_array().unwrap().is_empty(), "{out}");
    let (code, out, err) = makespan(&["compare", a, b, "--times", "--allow-damaged"]);
    assert!(
        code == Some(2) && out.is_empty() && err.contains("makespans of different machines"),
        "{err}"
    );
}

/// The committed run, in a folder of its own.
fn reference() -> (TempDir, PathBuf) {
    let parent = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../results/reference");
    let folder = parent.path().join("run");
    fs::create_dir(&folder).unwrap();
    for name in ["samples.jsonl", "summary.json"] {
        fs::copy(from.join(name), folder.join(name)).unwrap();
    }
    (parent, folder)
}

fn not_shown() {
    let (_parent, folder) = reference();
    let name = folder.to_str().unwrap();
    let commands: [&[&str]; 3] = [
        &["report", name],
        &["compare", name, name],
        &["compare", name, name, "--json"],
    ];
    for command in commands {
        assert_eq!(makespan(command).0, Some(0), "{command:?}");
    }
    type Change = fn(&str) -> String;
    let damages: [(&str, Change, &str); 4] = [
        (
            "summary.json",
            |text| text.replacen("\"median\": 1", "\"median\": 2", 1),
            "summary.json is not what the samples say",
        ),
        (
            "samples.jsonl",
            |text| text.replacen("\"wall_ns\":6", "\"wall_ns\":5", 1),
            "it was changed after the run",
        ),
        (
            "samples.jsonl",
            |text| text[..text.len() - 2000].to_owned(),
            "the run was cut off",
        ),
        (
            "summary.json",
            |_| String::new(),
            "summary.json is not what",
        ),
    ];
    for (file, change, reason) in damages {
        let path = folder.join(file);
        let before = fs::read_to_string(&path).unwrap();
        fs::write(&path, change(&before)).unwrap();
        for command in commands {
            let (code, out, err) = makespan(command);
            assert_eq!((code, out.as_str()), (Some(1), ""), "{command:?} {err}");
            assert!(err.contains(reason) && err.contains(name), "{err}");
            let (code, out, err) = makespan(&[command, &["--allow-damaged"]].concat());
            assert_eq!(code, Some(0), "{command:?} {err}");
            assert!(out.contains(reason), "{out}");
        }
        let (code, out, _) = makespan(&["report", name, "--markdown", "--allow-damaged"]);
        assert!(code == Some(0) && out.starts_with("**damaged run"), "{out}");
        fs::write(&path, before).unwrap();
    }
    // What a newer version wrote is not guessed at, whatever is allowed.
    for (file, from) in [
        ("summary.json", "\"schema_version\": "),
        ("samples.jsonl", "\"schema_version\":"),
    ] {
        let path = folder.join(file);
        let before = fs::read_to_string(&path).unwrap();
        fs::write(&path, before.replacen(from, &format!("{from}9"), 1)).unwrap();
        for command in commands {
            let (code, out, err) = makespan(&[command, &["--allow-damaged"]].concat());
            assert_eq!((code, out.as_str()), (Some(1), ""), "{command:?} {err}");
            let version = model::SCHEMA_VERSION;
            assert!(
                err.contains(file)
                    && err.contains(&format!("schema_version = 9{version}"))
                    && err.contains(&version.to_string()),
                "{err}"
            );
        }
        fs::write(&path, before).unwrap();
    }
    // Files that are not there are named.
    fs::remove_file(folder.join("summary.json")).unwrap();
    let (code, out, err) = makespan(&["report", name]);
    assert!(
        code == Some(1) && out.is_empty() && err.contains("summary.json is missing"),
        "{err}"
    );
    fs::remove_file(folder.join("samples.jsonl")).unwrap();
    for command in commands {
        let (code, out, err) = makespan(&[command, &["--allow-damaged"]].concat());
        assert!(
            code == Some(2) && out.is_empty() && err.contains("samples.jsonl"),
            "{err}"
        );
    }
}

fn spliced() {
    let (_parent, folder) = reference();
    let path = folder.join("page.md");
    let close = "<!-- /makespan:table -->";
    let page = |names: &[&str]| {
        let marks = names
            .iter()
            .map(|name| format!("<!-- makespan:table{name} -->\nold\n{close}\n"));
        marks.collect::<String>()
    };
    let splice = |text: &str, flags: &[&str]| {
        fs::write(&path, text).unwrap();
        let (name, page) = (folder.to_str().unwrap(), path.to_str().unwrap());
        let all = [&["report", name, "--makespans", "--splice", page], flags].concat();
        let (code, _, err) = makespan(&all);
        (code, fs::read_to_string(&path).unwrap(), err)
    };
    let (code, text, err) = splice(&page(&[" sleep", " get"]), &[]);
    assert_eq!(code, Some(0), "{err}");
    let (sleep, get) = (
        text.find("**sleep: 20 x 50ms"),
        text.find("**get: 60 x 20ms"),
    );
    assert!(
        sleep.is_some() && sleep < get && !text.contains("\nold\n"),
        "{text}"
    );
    assert_eq!(text.matches("| strategy |").count(), 2, "{text}");
    let (code, text, err) = splice(&page(&[""]), &["--workload", "get"]);
    assert!(
        code == Some(0) && text.matches("| strategy |").count() == 1,
        "{err}"
    );
    // Nothing is written where anything is wrong, and the file and the line are named.
    for (names, wrong) in [
        (
            &[" get", " gett"][..],
            "line 4: `<!-- makespan:table gett -->`: no workload matches `gett`; did you mean `get`?",
        ),
        (
            &[" get", " get"],
            "line 4: `<!-- makespan:table get -->` stands in line 1 already",
        ),
        (&[" g*"], "line 1: "),
    ] {
        let before = page(names);
        let (code, after, err) = splice(&before, &[]);
        assert!(code == Some(2) && after == before, "{after}");
        assert!(
            err.contains(path.to_str().unwrap()) && err.contains(wrong),
            "{err}"
        );
    }
    let open = "<!-- makespan:table get -->\n";
    let (code, after, err) = splice(open, &[]);
    assert!(
        code == Some(2) && after == open && err.contains("line 1: "),
        "{err}"
    );
}

/// A program that ends with an escape sequence, a bell and reversed text, in a scenario whose name is HTML.
const HOSTILE: &str = r#"
name = "<img src=x onerror=alert(1)>"
seed = 1
concurrency = 4
workers = 2
launches = 1
rounds = 1
long_rounds = 1
reference = "sequential"
anchor = "sequential"
strategies = ["sequential", "mine"]

[[program]]
name = "mine"
command = ["sh", "-c", "read line; printf '\\033[31mred\\007 \\342\\200\\256<img src=x>' >&2; exit 1"]
client = "=1+1\u001b[2J"
workloads = ["get"]

[[workload]]
name = "get"
tasks = 2
latency = "1ms"
"#;

fn hostile() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("hostile.toml");
    fs::write(&file, HOSTILE).unwrap();
    let (out, file) = (parent.path().to_str().unwrap(), file.to_str().unwrap());
    let (code, out, err) = makespan(&[
        "run",
        file,
        "--allow-debug",
        "--no-calibration",
        "--out",
        out,
    ]);
    assert_eq!(code, Some(1), "{out}{err}");
    let folder = PathBuf::from(out.lines().last().unwrap());
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let (document, csv) = (read("README.md"), read("summary.csv"));
    let (_, markdown, _) = makespan(&["report", folder.to_str().unwrap(), "--markdown"]);
    for text in [&out, &err, &document, &csv, &markdown] {
        let steers = |it: char| (it.is_control() && it != '\n') || it == '\u{202e}';
        assert!(!text.contains(steers), "{text:?}");
    }
    let (_, _, typed) = makespan(&["report", "no\u{1b}[31m/run"]);
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

/// What a build was made of does not depend on whose repository it is run in.
fn provenance() {
    let elsewhere = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.current_dir(elsewhere.path()).args(arguments);
        let output = command.output();
        let output = output.ok().filter(|output| output.status.success())?;
        Some(String::from_utf8(output.stdout).unwrap().trim().to_owned())
    };
    let commit = [
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b",
        "commit",
        "--quiet",
        "--allow-empty",
        "--message=a",
    ];
    if git(&["init", "--quiet"]).is_none() || git(&commit).is_none() {
        return eprintln!("git is not installed, so nothing was checked");
    }
    let other = git(&["rev-parse", "--short=12", "HEAD"]).unwrap();
    let built = harness::host::host();
    let mut command = Command::new(env!("CARGO_BIN_EXE_makespan"));
    command.current_dir(elsewhere.path()).args([
        "run",
        "--quick",
        "--allow-debug",
        "--no-calibration",
        "--workload",
        "sleep",
        "--tasks",
        "1",
        "--latency",
        "1ms",
        "--strategy",
        "smol",
        "--rounds",
        "1",
        "--launches",
        "1",
        "--budget",
        "1s",
    ]);
    let output = command.output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let folder = elsewhere.path().join(out.lines().last().unwrap());
    let host = summary(&folder).host;
    assert_eq!((&host.commit, &host.rustc), (&built.commit, &built.rustc));
    assert!(!host.commit.unwrap_or_default().starts_with(&other));
    // Rows that this build has not need no packages.
    let registry = makespan::Registry::built_in();
    for name in ["compio", "monoio", "glommio", "may", "async-std"] {
        let built = registry.strategy(name).is_ok();
        assert_eq!(host.packages.contains_key(name), built, "{name}");
    }
}

/// The build script itself, in repositories of its own.
fn build_script() {
    let parent = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../harness/build.rs");
    let script = parent.path().join("script");
    let mut rustc = Command::new("rustc");
    rustc
        .args(["--edition", "2024", "-o"])
        .arg(&script)
        .arg(&source);
    if !rustc.status().is_ok_and(|status| status.success()) {
        return eprintln!("rustc is not installed, so nothing was checked");
    }
    let root = parent.path().join("sources");
    let package = root.join("crates/harness");
    fs::create_dir_all(&package).unwrap();
    fs::copy(&source, package.join("build.rs")).unwrap();
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command
            .current_dir(&root)
            .args(["-c", "user.name=a", "-c", "user.email=a@b"])
            .args(arguments);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let commit = || {
        let mut command = Command::new(&script);
        command
            .env("RUSTC", "rustc")
            .env("CARGO_MANIFEST_DIR", &package);
        let output = command.output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let mut lines = text.lines();
        let known = lines.find_map(|line| line.strip_prefix("cargo::rustc-env=MAKESPAN_COMMIT="));
        (known.unwrap_or_default().to_owned(), text)
    };
    assert_eq!(commit().0, "", "not in a repository");
    git(&["init", "--quiet"]);
    git(&["commit", "--quiet", "--allow-empty", "--message=a"]);
    assert_eq!(commit().0, "", "in a repository of something else");
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message=b"]);
    let head = git(&["rev-parse", "--short=12", "HEAD"]);
    let (clean, watched) = commit();
    assert_eq!(clean, head);
    let branch = git(&["symbolic-ref", "HEAD"]);
    for path in ["/crates\n", "HEAD\n", "index\n", &format!("{branch}\n")] {
        assert!(watched.contains(path), "{path} in {watched}");
    }
    fs::write(package.join("new.rs"), "").unwrap();
    assert_eq!(commit().0, head, "not a source yet");
    git(&["add", "crates"]);
    assert_eq!(commit().0, format!("{head}-dirty"));
    git(&["commit", "--quiet", "--message=c"]);
    let head = git(&["rev-parse", "--short=12", "HEAD"]);
    fs::write(package.join("new.rs"), "// changed").unwrap();
    assert_eq!(commit().0, format!("{head}-dirty"));
}

fn one_launch() {
    let (_parent, folder) = run(&["--no-calibration", "--rounds", "9", "--launches", "1"]);
    let summary = summary(&folder);
    let flags: Vec<FlagKind> = summary.workloads[0]
        .flags
        .iter()
        .map(|flag| flag.kind)
        .collect();
    assert!(flags.contains(&FlagKind::FewLaunches), "{flags:?}");
    assert_eq!(summary.launches.len(), 1);
}

fn calibrated() {
    let (_parent, folder) = run(&["--rounds", "3"]);
    let summary = summary(&folder);
    let names: Vec<&str> = summary
        .calibration
        .iter()
        .map(|row| row.row.strategy.as_str())
        .collect();
    assert_eq!(names, ["smol", "async-std", "thread-pool-raw"]);
    for row in &summary.calibration[..2] {
        let asked: Vec<u64> = row
            .timers
            .iter()
            .map(|it| it.asked_ns / 1_000_000)
            .collect();
        assert_eq!(asked, [1, 5, 20]);
        assert!(
            row.timers
                .iter()
                .all(|it| it.late_ns.is_some() && it.high_ns.is_some()),
            "{row:?}"
        );
        let limits: Vec<usize> = row.taxes.iter().map(|it| it.concurrency).collect();
        assert_eq!(limits, [1, 64]);
        assert!(
            row.taxes
                .iter()
                .all(|it| it.ratio.as_ref().is_some_and(|ratio| ratio.pairs == 6)),
            "{row:?}"
        );
    }
    // They are no cells of the comparison, and were measured before it.
    assert!(summary.cells.iter().all(|cell| cell.workload == "sleep"));
    let document = fs::read_to_string(folder.join("README.md")).unwrap();
    let (timers, sleep) = (document.find("**Timers"), document.find("**sleep"));
    assert!(timers.is_some() && timers < sleep, "{document}");
}

fn launches_are_added() {
    // No interval is ever that narrow, so only the time ends it.
    let endless = [
        "--launches",
        "1",
        "--rounds",
        "6",
        "--precision",
        "0.01%",
        "--budget",
        "8s",
    ];
    let (_parent, folder) = run(&[&["--no-calibration"], &endless[..]].concat());
    let recorded = harness::journal::read(&folder).unwrap();
    let summary = summary(&folder);
    let end = recorded.end.unwrap();
    assert!(summary.launches.len() > 1, "{:?}", summary.launches);
    assert_eq!(
        (end.looks as usize, end.exhausted),
        (summary.launches.len(), true)
    );
    // Looking again has been paid for.
    assert!(
        summary.workloads[0].alpha < model::ALPHA,
        "{}",
        summary.workloads[0].alpha
    );
    // Two launches differ in how long their workers' environments are.
    let mut paddings: Vec<_> = recorded
        .samples
        .iter()
        .filter(|it| it.row.is("smol"))
        .map(|it| it.padding_bytes)
        .collect();
    paddings.dedup();
    assert!(paddings.len() > 1, "{paddings:?}");
}

fn judgements(folder: &Path) -> Vec<Judgement> {
    let text = fs::read_to_string(folder.join("judgements.jsonl")).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn trials_go_on() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("null");
    let null = |runs: &str| {
        let out = folder.to_str().unwrap();
        makespan(&[
            "null",
            "--runs",
            runs,
            "--strategy",
            "smol",
            "--allow-debug",
            "--out",
            out,
        ])
    };
    let (code, out, err) = null("1");
    assert_eq!(code, Some(0), "{err}");
    assert!(
        out.contains("Identical cells") && out.contains("all "),
        "{out}"
    );
    let first = judgements(&folder);
    // Two workloads, each with four more entries of the same row.
    assert_eq!((first.len(), first[0].rows.len()), (1, 8));
    assert!(
        first[0]
            .rows
            .iter()
            .all(|row| row.kind.is_some() && row.ratio.is_some()),
        "{first:?}"
    );
    // What a crash left of a second one is cut off; the first is there and not made again.
    let path = folder.join("judgements.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.clone() + "{\"trial\":\"nu").unwrap();
    assert_eq!(null("1").0, Some(0));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    // Judgements of another trial are not counted with these.
    let (code, _, err) = makespan(&[
        "null",
        "--runs",
        "1",
        "--loaded",
        "--allow-debug",
        "--out",
        folder.to_str().unwrap(),
    ]);
    assert!(
        code == Some(2) && err.contains("not 0 of `null-loaded`"),
        "{err}"
    );
}

fn slower() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("power");
    let path = folder.to_str().unwrap();
    let (code, out, err) = makespan(&[
        "power",
        "--effect",
        "40%",
        "--runs",
        "1",
        "--strategy",
        "smol",
        "--allow-debug",
        "--out",
        path,
    ]);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("All waits of a row are longer"), "{out}");
    let judged = &judgements(&folder)[0];
    let slower = judged
        .rows
        .iter()
        .filter(|row| row.row.to_string() == "smol+40%");
    let ratios: Vec<f64> = slower
        .map(|row| row.ratio.as_ref().unwrap().estimate)
        .collect();
    // In the units and in the server; what else takes time in a debug build makes it less than 1.4.
    assert_eq!(ratios.len(), 2);
    assert!(
        ratios.iter().all(|ratio| (1.1..1.5).contains(ratio)),
        "{judged:?}"
    );
    // What was judged has no row that is 50 % slower, so it answers nothing about one.
    let other = [
        "power",
        "--effect",
        "50%",
        "--runs",
        "1",
        "--strategy",
        "smol",
    ];
    let (code, out, err) = makespan(&[&other[..], &["--allow-debug", "--out", path]].concat());
    assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
    assert!(err.contains("of the trial `power-40%`"), "{err}");
}
