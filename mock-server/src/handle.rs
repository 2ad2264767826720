//! Another thread's hold on a running server.

use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result, anyhow, ensure};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use workloads::{Params, Witness};

use crate::config::Config;
use crate::shard::{self, Command};

/// Starts a server and returns once it accepts connections.
///
/// It raises the soft limit of open files of this process to the hard limit, because each connection takes a descriptor.
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

/// A running server. To drop it stops the server and closes its connections.
#[derive(Debug)]
pub struct Handle {
    address: SocketAddr,
    commands: UnboundedSender<Command>,
    /// Taken by [`Handle::wait`].
    thread: Option<JoinHandle<()>>,
}

impl Handle {
    /// The address it listens on, with the port that it got.
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
    /// Requests in flight belong to the time before the reset: they are answered as promised, and no later count contains them.
    ///
    /// # Errors
    ///
    /// If a workload refuses its sizes, or if no workload declares a number: nothing has changed then. If the server's thread
    /// has panicked.
    pub fn reset(&self, params: Params) -> Result<Witness> {
        self.ask(|reply| Command::Reset(params, reply))?
    }

    /// Blocks until the server ends. It ends by itself only if it fails.
    ///
    /// # Errors
    ///
    /// If the server's thread panicked.
    pub fn wait(mut self) -> Result<()> {
        self.join()
    }

    fn ask<T>(&self, command: impl FnOnce(mpsc::Sender<T>) -> Command) -> Result<T> {
        let (reply, answer) = mpsc::channel();
        // A closed inbox drops the command and the reply in it. The line below then reports that the server has ended.
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
        // A drop cannot report an error, and a thread that has ended already needs nothing more.
        let _ = self.commands.send(Command::Stop);
        let _ = self.join();
    }
}
