//! What a reset begins anew.

use crate::client::Client;
use crate::{NEVER, params, start, when};

#[test]
fn a_reset_returns_the_counts_and_swaps_the_params() {
    let server = start(NEVER);
    let mut client = Client::new(&server);
    assert_eq!(client.get("/get/100").0, 404);
    let mut larger = params("0");
    larger.tasks = 101;
    larger.numbers.insert("body_bytes".into(), 5);
    assert_eq!(server.reset(larger).unwrap().unknown, 1);
    assert_eq!(client.get("/get/100").1.len(), 5);
    let stats = server.stats().unwrap();
    assert_eq!((stats.requests, stats.unknown), (1, 0));
    assert!(stats.elapsed_ns > 0);

    let mut bad = params("0");
    bad.tasks = 0;
    let error = format!("{:#}", server.reset(bad).unwrap_err());
    assert!(error.contains("tasks = 0: allowed are 1 to"), "{error}");
    assert_eq!(
        client.get("/get/100").0,
        200,
        "a refused reset changes nothing"
    );
    assert_eq!(server.stats().unwrap().requests, 2);
}

#[test]
fn a_request_in_flight_across_a_reset_is_answered_and_not_counted_again() {
    let server = start("300ms");
    let (mut answered, mut gone) = (Client::new(&server), Client::new(&server));
    answered.send("GET /get/1", "");
    gone.send("GET /get/2", "");
    when(&server, |stats| stats.requests == 2);
    let before = server.reset(params(NEVER)).unwrap();
    assert_eq!(before.requests, 2);

    let mut next = Client::new(&server);
    next.send("GET /get/3", "");
    when(&server, |stats| stats.in_flight == 1);
    drop(gone);
    let (status, body) = answered.receive();
    assert_eq!((status, body.len()), (200, 1024));
    let stats = server.stats().unwrap();
    assert_eq!((stats.requests, stats.distinct, stats.bytes), (1, 0, 0));
    assert_eq!((stats.in_flight, stats.peak_in_flight), (1, 1));
    assert_eq!(stats.lateness_max_ns, 0);
    // Its connection is used again, though accepted before.
    answered.send("GET /get/4", "");
    let stats = when(&server, |stats| stats.in_flight == 2);
    assert_eq!((stats.connections_accepted, stats.connections_used), (1, 2));
}

#[test]
fn a_connection_is_accepted_once_and_used_once_per_epoch() {
    let server = start("0");
    let mut client = Client::new(&server);
    for expected in [1, 0, 0] {
        client.get("/get/1");
        client.get("/get/2");
        let stats = server.reset(params("0")).unwrap();
        assert_eq!((stats.requests, stats.connections_used), (2, 1));
        assert_eq!(stats.connections_accepted, expected);
    }
    assert_eq!(server.stats().unwrap().connections_used, 0);
}
