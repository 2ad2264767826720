//! What parent and worker say to each other: protocol 2, JSON lines over the worker's standard input and output.
//!
//! Any program that speaks it can be a strategy: a scenario declares it as a [`Program`](model::Program).
//!
//! - Each message is one JSON object on one line, with its kind in `type`. Unknown fields are ignored, except in a tally.
//! - Durations are integer nanoseconds. All integers are unsigned and have 64 bits.
//! - The worker writes nothing else to its standard output. It flushes each line, and no line is longer than 16 MiB.
//! - Standard error is free. If the worker dies, its last line becomes the reason.
//! - What a program has started in its process group ends with it.
//!
//! # The conversation
//!
//! 1. The worker sends `hello`. A program has ten seconds for that.
//! 2. The parent sends `open` with one cell, its sizes and its setup. The worker starts runtimes, opens connections and runs one
//!    wave of the work. Then it answers `opened`, or `failed` with a reason.
//! 3. For each sample, the parent resets the server and sends `go`. The worker takes up the delays of `draw`, if `go` has one. This
//!    is untimed, and everything that is open stays open. Then it runs the whole work once and answers `sample`, or `failed`.
//! 4. A cell that was opened with `release` lets its threads and connections go when it is open, and after each sample. The parent
//!    then sends `wake` before each `go`. The worker reopens what it had let go, runs one wave, answers `opened`, and keeps it open
//!    for the sample.
//! 5. The end of its standard input ends the worker. Between messages it waits without using the processor.
//!
//! Each launch has another value of the variable `MAKESPAN_PADDING`, which only differs in length and means nothing.
//!
//! A worker runs units against the server in `setup.server`. The `workloads` crate says what a unit asks for, and what tally the
//! parent expects. The parent never believes a time without the tally, and asks the server for its own account.
//!
//! # What the parent sends
//!
//! - `params` holds `seed`, `tasks`, `latency`, and the sizes of the workload that differ from their defaults.
//! - `setup.limit` is the common limit of units in flight.
//! - `setup.connections` says how many connections to open before the clock starts: as many as the strategy can have in flight and
//!   the work can use. So many units make a wave.
//! - `setup.server` is null where the workload needs no server.
//!
//! ```
//! use harness::protocol::ToWorker;
//! let open = r#"{"type":"open","workload":"get","strategy":"python-requests-loop","params":{"seed":20261121,"tasks":20,"latency":"20ms","body_bytes":1024},"setup":{"limit":20,"workers":2,"connections":1,"server":"127.0.0.1:40123"},"release":false}"#;
//! assert!(matches!(serde_json::from_str(open).unwrap(), ToWorker::Open(_)));
//! let wake = r#"{"type":"wake"}"#;
//! assert_eq!(serde_json::from_str::<ToWorker>(wake).unwrap(), ToWorker::Wake);
//! let go = r#"{"type":"go"}"#;
//! assert_eq!(serde_json::from_str::<ToWorker>(go).unwrap(), ToWorker::Go { draw: 0 });
//! let go = r#"{"type":"go","draw":7}"#;
//! assert_eq!(serde_json::from_str::<ToWorker>(go).unwrap(), ToWorker::Go { draw: 7 });
//! ```
//!
//! `go` has a `draw` where delays are spread: another one in each round, and the same for all rows of a round. Where it is left out,
//! it is 0; every wave has draw 0. A program that waits for its delays by itself computes them from `params` and `draw`. A program
//! that only waits for answers may ignore it. Bodies are the same in all draws, and so is the tally of what was downloaded.
//!
//! # Protocol 1
//!
//! It has no `draw`. A program that says it speaks protocol 1 is accepted where delays are equal in all rounds. Elsewhere it fails.
//!
//! # What a program must send
//!
//! - `hello` with `protocol`, and in `cells` what it can open: `get/python-requests-loop`, or `get/*` or just `get` if it does not
//!   care what it is called. `version` is free. With `unsupported` it says that it cannot run here; then it may end.
//! - `opened`, or `failed` with `reason`. After `failed` it goes on.
//! - `sample` with `wall_ns`, the time from the first unit to the last, and `tally`. All other fields of a
//!   [`Measurement`](model::Measurement) may be left out, and are then shown as unknown. `cpu_ns` is the CPU time of all threads of
//!   the program and of its children. `threads_peak` is the most threads seen. `latencies` is how long each unit took: an
//!   HdrHistogram of nanoseconds as its logs have it, which is base64 of the V2 encoding with DEFLATE. A `witness` is ignored,
//!   because the parent asks the server.
//!
//! ```
//! use harness::protocol::FromWorker;
//! use model::Measurement;
//! use workloads::Tally;
//! let hello = r#"{"type":"hello","protocol":2,"version":"Python 3.11","cells":["get/*"]}"#;
//! let sorry = r#"{"type":"hello","protocol":2,"unsupported":"No module named 'requests'"}"#;
//! for hello in [hello, sorry] {
//!     assert!(matches!(serde_json::from_str(hello).unwrap(), FromWorker::Hello { protocol: 2, .. }));
//! }
//! let opened = r#"{"type":"opened"}"#;
//! assert_eq!(serde_json::from_str::<FromWorker>(opened).unwrap(), FromWorker::Opened);
//! let failed = r#"{"type":"failed","reason":"the server answered 404"}"#;
//! assert!(matches!(serde_json::from_str(failed).unwrap(), FromWorker::Failed { .. }));
//!
//! let least = r#"{"type":"sample","wall_ns":41000000,"tally":{"count":20,"digest":9875321460032651217}}"#;
//! let measured = Measurement {
//!     wall_ns: 41_000_000,
//!     tally: Tally { count: 20, digest: 9_875_321_460_032_651_217 },
//!     ..Measurement::default()
//! };
//! assert_eq!(serde_json::from_str::<FromWorker>(least).unwrap(), FromWorker::Sample(measured.clone().into()));
//! let more = r#"{"type":"sample","wall_ns":41000000,"cpu_ns":9000000,"threads_peak":21,"tally":{"count":20,"digest":9875321460032651217}}"#;
//! let measured = Measurement { cpu_ns: 9_000_000, threads_peak: Some(21), ..measured };
//! assert_eq!(serde_json::from_str::<FromWorker>(more).unwrap(), FromWorker::Sample(measured.into()));
//! ```
//!
//! `worker.py`, `worker.mjs` and `worker.go` in `crates/makespan/programs` speak it in Python, Node and Go.

pub(crate) mod lines;
pub(crate) mod role;
pub(crate) mod server;
pub(crate) mod version;
pub(crate) mod worker;

pub use version::{Mismatch, PROTOCOL};
pub use worker::{FromWorker, OpenCell, ToWorker};
