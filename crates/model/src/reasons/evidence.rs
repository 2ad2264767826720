//! What a rule may look at: what is known of a row, and what was measured.

use std::time::Duration;

use crate::Cell;

/// A row that has a result, as its rules see it. All times are in nanoseconds; intervals have 95 %.
#[derive(Clone, Debug)]
pub(crate) struct Evidence {
    /// What is known of it.
    pub(crate) cell: Cell,
    /// Whether its waits differ from each other.
    pub(crate) spread: bool,
    /// Processors that it may use.
    pub(crate) processors: u64,
    /// Median makespan.
    pub(crate) wall_ns: f64,
    /// How far makespans are above the common floor. None where there is no floor, or too few samples for an interval.
    pub(crate) excess_ns: Option<(f64, f64)>,
    /// How far they are above the floor of what this strategy can have in flight.
    pub(crate) own_excess_ns: Option<(f64, f64)>,
    /// How many times their own floor makespans are, and that floor.
    pub(crate) own: Option<(f64, Duration)>,
    /// Median CPU time of all its threads.
    pub(crate) cpu_ns: Option<f64>,
    /// The same of the other rows of the workload, as their median. None where fewer than three others tell it.
    pub(crate) others_cpu_ns: Option<f64>,
    /// How often its threads lost the processor, as a median.
    pub(crate) preempted: Option<u64>,
    /// The same of the other rows, as their median. None likewise.
    pub(crate) others_preempted: Option<f64>,
    /// Most threads seen.
    pub(crate) threads: Option<u64>,
    /// How late its timer was in the calibration, for the wait that is nearest to those of the workload.
    pub(crate) late_ns: Option<f64>,
    /// The lower end of its median makespan, and the least upper end among the rows whose threads are fewer than twice the processors.
    pub(crate) against_few_threads_ns: Option<(f64, f64)>,
    /// The 90th percentile of the latency of its units, lower end, and the least upper end among the other rows.
    pub(crate) latency_p90_ns: Option<(f64, f64)>,
}

impl Evidence {
    /// The interval of the excess over the common floor, if even its lower end is at least so much of that floor.
    pub(crate) fn excess(&self, share: f64) -> Option<(f64, f64)> {
        let floor = self.cell.floor?.as_nanos() as f64;
        self.excess_ns.filter(|(low, _)| *low >= share * floor)
    }

    /// The same over its own floor.
    pub(crate) fn own_excess(&self, share: f64) -> Option<(f64, f64)> {
        let floor = self.cell.own_floor?.as_nanos() as f64;
        self.own_excess_ns.filter(|(low, _)| *low >= share * floor)
    }

    /// CPU time as a share of the makespan: 1 is one thread that is always busy, or several that take turns.
    pub(crate) fn busy(&self) -> Option<f64> {
        Some(self.cpu_ns? / self.wall_ns)
    }

    /// How many waits of its longest chain follow one another, by its own floor of the waits alone.
    pub(crate) fn waits_in_a_row(&self) -> Option<f64> {
        let latency = self.cell.latency.as_nanos() as f64;
        let in_flight = self.cell.in_flight.max(1) as u64;
        let waits = match &self.cell.computes {
            // The own floor includes computing there.
            Some(_) => self.cell.units.div_ceil(in_flight) as f64,
            None => (self.cell.own_floor?.as_nanos() as f64 / latency).round(),
        };
        (latency > 0.0).then_some(waits.max(1.0))
    }
}

/// Such as `12 %` or `0.4 %`.
pub(crate) fn percent(share: f64) -> String {
    match share * 100.0 {
        share if share < 10.0 => format!("{share:.1} %"),
        share => format!("{share:.0} %"),
    }
}

/// A count with a space between thousands, such as `20 000`.
pub(crate) fn count(count: f64) -> String {
    let digits = format!("{count:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}
