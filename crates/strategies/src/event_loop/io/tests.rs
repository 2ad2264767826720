//! The loop with sockets, against servers that are not what they should be.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread;
use std::time::Duration;

use super::*;
use crate::io::idle::tests::{Observer, ask};

fn open(server: SocketAddr) -> Result<EpollIo> {
    EpollIo::open(&Setup {
        connections: 2,
        server: Some(server),
        ..Setup::new(2, 1)
    })
}

#[test]
fn a_server_that_is_not_there_or_goes_away_is_an_error_and_no_wait() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = listener.local_addr().unwrap();
    let closer = thread::spawn(move || {
        for _ in 0..2 {
            drop(listener.accept().unwrap());
        }
    });
    assert!(open(server).is_err(), "it closes without an answer");
    closer.join().unwrap();
    let error = open(server).err().map(|error| format!("{error:#}"));
    let error = error.expect("nobody listens");
    assert!(error.starts_with("cannot connect to 127.0.0.1"), "{error}");
}

#[test]
fn answers_in_parts_are_whole_and_asked_for_together() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = listener.local_addr().unwrap();
    let answers = thread::spawn(move || {
        let mut streams: Vec<_> = (0..2).map(|_| listener.accept().unwrap().0).collect();
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";
        // Both are asked before either is answered: first `/ready`, then one request each.
        for _ in 0..2 {
            for stream in &mut streams {
                assert!(stream.read(&mut [0; 1024]).unwrap() > 0);
            }
            for part in answer.chunks(7) {
                for stream in &mut streams {
                    stream.write_all(part).unwrap();
                }
                thread::sleep(Duration::from_millis(1));
            }
        }
    });
    let io = open(server).unwrap();
    let (done, result) = oneshot::channel();
    let asker = io.clone();
    io.spawn(async move {
        let requests = ["/a", "/b"].map(Request::get).to_vec();
        // Nobody listens only if the test has failed.
        let _ = done.send(asker.fetch_all(requests).await);
    });
    let both = io.turn(result).unwrap().unwrap();
    assert!(both.iter().all(|answer| &answer.body[..] == b"hello"));
    assert_eq!(both.len(), 2);
    let kept = || io.0.idle.take(&Request::get("/c"));
    assert!(kept().is_some() && kept().is_some(), "both are kept");
    answers.join().unwrap();
}

#[test]
fn fresh_requests_keep_to_connections_of_their_own() {
    let server = Observer::start();
    let io = EpollIo::open(&server.setup()).unwrap();
    let (done, result) = oneshot::channel();
    let asker = io.clone();
    io.spawn(async move {
        ask(&asker).await;
        // Nobody listens only if the test has failed.
        let _ = done.send(());
    });
    io.turn(result).unwrap();
    server.check();
}
