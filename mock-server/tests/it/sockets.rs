//! Addresses and connections, from their beginning to their end.

use std::io::Read;
use std::thread;
use std::time::Duration;

use mock_server::{Config, serve};

use crate::client::Client;
use crate::{NEVER, config, start, when};

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
