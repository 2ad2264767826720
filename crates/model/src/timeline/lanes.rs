//! What is drawn: spans of time in lanes, such that no two of a lane overlap.

use workloads::{Trace, UnitTrace};

/// So few units have a lane each: then one sees when each of them begins.
const FEW: usize = 16;

/// The lanes of one traced run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lanes {
    /// Up to 16 units have a lane each, in order of their numbers. Of more, a unit takes the first lane that is free: then there are as
    /// many lanes as units were in flight.
    pub units: Vec<Lane>,
    /// Threads, in the order in which they first ran a unit.
    pub threads: Vec<Lane>,
}

/// One lane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lane {
    /// Of a thread: its name. Empty for units.
    pub name: String,
    /// In order.
    pub spans: Vec<Span>,
}

/// One stretch of time, in nanoseconds since the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Which unit.
    pub unit: u64,
    /// What went on.
    pub kind: SpanKind,
    /// From when.
    pub from_ns: u64,
    /// Until when.
    pub until_ns: u64,
}

/// What goes on in a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SpanKind {
    /// The unit waits, and no thread is busy with it.
    Waiting,
    /// The unit waits, and a thread stands still with it.
    Holding,
    /// A thread runs the unit.
    Working,
}

impl Span {
    /// How long, in nanoseconds.
    pub fn ns(&self) -> u64 {
        self.until_ns.saturating_sub(self.from_ns)
    }
}

/// Lays a trace out.
pub fn lanes(trace: &Trace) -> Lanes {
    let mut lanes = Lanes {
        threads: trace.threads.iter().map(|name| thread(name)).collect(),
        ..Lanes::default()
    };
    let mut ends: Vec<u64> = Vec::new();
    let few = trace.units.len() <= FEW;
    let mut units: Vec<&UnitTrace> = trace.units.iter().collect();
    units.sort_by_key(|unit| if few { unit.unit } else { unit.begin_ns });
    for unit in units {
        let mut free = ends.iter().position(|end| *end <= unit.begin_ns);
        if few {
            free = None;
        }
        let lane = free.unwrap_or(ends.len());
        if free.is_none() {
            ends.push(0);
            lanes.units.push(Lane::default());
        }
        ends[lane] = unit.end_ns;
        let spans = spans(unit);
        lanes.units[lane].spans.extend(spans.iter().map(|it| it.1));
        for (thread, span) in spans {
            if let Some(lane) = thread.and_then(|it| lanes.threads.get_mut(it)) {
                lane.spans.push(span);
            }
        }
    }
    for lane in &mut lanes.threads {
        lane.spans.sort_by_key(|span| (span.from_ns, span.until_ns));
    }
    lanes
}

fn thread(name: &str) -> Lane {
    Lane {
        name: name.to_owned(),
        spans: Vec::new(),
    }
}

/// The spans of one unit without gaps, each with the thread that is busy with it.
fn spans(unit: &UnitTrace) -> Vec<(Option<usize>, Span)> {
    let mut spans = Vec::new();
    let mut reached = unit.begin_ns;
    let mut push = |thread, kind, from_ns: u64, until_ns: u64| {
        let unit = unit.unit;
        if until_ns > from_ns {
            spans.push((
                thread,
                Span {
                    unit,
                    kind,
                    from_ns,
                    until_ns,
                },
            ));
        }
    };
    for poll in &unit.polls {
        let thread = Some(poll.thread);
        push(None, SpanKind::Waiting, reached, poll.from_ns);
        reached = poll.from_ns.max(reached);
        let held = unit
            .waits
            .iter()
            .filter(|wait| unit.held(wait) == Some(poll));
        for wait in held {
            push(thread, SpanKind::Working, reached, wait.from_ns);
            push(thread, SpanKind::Holding, wait.from_ns, wait.until_ns);
            reached = wait.until_ns;
        }
        push(thread, SpanKind::Working, reached, poll.until_ns);
        reached = poll.until_ns;
    }
    push(None, SpanKind::Waiting, reached, unit.end_ns);
    spans
}

#[cfg(test)]
mod tests {
    use workloads::{Poll, Wait};

    use super::*;

    fn wait(from_ns: u64, until_ns: u64) -> Wait {
        Wait {
            what: "sleep".into(),
            from_ns,
            until_ns,
        }
    }

    fn poll(thread: usize, from_ns: u64, until_ns: u64) -> Poll {
        Poll {
            thread,
            from_ns,
            until_ns,
        }
    }

    fn unit(unit: u64, begin_ns: u64, end_ns: u64, waits: &[Wait], polls: &[Poll]) -> UnitTrace {
        UnitTrace {
            unit,
            begin_ns,
            end_ns,
            done: true,
            waits: waits.to_vec(),
            polls: polls.to_vec(),
        }
    }

    fn kinds(lane: &Lane) -> Vec<(SpanKind, u64, u64)> {
        let of = |span: &Span| (span.kind, span.from_ns, span.until_ns);
        lane.spans.iter().map(of).collect()
    }

    #[test]
    fn a_wait_within_one_poll_holds_its_thread_and_one_over_two_polls_does_not() {
        let blocking = unit(0, 0, 100, &[wait(10, 90)], &[poll(0, 0, 100)]);
        let lanes_of = |unit: &UnitTrace| {
            lanes(&Trace {
                units: vec![unit.clone()],
                threads: vec!["main".into()],
            })
        };
        let blocked = lanes_of(&blocking);
        use SpanKind::*;
        let expected = [(Working, 0, 10), (Holding, 10, 90), (Working, 90, 100)];
        assert_eq!(kinds(&blocked.units[0]), expected);
        assert_eq!(kinds(&blocked.threads[0]), expected);

        let polls = [poll(0, 0, 12), poll(0, 88, 100)];
        let free = lanes_of(&unit(0, 0, 100, &[wait(10, 90)], &polls));
        let expected = [(Working, 0, 12), (Waiting, 12, 88), (Working, 88, 100)];
        assert_eq!(kinds(&free.units[0]), expected);
        assert_eq!(
            kinds(&free.threads[0]),
            [(Working, 0, 12), (Working, 88, 100)]
        );
    }

    #[test]
    fn of_many_units_there_are_as_many_lanes_as_were_in_flight_and_of_few_there_is_one_each() {
        let at = |number, begin, end| unit(number, begin, end, &[], &[poll(0, begin, end)]);
        let mut units = vec![at(0, 0, 10), at(1, 5, 15), at(2, 10, 20), at(3, 12, 30)];
        let lanes_of = |units: &[UnitTrace]| {
            lanes(&Trace {
                units: units.to_vec(),
                threads: vec!["main".into()],
            })
        };
        let numbers = |lane: &Lane| lane.spans.iter().map(|it| it.unit).collect::<Vec<_>>();
        let few = lanes_of(&units);
        let all: Vec<_> = few.units.iter().map(numbers).collect();
        assert_eq!(all, [[0], [1], [2], [3]]);

        let later = |number: u64| at(number, number * 100, number * 100 + 50);
        units.extend((4..20).map(later));
        let lanes = lanes_of(&units);
        let all: Vec<_> = lanes.units.iter().map(numbers).collect();
        assert_eq!(all[0][..2], [0, 2]);
        assert_eq!(all[1..], [[1], [3]]);
        for lane in &lanes.units {
            let apart = |pair: &[Span]| pair[0].until_ns <= pair[1].from_ns;
            assert!(lane.spans.windows(2).all(apart));
        }
    }
}
