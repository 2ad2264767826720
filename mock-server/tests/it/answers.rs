//! What is answered, and to whom.

use std::io::Read;
use std::time::Instant;

use workloads::{Tally, Witness};

use crate::client::Client;
use crate::{NEVER, bytes_of, outline, params, start, when};

#[test]
fn bodies_are_those_of_the_outline() {
    let server = start("0");
    let mut client = Client::new(&server);
    let get = outline("get");
    let mut tally = Tally::default();
    let mut bytes = 0;
    for item in 0..100 {
        let path = format!("/get/{item}");
        let (status, body) = client.get(&path);
        assert_eq!(status, 200);
        assert_eq!(body, bytes_of(&*get, &path), "{path}");
        tally += Tally::of(workloads::key(7, "get", item, 0), &body);
        bytes += body.len() as u64;
    }
    assert_eq!(tally, get.expected());
    let pages = bytes_of(&*outline("pages"), "/pages/99/first");
    assert_eq!(client.get("/pages/99/first"), (200, pages.to_vec()));

    let stats = server.stats().unwrap();
    assert_eq!((stats.requests, stats.distinct), (101, 101));
    assert_eq!(stats.bytes, bytes + pages.len() as u64);
    assert_eq!((stats.in_flight, stats.peak_in_flight), (0, 1));
    assert!(stats.cpu_ns > 0 && stats.elapsed_ns > 0, "{stats:?}");
}

#[test]
fn an_attempt_has_a_delay_of_its_own() {
    let latency = "uniform:1ms,60ms";
    let delay = |attempt| params(latency).latency.delay(7, "get", 5, attempt);
    let server = start(latency);
    let mut client = Client::new(&server);
    for attempt in 0..3 {
        assert_ne!(delay(attempt), delay(attempt + 1));
        let began = Instant::now();
        client.send("GET /get/5", &format!("x-attempt: {attempt}\r\n"));
        assert_eq!(client.receive().0, 200);
        assert!(began.elapsed() >= delay(attempt), "attempt {attempt}");
    }
}

#[test]
fn what_nobody_knows_is_turned_away_and_counted() {
    let server = start(NEVER);
    let mut client = Client::new(&server);
    for path in ["/", "/get", "/get/100", "/get/x", "/sleep/1", "/get/1?x"] {
        let (status, body) = client.get(path);
        let body = String::from_utf8(body).unwrap();
        assert_eq!((status, body.lines().count()), (404, 1), "{path}: {body}");
    }
    for (line, headers, expected) in [
        ("DELETE /get/1", "", 405),
        ("POST /stats", "content-length: 0\r\n", 405),
        ("GET /get/1", "x-attempt: -1\r\n", 400),
    ] {
        client.send(line, headers);
        assert_eq!(client.receive().0, expected, "{line}");
    }
    let stats = server.stats().unwrap();
    assert_eq!((stats.unknown, stats.requests, stats.bytes), (9, 0, 0));
    assert_eq!((stats.connections_accepted, stats.connections_used), (1, 0));
}

#[test]
fn built_in_paths_answer_at_once_and_are_not_counted() {
    let server = start(NEVER);
    let mut client = Client::new(&server);
    assert_eq!(client.get("/ready").0, 200);
    let (status, body) = client.get("/stats");
    let stats: Witness = serde_json::from_slice(&body).unwrap();
    let expected = Witness {
        connections_accepted: 1,
        cpu_ns: stats.cpu_ns,
        elapsed_ns: stats.elapsed_ns,
        ..Witness::default()
    };
    assert_eq!((status, stats), (200, expected));
}

#[test]
fn pieces_come_one_by_one_and_are_one_answer() {
    let server = start("1ms");
    let mut client = Client::new(&server);
    client.send("GET /stream-body/3", "");
    // The whole body in chunks, which this client does not decode: its end is enough.
    let mut read = Vec::new();
    while !read.ends_with(b"0\r\n\r\n") {
        let mut buffer = [0; 4096];
        let len = client.0.read(&mut buffer).unwrap();
        read.extend_from_slice(&buffer[..len]);
    }
    let stats = when(&server, |stats| stats.in_flight == 0);
    assert_eq!((stats.requests, stats.distinct), (1, 1));
    assert_eq!(stats.bytes, 10 * 256);
}
