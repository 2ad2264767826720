//! What one sees in a timeline, in words.

use model::Timeline;
use model::timeline::Gist;

use crate::numbers::percent;

/// Less than this share of the waiting is as good as nothing, and more than the rest is as good as all.
const HARDLY: f64 = 0.02;

/// What is under way in all rows.
pub(super) fn title(timeline: &Timeline) -> String {
    format!("{}: what each unit does, and when", timeline.workload)
}

/// How large the work is.
pub(super) fn subtitle(timeline: &Timeline) -> String {
    let units = match timeline.tasks {
        1 => "1 unit, it".to_owned(),
        count => format!("{count} units, each"),
    };
    format!(
        "{units} waits {}, at most {} in flight.",
        timeline.latency, timeline.limit
    )
}

/// What must be known to read it.
pub(super) const CAVEAT: &str =
    "One recorded run of each strategy. Recording takes time, so these times are no measurement.";

/// One strategy.
pub(super) fn gist(gist: &Gist) -> String {
    let threads = match gist.threads {
        1 => "1 thread".to_owned(),
        count => format!("{count} threads"),
    };
    let flight = format!(
        "at most {} of {} units in flight, on {threads}",
        gist.in_flight, gist.units
    );
    let waits = match gist.held() {
        None => "no unit waited".to_owned(),
        Some(held) if held < HARDLY => "waits held no thread".to_owned(),
        Some(held) if held > 1.0 - HARDLY => "each wait held its thread".to_owned(),
        Some(held) => format!("in {} of the waiting a thread was held", percent(held)),
    };
    format!("{flight}; {waits}")
}
