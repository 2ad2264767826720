//! The loop without sockets: moments, slots and ends.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use futures_channel::oneshot;
use futures_util::future::{Either, select};

use super::*;

const SHORT: Duration = Duration::from_millis(5);

#[test]
fn waits_end_in_the_order_of_their_moments_and_one_that_is_dropped_leaves_nothing() {
    let on = Arc::new(Loop::open().unwrap());
    let order = Arc::new(Mutex::new(Vec::new()));
    let (done, result) = oneshot::channel();
    let (mut done, start) = (Some(done), Instant::now());
    for after in [3, 1, 2] {
        let (on, order) = (Arc::clone(&on), Arc::clone(&order));
        let done = done.take_if(|_| after == 3);
        let spawner = Arc::clone(&on);
        let task = async move {
            let wait = on.sleep_until(start + after * SHORT);
            let never = on.sleep_until(start + 10_000 * SHORT);
            let first = select(wait, never).await;
            assert!(matches!(first, Either::Left(_)), "{after} came last");
            order.lock().unwrap().push(after);
            done.map(|done| done.send(Instant::now()));
        };
        spawner.spawn(task);
    }
    let end = on.run(result).unwrap();
    assert!(
        end >= start + 3 * SHORT,
        "it ended {:?} early",
        start + 3 * SHORT - end
    );
    assert_eq!(*order.lock().unwrap(), [1, 2, 3]);
    assert!(on.lock().timers.is_empty());
}

#[test]
fn tasks_that_are_left_by_a_panic_belong_to_no_later_run() {
    let on = Arc::new(Loop::open().unwrap());
    let polled = Arc::new(AtomicBool::new(false));
    let (spawner, late) = (Arc::clone(&on), Arc::clone(&polled));
    on.spawn(async move {
        spawner.spawn(async move { late.store(true, Ordering::Relaxed) });
        panic!("as asked");
    });
    let (_done, never) = oneshot::channel::<()>();
    let run = AssertUnwindSafe(|| on.run(never));
    assert!(catch_unwind(run).is_err());

    let (done, result) = oneshot::channel();
    on.spawn(async { done.send(7).unwrap() });
    assert_eq!(on.run(result).unwrap(), 7);
    assert!(!polled.load(Ordering::Relaxed));
}

#[test]
fn a_run_whose_result_was_dropped_is_an_error() {
    let on = Loop::open().unwrap();
    let (done, result) = oneshot::channel::<()>();
    on.spawn(async move { drop(done) });
    assert!(on.run(result).is_err());
}
