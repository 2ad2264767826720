//! What the loop asks of the kernel.

use std::net::{SocketAddr, TcpStream};
use std::os::fd::{AsFd, AsRawFd};
use std::time::Duration;

use anyhow::{Context, Result};
use nix::errno::Errno;
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use nix::sys::socket::{
    AddressFamily, SockFlag, SockType, SockaddrStorage, connect, setsockopt, socket, sockopt,
};
use nix::sys::timerfd::{ClockId, Expiration, TimerFd, TimerFlags, TimerSetTimeFlags};

/// What became possible on a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Happened {
    /// There is something to read.
    pub(crate) readable: bool,
    /// There is room to write.
    pub(crate) writable: bool,
    /// The other side has closed, or the connection is broken. No further event will come.
    pub(crate) ended: bool,
}

/// The timer among the keys of sockets.
const TIMER: u64 = u64::MAX;

/// Events that are taken from the kernel at a time.
const TAKEN: usize = 1024;

const ENDED: EpollFlags = EpollFlags::EPOLLRDHUP
    .union(EpollFlags::EPOLLHUP)
    .union(EpollFlags::EPOLLERR);

/// epoll, a timer that is a descriptor, and sockets that connect without waiting, all through safe wrappers. The crate `polling`, which
/// async-io uses, needs unsafe code to add a socket.
pub(crate) struct System {
    epoll: Epoll,
    timer: TimerFd,
}

impl System {
    pub(crate) fn open() -> Result<Self> {
        let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC).context("cannot open epoll")?;
        let flags = TimerFlags::TFD_NONBLOCK | TimerFlags::TFD_CLOEXEC;
        let timer = TimerFd::new(ClockId::CLOCK_MONOTONIC, flags);
        let timer = timer.context("cannot open a timerfd")?;
        let flags = EpollFlags::EPOLLIN | EpollFlags::EPOLLET;
        epoll.add(&timer, EpollEvent::new(flags, TIMER))?;
        Ok(System { epoll, timer })
    }

    /// From now on reports under `key` what becomes possible, each change once. So no request needs another call.
    pub(crate) fn watch(&self, socket: &TcpStream, key: usize) -> Result<()> {
        let flags = EpollFlags::EPOLLIN
            | EpollFlags::EPOLLOUT
            | EpollFlags::EPOLLRDHUP
            | EpollFlags::EPOLLET;
        let watched = self.epoll.add(socket, EpollEvent::new(flags, key as u64));
        watched.context("cannot watch a socket")
    }

    /// Ends a wait after `left`, exactly. The timeout of the wait itself would count in milliseconds.
    pub(crate) fn ring_after(&self, left: Duration) -> Result<()> {
        // 0 would turn the timer off.
        let left = Expiration::OneShot(left.max(Duration::from_nanos(1)).into());
        // Not read when it rings: setting it again clears it, and each ring is reported once.
        let set = self.timer.set(left, TimerSetTimeFlags::empty());
        set.context("cannot set a timerfd")
    }

    /// Waits for events or the timer, or only looks.
    pub(crate) fn wait(&self, blocks: bool, events: &mut Events) -> Result<()> {
        let timeout = match blocks {
            true => EpollTimeout::NONE,
            false => EpollTimeout::ZERO,
        };
        events.there = match self.epoll.wait(&mut events.taken, timeout) {
            Err(Errno::EINTR) => 0,
            there => there.context("cannot wait for events")?,
        };
        Ok(())
    }

    /// Starts to connect, with TCP_NODELAY on. It is connected once there is room to write.
    pub(crate) fn connect(&self, server: SocketAddr) -> Result<TcpStream> {
        let family = match server {
            SocketAddr::V4(_) => AddressFamily::Inet,
            SocketAddr::V6(_) => AddressFamily::Inet6,
        };
        let flags = SockFlag::SOCK_NONBLOCK | SockFlag::SOCK_CLOEXEC;
        let descriptor = socket(family, SockType::Stream, flags, None)?;
        setsockopt(&descriptor.as_fd(), sockopt::TcpNoDelay, &true)?;
        match connect(descriptor.as_raw_fd(), &SockaddrStorage::from(server)) {
            Ok(()) | Err(Errno::EINPROGRESS) => Ok(TcpStream::from(descriptor)),
            Err(error) => Err(error.into()),
        }
    }
}

/// Where the kernel puts what happened.
pub(crate) struct Events {
    taken: Vec<EpollEvent>,
    there: usize,
}

impl Events {
    pub(crate) fn new() -> Self {
        Events {
            taken: vec![EpollEvent::empty(); TAKEN],
            there: 0,
        }
    }

    /// The keys of the sockets on which something happened.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, Happened)> {
        let taken = self.taken[..self.there].iter();
        taken.filter(|event| event.data() != TIMER).map(|event| {
            let (flags, key) = (event.events(), event.data() as usize);
            let ended = flags.intersects(ENDED);
            let happened = Happened {
                readable: ended || flags.contains(EpollFlags::EPOLLIN),
                writable: ended || flags.contains(EpollFlags::EPOLLOUT),
                ended,
            };
            (key, happened)
        })
    }
}
