use workloads::Witness;

use super::*;

fn expectation() -> Expectation {
    let tally = Tally {
        count: 8,
        digest: 7,
    };
    let ms = Duration::from_millis;
    Expectation {
        tally,
        units: 8,
        requests: Some(8),
        answered: 8,
        fresh: false,
        inner: 1,
        claimed: 4,
        least: Some(ms(20)),
        waiting: Some(ms(80)),
        processors: 2,
    }
}

fn sample() -> Measurement {
    let witness = Witness {
        requests: 8,
        distinct: 8,
        peak_in_flight: 4,
        ..Witness::default()
    };
    let tally = Tally {
        count: 8,
        digest: 7,
    };
    Measurement {
        wall_ns: 30_000_000,
        tally,
        witness: Some(witness),
        ..Measurement::default()
    }
}

fn refused(change: impl Fn(&mut Measurement)) -> String {
    let mut sample = sample();
    change(&mut sample);
    let refusal = expectation().refusal(&sample).expect("it must be refused");
    assert_eq!(refusal.kind, RefusalKind::Proof);
    refusal.reason
}

fn witnessed(change: impl Fn(&mut Witness)) -> String {
    refused(|sample| change(sample.witness.as_mut().unwrap()))
}

#[test]
fn right_samples_count() {
    assert_eq!(expectation().refusal(&sample()), None);
}

#[test]
fn wrong_work_is_refused_by_tally() {
    assert!(refused(|sample| sample.tally.count = 7).starts_with("wrong tally (wrong count)"));
    assert!(
        refused(|sample| sample.tally.digest = 8)
            .starts_with("wrong tally (right count, wrong content)")
    );
}

#[test]
fn the_server_is_heard_as_second_witness() {
    assert!(refused(|sample| sample.witness = None).contains("did not witness"));
    assert!(witnessed(|w| w.requests = 9).contains("9 requests, expected 8"));
    assert!(witnessed(|w| w.distinct = 7).contains("7 distinct"));
    assert!(witnessed(|w| w.unknown = 1).contains("1 unknown"));
    assert!(witnessed(|w| w.peak_in_flight = 5).contains("over the allowed 4"));
    assert!(witnessed(|w| w.peak_in_flight = 1).contains("never saw 2"));
}

#[test]
fn who_cancels_may_send_the_next_request_before_the_server_sees_the_end_of_the_first() {
    let cancels = Expectation {
        answered: 6,
        ..expectation()
    };
    let peak = |peak| {
        let mut sample = sample();
        let witness = sample.witness.as_mut().unwrap();
        (witness.distinct, witness.peak_in_flight) = (6, peak);
        cancels.refusal(&sample)
    };
    assert_eq!(peak(6), None);
    assert!(peak(7).unwrap().reason.contains("over the allowed 6"));
}

#[test]
fn one_by_one_is_right_for_those_who_claim_no_more() {
    let alone = expectation().waiting;
    let sequential = Expectation {
        claimed: 1,
        least: alone,
        ..expectation()
    };
    let mut sample = sample();
    sample.wall_ns = 90_000_000;
    sample.witness.as_mut().unwrap().peak_in_flight = 1;
    assert_eq!(sequential.refusal(&sample), None);
    sample.witness.as_mut().unwrap().peak_in_flight = 2;
    assert!(sequential.refusal(&sample).is_some(), "it may not have two");
}

#[test]
fn nobody_is_convicted_where_waits_are_too_short_to_tell() {
    let ms = Duration::from_millis;
    let mut sample = sample();
    sample.witness.as_mut().unwrap().peak_in_flight = 1;
    for (least, waiting) in [(ms(0), ms(0)), (ms(2), ms(7)), (ms(20), ms(29))] {
        let short = Expectation {
            least: Some(least),
            waiting: Some(waiting),
            ..expectation()
        };
        assert_eq!(short.refusal(&sample), None, "{least:?} {waiting:?}");
    }
}

#[test]
fn little_convicts_a_clock_that_is_too_fast() {
    let held = |ms: u64| {
        let mut sample = sample();
        sample.witness.as_mut().unwrap().resident_ns = ms * 1_000_000;
        expectation().refusal(&sample)
    };
    // 4 at once for 30 ms, and 2 ms that the server may have seen more than the client.
    assert_eq!(held(128), None);
    assert!(
        held(129)
            .unwrap()
            .reason
            .contains("held requests for 129ms in all, 4 at once")
    );
}

#[test]
fn nobody_is_believed_who_says_what_no_machine_can_do() {
    type Change = fn(&mut Measurement, u64);
    let changes: [(&str, Change); 6] = [
        ("cpu_ns", |it, most| it.cpu_ns = most),
        ("cpu_user_ns", |it, most| it.cpu_user_ns = most),
        ("parked_cpu_ns", |it, most| it.parked_cpu_ns = Some(most)),
        ("switches_voluntary", |it, most| {
            it.switches_voluntary = most
        }),
        ("threads_peak", |it, most| it.threads_peak = Some(most)),
        ("rss_peak_bytes", |it, most| it.rss_peak_bytes = Some(most)),
    ];
    for (field, change) in changes {
        let reason = refused(|sample| change(sample, u64::MAX));
        let said = format!("it says {field} = {}: at most ", u64::MAX);
        assert!(reason.starts_with(&said), "{reason}");
        let mut sample = sample();
        change(&mut sample, 60_000_000);
        let possible = expectation().refusal(&sample);
        assert_eq!(possible.is_some(), field == "threads_peak", "{field}");
    }
    // Two processors busy for 30 ms, and a child that had worked for seconds.
    let mut busy = sample();
    busy.cpu_ns = 5_000_000_000;
    assert_eq!(expectation().refusal(&busy), None);
}

#[test]
fn time_convicts_where_no_server_watched() {
    assert!(refused(|sample| sample.wall_ns = 19_999_999).contains("less than its lower bound"));
    let alone = Expectation {
        requests: None,
        answered: 0,
        fresh: false,
        inner: 1,
        ..expectation()
    };
    let slow = Measurement {
        wall_ns: 80_000_000,
        witness: None,
        ..sample()
    };
    let refusal = alone.refusal(&slow).unwrap();
    assert!(refusal.reason.contains("no less than one by one"));
    // A stall that is long enough explains it as well: one such sample proves nothing.
    assert_eq!(refusal.kind, RefusalKind::Suspicion);
    // Where one by one would take but a moment longer, a stall explains as much.
    let short = Expectation {
        least: Some(Duration::from_millis(1)),
        waiting: Some(Duration::from_millis(21)),
        ..alone.clone()
    };
    assert_eq!(short.refusal(&slow), None);
    assert_eq!(
        alone.refusal(&Measurement {
            wall_ns: 79_999_999,
            ..slow
        }),
        None
    );
}
