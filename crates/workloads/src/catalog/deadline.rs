//! A slow tail, and units that give up at a deadline.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::shapes::downloads::Downloads;
use crate::{
    Answer, Done, Facts, Io, Means, Need, Number, Outline, Params, Tally, Unit, Work, Workload,
    floor, mix,
};

/// Each unit cancels its request if there is no answer by the deadline.
#[derive(Clone, Debug)]
pub struct Deadline {
    downloads: Downloads,
    deadline: Duration,
    slow: u64,
}

/// Bytes of each body.
const BODY_BYTES: u64 = 1024;

impl Deadline {
    fn is_slow(&self, item: u64) -> bool {
        mix(self.downloads.key(item), 1) % 100 < self.slow
    }

    /// Never within 20 % of the deadline. So the draw decides whether it is met, and not a late timer.
    fn delay(&self, item: u64) -> Duration {
        if self.is_slow(item) {
            return self.deadline * 3;
        }
        self.downloads.delay(item).min(self.deadline.mul_f64(0.8))
    }
}

impl Outline for Deadline {
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
        let item = |item| match self.is_slow(item) {
            true => self.downloads.tally(item, b"cancelled"),
            false => self.downloads.tally(item, &self.downloads.body(item)),
        };
        (0..self.params().tasks).map(item).sum()
    }

    fn floor(&self, means: Means) -> Option<Duration> {
        let units = (0..self.params().tasks).map(|item| self.delay(item).min(self.deadline));
        Some(floor(units.collect(), means.limit))
    }

    fn answer(&self, path: &str, attempt: u32) -> Option<Answer> {
        let item = self.params().item(Self::FACTS.name, path)?;
        Some(Answer {
            delay: self.delay(item),
            ..self.downloads.answer(path, attempt)?
        })
    }

    fn answered(&self) -> u64 {
        let items = 0..self.params().tasks;
        items.filter(|item| !self.is_slow(*item)).count() as u64
    }
}

impl Work for Deadline {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        let deadline = Instant::now() + self.deadline;
        let request = self.downloads.request(unit.0);
        let path = request.path.clone();
        Ok(match io.fetch_by(request, deadline).await? {
            Some(answer) => self.downloads.tally(unit.0, &answer.ok(&path)?),
            None => self.downloads.tally(unit.0, b"cancelled"),
        }
        .into())
    }
}

impl Workload for Deadline {
    const FACTS: Facts = Facts {
        needs: &[Need::Cancel],
        reconnects: true,
        numbers: &[
            Number {
                name: "deadline_ms",
                about: "how long each unit waits for its answer, in milliseconds",
                default: 100,
                min: 1,
                max: 60_000,
            },
            Number {
                name: "slow_percent",
                about: "share of answers that would take three times the deadline",
                default: 10,
                min: 0,
                max: 100,
            },
        ],
        ..Facts::http(
            "deadline",
            "a slow tail: requests that are not answered by the deadline are cancelled",
        )
    };

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        let number = |name| params.number(&Self::FACTS, name);
        Ok(Deadline {
            downloads: Downloads::new(Self::FACTS.name, params, BODY_BYTES),
            deadline: Duration::from_millis(number("deadline_ms")),
            slow: number("slow_percent"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_delay_is_near_the_deadline() {
        let params = Params::new(3, 1000, "uniform:1ms,500ms".parse().unwrap());
        let work = Deadline::new(&params).unwrap();
        let (near, far) = (work.deadline.mul_f64(0.8), work.deadline.mul_f64(1.2));
        let delays = (0..1000).map(|item| work.delay(item));
        assert!(delays.clone().all(|delay| delay <= near || delay >= far));
        let late = delays.filter(|delay| *delay > work.deadline).count() as u64;
        assert_eq!(late + work.answered(), 1000);
        assert!((50..150).contains(&late), "{late} of 1000 at 10 %");
    }
}
