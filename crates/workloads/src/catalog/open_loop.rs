//! Units that arrive at a rate, whether or not earlier ones have ended. Their latency counts from the intended start.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::shapes::downloads::Downloads;
use crate::{
    Answer, Done, Facts, Histogram, Io, Means, Need, Number, Outline, Params, Recorder, Tally,
    Unit, Work, Workload, mix,
};

/// Each unit waits for its time, downloads a small body, and says how late the answer was.
#[derive(Clone, Debug)]
pub struct OpenLoop {
    downloads: Downloads,
    rate_per_s: u64,
    /// When each unit arrives, counted from the start. Drawn at the first use: the server never needs it.
    arrivals: Arc<OnceLock<Vec<Duration>>>,
    start: Instant,
    latencies: Recorder,
}

/// Bytes of each body.
const BODY_BYTES: u64 = 256;

impl OpenLoop {
    /// A Poisson process: the gaps are exponential.
    fn arrivals(&self) -> &[Duration] {
        self.arrivals.get_or_init(|| {
            let gap = |item: u64| {
                let drawn = mix(self.downloads.key(item), 1) >> 11;
                let drawn = (drawn as f64 + 0.5) / (1u64 << 53) as f64;
                Duration::from_secs_f64(-drawn.ln() / self.rate_per_s as f64)
            };
            let mut at = Duration::ZERO;
            let arrive = |item| {
                at += gap(item);
                at
            };
            (0..self.params().tasks).map(arrive).collect()
        })
    }

    fn intended(&self, unit: Unit) -> Instant {
        self.start + self.arrivals()[unit.0 as usize]
    }
}

impl Outline for OpenLoop {
    fn facts(&self) -> &'static Facts {
        &Self::FACTS
    }

    fn params(&self) -> &Params {
        self.downloads.params()
    }

    fn requests(&self) -> u64 {
        self.params().tasks
    }

    fn expected(&self) -> Tally {
        self.downloads.expected()
    }

    /// No unit ends before it has arrived and waited, and no more units wait at a time than the limit.
    fn floor(&self, means: Means) -> Option<Duration> {
        let arrivals = (0..).zip(self.arrivals());
        let alone = arrivals.map(|(item, at)| *at + self.downloads.delay(item));
        let crowded = self.downloads.floor(means.limit);
        Some(alone.max().unwrap_or_default().max(crowded))
    }

    fn answer(&self, path: &str, attempt: u32) -> Option<Answer> {
        self.downloads.answer(path, attempt)
    }
}

impl Work for OpenLoop {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        let intended = self.intended(unit);
        io.sleep_until(intended).await;
        let request = self.downloads.request(unit.0);
        let body = self.downloads.fetch(io, request).await?;
        self.latencies.record(intended.elapsed());
        Ok(self.downloads.tally(unit.0, &body).into())
    }

    fn due(&self, unit: Unit) -> Option<Instant> {
        Some(self.intended(unit))
    }

    fn begin(&self) -> Self {
        self.arrivals();
        OpenLoop {
            start: Instant::now(),
            latencies: Recorder::with_room(self.units()),
            ..self.clone()
        }
    }

    fn latencies(&self) -> Option<Histogram> {
        self.latencies.latencies()
    }
}

impl Workload for OpenLoop {
    const FACTS: Facts = Facts {
        needs: &[Need::Memory],
        paced: true,
        // Arrivals set the pace. Few units are in flight at a time, and one at a time may be enough.
        waits: false,
        numbers: &[Number {
            name: "rate_per_s",
            about: "arrivals per second, as a Poisson process",
            default: 1000,
            min: 1,
            max: 1_000_000,
        }],
        ..Facts::http(
            "open-loop",
            "units arrive at a rate; latency counts from the intended start, so queueing is in it",
        )
    };

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        Ok(OpenLoop {
            downloads: Downloads::new(Self::FACTS.name, params, BODY_BYTES),
            rate_per_s: params.number(&Self::FACTS, "rate_per_s"),
            arrivals: Arc::default(),
            start: Instant::now(),
            latencies: Recorder::default(),
        })
    }
}
