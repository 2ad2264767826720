//! The program, as a process.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Output, Stdio};

use crate::client::Client;
use crate::start;

fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mock-server"));
    command.args(args).stdout(Stdio::piped());
    command
}

#[test]
fn the_program_prints_its_url_and_serves() {
    let mut server = program(&["--latency", "0", "--number", "body_bytes=3"])
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(server.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    let address = line.strip_prefix("http://").unwrap().trim_end();
    let mut client = Client::at(address.parse().unwrap());
    assert_eq!(client.get("/ready").0, 200);
    assert_eq!(client.get("/get/999999").1.len(), 3);
    server.kill().unwrap();
    server.wait().unwrap();
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
}

#[test]
fn the_program_refuses_what_it_cannot_serve() {
    let server = start("0");
    let taken = server.address().to_string();
    for (args, expected) in [
        (["--latency", "20"], "`20` is no duration: time unit needed"),
        (["--listen", "0.0.0.0:0"], "only loopback is allowed"),
        (["--listen", "localhost"], "allowed is a loopback address"),
        (["--listen", &taken], "cannot listen on 127.0.0.1:"),
        (["--tasks", "0"], "tasks = 0: allowed are 1 to 10000000"),
        (["--tasks", "many"], "'many' for '--tasks <N>': allowed are"),
        (["--number", "size=1"], "`size`; allowed are attempts,"),
        (["--number", "rows=0"], "rows = 0: allowed are 1 to"),
        (["--number", "rows"], "such as body_bytes=1024"),
        (["--number", "rows=-1"], "whole numbers from 0 to"),
    ] {
        let Output {
            status,
            stdout,
            stderr,
        } = program(&args).stderr(Stdio::piped()).output().unwrap();
        let stderr = String::from_utf8(stderr).unwrap();
        assert_eq!((status.code(), stdout), (Some(2), vec![]), "{args:?}");
        assert!(stderr.contains(expected), "{args:?}: {stderr}");
    }
}

#[test]
fn a_program_that_cannot_say_where_it_listens_has_failed() {
    let full = std::fs::File::create("/dev/full").unwrap();
    let output = program(&[])
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("cannot write the URL"), "{stderr}");
}
