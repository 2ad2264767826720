//! A workload and a strategy of one's own, beside those that makespan brings.

use std::thread;

use makespan::strategy::{self, BlockingIo, Setup, Strategy, ready};
use makespan::workload::{
    self, Done, Io, Need, Outline, Params, Result, Tally, Unit, Work, Workload,
};

/// Each unit says hello, waits, is welcomed, and waits again.
#[derive(Clone)]
struct Handshake(Params);

impl Workload for Handshake {
    const FACTS: workload::Facts = workload::Facts::new("handshake", "each unit waits twice");

    fn new(params: &Params) -> Result<Self> {
        Ok(Handshake(params.clone()))
    }
}

impl Outline for Handshake {
    fn facts(&self) -> &'static workload::Facts {
        &Self::FACTS
    }

    fn params(&self) -> &Params {
        &self.0
    }

    fn expected(&self) -> Tally {
        (0..self.units())
            .map(|unit| Tally::of(unit, b"welcome"))
            .sum()
    }
}

impl Work for Handshake {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        io.sleep(self.0.delay("hello", unit.0, 0)).await;
        io.sleep(self.0.delay("welcome", unit.0, 0)).await;
        Ok(Tally::of(unit.0, b"welcome").into())
    }
}

/// As many threads as the limit, and each knows from the start which units are its own.
struct Striped {
    io: BlockingIo,
    limit: usize,
}

impl Strategy for Striped {
    const FACTS: strategy::Facts = strategy::Facts {
        lacks: &[
            (
                Need::Queue,
                "which thread does which unit is fixed from the start",
            ),
            (Need::Join, "a unit waits for one answer at a time"),
            (
                Need::Cancel,
                "a thread that waits in a call cannot be told to stop",
            ),
            (Need::Runtime, "there is no runtime to enter"),
        ],
        ..strategy::Facts::blocking("striped", "threads that take every n-th unit")
    };

    fn open(setup: &Setup) -> Result<Self> {
        Ok(Striped {
            io: BlockingIo::open(setup)?,
            limit: setup.limit,
        })
    }

    fn run<W: Work>(&self, work: &W) -> Result<Tally> {
        let stripe = |first| {
            let units = (first..work.units()).step_by(self.limit);
            let done = units.map(|unit| Ok(ready(work.step(&self.io, Unit(unit)))?.tally));
            done.sum::<Result<Tally>>()
        };
        thread::scope(|scope| {
            let start = |first| scope.spawn(move || stripe(first));
            let stripes: Vec<_> = (0..self.limit as u64).map(start).collect();
            stripes
                .into_iter()
                .map(|stripe| stripe.join().expect("it panicked"))
                .sum()
        })
    }
}

makespan::bench! {
    workloads: [Handshake],
    strategies: [Striped],
}
