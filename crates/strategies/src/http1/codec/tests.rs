//! Answers that are cut anywhere, and answers that make no sense.

use super::*;

const SIZED: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world";
const CHUNKED: &[u8] = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\
    5;name=value\r\nhello\r\n06\r\n world\r\n0\r\nafter: all\r\n\r\n";
const EMPTY: &[u8] = b"HTTP/1.1 204 No Content\r\nserver: none\r\n\r\n";
const ANNOUNCED: &[u8] =
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
const TO_THE_END: &[u8] = b"HTTP/1.1 200 OK\r\nserver: none\r\n\r\nhello world";

/// All that comes of these parts.
fn parse(parts: &[&[u8]]) -> Result<(Head, Vec<u8>, Parser)> {
    let (mut parser, mut head, mut body) = (Parser::default(), None, Vec::new());
    let mut parts = parts.iter();
    loop {
        let event = match parser.event()? {
            Some(event) => event,
            None => match parts.next() {
                Some(part) => {
                    parser.feed(part);
                    continue;
                }
                None => parser.closed()?,
            },
        };
        match event {
            Event::Head(one) => assert_eq!(head.replace(one), None),
            Event::Piece(piece) => {
                assert!(!piece.is_empty());
                body.extend_from_slice(&piece);
            }
            Event::End => return Ok((head.context("no head")?, body, parser)),
        }
    }
}

#[test]
fn a_request_is_what_a_server_expects() {
    let mut bytes = Vec::new();
    encode(&mut bytes, "127.0.0.1:80", &Request::get("/get/1?a=b")).unwrap();
    let again = Request {
        path: "/get/2".to_owned(),
        attempt: 3,
        fresh: true,
    };
    encode(&mut bytes, "127.0.0.1:80", &again).unwrap();
    assert_eq!(
        String::from_utf8(bytes).unwrap(),
        "GET /get/1?a=b HTTP/1.1\r\nhost: 127.0.0.1:80\r\n\r\n\
         GET /get/2 HTTP/1.1\r\nhost: 127.0.0.1:80\r\nx-attempt: 3\r\nconnection: close\r\n\r\n"
    );
    for path in ["", "get", "/a b", "/a\r\nx: y", "/\u{e4}"] {
        let error = encode(&mut Vec::new(), "host", &Request::get(path)).unwrap_err();
        assert!(error.to_string().contains("cannot be sent"), "{error}");
    }
}

#[test]
fn an_answer_is_the_same_wherever_it_is_cut() {
    for (text, status, body, usable) in [
        (SIZED, 200, &b"hello world"[..], true),
        (CHUNKED, 200, b"hello world", true),
        (EMPTY, 204, b"", true),
        (ANNOUNCED, 200, b"", true),
        (TO_THE_END, 200, b"hello world", false),
    ] {
        let cut = |at: usize| vec![&text[..at], &text[at..]];
        let by_bytes = text.chunks(1).collect();
        for parts in (0..=text.len()).map(cut).chain([by_bytes]) {
            let (head, found, parser) = parse(&parts).unwrap();
            assert_eq!(head.status, status);
            assert_eq!(found, body);
            assert_eq!(parser.is_usable(), usable, "{parts:?}");
        }
    }
}

#[test]
fn an_answer_that_is_cut_short_is_an_error_and_never_a_shorter_answer() {
    for text in [SIZED, CHUNKED, EMPTY, ANNOUNCED] {
        for length in 0..text.len() {
            let error = parse(&[&text[..length]]).unwrap_err().to_string();
            assert!(error.contains("the server closed"), "{error}");
        }
    }
}

#[test]
fn a_connection_stays_usable_as_its_server_says() {
    for (head, usable) in [
        ("HTTP/1.1 200 OK\r\n", true),
        ("HTTP/1.1 200 OK\r\nConnection: Close\r\n", false),
        ("HTTP/1.1 200 OK\r\nconnection: x, close\r\n", false),
        ("HTTP/1.0 200 OK\r\n", false),
        ("HTTP/1.0 200 OK\r\nconnection: Keep-Alive\r\n", true),
    ] {
        let text = format!("{head}content-length: 1\r\n\r\nx");
        let (_, _, parser) = parse(&[text.as_bytes()]).unwrap();
        assert_eq!(parser.is_usable(), usable, "{head}");
    }
    let (_, _, parser) = parse(&[SIZED, b"more"]).unwrap();
    assert!(parser.is_usable(), "what was not read is not known");
    let (_, _, parser) = parse(&[&[SIZED, b"more"].concat()]).unwrap();
    assert!(!parser.is_usable(), "nobody asked for more");
}

