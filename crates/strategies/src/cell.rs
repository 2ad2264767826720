//! One strategy with one workload. Here the compiler writes the product of the two lists.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use workloads::{
    Boxed, Done, Ended, Entry, Histogram, Outline, Params, Tally, Trace, Traced, Unit, Work,
    Workload, said,
};

use crate::{Heartbeat, Setup, Strategy};

/// Opens one strategy for the workload of that name.
pub type Open = fn(&str, &Params, &Setup) -> Result<Box<dyn Runner>>;

/// Opens one strategy for a workload with a recorder around it.
pub type OpenTraced = fn(&Entry, &Params, &Setup) -> Result<Box<dyn Runner>>;

/// An opened cell. Everything is done that may be done before the clock starts.
pub trait Runner {
    /// Runs one wave of the work, untimed, and checks its tally. So no sample contains a first use.
    fn warm_up(&self) -> Result<()>;

    /// Changes to the delays of another draw, untimed. Runtime and connections stay as they are.
    fn draw(&mut self, draw: u32) -> Result<()>;

    /// Runs the whole work once. A sample times this call.
    fn run(&self) -> Result<Tally>;

    /// What the last run saw beside its tally.
    fn seen(&self) -> Seen;

    /// Does a single unit on the calling thread.
    fn alone(&self, unit: Unit) -> Result<Done>;
}

/// What a run saw beside its tally.
#[derive(Debug, Default)]
pub struct Seen {
    /// How long units took, if the workload records it.
    pub latencies: Option<Histogram>,
    /// How late the heartbeat was, if there was one.
    pub heartbeat: Option<Histogram>,
    /// What each unit did and when, if the work is traced.
    pub trace: Option<Trace>,
    /// What happened, if the workload asks that.
    pub verdict: Option<String>,
    /// CPU time that other processes spent on units.
    pub cpu_elsewhere: Duration,
}

struct Pair<S, W> {
    strategy: S,
    work: W,
    wave: W,
    redraw: Redraw<W>,
    last: RefCell<Last<W>>,
}

/// Makes the same work again with other sizes.
type Redraw<W> = fn(&W, &Params) -> Result<W>;

/// The last run. What it saw is summed up in [`Runner::seen`], after the clock has stopped.
struct Last<W> {
    work: Option<W>,
    heartbeat: Option<Heartbeat>,
    verdict: Option<String>,
}

/// Opens strategy `S` for workload `W`.
pub fn open<S: Strategy, W: Workload>(
    _: &str,
    params: &Params,
    setup: &Setup,
) -> Result<Box<dyn Runner>> {
    let wave = W::new(&wave::<S>(params, setup))?;
    pair::<S, W>(W::new(params)?, wave, |_, params| W::new(params), setup)
}

/// Opens strategy `S` for a boxed workload.
pub(crate) fn open_boxed<S: Strategy>(
    name: &str,
    params: &Params,
    setup: &Setup,
) -> Result<Box<dyn Runner>> {
    let redraw = |work: &Boxed, params: &Params| boxed(work.facts().name, params);
    let wave = boxed(name, &wave::<S>(params, setup))?;
    pair::<S, Boxed>(boxed(name, params)?, wave, redraw, setup)
}

/// Opens strategy `S` for a traced workload.
pub(crate) fn open_traced<S: Strategy>(
    entry: &Entry,
    params: &Params,
    setup: &Setup,
) -> Result<Box<dyn Runner>> {
    let wave = (entry.traced)(&wave::<S>(params, setup))?;
    pair::<S, Traced>((entry.traced)(params)?, wave, Traced::with, setup)
}

fn boxed(name: &str, params: &Params) -> Result<Boxed> {
    Boxed::new(name, params)?.with_context(|| format!("there is no workload `{name}`"))
}

/// The sizes of one wave: as many units as are in flight at once.
fn wave<S: Strategy>(params: &Params, setup: &Setup) -> Params {
    let at_once = S::FACTS.capacity.of(setup) as u64;
    Params {
        tasks: params.tasks.min(at_once),
        ..params.clone()
    }
}

fn pair<S: Strategy, W: Work>(
    work: W,
    wave: W,
    redraw: Redraw<W>,
    setup: &Setup,
) -> Result<Box<dyn Runner>> {
    Ok(Box::new(Pair {
        strategy: S::open(setup)?,
        work,
        wave,
        redraw,
        last: RefCell::new(Last {
            work: None,
            heartbeat: None,
            verdict: None,
        }),
    }))
}

impl<S: Strategy, W: Work> Runner for Pair<S, W> {
    fn warm_up(&self) -> Result<()> {
        // A workload that asks what happens must be the first to run.
        match self.wave.facts().asks {
            true => {}
            false => check(self.strategy.run(&self.wave.begin())?, &self.wave)?,
        }
        self.strategy.prepare(&self.work)
    }

    fn draw(&mut self, draw: u32) -> Result<()> {
        let params = self.work.params().drawn(draw);
        if params.draw == self.work.params().draw {
            return Ok(());
        }
        self.work = (self.redraw)(&self.work, &params)?;
        // A workload may compute something at its first use, which must not be inside the sample.
        drop(self.work.begin());
        self.strategy.prepare(&self.work)
    }

    fn run(&self) -> Result<Tally> {
        let work = self.work.begin();
        if work.facts().asks {
            return Ok(self.ask(&work));
        }
        let heartbeat = work.facts().heartbeat.then(Heartbeat::new);
        if let Some(heartbeat) = &heartbeat {
            self.strategy.beside(heartbeat.clone())?;
        }
        let tally = self.strategy.run(&work);
        if let Some(heartbeat) = &heartbeat {
            heartbeat.stop();
        }
        *self.last.borrow_mut() = Last {
            work: Some(work),
            heartbeat,
            verdict: None,
        };
        tally
    }

    fn seen(&self) -> Seen {
        let last = &mut *self.last.borrow_mut();
        let work = last.work.take();
        Seen {
            latencies: work.as_ref().and_then(Work::latencies),
            trace: work.as_ref().and_then(Work::trace),
            heartbeat: last
                .heartbeat
                .take()
                .and_then(|heartbeat| heartbeat.lateness()),
            verdict: last.verdict.take(),
            cpu_elsewhere: self.strategy.elsewhere(),
        }
    }

    fn alone(&self, unit: Unit) -> Result<Done> {
        self.strategy.alone(&self.work, unit)
    }
}

impl<S: Strategy, W: Work> Pair<S, W> {
    /// Runs work that may panic, and lets the workload say what happened.
    fn ask(&self, work: &W) -> Tally {
        let run = catch_unwind(AssertUnwindSafe(|| self.strategy.run(work)));
        let ended = match run {
            Ok(Ok(tally)) => Ended::Returned(tally),
            Ok(Err(error)) => Ended::Failed(format!("{error:#}")),
            Err(panic) => Ended::Panicked(said(&*panic).to_owned()),
        };
        self.last.borrow_mut().verdict = Some(work.verdict(&ended));
        match ended {
            Ended::Returned(tally) => tally,
            _ => Tally::default(),
        }
    }
}

fn check(tally: Tally, wave: &dyn Outline) -> Result<()> {
    let expected = wave.expected();
    ensure!(
        tally == expected,
        "the warm-up produced {tally:?} instead of {expected:?}"
    );
    Ok(())
}
