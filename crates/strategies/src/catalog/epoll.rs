//! Async: an event loop by hand, the least that anything asynchronous must do.

use anyhow::Result;
use workloads::{Io, Need, Tally, Work};

use crate::event_loop::io::EpollIo;
use crate::pull::lanes::{Lanes, Spawn};
use crate::{Client, Facts, Heartbeat, Manner, Setup, Strategy};

/// Tasks in a table, resumed by the events of one epoll.
pub struct Epoll {
    io: EpollIo,
    limit: usize,
}

impl Strategy for Epoll {
    const FACTS: Facts = Facts {
        client: Client::Raw,
        threads: "the calling thread",
        fan_out: "slots of a table",
        lacks: &[
            (Need::Runtime, "it is a loop, which nothing can enter twice"),
            (Need::Messages, "only sockets and times wake its units"),
        ],
        manner: Manner::ON_ONE_THREAD,
        ..Facts::nonblocking(
            "epoll",
            "a loop over epoll by hand, on one thread, without wakers; files block it",
        )
    };

    fn open(setup: &Setup) -> Result<Self> {
        Ok(Epoll {
            io: EpollIo::open(setup)?,
            limit: setup.limit,
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let (lanes, finished) = Lanes::new(work, self.io.clone(), self.io.clone(), self.limit);
        lanes.start();
        self.io.turn(finished.0)?
    }

    fn beside(&self, heartbeat: Heartbeat) -> Result<()> {
        let io = self.io.clone();
        self.io
            .spawn(async move { heartbeat.beat_with(|at| io.sleep_until(at)).await });
        Ok(())
    }
}