#[test]
fn the_wait_before_another_attempt_is_found() {
    let wait = |headers: &str| {
        let text = format!("HTTP/1.1 503 \r\n{headers}content-length: 0\r\n\r\n");
        parse(&[text.as_bytes()]).unwrap().0.retry_after
    };
    let (short, long) = (Duration::from_millis(15), Duration::from_secs(2));
    assert_eq!(wait(""), None);
    assert_eq!(wait("Retry-After: 2\r\n"), Some(long));
    assert_eq!(
        wait("retry-after: 2\r\nretry-after-ms: 15\r\n"),
        Some(short)
    );
    assert_eq!(wait("retry-after: Fri, 31 Dec 1999 23:59:59 GMT\r\n"), None);
    assert_eq!(wait("retry-after: -1\r\nretry-after-ms: soon\r\n"), None);
}

#[test]
fn bad_input_is_an_error_that_stays_and_never_a_panic() {
    let head = "HTTP/1.1 200 OK\r\n";
    let chunked = format!("{head}transfer-encoding: chunked\r\n\r\n");
    for text in [
        "\0\0\0\0".to_owned(),
        "GET / HTTP/1.1\r\n\r\n".to_owned(),
        "HTTP/2 200 OK\r\n\r\n".to_owned(),
        "HTTP/1.1 099 No\r\n\r\n".to_owned(),
        "HTTP/1.1 2000 No\r\n\r\n".to_owned(),
        "HTTP/1.1 101 Switching Protocols\r\n\r\n".to_owned(),
        format!("{head}a b: c\r\n\r\n"),
        format!("{head}content-length: -1\r\n\r\n"),
        format!("{head}content-length: +1\r\n\r\n"),
        format!("{head}content-length:\r\n\r\n"),
        format!("{head}content-length: 1, 1\r\n\r\n"),
        format!("{head}content-length: 18446744073709551616\r\n\r\n"),
        format!("{head}content-length: 1\r\ncontent-length: 2\r\n\r\n"),
        format!("{head}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n"),
        format!("{head}transfer-encoding: gzip, chunked\r\n\r\n"),
        format!("{chunked}\r\n"),
        format!("{chunked}x\r\n"),
        format!("{chunked}-1\r\n"),
        format!("{chunked}11111111111111111\r\n"),
        format!("{chunked}1\r\nab\r\n"),
        format!("{chunked}0\r\na b: c\r\n\r\n"),
        format!("{head}{}\r\n", "a: b\r\n".repeat(MOST_HEADERS + 1)),
        format!("{head}a: {}", "b".repeat(LONGEST_HEAD)),
        format!("{chunked}0;{}", "b".repeat(LONGEST_HEAD)),
        format!("{chunked}0\r\na: {}", "b".repeat(LONGEST_HEAD)),
    ] {
        let mut parser = Parser::default();
        let mut feed = |part: &[u8]| -> Result<()> {
            parser.feed(part);
            while parser.event()?.is_some() {}
            Ok(())
        };
        let start = &text[..text.len().min(80)];
        // In long ones nothing but the length is wrong, so that cutting them once is enough.
        let cuts: Vec<_> = text.as_bytes().chunks(text.len().div_ceil(100)).collect();
        let found = cuts.iter().map(|part| feed(part)).find_map(Result::err);
        let error = found.unwrap_or_else(|| panic!("nothing is wrong with {start:?}"));
        assert!(!error.to_string().contains("closed"), "{error}");
        assert!(!parser.is_usable());
        assert!(parser.event().is_err() && parser.closed().is_err());
    }
}

#[test]
fn a_length_that_is_only_claimed_takes_no_memory() {
    let mut parser = Parser::default();
    parser.feed(b"HTTP/1.1 200 OK\r\ncontent-length: 18446744073709551615\r\n\r\nab");
    assert!(matches!(parser.event().unwrap(), Some(Event::Head(_))));
    assert_eq!(
        parser.event().unwrap(),
        Some(Event::Piece(Bytes::from_static(b"ab")))
    );
    assert_eq!(parser.event().unwrap(), None);
    assert!(parser.closed().is_err());
}
