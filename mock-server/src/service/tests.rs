use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, LocalOptions};
use tokio::task::{spawn_local, yield_now};

use super::*;

/// The server's thread is kept busy until every wait is over, so all of them fall due together, on a machine of any speed.
#[test]
fn answers_that_fall_due_together_are_counted_as_one_batch() {
    let delay = Duration::from_millis(20);
    let params = Params::new(7, 100, "20ms".parse().unwrap());
    let runtime = Builder::new_current_thread()
        .enable_io()
        .build_local(LocalOptions::default())
        .unwrap();
    runtime.block_on(async {
        let workloads = workloads::all().to_vec();
        let service = Service::new(workloads, &params, Timer::new().unwrap()).unwrap();
        let service = Rc::new(service);
        let answers: Vec<_> = (0..20)
            .map(|item| {
                let request = Request::get(format!("/get/{item}")).body(()).unwrap();
                spawn_local(service.clone().answer(Rc::default(), request))
            })
            .collect();
        while service.stats().requests < 20 {
            yield_now().await;
        }
        // A machine that stalls here for a whole delay leaves nothing to wait for: such an answer is in no batch.
        let waiting = service.stats().in_flight;
        thread::sleep(2 * delay);
        let driven = service.clone();
        spawn_local(async move { driven.drive().await });
        for answer in answers {
            assert_eq!(answer.await.unwrap().unwrap().status(), StatusCode::OK);
        }
        let stats = service.stats();
        assert!(waiting > 1, "{stats:?}");
        assert_eq!((stats.largest_due_batch, stats.distinct), (waiting, 20));
        assert!(stats.lateness_p50_ns > 0, "{stats:?}");
    });
}
