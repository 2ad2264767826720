//! What is counted meanwhile.

use crate::client::Client;
use crate::{NEVER, start, when};

#[test]
fn repeated_answers_are_told_from_distinct_ones() {
    let server = start("0");
    let mut client = Client::new(&server);
    client.get("/get/1");
    client.get("/get/1");
    client.get("/get/2");
    let stats = server.stats().unwrap();
    assert_eq!((stats.requests, stats.distinct), (3, 2));
    // Another attempt at an item is another thing, with a delay of its own.
    client.send("GET /get/1", "x-attempt: 1\r\n");
    client.receive();
    let stats = server.stats().unwrap();
    assert_eq!((stats.requests, stats.distinct), (4, 3));
}

#[test]
fn the_peak_is_what_was_in_flight_together() {
    let server = start(NEVER);
    let mut clients: Vec<_> = (0..50).map(|_| Client::new(&server)).collect();
    for (item, client) in clients.iter_mut().enumerate() {
        client.send(&format!("GET /get/{item}"), "");
    }
    let stats = when(&server, |stats| stats.in_flight == 50);
    assert_eq!((stats.peak_in_flight, stats.requests), (50, 50));
    assert_eq!(
        (stats.connections_accepted, stats.connections_used),
        (50, 50)
    );
    assert_eq!((stats.distinct, stats.bytes), (0, 0));
    // A client that goes away takes its request along.
    clients.truncate(20);
    let stats = when(&server, |stats| stats.in_flight == 20);
    assert_eq!((stats.peak_in_flight, stats.distinct), (50, 0));
}

#[test]
fn lateness_is_measured_where_there_was_a_wait() {
    let server = start("50ms");
    let mut clients: Vec<_> = (0..20).map(|_| Client::new(&server)).collect();
    for client in &mut clients {
        client.send("GET /get/0", "");
    }
    for client in &mut clients {
        assert_eq!(client.receive().0, 200);
    }
    let stats = server.stats().unwrap();
    assert!(stats.largest_due_batch > 0, "{stats:?}");
    assert!(0 < stats.lateness_p50_ns && stats.lateness_p50_ns <= stats.lateness_p99_ns);
    assert!(stats.lateness_p99_ns <= stats.lateness_max_ns, "{stats:?}");
}

#[test]
fn a_delay_of_zero_bypasses_the_timer() {
    let server = start("0");
    assert_eq!(Client::new(&server).get("/get/0").0, 200);
    let stats = server.stats().unwrap();
    assert_eq!((stats.requests, stats.largest_due_batch), (1, 0));
    assert_eq!((stats.lateness_max_ns, stats.lateness_p50_ns), (0, 0));
}
