//! How fast this machine computes.

use std::hint::black_box;
use std::time::Duration;

use anyhow::{Context, Result};
use model::Computing;
use nix::time::{ClockId, clock_gettime};
use workloads::computed;

use crate::machine::affinity;

/// Steps of one spin, which takes some milliseconds.
const STEPS: u64 = 1_000_000;

/// Spins on the first processor. Their median is the speed.
const SPINS: usize = 15;

/// Spins on each further processor, because one of them may be faster.
const FURTHER: usize = 3;

/// How fast this machine computes, on the processors that this process may use.
///
/// # Errors
///
/// If the system refuses to say or to set where this thread runs, or to tell its time.
pub(crate) fn measure() -> Result<Computing> {
    let processors = affinity::allowed()?;
    let (first, further) = processors.split_at(1);
    let mut own = affinity::on(first, || paces(SPINS))?;
    own.sort_unstable();
    let mut most = own[SPINS - 1];
    for processor in further.chunks(1) {
        let paces = affinity::on(processor, || paces(FURTHER))?;
        most = paces.into_iter().fold(most, u64::max);
    }
    Ok(Computing {
        steps_per_us: own[SPINS / 2],
        // A processor may still become faster than in any spin: samples were seen 1.2 % below a bound without this share.
        most_steps_per_us: most + most.div_ceil(20),
        processors: processors.len(),
    })
}

/// Steps per microsecond of each of `spins` spins, rounded up because the fastest gives a bound.
///
/// Spins are timed by the CPU clock of this thread, which stands still while others have the processor. On a busy machine, a wall
/// clock would make every unit compute less than was asked for.
fn paces(spins: usize) -> Result<Vec<u64>> {
    let pace = |_| {
        let start = own_time()?;
        black_box(computed(black_box(1), black_box(STEPS)));
        let nanoseconds = (own_time()? - start).as_nanos().max(1);
        Ok((u128::from(STEPS) * 1000).div_ceil(nanoseconds) as u64)
    };
    // The processor may not be awake in the first spin.
    let all: Vec<u64> = (0..=spins).map(pace).collect::<Result<_>>()?;
    Ok(all[1..].to_vec())
}

/// CPU time of this thread.
fn own_time() -> Result<Duration> {
    let clock = ClockId::CLOCK_THREAD_CPUTIME_ID;
    let time = clock_gettime(clock).context("cannot read this thread's clock")?;
    Ok(time.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fastest_spin_is_no_slower_than_the_median() {
        let before = affinity::allowed().unwrap();
        let computing = measure().unwrap();
        assert!(computing.steps_per_us >= 1);
        assert!(computing.most_steps_per_us >= computing.steps_per_us);
        assert_eq!(computing.processors, before.len());
        assert_eq!(affinity::allowed().unwrap(), before);
    }
}
