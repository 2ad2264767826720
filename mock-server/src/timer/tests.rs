use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::Wake;

use tokio::runtime::{Builder, LocalOptions};
use tokio::task::spawn_local;

use super::*;

const MS: Duration = Duration::from_millis(1);

type Batches = Rc<RefCell<Vec<u64>>>;

/// Runs a test on a driven timer, with the batches that fell due.
fn with(test: impl AsyncFnOnce(Rc<Timer>, Batches)) {
    let runtime = Builder::new_current_thread()
        .enable_io()
        .build_local(LocalOptions::default())
        .unwrap();
    runtime.block_on(async {
        let timer = Rc::new(Timer::new().unwrap());
        let batches = Batches::default();
        let (driven, seen) = (timer.clone(), batches.clone());
        spawn_local(async move { driven.drive(|batch| seen.borrow_mut().push(batch)).await });
        test(timer, batches).await;
    });
}

/// Writes down when it was woken.
struct Recorder {
    ms: u32,
    woken: Arc<Mutex<Vec<(u32, Instant)>>>,
}

impl Wake for Recorder {
    fn wake(self: Arc<Self>) {
        self.woken.lock().unwrap().push((self.ms, Instant::now()));
    }
}

async fn order(timer: Rc<Timer>, _: Batches) {
    let began = Instant::now();
    let woken = Arc::new(Mutex::new(Vec::new()));
    // Downwards, so that each one sets the alarm anew.
    for (id, ms) in [30, 20, 20, 10, 1, 0].into_iter().enumerate() {
        let woken = woken.clone();
        let waker = Arc::new(Recorder { ms, woken }).into();
        timer.enlist((began + MS * ms, 1000 + id as u64), waker);
    }
    while woken.lock().unwrap().len() < 6 {
        yield_now().await;
    }
    let woken = std::mem::take(&mut *woken.lock().unwrap());
    let order: Vec<_> = woken.iter().map(|(ms, _)| *ms).collect();
    assert_eq!(order, [0, 1, 10, 20, 20, 30]);
    for (ms, at) in woken {
        assert!(at >= began + MS * ms, "{ms} ms ended early");
    }
    let at = Instant::now() + MS * 5;
    timer.until(at).await;
    assert!(Instant::now() >= at);
}

#[test]
fn waits_end_in_the_order_of_their_deadlines_and_never_early() {
    with(order);
}

async fn batch(timer: Rc<Timer>, batches: Batches) {
    let at = Instant::now();
    for id in 0..100 {
        timer.enlist((at, 1000 + id), Waker::noop().clone());
    }
    while batches.borrow().is_empty() {
        yield_now().await;
    }
    assert_eq!(*batches.borrow(), [100]);
}

#[test]
fn what_falls_due_together_is_one_batch() {
    with(batch);
}

async fn given_up(timer: Rc<Timer>, batches: Batches) {
    let later = Instant::now() + MS * 60_000;
    for n in 0..1000 {
        let mut wait = timer.until(later - MS * n);
        let mut context = Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut wait).poll(&mut context).is_pending());
        assert_eq!(timer.waiting.borrow().len(), 1);
    }
    assert!(timer.waiting.borrow().is_empty());

    // The alarm rings for a wait that is gone; the one after it must still be woken.
    let last = Instant::now() + MS * 20;
    timer.enlist((last, 5000), Waker::noop().clone());
    timer.enlist((Instant::now(), 5001), Waker::noop().clone());
    timer.waiting.borrow_mut().pop_first();
    while batches.borrow().is_empty() {
        yield_now().await;
    }
    assert!(Instant::now() >= last);
    assert_eq!(*batches.borrow(), [1]);
}

#[test]
fn a_wait_that_is_given_up_leaves_nothing_behind() {
    with(given_up);
}
