//! How a journal is read again.

use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::{fs, thread};

use anyhow::{Context, Result, bail, ensure};
use model::{
    Conditions, End, Header, OLDEST_VERSION, Recorded, Resumed, Row, SCHEMA_VERSION, Sample,
};
use serde::Deserialize;

use crate::store::journal::line::{Found, JOURNAL, Kind, Lines, OfKind};
use crate::store::timelines;

/// Why a journal cannot be read at all.
#[derive(Debug)]
pub enum ReadError {
    /// There is no such file or folder.
    NotThere {
        /// The journal.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The system refuses to read it.
    Unreadable {
        /// The journal.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// It does not begin with the header of a run, of a version that is known here.
    NotARun {
        /// The journal.
        path: PathBuf,
        /// What is wrong with its beginning.
        reason: anyhow::Error,
    },
}

impl Display for ReadError {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self {
            ReadError::NotThere { path, error } | ReadError::Unreadable { path, error } => {
                write!(f, "cannot read {}: {error}", path.display())
            }
            ReadError::NotARun { path, reason } => write!(f, "{}: {reason:#}", path.display()),
        }
    }
}

impl std::error::Error for ReadError {}

/// Reads the journal of a run folder.
///
/// A line that is wrong is left out and named in [`Recorded::troubles`]. All other lines count.
///
/// # Errors
///
/// If the file cannot be read, or does not begin with the header of a run of a known version.
pub fn read(folder: &Path) -> Result<Recorded, ReadError> {
    let path = folder.join(JOURNAL);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let missing = [ErrorKind::NotFound, ErrorKind::NotADirectory].contains(&error.kind());
            return Err(match missing {
                true => ReadError::NotThere { path, error },
                false => ReadError::Unreadable { path, error },
            });
        }
    };
    let mut recorded = parse(&bytes).map_err(|reason| ReadError::NotARun { path, reason })?;
    match timelines::read(folder) {
        Ok(timelines) => recorded.timelines = timelines,
        Err(error) => recorded.troubles.push(format!("{error:#}")),
    }
    Ok(recorded)
}

/// Reads a journal from its bytes.
pub(super) fn parse(bytes: &[u8]) -> Result<Recorded> {
    let mut lines = Lines::of(bytes);
    let first = lines
        .next()
        .context("it is empty: the run was cut off before it began")?;
    let mut reader = Reader::new(header(&first)?);
    let lines: Vec<Found> = lines.collect();
    for (line, record) in lines.iter().zip(records(&lines)) {
        if !reader.line(line, record, bytes) {
            break;
        }
    }
    Ok(reader.finish())
}

/// What a line says.
pub(super) enum Record {
    /// The header of another run.
    Run,
    Sample(Box<Sample>),
    Block(Conditions),
    Resumed(Resumed),
    End(End),
}

/// What each line says. Most of the time of an analysis goes here, so all processors read at once.
fn records(lines: &[Found]) -> Vec<Result<Record>> {
    let parts = thread::available_parallelism().map_or(1, usize::from);
    let part = lines.len().div_ceil(parts).max(1);
    thread::scope(|scope| {
        let read = |part| {
            let read = move || <[Found]>::iter(part).map(record).collect::<Vec<_>>();
            // If the system refuses a thread, this one reads its part.
            let thread = thread::Builder::new().spawn_scoped(scope, read);
            thread.map_err(|_| read())
        };
        let parts: Vec<_> = lines.chunks(part).map(read).collect();
        let read = parts.into_iter().map(|part| match part {
            Ok(thread) => thread.join().expect("reading does not panic"),
            Err(read) => read,
        });
        read.flatten().collect()
    })
}

/// What one line says.
///
/// # Errors
///
/// If it is no line of a journal.
pub(super) fn record(line: &Found) -> Result<Record> {
    let bytes = line.bytes;
    Ok(match serde_json::from_slice::<OfKind>(bytes)?.record {
        Kind::Run => Record::Run,
        Kind::Sample => Record::Sample(serde_json::from_slice(bytes)?),
        Kind::Block => Record::Block(serde_json::from_slice(bytes)?),
        Kind::Resumed => Record::Resumed(serde_json::from_slice(bytes)?),
        Kind::End => Record::End(serde_json::from_slice(bytes)?),
    })
}

