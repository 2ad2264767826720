//! The server as its clients meet it: over sockets, by its handle and as a process.

use std::io::Read;
use std::thread;
use std::time::{Duration, Instant};

use mock_server::{Config, Handle, serve};
use workloads::{Outline, Params, Reply, Tally, Witness};

mod client;
mod program;

use client::Client;

/// So long that no test sees its end.
const NEVER: &str = "60s";

fn params(latency: &str) -> Params {
    Params::new(7, 100, latency.parse().unwrap())
}

fn config(latency: &str) -> Config {
    Config {
        listen: "127.0.0.1:0".parse().unwrap(),
        workloads: workloads::all().to_vec(),
        params: params(latency),
    }
}

fn start(latency: &str) -> Handle {
    serve(config(latency)).unwrap()
}

fn outline(name: &str) -> Box<dyn Outline> {
    let entry = workloads::all().iter().find(|e| e.facts.name == name);
    (entry.unwrap().outline)(&params("0")).unwrap()
}

/// The body that a workload promises.
fn bytes_of(outline: &dyn Outline, path: &str) -> bytes::Bytes {
    match outline.answer(path, 0).unwrap().reply {
        Reply::Body(body) => body,
        other => panic!("{other:?}"),
    }
}

/// Waits until the counts are as asked; a test that waits in vain fails by hanging.
fn when(server: &Handle, asked: impl Fn(&Witness) -> bool) -> Witness {
    loop {
        let stats = server.stats().unwrap();
        if asked(&stats) {
            return stats;
        }
        thread::sleep(Duration::from_millis(1));
    }
}

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
fn waits_that_fall_due_together_are_reported() {
    let server = start("50ms");
    let mut clients: Vec<_> = (0..20).map(|_| Client::new(&server)).collect();
    for client in &mut clients {
        client.send("GET /get/0", "");
    }
    for client in &mut clients {
        assert_eq!(client.receive().0, 200);
    }
    let stats = server.stats().unwrap();
    assert!((1..=20).contains(&stats.largest_due_batch), "{stats:?}");
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

#[test]
fn only_a_free_loopback_address_is_listened_on() {
    let error = |listen: &str| {
        let listen = listen.parse().unwrap();
        let config = Config {
            listen,
            ..config("0")
        };
        format!("{:#}", serve(config).unwrap_err())
    };
    for address in ["0.0.0.0:0", "192.0.2.1:80", "[::]:0"] {
        let error = error(address);
        assert!(
            error.contains(address) && error.contains("loopback"),
            "{error}"
        );
    }
    let server = start("0");
    let taken = server.address().to_string();
    let error = error(&taken);
    assert!(
        error.starts_with(&format!("cannot listen on {taken}: ")),
        "{error}"
    );
}

#[test]
fn a_dropped_server_closes_its_connections_and_frees_its_port() {
    let server = start(NEVER);
    let mut client = Client::new(&server);
    client.send("GET /get/1", "");
    when(&server, |stats| stats.in_flight == 1);
    let listen = server.address();
    drop(server);
    assert_eq!(client.0.read(&mut [0]).unwrap_or(0), 0);
    let again = Config {
        listen,
        ..config("0")
    };
    assert_eq!(serve(again).unwrap().url(), format!("http://{listen}"));
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

#[test]
fn an_unavailable_server_says_when_to_come_back_and_a_reset_is_one() {
    let server = start("0");
    let retry = outline("retry");
    let first = |wanted: fn(&Reply) -> bool| {
        let path = |item: u64| format!("/retry/{item}");
        let mut paths = (0..100).map(path);
        paths
            .find(|path| wanted(&retry.answer(path, 0).unwrap().reply))
            .unwrap()
    };
    let mut client = Client::new(&server);
    let path = first(|reply| matches!(reply, Reply::Unavailable(_)));
    assert_eq!(client.get(&path).0, 503);

    let path = first(|reply| *reply == Reply::Reset);
    client.send(&format!("GET {path}"), "");
    let error = client.0.read(&mut [0; 16]).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    assert_eq!(server.stats().unwrap().distinct, 2);
}

#[test]
fn a_connection_that_is_to_be_closed_leaves_nothing_behind() {
    let server = start("0");
    let mut client = Client::new(&server);
    client.send("GET /churn/1", "connection: close\r\n");
    let (status, body) = client.receive();
    assert_eq!((status, body.len()), (200, 1024));
    let ends = [server.address(), client.0.get_ref().local_addr().unwrap()].map(|end| end.port());
    assert_eq!(client.0.read(&mut [0; 16]).unwrap_or(0), 0);
    drop(client);
    // Whoever closes first would wait for a minute (tcp(7)): the kernel's list shows both ends, and soon it must show neither.
    while let Some(state) = state_of(ends) {
        assert_ne!(state, "06", "the server's end is in TIME_WAIT");
        thread::sleep(Duration::from_millis(1));
    }
}

/// The state of the TCP connection between these ports, as in proc(5); none if there is no such connection.
fn state_of(ends: [u16; 2]) -> Option<String> {
    let list = std::fs::read_to_string("/proc/net/tcp").unwrap_or_default();
    let [one, other] = ends.map(|port| format!(":{port:04X}"));
    let states = list.lines().skip(1).filter_map(|line| {
        let fields: Vec<_> = line.split_whitespace().collect();
        let between = |a: &str, b: &str| fields[1].ends_with(a) && fields[2].ends_with(b);
        let here = between(&one, &other) || between(&other, &one);
        here.then(|| fields[3].to_owned())
    });
    states.max()
}
