//! A server that is sometimes unavailable and sometimes resets. Units try again, with back-off, a bounded number of times.

use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;

use crate::{
    Answer, Done, Facts, Io, Means, Number, Outline, Params, Reply, Request, Response, Tally, Unit,
    Work, Workload, content, floor, mix,
};

/// Bytes of each body.
const BODY_BYTES: usize = 1024;

/// Each unit tries until it has its body or has used up its attempts.
#[derive(Clone, Debug)]
pub struct Retry {
    params: Params,
    attempts: u32,
    unavailable: u64,
    reset: u64,
    back_off: Duration,
}

/// The outcome of one attempt. It is drawn beforehand, so it is the same for every strategy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Answered,
    Unavailable,
    Reset,
}

impl Retry {
    fn key(&self, item: u64, attempt: u32) -> u64 {
        self.params.key(Self::FACTS.name, item, attempt)
    }

    fn fate(&self, item: u64, attempt: u32) -> Fate {
        let drawn = mix(self.key(item, attempt), 1) % 100;
        if drawn < self.reset {
            Fate::Reset
        } else if drawn < self.reset + self.unavailable {
            Fate::Unavailable
        } else {
            Fate::Answered
        }
    }

    /// The pause of a client after a reset. It doubles each time, and half of it is drawn (full jitter would have no useful lower bound).
    fn pause(&self, item: u64, attempt: u32) -> Duration {
        let longest = self.back_off * 2u32.saturating_pow(attempt.min(16));
        let drawn = (mix(self.key(item, attempt), 2) >> 11) as f64 / (1u64 << 53) as f64;
        longest.mul_f64(0.5 + drawn / 2.0)
    }

    fn body(&self, item: u64, attempt: u32) -> Bytes {
        content(self.key(item, attempt), BODY_BYTES)
    }

    /// The attempts at one item, in order.
    fn story(&self, item: u64) -> impl Iterator<Item = (u32, Fate)> {
        let mut ended = false;
        (0..self.attempts).map_while(move |attempt| {
            let fate = self.fate(item, attempt);
            let before = std::mem::replace(&mut ended, fate == Fate::Answered);
            (!before).then_some((attempt, fate))
        })
    }

    /// The least time that one item takes: all its waits, including the pauses of the client, but no pause after the last attempt.
    fn duration(&self, item: u64) -> Duration {
        let wait = |(attempt, fate): (u32, Fate)| {
            let pause = match fate {
                _ if attempt + 1 == self.attempts => Duration::ZERO,
                Fate::Answered => Duration::ZERO,
                Fate::Unavailable => self.back_off,
                Fate::Reset => self.pause(item, attempt),
            };
            self.params.delay(Self::FACTS.name, item, attempt) + pause
        };
        self.story(item).map(wait).sum()
    }

    fn tally(&self, item: u64, attempt: u32, outcome: &[u8]) -> Tally {
        Tally::of(self.key(item, attempt), outcome)
    }
}

impl Outline for Retry {
    fn facts(&self) -> &'static Facts {
        &Self::FACTS
    }

    fn params(&self) -> &Params {
        &self.params
    }

    fn requests(&self) -> u64 {
        (0..self.params.tasks)
            .map(|item| self.story(item).count() as u64)
            .sum()
    }

    fn expected(&self) -> Tally {
        let attempt = |item, (attempt, fate)| match fate {
            Fate::Answered => self.tally(item, attempt, &self.body(item, attempt)),
            Fate::Unavailable => self.tally(item, attempt, b"503"),
            Fate::Reset => self.tally(item, attempt, b"reset"),
        };
        (0..self.params.tasks)
            .flat_map(|item| self.story(item).map(move |told| attempt(item, told)))
            .sum()
    }

    fn floor(&self, means: Means) -> Option<Duration> {
        let units = (0..self.params.tasks).map(|item| self.duration(item));
        Some(floor(units.collect(), means.limit))
    }

    fn answer(&self, path: &str, attempt: u32) -> Option<Answer> {
        let item = self.params.item(Self::FACTS.name, path)?;
        let reply = match self.fate(item, attempt) {
            Fate::Answered => Reply::Body(self.body(item, attempt)),
            Fate::Unavailable => Reply::Unavailable(self.back_off),
            Fate::Reset => Reply::Reset,
        };
        Some(Answer {
            key: self.key(item, attempt),
            delay: self.params.delay(Self::FACTS.name, item, attempt),
            reply,
        })
    }
}

