//! How many threads some work has.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::meter::process::threads;

/// Runs `work` and meanwhile counts the threads of this process, twice per millisecond. The counting thread is left out.
///
/// Counting costs time, so it is done in the warm-up and never in a sample.
pub(crate) fn most_threads<T>(work: impl FnOnce() -> T) -> (T, Option<u64>) {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let counter = thread::Builder::new().spawn_scoped(scope, || {
            let mut most = None;
            while !done.load(Ordering::Relaxed) {
                most = most.max(threads());
                thread::sleep(Duration::from_micros(500));
            }
            most.map(|most| most - 1)
        });
        let result = work();
        done.store(true, Ordering::Relaxed);
        // If the system refuses the counting thread, the row goes on and its number of threads is unknown.
        let most = counter.ok().and_then(|counter| {
            let counted = counter.join();
            counted.expect("counting threads does not panic")
        });
        (result, most)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_that_live_only_meanwhile_are_counted() {
        let ((), most) = most_threads(|| {
            thread::scope(|scope| {
                for _ in 0..50 {
                    scope.spawn(|| thread::sleep(Duration::from_millis(30)));
                }
            });
        });
        if let Some(most) = most {
            assert!(most > 50, "{most}");
            assert!(threads() < Some(most), "they have ended");
        }
    }
}
