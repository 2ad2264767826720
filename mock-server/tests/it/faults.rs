//! Promised failures.

use std::io::Read;

use workloads::Reply;

use crate::client::Client;
use crate::{outline, start};

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
