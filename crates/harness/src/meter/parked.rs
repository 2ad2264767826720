//! What a waiting process uses.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::meter::process::{cpu_time, nanoseconds};

/// The clocks of a process that waits for a message.
pub(crate) struct Parked {
    wall: Instant,
    cpu: Duration,
}

impl Parked {
    /// Begins to wait.
    pub(crate) fn now() -> Result<Parked> {
        Ok(Parked {
            wall: Instant::now(),
            cpu: cpu_time()?,
        })
    }

    /// How long it has waited, and the CPU time that it used meanwhile, both in nanoseconds.
    pub(crate) fn so_far(&self) -> Result<(u64, u64)> {
        let cpu = cpu_time()?.saturating_sub(self.cpu);
        Ok((nanoseconds(self.wall.elapsed()), nanoseconds(cpu)))
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn whoever_is_parked_and_busy_is_seen() {
        let parked = Parked::now().unwrap();
        let (pause, before) = (Duration::from_millis(5), cpu_time().unwrap());
        thread::sleep(pause);
        while cpu_time().unwrap() < before + pause {}
        let (wall, cpu) = parked.so_far().unwrap();
        assert!(wall >= nanoseconds(pause) && cpu >= nanoseconds(pause));
    }
}
