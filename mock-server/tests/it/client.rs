//! A client that does no more than HTTP needs.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

use mock_server::Handle;

/// One keep-alive connection.
pub(crate) struct Client(pub(crate) BufReader<TcpStream>);

impl Client {
    pub(crate) fn new(server: &Handle) -> Self {
        Client::at(server.address())
    }

    pub(crate) fn at(address: SocketAddr) -> Self {
        Client(BufReader::new(TcpStream::connect(address).unwrap()))
    }

    /// Sends a request without waiting for its answer.
    pub(crate) fn send(&mut self, line: &str, headers: &str) {
        let head = format!("{line} HTTP/1.1\r\nhost: mock\r\n{headers}\r\n");
        self.0.get_mut().write_all(head.as_bytes()).unwrap();
    }

    /// Status and body of the next answer.
    pub(crate) fn receive(&mut self) -> (u16, Vec<u8>) {
        let mut next = || {
            let mut line = String::new();
            self.0.read_line(&mut line).unwrap();
            line.trim_end().to_ascii_lowercase()
        };
        let status = next()["http/1.1 ".len()..][..3].parse().unwrap();
        let mut length = 0;
        loop {
            let line = next();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).unwrap();
        (status, body)
    }

    pub(crate) fn get(&mut self, path: &str) -> (u16, Vec<u8>) {
        self.send(&format!("GET {path}"), "");
        self.receive()
    }
}