/// The header in the first line, which journals have since version 3.
fn header(line: &Found) -> Result<Header> {
    #[derive(Deserialize)]
    struct Version {
        schema_version: u32,
    }
    let version = serde_json::from_slice::<Version>(line.bytes);
    let kind = serde_json::from_slice::<OfKind>(line.bytes).map(|line| line.record);
    ensure!(
        matches!(kind, Ok(Kind::Run)),
        "line 1 is not the header of a run: it was measured with schema version 2 or before, or the beginning is missing; allowed are versions {OLDEST_VERSION} to {SCHEMA_VERSION}"
    );
    if let Ok(Version { schema_version }) = version {
        ensure!(
            (OLDEST_VERSION..=SCHEMA_VERSION).contains(&schema_version),
            "line 1: schema_version = {schema_version}: allowed are {OLDEST_VERSION} to {SCHEMA_VERSION}"
        );
    }
    match serde_json::from_slice(line.bytes) {
        Ok(header) => Ok(header),
        Err(error) => bail!("line 1: {error}"),
    }
}

struct Reader {
    recorded: Recorded,
    known: BTreeSet<(String, Row)>,
    seen: BTreeSet<(u32, String, Row)>,
}

impl Reader {
    fn new(header: Header) -> Self {
        let known = header
            .cells
            .iter()
            .map(|cell| (cell.workload.clone(), cell.row.clone()));
        Reader {
            known: known.collect(),
            seen: BTreeSet::new(),
            recorded: Recorded {
                header,
                samples: Vec::new(),
                conditions: Vec::new(),
                resumed: Vec::new(),
                end: None,
                timelines: Vec::new(),
                troubles: Vec::new(),
            },
        }
    }

    /// Takes a line. Returns whether the next line belongs to this run as well.
    fn line(&mut self, line: &Found, record: Result<Record>, all: &[u8]) -> bool {
        let number = line.number;
        let taken = record.and_then(|record| self.take(line, record, all));
        taken.unwrap_or_else(|error| {
            self.trouble(match line.whole {
                true => format!("line {number} is left out: {error:#}"),
                false => format!("it ends in the middle of line {number}, which is left out"),
            });
            true
        })
    }

    fn take(&mut self, line: &Found, record: Record, all: &[u8]) -> Result<bool> {
        let number = line.number;
        if self.recorded.end.is_some() {
            self.trouble(format!(
                "what begins in line {number}, after the run's last line, is left out"
            ));
            return Ok(false);
        }
        match record {
            Record::Sample(sample) => self.sample(*sample)?,
            Record::Block(conditions) => self.recorded.conditions.push(conditions),
            Record::Resumed(resumed) => self.recorded.resumed.push(resumed),
            Record::End(end) => self.end(end, &all[..line.begins]),
            Record::Run => {
                self.trouble(format!(
                    "another run begins in line {number}; it is left out"
                ));
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn sample(&mut self, sample: Sample) -> Result<()> {
        let name = (sample.workload.clone(), sample.row.clone());
        ensure!(
            self.known.contains(&name),
            "the run has no cell {}/{}",
            name.0,
            name.1
        );
        let first = self
            .seen
            .insert((sample.round, name.0.clone(), name.1.clone()));
        ensure!(
            first,
            "a second sample of {}/{} in round {}",
            name.0,
            name.1,
            sample.round
        );
        self.recorded.samples.push(sample);
        Ok(())
    }

    fn end(&mut self, end: End, before: &[u8]) {
        if crc32fast::hash(before) != end.checksum {
            self.trouble(
                "it was changed after the run: its checksum is not the one in its last line"
                    .to_owned(),
            );
        }
        let (got, taken) = (self.recorded.samples.len(), end.samples as usize);
        if got != taken {
            self.trouble(format!(
                "{got} samples are left of the {taken} that the run took"
            ));
        }
        self.recorded.end = Some(end);
    }

    fn finish(mut self) -> Recorded {
        if self.recorded.end.is_none() {
            self.trouble(
                "its last line is missing: the run was cut off, or the file was".to_owned(),
            );
        }
        self.recorded
    }

    fn trouble(&mut self, text: String) {
        self.recorded.troubles.push(format!("{JOURNAL}: {text}"));
    }
}
