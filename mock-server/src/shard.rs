//! The thread: one runtime with its listener, its connections and an inbox.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use nix::libc::linger;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::socket::{setsockopt, sockopt};
use send_wrapper::SendWrapper;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::UnboundedReceiver;
use workloads::{Params, Witness};

use crate::config::Config;
use crate::counters::Counters;
use crate::epoch::Connection;
use crate::service::Service;
use crate::timer::Timer;

/// What another thread can ask for.
pub(crate) enum Command {
    Stats(Sender<Witness>),
    Reset(Params, Sender<Result<Witness>>),
    Stop,
}

/// Connections that may wait to be accepted: as many as clients may start at once. The system may allow fewer.
const BACKLOG: u32 = 1 << 16;

/// How long to wait for a descriptor to become free.
const PAUSE: Duration = Duration::from_millis(10);

/// Serves until told to stop. Tells `opened` first where it listens, or why it cannot.
pub(crate) fn run(
    config: Config,
    inbox: UnboundedReceiver<Command>,
    opened: Sender<Result<SocketAddr>>,
) {
    let open = || {
        let runtime = Builder::new_current_thread()
            .enable_io()
            .build()
            .context("cannot start a runtime")?;
        let (service, listener, address) = runtime.block_on(async { open(config) })?;
        Ok((runtime, service, listener, address))
    };
    match open() {
        Err(error) => drop(opened.send(Err(error))),
        Ok((runtime, service, listener, address)) => {
            // The caller holds the other end until this arrives.
            let _ = opened.send(Ok(address));
            attend(&runtime, service, listener, inbox);
        }
    }
}

/// Takes from the system what a server needs.
fn open(config: Config) -> Result<(Rc<Service>, TcpListener, SocketAddr)> {
    // Both only make the server better. A system that refuses them is no reason to stop.
    if let Ok((_, hard)) = getrlimit(Resource::RLIMIT_NOFILE) {
        let _ = setrlimit(Resource::RLIMIT_NOFILE, hard, hard);
    }
    let _ = nix::sys::prctl::set_timerslack(1);

    let service = Service::new(config.workloads, &config.params, Timer::new()?)?;
    let listen = || {
        let socket = match config.listen {
            SocketAddr::V4(_) => TcpSocket::new_v4()?,
            SocketAddr::V6(_) => TcpSocket::new_v6()?,
        };
        // A port whose old connections are in TIME_WAIT is free; one that is listened on is not.
        socket.set_reuseaddr(true)?;
        socket.bind(config.listen)?;
        let listener = socket.listen(BACKLOG)?;
        let address = listener.local_addr()?;
        std::io::Result::Ok((listener, address))
    };
    let (listener, address) =
        listen().with_context(|| format!("cannot listen on {}", config.listen))?;
    Ok((Rc::new(service), listener, address))
}

/// Runs everything until the inbox says stop or is closed.
fn attend(
    runtime: &Runtime,
    service: Rc<Service>,
    listener: TcpListener,
    mut inbox: UnboundedReceiver<Command>,
) {
    runtime.block_on(async {
        let timed = service.clone();
        spawn_local(async move { timed.drive().await });
        spawn_local(accept(service.clone(), listener));
        while let Some(command) = inbox.recv().await {
            // A caller that waits no longer needs no answer.
            match command {
                Command::Stats(reply) => drop(reply.send(service.stats())),
                Command::Reset(params, reply) => drop(reply.send(service.reset(&params))),
                Command::Stop => return,
            }
        }
    });
}

/// Spawns what never leaves this thread. The runtime has no other one. (`LocalRuntime` needs no such promise, but a far newer tokio: a gate
/// builds old ones.)
fn spawn_local(future: impl Future<Output = ()> + 'static) {
    tokio::spawn(SendWrapper::new(future));
}

async fn accept(service: Rc<Service>, listener: TcpListener) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                service.count(Counters::accepted);
                spawn_local(converse(service.clone(), stream));
            }
            // Most likely the process is out of descriptors. Clients wait until others close.
            Err(_) => service.wait_until(Instant::now() + PAUSE).await,
        }
    }
}

/// Answers all requests of one connection.
async fn converse(service: Rc<Service>, stream: TcpStream) {
    // It fails only for a connection that is gone already. Hyper finds that out as well.
    let _ = stream.set_nodelay(true);
    let connection = Rc::new(Connection::default());
    // Only a future in a box lets a connection be polled without an orderly end.
    let answer =
        service_fn(|request| Box::pin(service.clone().answer(connection.clone(), request)));
    let mut conversation = http1::Builder::new()
        .auto_date_header(false)
        .header_read_timeout(None)
        .serve_connection(TokioIo::new(stream), answer);
    // An error concerns the client alone. The counts lack what it did not take.
    let _ = poll_fn(|context| conversation.poll_without_shutdown(context)).await;
    if connection.resets() {
        // There is no orderly end first: a client that quickly ends its side too would leave this side in TIME_WAIT. What was
        // written is not lost, because such answers are small enough to reach the client at once. Only a connection that is
        // gone already makes this fail.
        let stream = conversation.into_parts().io.into_inner();
        let at_once = linger {
            l_onoff: 1,
            l_linger: 0,
        };
        let _ = setsockopt(&stream, sockopt::Linger, &at_once);
    }
}
