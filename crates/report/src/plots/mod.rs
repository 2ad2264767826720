//! The pictures of a run. Each is good alone: its question, its answer and its caveats stand inside.
//!
//! A picture is one file here and one line in [`scenes`]. `frame` is what they share: the title above, the notes below. `rows` are
//! lines with a name and a scale.

mod across;
mod card;
mod cost;
mod crossings;
mod foot;
pub(crate) mod frame;
mod latency;
mod makespan;
mod memory;
mod placing;
mod plane;
mod ratio;
mod rows;
mod sweep;

use model::{Load, Recorded, Series, Summary, Timeline};

use crate::answer::FOR_VERDICTS;
use crate::scene::{Scene, plain, svg};
use crate::sections::name_of;
use crate::timeline;

/// A picture.
#[derive(Clone, Debug)]
pub struct Plot {
    /// The name of its file, without an extension.
    pub name: String,
    /// The workload, or the series of workloads. Empty for a picture of the whole run.
    pub workload: String,
    /// What it shows, for whoever cannot see it.
    pub title: String,
    /// The picture.
    pub svg: String,
}

impl Plot {
    /// The same in light colours, for programs that know no variables and no conditions in styles.
    pub fn plain(&self) -> String {
        plain(&self.svg)
    }
}

/// All pictures of a run, in the order of its workloads.
pub fn plots(summary: &Summary, recorded: &Recorded) -> Vec<Plot> {
    let name = |kind: &str, workload: &str| match workload {
        "" => kind.to_owned(),
        _ => format!("{}-{kind}", file_name(workload)),
    };
    let plot = |(kind, workload, scene): (&str, String, Scene)| Plot {
        name: name(kind, &workload),
        workload,
        svg: svg(&scene),
        title: scene.title,
    };
    scenes(summary, recorded).into_iter().map(plot).collect()
}

/// What is in them: the kind, the workload, and the marks.
pub(crate) fn scenes(summary: &Summary, recorded: &Recorded) -> Vec<(&'static str, String, Scene)> {
    let (samples, none) = (makespan::samples(recorded), makespan::OfRows::new());
    let observed = Summary::observed(recorded);
    let mut scenes = Vec::new();
    let mut add = |kind, workload: &str, scene: Option<Scene>| {
        scenes.extend(scene.map(|scene| (kind, workload.to_owned(), scene)));
    };
    for load in summary
        .spec
        .workloads
        .iter()
        .filter(|load| !load.calibration)
    {
        let label = load.label();
        add(
            "makespan",
            &label,
            makespan::makespan(summary, samples.get(&*label).unwrap_or(&none), load),
        );
        add("ratio", &label, ratio::ratio(summary, load));
        // Of a series there would be as many as sizes. It has a picture of its own.
        let series = &summary.series;
        if series
            .iter()
            .any(|it| it.points.iter().any(|point| point.label == label))
        {
            continue;
        }
        let observed = observed.get(&label).map_or(&[][..], Vec::as_slice);
        add("latency", &label, latency::latency(summary, load, observed));
        add("cost", &label, cost::cost(summary, load, observed));
        add("memory", &label, memory::memory(summary, load, observed));
    }
    let timelines: Vec<Timeline> = shown(summary, &recorded.timelines);
    for (workload, scene) in timeline::scenes(&timelines) {
        add("timeline", &workload, Some(scene));
    }
    for series in &summary.series {
        let label = name_of(series);
        add("sweep", &label, sweep::sweep(summary, series));
        add("memory", &label, memory::slopes(summary, series));
    }
    add("card", "", card::card(summary));
    scenes
}

/// The timelines of the workloads that are in the summary.
fn shown(summary: &Summary, timelines: &[Timeline]) -> Vec<Timeline> {
    let loads = || summary.spec.workloads.iter().map(Load::label);
    let known = |timeline: &&Timeline| loads().any(|label| label == timeline.workload);
    timelines.iter().filter(known).cloned().collect()
}

/// The picture of the makespans of a workload, as a file beside the README of its run; nothing where no row has a makespan.
pub(crate) fn of_makespans(summary: &Summary, label: &str) -> Option<String> {
    let shown = |cell: &model::CellSummary| {
        cell.workload == label && cell.wall_ns.is_some_and(|it| it.max > 0)
    };
    let any = summary.cells.iter().any(shown);
    any.then(|| format!("plots/{}-makespan.svg", file_name(label)))
}

/// A picture as a file beside the README of its run.
pub(crate) struct Pictured {
    /// Its file.
    pub(crate) file: String,
    /// What it shows.
    pub(crate) title: String,
    /// What it says.
    pub(crate) says: String,
}

/// The pictures of a series.
pub(crate) fn of_series(summary: &Summary, series: &Series) -> Vec<Pictured> {
    let name = file_name(&name_of(series));
    let pictured = |kind: &str, scene: Option<Scene>, says: Option<String>| {
        Some(Pictured {
            file: format!("plots/{name}-{kind}.svg"),
            title: scene?.title,
            says: says?,
        })
    };
    let no_interval =
        |says| format!("{says} A slope is one line through few sizes, and has no interval.");
    let pictures = [
        pictured(
            "sweep",
            sweep::sweep(summary, series),
            Some(swept(summary, series)),
        ),
        pictured(
            "memory",
            memory::slopes(summary, series),
            memory::slopes_answer(series).map(no_interval),
        ),
    ];
    pictures.into_iter().flatten().collect()
}

/// Where rows change places, and how each stands against the reference; or that there are too few rounds to see it.
fn swept(summary: &Summary, series: &Series) -> String {
    let labels = series.points.iter().map(|point| point.label.as_str());
    let rounds = labels.filter_map(|label| Some(summary.workload(label)?.rounds));
    let rounds = rounds.max().unwrap_or(0);
    if rounds < FOR_VERDICTS {
        return format!(
            "{rounds} rounds are too few to tell rows apart; at least {FOR_VERDICTS} are needed."
        );
    }
    let standings = sweep::standings(series);
    match standings.is_empty() {
        true => sweep::answer(series),
        false => format!("{} {}.", sweep::answer(series), standings.join("; ")),
    }
}

/// The same text with nothing but letters, digits and dashes.
fn file_name(text: &str) -> String {
    let kept = text
        .chars()
        .map(|it| if it.is_ascii_alphanumeric() { it } else { '-' });
    let kept: String = kept.take(100).collect();
    let parts = kept.split('-').filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-")
}
