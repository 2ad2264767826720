//! The server as its clients meet it: over sockets, by its handle and as a process.

use std::thread;
use std::time::Duration;

use mock_server::{Config, Handle, serve};
use workloads::{Outline, Params, Reply, Witness};

mod answers;
mod client;
mod counts;
mod faults;
mod program;
mod resets;
mod sockets;

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
