//! Exchanges with a stream that says its lines by heart.

use super::*;

const SIZED: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world";
const CHUNKED: &[u8] = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\
    5;name=value\r\nhello\r\n06\r\n world\r\n0\r\nafter: all\r\n\r\n";
const EMPTY: &[u8] = b"HTTP/1.1 204 No Content\r\nserver: none\r\n\r\n";
const TO_THE_END: &[u8] = b"HTTP/1.1 200 OK\r\nserver: none\r\n\r\nhello world";

/// Says its lines by heart, so many bytes at a time.
struct Actor {
    lines: std::io::Cursor<Vec<u8>>,
    at_a_time: usize,
    heard: Vec<Vec<u8>>,
}

impl Read for Actor {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let length = into.len().min(self.at_a_time);
        self.lines.read(&mut into[..length])
    }
}

impl Write for Actor {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.heard.push(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_exchange_is_one_write_and_as_many_reads_as_it_takes() {
    let long = vec![7; 3 * LONGEST_READ];
    let mut lines = [SIZED, CHUNKED, EMPTY].concat();
    lines.extend_from_slice(b"HTTP/1.1 200 OK\r\ncontent-length: 786432\r\n\r\n");
    lines.extend_from_slice(&long);
    // No read may bring more than one answer: the next one has not been asked for.
    for at_a_time in [1, SIZED.len()] {
        let actor = Actor {
            lines: std::io::Cursor::new(match at_a_time {
                1 => lines.clone(),
                _ => SIZED.repeat(4),
            }),
            at_a_time,
            heard: Vec::new(),
        };
        let mut connection = RawConnection::new(actor, "host");
        for number in 0..4 {
            let answer = connection.get(&Request::get("/path")).unwrap();
            let expected: (u16, &[u8]) = match (at_a_time, number) {
                (1, 2) => (204, b""),
                (1, 3) => (200, &long),
                _ => (200, b"hello world"),
            };
            assert_eq!((answer.status, &answer.body[..]), expected);
        }
        assert_eq!(connection.stream.heard.len(), 4);
        let error = connection
            .get(&Request::get("/path"))
            .unwrap_err()
            .to_string();
        assert_eq!(error, "the server closed the connection before its answer");
        assert!(!connection.is_usable());
        let error = connection
            .get(&Request::get("/path"))
            .unwrap_err()
            .to_string();
        assert_eq!(error, "the connection is of no further use");
    }
}

#[test]
fn an_answer_that_ends_with_its_connection_is_whole_and_the_last() {
    for (lines, body) in [
        (TO_THE_END, &b"hello world"[..]),
        (&TO_THE_END[..TO_THE_END.len() - 11], b""),
    ] {
        let actor = Actor {
            lines: std::io::Cursor::new(lines.to_vec()),
            at_a_time: 10,
            heard: Vec::new(),
        };
        let mut connection = RawConnection::new(actor, "host");
        assert_eq!(connection.get(&Request::get("/path")).unwrap().body, body);
        assert_eq!(connection.piece().unwrap(), None);
        assert!(!connection.is_usable());
    }
}
