//! Which connection a request goes over, as a server sees it.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use workloads::Io;

use super::*;
use crate::Setup;
use crate::io::server::READY;

/// A server that answers everything with 200 and never closes a connection. It keeps the number of the connection of each request.
pub(crate) struct Observer {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<(String, usize)>>>,
}

impl Observer {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let book = Arc::clone(&seen);
        // Both kinds of threads end with the test process at the latest.
        thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                let book = Arc::clone(&book);
                thread::spawn(move || {
                    answer(&stream.unwrap(), |path| {
                        book.lock().unwrap().push((path, number));
                    })
                });
            }
        });
        Observer { address, seen }
    }

    /// Numbers to open a client with, which opens two connections.
    pub(crate) fn setup(&self) -> Setup {
        Setup {
            connections: 2,
            server: Some(self.address),
            ..Setup::new(2, 1)
        }
    }

    /// Checks what `ask` has left here: plain requests share one connection, fresh ones have a new one each.
    pub(crate) fn check(&self) {
        let seen = self.seen.lock().unwrap();
        let over = |wanted: &str| {
            let mut found = seen.iter().filter(|(path, _)| path == wanted);
            found.next().expect("it was asked").1
        };
        let opened: Vec<_> = seen.iter().filter(|(path, _)| path == READY).collect();
        assert_eq!(opened.len(), 2, "{seen:?}");
        assert!(over("/1") < 2, "{seen:?}");
        assert_eq!((over("/fresh"), over("/fresh-stream")), (2, 3), "{seen:?}");
        // The last used is the next used, unless a fresh request has closed it or left its own on top of it.
        assert_eq!(
            (over("/2"), over("/3")),
            (over("/1"), over("/1")),
            "{seen:?}"
        );
        assert_eq!(seen.len(), 7, "{seen:?}");
    }
}

/// Asks for plain answers, with fresh ones between them.
pub(crate) async fn ask<I: Io>(io: &I) {
    let fresh = |path: &str| Request {
        fresh: true,
        ..Request::get(path)
    };
    io.fetch(Request::get("/1")).await.unwrap();
    io.fetch(fresh("/fresh")).await.unwrap();
    io.fetch(Request::get("/2")).await.unwrap();
    io.stream(fresh("/fresh-stream"), |_| {}).await.unwrap();
    io.fetch(Request::get("/3")).await.unwrap();
}

/// Answers the requests of one connection until the client closes it.
fn answer(mut stream: &TcpStream, mut book: impl FnMut(String)) {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    while let Some(first) = lines.next() {
        let path = first.split(' ').nth(1).unwrap_or_default();
        book(path.to_owned());
        while lines.next().is_some_and(|line| !line.is_empty()) {}
        let written = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
        if written.is_err() {
            return;
        }
    }
}
