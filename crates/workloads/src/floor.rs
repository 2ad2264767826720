//! Lower bounds of the makespan.

use std::time::Duration;

/// What a lower bound may count on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Means {
    /// Units in flight, at most.
    pub limit: usize,
    /// Whether a unit can wait for several answers together.
    pub joins: bool,
    /// How fast units compute. `None` if nobody has measured it: then the bound is that of the waits alone.
    pub pace: Option<Pace>,
}

/// How fast units compute at best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Processors that units may use.
    pub processors: usize,
    /// The most [steps](crate::computed) that one of them was seen to make in a microsecond.
    pub steps_per_us: u64,
}

impl Pace {
    /// The least time that so many steps, each from the one before, take. Rounded down, so that a bound stays one.
    pub fn time(&self, steps: u64) -> Duration {
        let nanoseconds = u128::from(steps) * 1000 / u128::from(self.steps_per_us.max(1));
        Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
    }
}

/// The shortest time in which units can be done that each wait once and compute so many steps.
///
/// It is the larger of two bounds, each of which holds for any schedule:
/// - a unit holds its place while it waits and while it computes: the [`floor`] of both together under the limit;
/// - no more units compute at a time than there are processors: the sum of the computing over the processors.
///
/// If nobody knows how fast units compute, it is the bound of the waits alone.
pub(crate) fn computing_floor(
    waits: impl Iterator<Item = Duration>,
    steps: u64,
    means: Means,
) -> Duration {
    let each = means.pace.map_or(Duration::ZERO, |pace| pace.time(steps));
    let chains: Vec<Duration> = waits.map(|wait| wait + each).collect();
    let processors = means.pace.map_or(1, |pace| pace.processors.max(1));
    let computing = (each.as_nanos() * chains.len() as u128).div_ceil(processors as u128);
    let computing = Duration::from_nanos(u64::try_from(computing).unwrap_or(u64::MAX));
    floor(chains, means.limit).max(computing)
}

/// The shortest time in which independent `jobs` can be waited for with at most `limit` of them at once.
///
/// It is the largest of these bounds, each of which holds for any schedule:
/// - the sum over `limit`: no more than `limit` jobs make progress at a time;
/// - for every k, with the jobs sorted downwards: of the first `k * limit + 1`, some lane must take `k + 1` by the pigeonhole
///   principle, at least the `k + 1` shortest of them (Dell'Amico and Martello, ORSA J. Comput. 1995, for k = 1).
///
/// For equal jobs that gives `ceil(jobs / limit) * length`. No jobs take no time.
///
/// # Panics
///
/// If `limit` is 0: nothing could ever run.
pub fn floor(mut jobs: Vec<Duration>, limit: usize) -> Duration {
    assert!(limit > 0, "a limit of 0 units in flight has no makespan");
    jobs.sort_unstable_by(|a, b| b.cmp(a));
    let mut sums = vec![Duration::ZERO];
    for job in &jobs {
        sums.push(sums[sums.len() - 1] + *job);
    }
    let total = sums[jobs.len()].as_nanos().div_ceil(limit as u128);
    let shared = Duration::from_nanos(u64::try_from(total).unwrap_or(u64::MAX));
    let crowded = (0..jobs.len())
        .step_by(limit)
        .enumerate()
        .map(|(k, last)| sums[last + 1] - sums[last - k]);
    crowded.fold(shared, Duration::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(values: &[u64]) -> Vec<Duration> {
        values.iter().copied().map(Duration::from_millis).collect()
    }

    #[test]
    fn equal_jobs_take_whole_waves() {
        for (jobs, limit, waves) in [
            (1, 1, 1),
            (306, 20, 16),
            (60, 32, 2),
            (32, 32, 1),
            (33, 32, 2),
            (7, 100, 1),
        ] {
            assert_eq!(
                floor(ms(&vec![20; jobs]), limit),
                Duration::from_millis(20 * waves),
                "{jobs} jobs, {limit} at once"
            );
        }
    }

    #[test]
    fn unequal_jobs_are_bound_by_the_longest_the_sum_or_a_crowd() {
        assert_eq!(floor(ms(&[90, 1, 1]), 2), Duration::from_millis(90));
        assert_eq!(floor(ms(&[10, 10, 5, 5]), 2), Duration::from_millis(15));
        // Three jobs of 4 on two lanes: one lane takes two of them, though the sum over two is only 6.
        assert_eq!(floor(ms(&[4, 4, 4]), 2), Duration::from_millis(8));
        assert_eq!(floor(ms(&[3, 1, 2]), 1), Duration::from_millis(6));
        assert_eq!(floor(ms(&[]), 4), Duration::ZERO);
    }

    /// Five thousand units of 80 ms and 2 ms of computing, 200 in flight: the example of the manual.
    fn computing(waits_ms: u64, units: usize, limit: usize, processors: usize) -> Duration {
        let pace = Some(crate::Pace {
            processors,
            steps_per_us: 500,
        });
        let means = Means {
            limit,
            joins: true,
            pace,
        };
        let waits = vec![Duration::from_millis(waits_ms); units];
        computing_floor(waits.into_iter(), 1_000_000, means)
    }

    #[test]
    fn computing_is_bound_by_processors_by_the_limit_or_by_one_unit() {
        let ms = Duration::from_millis;
        assert_eq!(computing(80, 5000, 200, 4), ms(2500));
        assert_eq!(computing(80, 5000, 200, 1), ms(10_000));
        // With processors enough, each of 25 waves waits and computes.
        assert_eq!(computing(80, 5000, 200, 64), ms(25 * 82));
        assert_eq!(computing(80, 1, 200, 4), ms(82));
        assert_eq!(computing(0, 8, 2, 4), ms(8));
        assert_eq!(computing(0, 8, 1, 4), ms(16));
        assert_eq!(computing(0, 8, 8, 4), ms(4));
    }

    #[test]
    fn where_nobody_knows_the_speed_the_bound_is_of_the_waits() {
        let means = Means {
            limit: 2,
            joins: true,
            pace: None,
        };
        let waits = [Duration::from_millis(20); 3];
        let bound = computing_floor(waits.into_iter(), 1_000_000, means);
        assert_eq!(bound, Duration::from_millis(40));
    }

    /// The best schedule, by trying all of them.
    fn best(jobs: &[Duration], lanes: &mut [Duration]) -> Duration {
        let Some((first, rest)) = jobs.split_first() else {
            return lanes.iter().copied().max().expect("at least one lane");
        };
        let tries = (0..lanes.len()).map(|lane| {
            lanes[lane] += *first;
            let makespan = best(rest, lanes);
            lanes[lane] -= *first;
            makespan
        });
        tries.min().expect("at least one lane")
    }

    #[test]
    fn no_schedule_beats_the_floor() {
        for seed in 0..200 {
            let jobs: Vec<_> = (0..7)
                .map(|n| Duration::from_millis(1 + crate::mix(seed, n) % 50))
                .collect();
            for limit in 1..4 {
                let best = best(&jobs, &mut vec![Duration::ZERO; limit]);
                assert!(
                    floor(jobs.clone(), limit) <= best,
                    "{jobs:?} at {limit}: floor over {best:?}"
                );
            }
        }
    }
}
