use std::fs;

use model::{
    Cell, Conditions, End, Header, Host, Measurement, Recorded, Row, SCHEMA_VERSION, Sample,
    SampleOutcome,
};

use super::reader::parse;
use super::{JOURNAL, Journal, ReadError, read};

fn header() -> Header {
    let text = "name = \"test\"\nseed = 1\nconcurrency = 1\nworkers = 1\nlaunches = 1\nrounds = 1\nlong_rounds = 1\n\
                reference = \"tokio\"\nanchor = \"tokio\"\nstrategies = [\"*\"]\nworkload = []\n";
    let cell = Cell::new("get", Row::plain("tokio"));
    Header {
        schema_version: SCHEMA_VERSION,
        host: Host::default(),
        spec: toml::from_str(text).unwrap(),
        cells: vec![cell],
    }
}

fn sample(round: u32) -> Sample {
    Sample {
        launch: 0,
        round,
        position: round,
        kept: true,
        workload: "get".into(),
        row: Row::plain("tokio"),
        padding_bytes: 7,
        draw: 0,
        floor_ns: None,
        own_floor_ns: None,
        at_ns: 5,
        outcome: SampleOutcome::Measured(Measurement {
            wall_ns: 40_000_000,
            ..Measurement::default()
        }),
    }
}

/// A run of four samples, as bytes.
fn run() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(JOURNAL);
    let mut journal = Journal::create(&path).unwrap();
    journal.begin(&header()).unwrap();
    for round in 0..4 {
        journal.sample(&sample(round)).unwrap();
        journal
            .block(&Conditions {
                round,
                workload: "get".into(),
                ..Conditions::default()
            })
            .unwrap();
    }
    let mut end = End {
        interrupted: false,
        looks: 1,
        exhausted: true,
        samples: 0,
        checksum: 0,
    };
    journal.end(&mut end).unwrap();
    fs::read(&path).unwrap()
}

/// The lines of a run after a change, which still end as they did.
fn changed(change: impl Fn(&mut Vec<String>)) -> Recorded {
    let text = String::from_utf8(run()).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    change(&mut lines);
    parse((lines.join("\n") + "\n").as_bytes()).unwrap()
}

#[test]
fn what_is_written_is_read_again() {
    let recorded = parse(&run()).unwrap();
    assert_eq!(recorded.header, header());
    assert_eq!(recorded.samples, (0..4).map(sample).collect::<Vec<_>>());
    assert_eq!((recorded.conditions.len(), recorded.troubles.len()), (4, 0));
    assert_eq!(recorded.end.unwrap().samples, 4);
}

#[test]
fn a_sample_is_on_disk_as_soon_as_it_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(JOURNAL);
    let mut journal = Journal::create(&path).unwrap();
    journal.begin(&header()).unwrap();
    journal.sample(&sample(0)).unwrap();
    let recorded = read(folder.path()).unwrap();
    assert_eq!(recorded.samples, [sample(0)]);
    assert!(recorded.interrupted());
}

/// Wherever a file is cut, what is before the cut counts, and the reader is told.
#[test]
fn a_truncated_run_keeps_what_is_whole() {
    let bytes = run();
    let first = bytes.iter().position(|byte| *byte == b'\n').unwrap();
    for cut in (first + 1..bytes.len() - 1).step_by(7) {
        let recorded = parse(&bytes[..cut]).unwrap();
        let whole = bytes[..cut].iter().filter(|byte| **byte == b'\n').count() - 1;
        // A last line that lacks nothing but its end is whole.
        let found = recorded.samples.len() + recorded.conditions.len();
        assert!(
            (whole..=whole + 1).contains(&found),
            "cut at {cut}: {found} of {whole}"
        );
        assert!(
            recorded.interrupted()
                && recorded
                    .troubles
                    .last()
                    .unwrap()
                    .contains("its last line is missing")
        );
    }
    for cut in 0..first {
        assert!(parse(&bytes[..cut]).is_err(), "cut at {cut}");
    }
}

#[test]
fn an_edited_run_is_told_by_its_checksum() {
    let recorded = changed(|lines| lines[3] = lines[3].replace("40000000", "20000000"));
    assert_eq!(recorded.samples.len(), 4);
    assert!(
        recorded.troubles[0].contains("changed after the run"),
        "{:?}",
        recorded.troubles
    );
}

