//! One kind of made-up run.

use serde::{Deserialize, Serialize};

/// Rows beside the reference and its twin: as many as `core` has short ones.
pub(super) const ROWS: usize = 8;

pub(super) const REFERENCE: &str = "reference";

/// What the logarithm of a makespan varies by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Noise {
    /// Normal, the same in all rows.
    Equal,
    /// Normal, from half to twice as much from row to row.
    Unequal,
    /// Exponential in the rows, normal in the reference.
    Skewed,
    /// Each round is half like the one before it.
    Correlated,
    /// Each launch moves each row by a normal 1 %.
    Launches,
}

impl Noise {
    /// All kinds.
    pub const ALL: [Noise; 5] = [
        Noise::Equal,
        Noise::Unequal,
        Noise::Skewed,
        Noise::Correlated,
        Noise::Launches,
    ];

    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Noise::Equal => "equal",
            Noise::Unequal => "unequal",
            Noise::Skewed => "skewed",
            Noise::Correlated => "correlated (0.5)",
            Noise::Launches => "launches differ (1 %)",
        }
    }
}

/// One kind of run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    /// What rounds vary by.
    pub noise: Noise,
    /// Standard deviation of a row's makespans, as a share of 1.
    pub deviation: f64,
    /// Rounds over all launches.
    pub rounds: u32,
    /// Launches.
    pub launches: u32,
}

impl Setting {
    /// Those that are published: each kind of noise, quiet and loud, with few rounds, with the launches of `core`, and with many.
    pub fn published() -> Vec<Setting> {
        let lengths = [(10, 2), (24, 3), (25, 5), (80, 5)];
        let of = |noise, deviation| {
            lengths.map(|(rounds, launches)| Setting {
                noise,
                deviation,
                rounds,
                launches,
            })
        };
        let both = |noise| [0.02, 0.08].map(|deviation| of(noise, deviation));
        Noise::ALL.into_iter().flat_map(both).flatten().collect()
    }
}
