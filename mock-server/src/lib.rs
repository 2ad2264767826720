//! A GET server on loopback whose delays and bodies are pure functions of a seed, and which witnesses what it served.
//!
//! # Layout
//!
//! - [`serve`] opens a server described by a [`Config`] on a thread of its own; [`Handle`] asks it for [`Witness`] and resets it.
//! - `site` is what is answered; `service` how a request becomes that answer; `stats` what is counted meanwhile.
//! - `timer` is many waits on one `alarm`; `shard` is the thread that holds all of these.
//! - [`ServeArgs`] and [`run`] are the command line; [`open`] and [`attend`] are its two halves.
//!
//! # Invariants
//!
//! - The wait and the body of an answer depend on the parameters, the path and the `x-attempt` header (a number, 0 without it),
//!   never on an order or on a moment.
//! - A wait counts from the parsed request head and never ends early; a wait of 0 does not touch the timer.
//! - One thread: a request holds no lock and no thread while it waits, and a reset is seen entirely or not at all.
//! - What is counted is counted at once and never stored per request, apart from one key for each distinct answer.

#![forbid(unsafe_code)]

use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result, anyhow, ensure};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use workloads::{Entry, Params, Witness};

mod cli;
mod pieces;
mod service;
mod shard;
mod site;
mod stats;
mod timer;

pub use cli::{ServeArgs, attend, open, run};

use shard::Command;

/// What a server listens on and answers.
#[derive(Clone)]
pub struct Config {
    /// A loopback address; port 0 takes a free port.
    pub listen: SocketAddr,
    /// The workloads whose requests are answered; those that speak to no server are passed over.
    pub workloads: Vec<Entry>,
    /// The sizes of all of them; each workload takes the numbers that it declares.
    pub params: Params,
}

/// Opens a server and returns once it accepts connections.
///
/// It raises the process's soft limit of open files to the hard one, since each connection takes a descriptor.
///
/// # Errors
///
/// If the address is not loopback or cannot be listened on, or if a workload refuses its sizes.
pub fn serve(config: Config) -> Result<Handle> {
    ensure!(
        config.listen.ip().is_loopback(),
        "cannot listen on {}: only loopback is allowed, such as 127.0.0.1:0",
        config.listen
    );
    let (commands, inbox) = unbounded_channel();
    let (opened, outcome) = mpsc::channel();
    let thread = thread::Builder::new()
        .name("mock-server".to_owned())
        .spawn(move || shard::run(config, inbox, opened))
        .context("cannot start the server's thread")?;
    let address = outcome
        .recv()
        .context("the server's thread ended before it listened")??;
    Ok(Handle {
        address,
        commands,
        thread: Some(thread),
    })
}

/// A running server; dropping it stops the server and closes its connections.
#[derive(Debug)]
pub struct Handle {
    address: SocketAddr,
    commands: UnboundedSender<Command>,
    /// Taken by [`Handle::wait`].
    thread: Option<JoinHandle<()>>,
}

impl Handle {
    /// Where it listens, with the port it got.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address as the start of a URL, such as `http://127.0.0.1:4000`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was served since the last reset.
    ///
    /// # Errors
    ///
    /// If the server's thread has panicked.
    pub fn stats(&self) -> Result<Witness> {
        self.ask(Command::Stats)
    }

    /// Starts counting anew with other sizes, and returns what was served until then.
    ///
    /// Requests still in flight belong to the time before: they are answered as they were promised, and counted nowhere any more.
    ///
    /// # Errors
    ///
    /// If a workload refuses its sizes or none declares a number; then nothing has changed. If the server's thread has panicked.
    pub fn reset(&self, params: Params) -> Result<Witness> {
        self.ask(|reply| Command::Reset(params, reply))?
    }

    /// Blocks until the server ends, which it does by itself only if it fails.
    ///
    /// # Errors
    ///
    /// If the server's thread panicked.
    pub fn wait(mut self) -> Result<()> {
        self.join()
    }

    fn ask<T>(&self, command: impl FnOnce(mpsc::Sender<T>) -> Command) -> Result<T> {
        let (reply, answer) = mpsc::channel();
        // A closed inbox drops the command and the reply in it, so the line below reports both ends of one failure.
        let _ = self.commands.send(command(reply));
        answer.recv().context("the server has ended")
    }

    fn join(&mut self) -> Result<()> {
        let thread = self.thread.take();
        thread.map_or(Ok(()), |thread| {
            thread
                .join()
                .map_err(|_| anyhow!("the server's thread panicked"))
        })
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // Neither can be reported from here, and a thread that has ended already needs nothing more.
        let _ = self.commands.send(Command::Stop);
        let _ = self.join();
    }
}