#[test]
fn lines_that_are_none_or_do_not_belong_are_left_out_by_number() {
    let troubles = |change: fn(&mut Vec<String>)| {
        let recorded = changed(change);
        (recorded.samples.len(), recorded.troubles.join("; "))
    };
    let (left, told) = troubles(|lines| lines[3] = "{\"record\":\"sample\",\"round\":".into());
    assert!(
        left == 3 && told.contains("line 4 is left out: EOF"),
        "{told}"
    );
    let (left, told) = troubles(|lines| lines[3] = lines[3].replace("tokio", "tokyo"));
    assert!(
        left == 3 && told.contains("line 4 is left out: the run has no cell get/tokyo"),
        "{told}"
    );
    let (left, told) = troubles(|lines| lines[3] = lines[1].clone());
    assert!(
        left == 3 && told.contains("a second sample of get/tokio in round 0"),
        "{told}"
    );
    let (left, told) = troubles(|lines| lines[3] = lines[3].replace("\"sample\"", "\"simple\""));
    assert!(
        left == 3 && told.contains("line 4 is left out: unknown variant `simple`"),
        "{told}"
    );
    let (left, told) = troubles(|lines| drop(lines.remove(3)));
    assert!(
        left == 3 && told.contains("3 samples are left of the 4"),
        "{told}"
    );
}

#[test]
fn a_second_run_in_the_same_file_is_left_out() {
    let recorded = changed(|lines| lines.insert(5, lines[0].replace(":3,", ":4,")));
    assert_eq!(recorded.samples.len(), 2);
    assert!(
        recorded.troubles[0].contains("another run begins in line 6"),
        "{:?}",
        recorded.troubles
    );
    let recorded = changed(|lines| lines.push(lines[1].clone()));
    assert_eq!(recorded.samples.len(), 4);
    assert!(
        recorded.troubles[0].contains("after the run's last line"),
        "{:?}",
        recorded.troubles
    );
}

#[test]
fn other_versions_are_refused_with_the_one_that_is_allowed() {
    let refused = |bytes: &[u8]| format!("{:#}", parse(bytes).unwrap_err());
    let text = String::from_utf8(run()).unwrap();
    let of = |version: u32| {
        let known = format!("\"schema_version\":{SCHEMA_VERSION}");
        text.replacen(&known, &format!("\"schema_version\":{version}"), 1)
    };
    assert_eq!(
        refused(of(5).as_bytes()),
        "line 1: schema_version = 5: allowed are 3 to 4"
    );
    assert!(refused(of(2).as_bytes()).contains("allowed are 3 to 4"));
    assert!(parse(of(3).as_bytes()).is_ok());
    let (_, headless) = text.split_once('\n').unwrap();
    assert!(refused(headless.as_bytes()).contains("not the header of a run"));
    assert!(refused(b"").contains("it is empty"));
    assert!(refused(b"\xff\xfe\n").contains("not the header of a run"));
}

#[test]
fn who_reads_a_journal_is_told_whether_it_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let missing = read(folder.path()).unwrap_err();
    assert!(matches!(missing, ReadError::NotThere { .. }), "{missing}");
    assert!(missing.to_string().starts_with("cannot read "), "{missing}");
    fs::create_dir(folder.path().join(JOURNAL)).unwrap();
    let refused = read(folder.path()).unwrap_err();
    assert!(matches!(refused, ReadError::Unreadable { .. }), "{refused}");
    fs::remove_dir(folder.path().join(JOURNAL)).unwrap();
    fs::write(folder.path().join(JOURNAL), "").unwrap();
    let empty = read(folder.path()).unwrap_err();
    assert!(matches!(empty, ReadError::NotARun { .. }), "{empty}");
    assert!(
        empty
            .to_string()
            .ends_with("samples.jsonl: it is empty: the run was cut off before it began")
    );
}

#[test]
fn a_journal_that_is_written_is_continued_by_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(JOURNAL);
    let journal = Journal::create(&path).unwrap();
    let error = Journal::go_on(&path).err().unwrap().to_string();
    assert!(error.contains("is still being written"), "{error}");
    drop(journal);
    assert!(Journal::go_on(&path).is_ok());
}
