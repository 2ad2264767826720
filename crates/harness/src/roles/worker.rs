//! The worker: it opens one cell, and then takes a sample whenever it is told to.

use std::io;

use anyhow::{Context, Result};

use crate::cells::registry::Registry;
use crate::machine::limits;
use crate::meter::parked::Parked;
use crate::protocol::lines;
use crate::protocol::version::PROTOCOL;
use crate::protocol::worker::{FromWorker, OpenCell, ToWorker};
use crate::roles::opened::OpenedCell;

/// Answers each message of the parent until it closes the line.
pub(crate) fn serve(registry: &Registry) -> Result<()> {
    limits::raise_descriptors();
    let hello = FromWorker::Hello {
        protocol: PROTOCOL,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        cells: registry.cells(),
        unsupported: None,
    };
    lines::write(io::stdout().lock(), &hello)?;
    let mut worker = Worker {
        registry,
        cell: None,
        opened: None,
        traced: None,
        parked: None,
    };
    for message in lines::heard() {
        let answer = worker.answer(message?);
        let answer = answer.unwrap_or_else(|error| FromWorker::Failed {
            reason: format!("{error:#}"),
        });
        lines::write(io::stdout().lock(), &answer)?;
        // After the answer is written: that is not yet waiting.
        worker.parked = match worker.releases() {
            true => None,
            false => Some(Parked::now()?),
        };
    }
    Ok(())
}

struct Worker<'a> {
    registry: &'a Registry,
    /// What it was asked to open.
    cell: Option<OpenCell>,
    opened: Option<OpenedCell>,
    /// A cell with a recorder around its work. It runs once.
    traced: Option<OpenedCell>,
    /// Since when it waits. None where it reopens its cell before the next sample.
    parked: Option<Parked>,
}

impl Worker<'_> {
    fn answer(&mut self, message: ToWorker) -> Result<FromWorker> {
        match message {
            ToWorker::Open(cell) => {
                self.open(*cell)?;
                self.park();
                Ok(FromWorker::Opened)
            }
            ToWorker::Wake => {
                let cell = self.cell.clone();
                self.open(cell.context("nothing is open that could wake")?)?;
                Ok(FromWorker::Opened)
            }
            ToWorker::OpenTraced(cell) => {
                self.open_traced(&cell)?;
                Ok(FromWorker::Opened)
            }
            ToWorker::Go { draw } => {
                if let Some(traced) = self.traced.take() {
                    return trace(traced, draw);
                }
                let sample = self.sample(draw)?;
                self.park();
                Ok(sample)
            }
        }
    }

    fn open(&mut self, cell: OpenCell) -> Result<()> {
        let opened = OpenedCell::open(
            self.registry,
            &cell.workload,
            &cell.strategy,
            &cell.params,
            &cell.setup,
        )?;
        (self.opened, self.cell) = (Some(opened), Some(cell));
        Ok(())
    }

    fn open_traced(&mut self, cell: &OpenCell) -> Result<()> {
        let opened = OpenedCell::open_traced(
            self.registry,
            &cell.workload,
            &cell.strategy,
            &cell.params,
            &cell.setup,
        )?;
        self.traced = Some(opened);
        Ok(())
    }

    fn sample(&mut self, draw: u32) -> Result<FromWorker> {
        let opened = self.opened.as_mut();
        let opened = opened.context("nothing is open that could be sampled")?;
        let parked = self.parked.as_ref().map(Parked::so_far).transpose()?;
        let mut sample = opened.sample(draw)?;
        (sample.parked_ns, sample.parked_cpu_ns) = parked.unzip();
        sample.reopened = self.releases();
        Ok(FromWorker::Sample(sample.into()))
    }

    /// Lets threads and connections go where the cell was opened so.
    fn park(&mut self) {
        if self.releases() {
            self.opened = None;
        }
    }

    fn releases(&self) -> bool {
        self.cell.as_ref().is_some_and(|cell| cell.release)
    }
}

/// Runs a traced cell once. It goes when this returns.
fn trace(mut cell: OpenedCell, draw: u32) -> Result<FromWorker> {
    let (sample, trace) = cell.trace(draw)?;
    Ok(FromWorker::Traced {
        sample: sample.into(),
        trace: trace.into(),
    })
}
