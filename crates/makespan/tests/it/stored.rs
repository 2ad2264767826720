//! What can be done with a run when it is over.

use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use tempfile::TempDir;

use crate::command::{output, refused, summary};
use crate::small::{PLAIN, SERIAL, kept, run};
use crate::together;

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        together(
            "stored::a_stored_run_is_recomputed_byte_for_byte",
            recomputed,
        ),
        together(
            "stored::damaged_runs_are_told_and_what_is_left_counts",
            damaged,
        ),
        together(
            "stored::runs_are_compared_and_times_only_on_one_machine",
            compared,
        ),
        together("stored::what_is_no_run_as_measured_is_not_shown", not_shown),
        together("stored::tables_are_spliced_by_name", spliced),
        together("stored::a_stored_run_is_printed_in_every_format", printed),
    ]
}

pub(crate) fn plain() -> (TempDir, PathBuf) {
    run(SERIAL, &[&PLAIN[..], &["--workload", "sleep"]].concat())
}

/// A format that is a file of a run prints that file. Others are of the same run.
fn printed() {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../results/gallery/core");
    let name = committed.to_str().unwrap();
    for format in report::FORMATS {
        let (code, out, err) = output(&["report", name, "--format", format.name]);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{}", format.name);
        if let Some(file) = format.file {
            let file = fs::read_to_string(committed.join(file)).unwrap();
            assert_eq!(out, file, "{} prints its file", format.name);
        }
    }
    let (_, long, _) = output(&["report", name, "--format", "markdown"]);
    assert_eq!(output(&["report", name, "--markdown"]).1, long);
    let (_, csv, _) = output(&["report", name, "--format", "csv", "--workload", "get"]);
    let rows: Vec<_> = csv.lines().skip(1).collect();
    assert!(rows.len() > 1 && rows.iter().all(|row| row.starts_with("get,")));
    for (wrong, why) in [
        (
            &["--format", "pdf"][..],
            "possible values: terminal, markdown",
        ),
        (
            &["--format", "csv", "--makespans"],
            "chooses among its tables",
        ),
        (&["--format", "csv", "--markdown"], "cannot be used with"),
        (&["--format", "csv", "--png"], "cannot be used with"),
    ] {
        refused(&[&["report", name], wrong].concat(), &[why]);
    }
    // A build without it says how to get it, before it reads anything.
    if !cfg!(feature = "png") {
        refused(&["report", "nowhere", "--png"], &["--features png"]);
    }
}

fn recomputed() {
    let (_parent, folder) = run(SERIAL, &["--workload", "sleep", "--rounds", "9"]);
    let name = folder.to_str().unwrap();
    let (code, tables, err) = output(&["analyze", name]);
    assert_eq!(code, Some(0), "{err}");
    let (_, stored, _) = output(&["report", name]);
    assert_eq!(tables.trim_end(), stored.trim_end());
    for file in ["summary.json", "summary.csv", "README.md"] {
        assert!(err.contains(&format!("{file}: the same")), "{err}");
    }
    // What somebody else wrote into it is found, and mended only if that is asked for.
    let path = folder.join("summary.csv");
    let before = fs::read_to_string(&path).unwrap();
    fs::write(&path, before.replacen("sequential", "sequentiel", 1)).unwrap();
    let (code, _, err) = output(&["analyze", name]);
    assert!(
        code == Some(1) && err.contains("summary.csv: differs"),
        "{err}"
    );
    assert_eq!(output(&["analyze", name, "--write"]).0, Some(0));
    assert_eq!(fs::read_to_string(&path).unwrap(), before);
    // Any row can be the reference.
    let (code, tables, err) = output(&["analyze", name, "--reference", "await-in-a-loop"]);
    assert_eq!(code, Some(0), "{err}");
    let row = |text: &str| {
        tables
            .lines()
            .any(|line| line.starts_with("await-in-a-loop") && line.contains(text))
    };
    assert!(row("1 (reference)"), "{tables}");
    let (code, _, err) = output(&["analyze", name, "--reference", "sequentiall"]);
    assert!(
        code == Some(2) && err.contains("did you mean `sequential`"),
        "{err}"
    );
}

fn damaged() {
    let (_parent, folder) = plain();
    let (name, path) = (folder.to_str().unwrap(), folder.join("samples.jsonl"));
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    // Cut in the middle of a line: a third of the samples is left, and judged.
    let third = lines[..lines.len() / 3].join("\n");
    fs::write(&path, &third[..third.len() - 20]).unwrap();
    let (code, tables, err) = output(&["analyze", name]);
    assert_eq!(code, Some(1), "{err}");
    assert!(
        err.contains("it ends in the middle of line") && err.contains("the run was cut off"),
        "{err}"
    );
    assert!(
        tables.contains("sequential") && tables.contains("speed-up, 95 % CI"),
        "{tables}"
    );
    // A number that somebody improved.
    let edited = text.replacen("\"wall_ns\":", "\"wall_ns\":1", 1);
    fs::write(&path, edited).unwrap();
    let (code, _, err) = output(&["analyze", name]);
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
        let (code, out, err) = output(&["analyze", name]);
        assert!(
            code == Some(1) && out.is_empty() && err.contains(named),
            "{err}"
        );
    }
    let (code, _, err) = output(&["analyze", "no/such/run"]);
    assert!(
        code == Some(2) && err.contains("cannot read no/such/run/samples.jsonl"),
        "{err}"
    );
}

