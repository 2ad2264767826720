//! What happens during a run, and what it brings.

use anyhow::Result;
use model::{Conditions, Resumed, Sample};

/// What happens during a run.
#[derive(Debug)]
pub enum Event<'a> {
    /// The workers of a launch are being started.
    Launching {
        /// The number of the launch, from 0.
        launch: usize,
    },
    /// A worker process lives; its cell is about to be opened.
    Started {
        /// Index of the cell.
        cell: usize,
        /// Its process.
        process: u32,
    },
    /// A sample was taken, refused or failed.
    Sampled(&'a Sample),
    /// A block is over.
    Block(&'a Conditions),
    /// The results were looked at, to decide whether another launch follows.
    Looked {
        /// How far the widest interval reaches from its ratio, as a share of it; none where there is no ratio.
        widest: Option<f64>,
        /// How far it may reach.
        wanted: f64,
    },
    /// The server has ended before its time. Rows that need it take no more samples in this launch.
    ServerLost {
        /// The number of the launch, from 0.
        launch: usize,
        /// What became of it.
        reason: &'a str,
    },
    /// The server had ended between two launches and was started anew. Nothing is lost.
    ServerStartedAnew {
        /// Which launch it was started for, from 0.
        launch: usize,
    },
    /// The journal could not be written. The run goes on, and no further line is kept.
    KeptNoMore {
        /// Why, and until which sample all lines are kept.
        reason: &'a anyhow::Error,
    },
}

/// Who is told of every event. An error ends the run.
pub(super) type Tell<'a> = dyn FnMut(Event) -> Result<()> + 'a;

/// What a run brought.
#[derive(Debug, Default)]
pub struct Taken {
    /// All samples, in order.
    pub samples: Vec<Sample>,
    /// What else the machine did, block by block.
    pub conditions: Vec<Conditions>,
    /// Each time that it was interrupted before and went on.
    pub resumed: Vec<Resumed>,
    /// Whether it was asked to end before its plan did.
    pub interrupted: bool,
    /// Launches in which the server was lost, and why: its rows lack the rest of their samples there.
    pub server_losses: Vec<(usize, String)>,
    /// Why it had to end before its plan did.
    pub failure: Option<anyhow::Error>,
}
