//! What parent and worker say to each other: protocol 2, JSON lines over the worker's standard input and output.
//!
//! Any program that speaks it can be a strategy: a scenario declares it as a [`Program`](model::Program). Each message is one
//! JSON object on one line, with its kind in `type`; unknown fields are ignored, but for those of a tally. Durations are integer
//! nanoseconds, and all integers have 64 bits without a sign. Standard error is free; its last line becomes the reason if the
//! worker dies. Nothing else may be written to standard output, each line must be flushed, and none may be longer than 16 MiB.
//! What a program has started in its process group ends with it.
//!
//! 1. The worker starts with `hello`, a program within ten seconds.
//! 2. The parent sends `open` with one cell, its sizes and its setup. The worker starts runtimes, opens connections, runs one
//!    wave of the work and answers `opened`, or `failed` with a reason.
//! 3. For each sample: if the cell was opened with `release`, the parent sends `wake` and the worker reopens what it had let go,
//!    runs one wave again and answers `opened`. Then the parent resets the server and sends `go`. The worker takes up the delays of
//!    `draw` if it has one, untimed and with everything that is open left open, runs the whole work once and answers
//!    `sample`, or `failed`. A cell with `release` then lets its threads and connections go.
//!    A launch differs from others also in the length of the variable `MAKESPAN_PADDING`, which means nothing.
//! 4. The end of its standard input ends the worker. Between messages it waits without using the processor.
//!
//! A worker runs units against the server in `setup.server`: what a unit asks for is in the `workloads` crate, as is the tally
//! that the parent expects. The parent never believes a time without the tally, and asks the server for its own account.
//!
//! # What the parent sends
//!
//! `params` holds `seed`, `tasks`, `latency` and the sizes of that workload that differ from their defaults. `setup.limit` is the
//! common limit of units in flight and `setup.connections` how many connections to open before the clock starts: as many as this
//! strategy can have in flight and the work can use, which is also how many units make a wave. `setup.server` is null where the
//! workload needs none.
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
//! `go` has a `draw` where delays are spread: another one in each round, the same for all rows of it. Where it is left out, it is 0, as it
//! is in every wave. A program that knows its delays, because it waits for them itself, computes them from `params` and `draw`;
//! one that only waits for answers need not care. Bodies, and with them the tally of what was downloaded, are the same in all draws.
//!
//! # Protocol 1
//!
//! It has no `draw`. A program that says it speaks protocol 1 is accepted where delays are equal in all rounds, and fails where they
//! are not.
//!
//! # What a program must send
//!
//! - `hello` with `protocol`, and in `cells` what it can open: `get/python-requests-loop`, or `get/*` or just `get` if it does not
//!   care what it is called. `version` is free. With `unsupported` it says that it cannot run here, and may end.
//! - `opened`, or `failed` with `reason`; after `failed` it goes on.
//! - `sample` with `wall_ns`, the time from the first unit to the last, and `tally`. Everything else of a
//!   [`Measurement`] may be left out: `cpu_ns` is the CPU time of the program and of its children in all threads, `threads_peak`
//!   the most threads seen. `latencies` is how long each unit took, as the text of an HdrHistogram of nanoseconds as in its logs:
//!   base64 of the V2 encoding with DEFLATE. What is left out is shown as unknown. `witness` is always the parent's.
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
//! `crates/makespan/programs/worker.py` is the program's end of it in Python.

pub(crate) mod lines;
pub(crate) mod role;
pub(crate) mod server;
pub(crate) mod version;
pub(crate) mod worker;

pub use version::{Mismatch, PROTOCOL};
pub use worker::{FromWorker, OpenCell, ToWorker};
