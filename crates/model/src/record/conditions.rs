//! What else the machine did while a block was measured, and when that is too much.

use serde::{Deserialize, Serialize};

use crate::statistics::median;

/// What the kernel counted between the first and the last sample of a block. A line of `samples.jsonl`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conditions {
    /// Which launch, from 0.
    pub launch: u32,
    /// Which round of the run, from 0.
    pub round: u32,
    /// The workload of the block.
    pub workload: String,
    /// How long the block took, with everything between its samples.
    pub elapsed_ns: u64,
    /// Processors that this program may use; the times below are summed over them.
    pub processors: u32,
    /// CPU time of everything that ran, in the kernel's ticks; none where the system does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub busy_ns: Option<u64>,
    /// CPU time that the hypervisor gave to somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steal_ns: Option<u64>,
    /// CPU time of this program: parent, server and workers with their children, exact.
    pub own_ns: u64,
    /// Processes that ran or wanted to, over the last minute, in hundredths.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_hundredths: Option<u32>,
    /// How long a fixed number of integer steps took, just before.
    pub spin_ns: u64,
}

/// The rule by which a block is disturbed. It was fixed before any run was judged by it, and looks at conditions alone, never at a
/// makespan: dropping what turned out slow would bend every result.
///
/// Shares are of the time of all processors. Less than three ticks of the kernel's clock is nothing that can be told.
pub(crate) const STEAL_OVER: f64 = 0.05;
/// See [`STEAL_OVER`].
pub(crate) const OTHERS_OVER: f64 = 0.10;
/// Times the median spin of the run.
pub(crate) const SPIN_OVER: f64 = 1.5;
const LEAST_NS: u64 = 30_000_000;

/// Disturbed blocks are dropped as long as they are at most this share of a workload's blocks. With more, disturbance is what the
/// run was made under: nothing is dropped, and the workload is flagged.
pub(crate) const DROPPED_AT_MOST: f64 = 0.25;

/// What disturbed a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Disturbance {
    Steal,
    Others,
    SlowSpin,
}

impl Disturbance {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Disturbance::Steal => "time stolen by the hypervisor",
            Disturbance::Others => "other processes",
            Disturbance::SlowSpin => "a slow processor",
        }
    }
}

impl Conditions {
    /// CPU time of other processes; ticks and exact clocks may differ by a little either way.
    pub fn others_ns(&self) -> Option<u64> {
        Some(self.busy_ns?.saturating_sub(self.own_ns))
    }

    /// A part of the time that all processors had, from 0 to 1.
    pub(crate) fn share(&self, part_ns: u64) -> f64 {
        part_ns as f64 / (self.elapsed_ns.max(1) as f64 * f64::from(self.processors.max(1)))
    }

    /// What disturbed the block, if anything did; `spin_ns` is what is usual.
    pub(crate) fn disturbance(&self, spin_ns: f64) -> Option<Disturbance> {
        let over = |part: Option<u64>, most: f64| {
            part.is_some_and(|part| part > LEAST_NS && self.share(part) > most)
        };
        if over(self.steal_ns, STEAL_OVER) {
            Some(Disturbance::Steal)
        } else if over(self.others_ns(), OTHERS_OVER) {
            Some(Disturbance::Others)
        } else if self.spin_ns as f64 > SPIN_OVER * spin_ns {
            Some(Disturbance::SlowSpin)
        } else {
            None
        }
    }
}

/// The median spin of a run.
pub(crate) fn usual_spin(all: &[Conditions]) -> f64 {
    median(&all.iter().map(|it| it.spin_ns as f64).collect::<Vec<_>>()).unwrap_or(f64::INFINITY)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quiet() -> Conditions {
        Conditions {
            elapsed_ns: 1_000_000_000,
            processors: 2,
            busy_ns: Some(300_000_000),
            own_ns: 290_000_000,
            steal_ns: Some(0),
            spin_ns: 1_000_000,
            ..Conditions::default()
        }
    }

    #[test]
    fn each_disturbance_is_told_by_its_own_cause() {
        let by = |change: fn(&mut Conditions)| {
            let mut conditions = quiet();
            change(&mut conditions);
            conditions.disturbance(1e6)
        };
        assert_eq!(by(|_| {}), None);
        assert_eq!(
            by(|it| it.steal_ns = Some(101_000_000)),
            Some(Disturbance::Steal)
        );
        assert_eq!(
            by(|it| it.busy_ns = Some(491_000_000)),
            Some(Disturbance::Others)
        );
        assert_eq!(by(|it| it.own_ns = 99_000_000), Some(Disturbance::Others));
        assert_eq!(by(|it| it.spin_ns = 1_500_001), Some(Disturbance::SlowSpin));
    }

    #[test]
    fn a_few_ticks_in_a_short_block_are_nothing() {
        let short = Conditions {
            elapsed_ns: 50_000_000,
            busy_ns: Some(30_000_000),
            own_ns: 0,
            ..quiet()
        };
        assert_eq!(short.disturbance(1e6), None);
    }

    #[test]
    fn what_the_system_does_not_tell_is_no_disturbance() {
        let unknown = Conditions {
            busy_ns: None,
            steal_ns: None,
            ..quiet()
        };
        assert_eq!(
            (unknown.disturbance(1e6), unknown.others_ns()),
            (None, None)
        );
    }
}
