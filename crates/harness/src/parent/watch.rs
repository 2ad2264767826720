//! What else the machine does while a block is measured.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use model::{Conditions, Measurement};

use crate::machine::kernel::{Processors, cpu_of, load_hundredths, spin};
use crate::meter::process::nanoseconds;

/// Watches the machine during a block.
pub(crate) struct Watch {
    start: Instant,
    spin: Duration,
    processors: Option<Processors>,
    /// For each process of this program: its CPU time at the start, and the CPU time that its samples have reported since.
    own: BTreeMap<u32, (Duration, Duration)>,
}

impl Watch {
    /// Begins. `processes` are all processes of this program: parent, server and workers.
    pub(crate) fn start(processes: impl Iterator<Item = u32>) -> Self {
        let spin = spin();
        let own = processes.map(|id| (id, (cpu_of(id).unwrap_or_default(), Duration::ZERO)));
        Watch {
            spin,
            own: own.collect(),
            processors: Processors::now(),
            start: Instant::now(),
        }
    }

    /// Counts a sample that a process took. The sample includes children that did its units; the clock of the process does not.
    pub(crate) fn sampled(&mut self, process: u32, measurement: &Measurement) {
        if let Some((_, said)) = self.own.get_mut(&process) {
            *said += Duration::from_nanos(measurement.cpu_ns);
        }
    }

    /// Ends, and returns what was counted.
    pub(crate) fn stop(self, launch: u32, round: u32, workload: &str) -> Conditions {
        let elapsed = self.start.elapsed();
        let now = Processors::now();
        let grown = |of: fn(&Processors) -> Duration| {
            let (before, now) = (self.processors?, now?);
            Some(nanoseconds(of(&now).saturating_sub(of(&before))))
        };
        let used = self.own.iter().map(|(id, (before, said))| {
            let grown = cpu_of(*id).map(|now| now.saturating_sub(*before));
            grown.unwrap_or_default().max(*said)
        });
        Conditions {
            launch,
            round,
            workload: workload.to_owned(),
            elapsed_ns: nanoseconds(elapsed),
            processors: now.map_or(1, |now| now.count),
            busy_ns: grown(|it| it.busy),
            steal_ns: grown(|it| it.steal),
            own_ns: nanoseconds(used.sum()),
            load_hundredths: load_hundredths(),
            spin_ns: nanoseconds(self.spin),
        }
    }
}
