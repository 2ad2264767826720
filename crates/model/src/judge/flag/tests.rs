use workloads::Witness;

use super::*;
use crate::fixtures;

fn kinds(change: impl Fn(&mut Cell, &mut Measurement)) -> Vec<FlagKind> {
    let mut cell = fixtures::cell("tokio");
    let witness = Witness {
        peak_in_flight: 32,
        lateness_p99_ns: 900_000,
        cpu_ns: 69,
        elapsed_ns: 100,
        ..Witness::default()
    };
    let mut sample = Measurement {
        wall_ns: 41_000_000,
        witness: Some(witness),
        ..Measurement::default()
    };
    change(&mut cell, &mut sample);
    let own = cell.own_floor.map(|own| (1.0, own));
    Flag::all(&cell, &[&sample], own, true)
        .iter()
        .map(|flag| flag.kind)
        .collect()
}

#[test]
fn a_clean_cell_has_no_flag() {
    assert_eq!(kinds(|_, _| {}), []);
}

#[test]
fn each_caveat_is_raised_by_its_own_cause() {
    let witness = |sample: &mut Measurement, change: fn(&mut Witness)| {
        change(sample.witness.as_mut().unwrap())
    };
    assert_eq!(
        kinds(|cell, _| {
            cell.joins = false;
            cell.own_floor = Some(Duration::from_millis(600));
        }),
        [FlagKind::OneByOne]
    );
    assert_eq!(
        kinds(|_, sample| witness(sample, |w| w.peak_in_flight = 31)),
        [FlagKind::BelowLimit]
    );
    assert_eq!(
        kinds(|_, sample| witness(sample, |w| w.lateness_p99_ns = 1_100_000)),
        [FlagKind::LateServer]
    );
    assert_eq!(
        kinds(|_, sample| witness(sample, |w| w.cpu_ns = 71)),
        [FlagKind::BusyServer]
    );
    assert_eq!(
        kinds(|_, sample| witness(sample, |w| w.connections_accepted = 1)),
        [FlagKind::Reconnected]
    );
    assert_eq!(
        kinds(|_, sample| {
            sample.parked_ns = Some(1_000_000_000);
            sample.parked_cpu_ns = Some(21_000_000);
        }),
        [FlagKind::Parked]
    );
    assert_eq!(
        kinds(|_, sample| sample.allocations = Some(1)),
        [FlagKind::Counted]
    );
    assert_eq!(
        kinds(|cell, _| cell.advisory = Some("discontinued".into())),
        [FlagKind::Advisory]
    );
}

#[test]
fn caveats_are_sentences_that_begin_with_the_row() {
    let mut cell = fixtures::cell("threads");
    (cell.joins, cell.own_floor) = (false, Some(Duration::from_millis(1200)));
    let flag = one_by_one(&cell, Some((1.02, Duration::from_millis(1200)))).unwrap();
    assert!(flag.text.starts_with("sends the requests"), "{flag}");
    assert_eq!(
        flag.detail.unwrap(),
        "1.02 times its own best possible 1.2 s"
    );
}

/// The name in tables and in CSV is the name in JSON.
#[test]
fn a_kind_has_one_name() {
    for kind in [
        FlagKind::OneByOne,
        FlagKind::BelowLimit,
        FlagKind::LateServer,
        FlagKind::BusyServer,
        FlagKind::Reconnected,
        FlagKind::Advisory,
        FlagKind::DebugBuild,
        FlagKind::Parked,
        FlagKind::Counted,
        FlagKind::Noise,
        FlagKind::Interference,
        FlagKind::FewLaunches,
        FlagKind::LaunchesDiffer,
        FlagKind::Correlated,
        FlagKind::Skewed,
    ] {
        let text = toml::Value::try_from(kind).unwrap();
        assert_eq!(text.as_str(), Some(kind.name()));
    }
}
