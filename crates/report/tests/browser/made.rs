//! Pages to look at, made from the committed run.

use std::fs;
use std::path::Path;

use model::{Flag, FlagKind, Header, Recorded, Sample, Summary};
use serde_json::Value;

/// Names that pages must survive. Some differ only in what an anchor cannot hold.
const ROWS: [&str; 10] = [
    "<script>alert(1)</script>",
    "<script>alert(1)<script>",
    "a|b|`c`",
    "\"quotes\" and 'quotes' onclick=alert(1)",
    "\u{200f}\u{202e}\u{200f}\u{202e}\u{200f}\u{202e}\u{200f}\u{202e}right to left",
    "line\nbreak",
    "line break",
    "\u{6771}\u{4eac}",
    "\u{5927}\u{962a}",
    "</style><!--<script><\\/",
];

/// A page in a file, and what it is about.
pub(crate) struct Made {
    pub(crate) name: &'static str,
    pub(crate) address: String,
    pub(crate) summary: Summary,
}

impl Made {
    /// All pages, in this folder.
    pub(crate) fn all(folder: &Path) -> [Made; 3] {
        [
            ("reference", recorded()),
            ("swept", swept()),
            ("hostile", hostile()),
        ]
        .map(|(name, recorded)| {
            let mut summary = Summary::new(&recorded);
            if name == "hostile" {
                say(&mut summary);
            }
            let path = folder.join(format!("{name}.html"));
            let text = report::page(&summary, &recorded, None).expect("the template is right");
            fs::write(&path, text).expect("it can be written");
            let address = format!("file://{}", path.display());
            Made {
                name,
                address,
                summary,
            }
        })
    }
}

/// The same run as a sweep over the number of tasks.
fn swept() -> Recorded {
    let mut recorded = recorded();
    let loads = &mut recorded.header.spec.workloads;
    let mut labels = Vec::new();
    for (load, tasks) in loads
        .iter_mut()
        .filter(|it| !it.calibration)
        .zip([5, 20, 60])
    {
        let before = load.label();
        load.name = "sleep".into();
        load.tasks = tasks;
        let swept = serde_json::from_value(format!("tasks={tasks}").into());
        load.swept = Some(swept.expect("it is well-formed"));
        labels.push((before, load.label()));
    }
    rename(&mut recorded, &labels);
    recorded
}

/// The same run with names and texts that nobody should choose.
fn hostile() -> Recorded {
    let mut recorded = recorded();
    let long = format!("</script><script>alert(1)</script>{}", "x".repeat(300));
    let names = [long.as_str(), "data", "machine\n\"|\u{200f}<b>'"];
    let loads = &mut recorded.header.spec.workloads;
    let mut labels = Vec::new();
    for (load, name) in loads.iter_mut().filter(|it| !it.calibration).zip(names) {
        labels.push((load.label(), name.to_owned()));
        load.name = name.into();
    }
    rename(&mut recorded, &labels);
    let header = &mut recorded.header;
    header.spec.name = long.clone();
    header.host.computer.cpu = Some(long.clone());
    let known = header.spec.strategies.clone();
    let other = |strategy: &mut String| {
        if let Some(index) = known.iter().position(|it| it == strategy) {
            let name = ROWS.get(index).map(|it| (*it).to_owned());
            *strategy = name.unwrap_or_else(|| "y".repeat(300));
        }
    };
    header.spec.strategies.iter_mut().for_each(other);
    other(&mut header.spec.reference.strategy);
    for cell in &mut header.cells {
        other(&mut cell.row.strategy);
        cell.client = cell.client.as_ref().map(|_| ROWS[0].to_owned());
    }
    for sample in &mut recorded.samples {
        other(&mut sample.row.strategy);
    }
    recorded.troubles.push(long);
    recorded
}

/// Texts that come from the rows.
fn say(summary: &mut Summary) {
    for cell in &mut summary.cells {
        cell.flags.push(Flag {
            kind: FlagKind::Advisory,
            text: ROWS[0].into(),
            detail: Some("z".repeat(300)),
        });
    }
}

fn rename(recorded: &mut Recorded, labels: &[(String, String)]) {
    let other = |workload: &mut String| {
        if let Some((_, label)) = labels.iter().find(|(before, _)| before == workload) {
            workload.clone_from(label);
        }
    };
    let cells = recorded.header.cells.iter_mut();
    cells.for_each(|cell| other(&mut cell.workload));
    let samples = recorded.samples.iter_mut();
    samples.for_each(|sample| other(&mut sample.workload));
}

/// Its lines, read without the crate that wrote them, which this one must not need.
fn recorded() -> Recorded {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../results/gallery/core/samples.jsonl");
    let text = fs::read_to_string(path).expect("the run is committed");
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("it is JSON"))
        .collect();
    let of = |kind: &'static str| lines.iter().filter(move |it| it["record"] == kind).cloned();
    let header: Header = one(of("run").next());
    let samples: Result<Vec<Sample>, _> = of("sample").map(serde_json::from_value).collect();
    Recorded {
        header,
        samples: samples.expect("they are samples"),
        conditions: of("block").map(|it| one(Some(it))).collect(),
        resumed: Vec::new(),
        end: Some(one(of("end").next())),
        timelines: Vec::new(),
        troubles: Vec::new(),
    }
}

fn one<T: serde::de::DeserializeOwned>(line: Option<Value>) -> T {
    serde_json::from_value(line.expect("there is one")).expect("it is well-formed")
}