impl Work for Retry {
    async fn step<I: Io>(&self, io: &I, unit: Unit) -> Result<Done> {
        let mut tally = Tally::default();
        for attempt in 0..self.attempts {
            let request = Request {
                attempt,
                ..Request::get(format!("/{}/{}", Self::FACTS.name, unit.0))
            };
            let (outcome, pause) = match io.fetch(request).await {
                Ok(Response {
                    status: 503,
                    retry_after,
                    ..
                }) => (b"503".as_slice(), retry_after.unwrap_or(self.back_off)),
                Ok(answer) => {
                    let body = answer.ok(Self::FACTS.name)?;
                    return Ok((tally + self.tally(unit.0, attempt, &body)).into());
                }
                // Only an error that was drawn is a reset. Any other error ends the sample, with its own message.
                Err(error) if self.fate(unit.0, attempt) != Fate::Reset => return Err(error),
                Err(_) => (b"reset".as_slice(), self.pause(unit.0, attempt)),
            };
            tally += self.tally(unit.0, attempt, outcome);
            if attempt + 1 < self.attempts {
                io.sleep(pause).await;
            }
        }
        Ok(tally.into())
    }
}

impl Workload for Retry {
    const FACTS: Facts = Facts {
        reconnects: true,
        numbers: &[
            Number {
                name: "attempts",
                about: "attempts at each item before it is given up",
                default: 4,
                min: 1,
                max: 100,
            },
            Number {
                name: "unavailable_percent",
                about: "share of attempts answered with 503 and Retry-After",
                default: 20,
                min: 0,
                max: 50,
            },
            Number {
                name: "reset_percent",
                about: "share of attempts whose connection is reset",
                default: 5,
                min: 0,
                max: 50,
            },
            Number {
                name: "back_off_ms",
                about: "pause before the second attempt in milliseconds; Retry-After is as long",
                default: 5,
                min: 0,
                max: 10_000,
            },
        ],
        ..Facts::http(
            "retry",
            "some attempts are answered with 503 or reset; bounded attempts with back-off",
        )
    };

    fn new(params: &Params) -> Result<Self> {
        params.check(&Self::FACTS)?;
        let number = |name| params.number(&Self::FACTS, name);
        Ok(Retry {
            params: params.clone(),
            attempts: number("attempts") as u32,
            unavailable: number("unavailable_percent"),
            reset: number("reset_percent"),
            back_off: Duration::from_millis(number("back_off_ms")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fates_are_drawn_in_their_shares_and_a_story_ends_with_an_answer_or_the_last_attempt() {
        let params = Params::new(3, 2000, "1ms".parse().unwrap());
        let retry = Retry::new(&params).unwrap();
        let first = (0..2000).map(|item| retry.fate(item, 0));
        let resets = first.clone().filter(|fate| *fate == Fate::Reset).count();
        let refusals = first.filter(|fate| *fate == Fate::Unavailable).count();
        // Five standard deviations of a binomial with 2000 draws.
        assert!((52..=148).contains(&resets), "{resets} of 2000 at 5 %");
        assert!(
            (311..=489).contains(&refusals),
            "{refusals} of 2000 at 20 %"
        );
        for item in 0..2000 {
            let story: Vec<_> = retry.story(item).collect();
            let (last, before) = story.split_last().unwrap();
            assert!(before.iter().all(|(_, fate)| *fate != Fate::Answered));
            assert!(last.1 == Fate::Answered || story.len() == 4);
        }
    }
}
