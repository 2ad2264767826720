//! Generators that yield a number after each wait. There are four ways to consume them: collect all numbers, sum them, keep the
//! largest, or keep smallest, largest and mean.

use std::time::Duration;

use anyhow::Result;

use crate::shapes::items::ITEMS;
use crate::{Done, Facts, Io, Means, Outline, Params, Tally, Unit, Work, Workload, floor, mix};

/// Each unit consumes one generator. The four ways take turns.
#[derive(Clone, Debug)]
pub struct Stream {
    params: Params,
    items: u64,
}

/// The numbers of one generator, each after its own wait.
struct Generator<'a, I> {
    work: &'a Stream,
    io: &'a I,
    unit: u64,
    item: u64,
}

impl<I: Io> Generator<'_, I> {
    async fn next(&mut self) -> Option<u64> {
        if self.item == self.work.items {
            return None;
        }
        let item = self.item;
        self.item += 1;
        self.io.sleep(self.work.delay(self.unit, item)).await;
        Some(self.work.value(self.unit, item))
    }
}

/// A way to consume numbers, one at a time.
#[derive(Debug)]
enum Sink {
    Collect(Vec<u64>),
    Sum(u64),
    Max(u64),
    MinMaxMean {
        min: u64,
        max: u64,
        sum: u64,
        count: u64,
    },
}

impl Sink {
    fn of(unit: u64) -> Self {
        match unit % 4 {
            0 => Sink::Collect(Vec::new()),
            1 => Sink::Sum(0),
            2 => Sink::Max(0),
            _ => Sink::MinMaxMean {
                min: u64::MAX,
                max: 0,
                sum: 0,
                count: 0,
            },
        }
    }

    fn take(&mut self, value: u64) {
        match self {
            Sink::Collect(all) => all.push(value),
            Sink::Sum(total) => *total += value,
            Sink::Max(most) => *most = value.max(*most),
            Sink::MinMaxMean {
                min,
                max,
                sum,
                count,
            } => {
                (*min, *max) = (value.min(*min), value.max(*max));
                (*sum, *count) = (*sum + value, *count + 1);
            }
        }
    }

    /// The result, as text.
    fn result(&self) -> String {
        match self {
            Sink::MinMaxMean {
                min,
                max,
                sum,
                count,
            } => format!("min {min} max {max} mean {}", *sum as f64 / *count as f64),
            other => format!("{other:?}"),
        }
    }
}

impl Stream {
    fn endpoint(unit: u64) -> String {
        format!("stream/{unit}")
    }

    fn delay(&self, unit: u64, item: u64) -> Duration {
        self.params.delay(&Self::endpoint(unit), item, 0)
    }

    /// Below a thousand, so that no sum overflows.
    fn value(&self, unit: u64, item: u64) -> u64 {
        mix(self.params.key(&Self::endpoint(unit), item, 0), 1) % 1000
    }

    fn tally(&self, unit: u64, sink: &Sink) -> Tally {
        Tally::of(mix(self.params.seed, unit), sink.result().as_bytes())
    }
}

impl Outline for Stream {
    fn facts(&self) -> &'static Facts {
        &Self::FACTS
    }

    fn params(&self) -> &Params {
        &self.params
    }

    fn expected(&self) -> Tally {
        let unit = |unit| {
            let mut sink = Sink::of(unit);
            (0..self.items).for_each(|item| sink.take(self.value(unit, item)));
            self.tally(unit, &sink)
        };
        (0..self.params.tasks).map(unit).sum()
    }

    fn floor(&self, means: Means) -> Option<Duration> {
        let chain = |unit| (0..self.items).map(|item| self.delay(unit, item)).sum();
        let chains = (0..self.params.tasks).map(chain);
        Some(floor(chains.collect(), means.limit))
    }
}

impl Work for Stream {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        let mut generator = Generator {
            work: self,
            io,
            unit: unit.0,
            item: 0,
        };
        let mut sink = Sink::of(unit.0);
        while let Some(value) = generator.next().await {
            sink.take(value);
        }
        Ok(self.tally(unit.0, &sink).into())
    }
}

impl Workload for Stream {
    const FACTS: Facts = Facts {
        numbers: &[ITEMS],
        ..Facts::new(
            "stream",
            "generators that yield after each wait; collected, summed, largest, or min/max/mean, in turns",
        )
    };

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        Ok(Stream {
            params: params.clone(),
            items: params.number(&Self::FACTS, ITEMS.name),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_tells_what_it_was_given() {
        let result = |unit| {
            let mut sink = Sink::of(unit);
            [4, 1, 7].into_iter().for_each(|value| sink.take(value));
            sink.result()
        };
        assert_eq!(result(0), "Collect([4, 1, 7])");
        assert_eq!(result(1), "Sum(12)");
        assert_eq!(result(2), "Max(7)");
        assert_eq!(result(3), "min 1 max 7 mean 4");
    }
}