fn compared() {
    let ((_first, a), (_second, b)) = (plain(), plain());
    let (a, b) = (a.to_str().unwrap(), b.to_str().unwrap());
    let (code, out, err) = output(&["compare", a, b, "--times"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(
        out.contains("change: the second over the first")
            && out.contains("sleep: median makespan")
            && out.contains("floor before floor after"),
        "{out}"
    );
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    // With itself nothing moved, however wide the intervals are.
    let (code, out, err) = output(&["compare", a, a]);
    assert_eq!(code, Some(0), "{err}");
    assert!(
        out.contains("1.00 (1.00-1.00) same (identical)") && !out.contains("unclear"),
        "{out}"
    );
    let (code, out, err) = output(&["compare", a, b, "--json"]);
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
    let host = summary(Path::new(b)).host.computer.name;
    fs::write(
        &path,
        text.replacen(&format!("\"name\":\"{host}\""), "\"name\":\"elsewhere\"", 1),
    )
    .unwrap();
    let (code, out, err) = output(&["compare", a, b]);
    assert!(
        code == Some(1) && out.is_empty() && err.contains("it was changed after the run"),
        "{out}{err}"
    );
    let (code, out, _) = output(&["compare", a, b, "--allow-damaged"]);
    assert!(
        code == Some(0) && out.contains("different machines") && out.contains("damaged run"),
        "{out}"
    );
    assert!(!out.contains("median makespan"), "{out}");
    let (_, out, _) = output(&["compare", a, b, "--allow-damaged", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert!(!json["troubles"].as_array().unwrap().is_empty(), "{out}");
    let (code, out, err) = output(&["compare", a, b, "--times", "--allow-damaged"]);
    assert!(
        code == Some(2) && out.is_empty() && err.contains("makespans of different machines"),
        "{err}"
    );
}

fn not_shown() {
    let (_parent, folder) = kept();
    let name = folder.to_str().unwrap();
    let commands: [&[&str]; 3] = [
        &["report", name],
        &["compare", name, name],
        &["compare", name, name, "--json"],
    ];
    for command in commands {
        assert_eq!(output(command).0, Some(0), "{command:?}");
    }
    type Change = fn(&str) -> String;
    let damages: [(&str, Change, &str); 4] = [
        (
            "summary.json",
            |text| text.replacen("\"median\": ", "\"median\": 1", 1),
            "summary.json is not what the samples say",
        ),
        (
            "samples.jsonl",
            |text| text.replacen("\"wall_ns\":", "\"wall_ns\":1", 1),
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
            let (code, out, err) = output(command);
            assert_eq!((code, out.as_str()), (Some(1), ""), "{command:?} {err}");
            assert!(err.contains(reason) && err.contains(name), "{err}");
            let (code, out, err) = output(&[command, &["--allow-damaged"]].concat());
            assert_eq!(code, Some(0), "{command:?} {err}");
            assert!(out.contains(reason), "{out}");
        }
        let (code, out, _) = output(&["report", name, "--markdown", "--allow-damaged"]);
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
            let (code, out, err) = output(&[command, &["--allow-damaged"]].concat());
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
    let (code, out, err) = output(&["report", name]);
    assert!(
        code == Some(1) && out.is_empty() && err.contains("summary.json is missing"),
        "{err}"
    );
    fs::remove_file(folder.join("samples.jsonl")).unwrap();
    for command in commands {
        let (code, out, err) = output(&[command, &["--allow-damaged"]].concat());
        assert!(
            code == Some(2) && out.is_empty() && err.contains("samples.jsonl"),
            "{err}"
        );
    }
}

fn spliced() {
    let (_parent, folder) = kept();
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
        let (code, _, err) = output(&all);
        (code, fs::read_to_string(&path).unwrap(), err)
    };
    let (code, text, err) = splice(&page(&[" sleep", " get"]), &[]);
    assert_eq!(code, Some(0), "{err}");
    let (sleep, get) = (text.find("**sleep: 4 x 2ms"), text.find("**get: 4 x 2ms"));
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
            "line 4: `<!-- makespan:table gett -->`: no workload is called `gett`; did you mean `get`?",
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
    // A link leads to a file that is there.
    fs::create_dir(folder.join("plots")).unwrap();
    for name in ["get-makespan", "sleep-ratio"] {
        fs::write(folder.join(format!("plots/{name}.svg")), "<svg/>").unwrap();
    }
    let marks = "<!-- makespan:picture get -->\n<!-- /makespan:picture -->\n<!-- makespan:picture sleep-ratio -->\n\
                 <!-- /makespan:picture -->\n<!-- makespan:answer get -->\n<!-- /makespan:answer -->\n";
    let (code, text, err) = splice(marks, &[]);
    assert_eq!(code, Some(0), "{err}");
    for part in [
        "](plots/get-makespan.svg)",
        "](plots/sleep-ratio.svg)",
        "\nget: ",
    ] {
        assert!(text.contains(part), "`{part}` is missing in {text}");
    }
    let wrong = "<!-- makespan:picture gett -->\n<!-- /makespan:picture -->\n";
    let (code, after, err) = splice(wrong, &[]);
    assert!(code == Some(2) && after == wrong, "{after}");
    assert!(err.contains("no picture is called `gett`"), "{err}");
    let open = "<!-- makespan:table get -->\n";
    let (code, after, err) = splice(open, &[]);
    assert!(
        code == Some(2) && after == open && err.contains("line 1: "),
        "{err}"
    );
}
