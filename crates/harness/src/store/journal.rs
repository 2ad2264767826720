//! `samples.jsonl`: everything that a run leaves behind, line by line, and how to read it again.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::thread;

use anyhow::{Context, Result, bail, ensure};
use model::{Conditions, End, Header, OLDEST_VERSION, Recorded, Row, SCHEMA_VERSION, Sample};
use serde::{Deserialize, Serialize};

/// Its name in a run folder.
pub const JOURNAL: &str = "samples.jsonl";

/// Writes the lines of one run. Each is in the file when its method returns.
pub struct Journal {
    file: BufWriter<File>,
    checksum: crc32fast::Hasher,
    samples: u32,
}

/// A line: its kind first, so that one can tell lines apart without reading them.
#[derive(Serialize)]
struct Line<'a, T> {
    record: Kind,
    #[serde(flatten)]
    value: &'a T,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Run,
    Sample,
    Block,
    End,
}

#[derive(Deserialize)]
struct OfKind {
    record: Kind,
}

impl Journal {
    /// Begins a file that must not be there.
    pub(crate) fn create(path: &Path) -> Result<Self> {
        let file = OpenOptions::new().create_new(true).append(true).open(path);
        let file = file.with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Journal {
            file: BufWriter::new(file),
            checksum: crc32fast::Hasher::new(),
            samples: 0,
        })
    }

    /// The first line.
    pub fn begin(&mut self, header: &Header) -> Result<()> {
        self.write(Kind::Run, header)
    }

    /// A sample.
    pub fn sample(&mut self, sample: &Sample) -> Result<()> {
        self.samples += 1;
        self.write(Kind::Sample, sample)
    }

    /// What else the machine did during a block.
    pub fn block(&mut self, conditions: &Conditions) -> Result<()> {
        self.write(Kind::Block, conditions)
    }

    /// The last line; this fills in how many samples there are, and the checksum.
    pub fn end(&mut self, end: &mut End) -> Result<()> {
        end.samples = self.samples;
        end.checksum = self.checksum.clone().finalize();
        self.write(Kind::End, end)
    }

    fn write<T: Serialize>(&mut self, record: Kind, value: &T) -> Result<()> {
        let mut line =
            serde_json::to_vec(&Line { record, value }).context("cannot write a sample")?;
        line.push(b'\n');
        self.checksum.update(&line);
        let written = self.file.write_all(&line).and_then(|()| self.file.flush());
        written.context("cannot write samples.jsonl")
    }
}

/// Reads all lines of a run folder.
///
/// What is wrong with single lines is told in [`Recorded::troubles`], and the others count.
///
/// # Errors
///
/// If the file cannot be read, or does not begin with the header of a run of this version.
pub fn read(folder: &Path) -> Result<Recorded> {
    let path = folder.join(JOURNAL);
    let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    parse(&bytes).with_context(|| path.display().to_string())
}

fn parse(bytes: &[u8]) -> Result<Recorded> {
    let mut lines = Lines {
        bytes,
        at: 0,
        number: 0,
    };
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
enum Record {
    /// The header of another run.
    Run,
    Sample(Box<Sample>),
    Block(Conditions),
    End(End),
}

/// What each line says, read by all processors at once: most of the time of an analysis goes here.
fn records(lines: &[Found]) -> Vec<Result<Record>> {
    let parts = thread::available_parallelism().map_or(1, usize::from);
    let part = lines.len().div_ceil(parts).max(1);
    thread::scope(|scope| {
        let read = |part| {
            let read = move || <[Found]>::iter(part).map(record).collect::<Vec<_>>();
            // Where the system starts no thread more, this one reads it all.
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

fn record(line: &Found) -> Result<Record> {
    let bytes = line.bytes;
    Ok(match serde_json::from_slice::<OfKind>(bytes)?.record {
        Kind::Run => Record::Run,
        Kind::Sample => Record::Sample(serde_json::from_slice(bytes)?),
        Kind::Block => Record::Block(serde_json::from_slice(bytes)?),
        Kind::End => Record::End(serde_json::from_slice(bytes)?),
    })
}

/// Version 3 brought the header.
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

/// One line of a file, with where it begins and whether it ends.
struct Found<'a> {
    number: usize,
    begins: usize,
    bytes: &'a [u8],
    whole: bool,
}

struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    number: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = Found<'a>;

    fn next(&mut self) -> Option<Found<'a>> {
        let rest = self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
        let end = rest.iter().position(|byte| *byte == b'\n');
        let bytes = &rest[..end.unwrap_or(rest.len())];
        self.number += 1;
        let line = Found {
            number: self.number,
            begins: self.at,
            bytes,
            whole: end.is_some(),
        };
        self.at += bytes.len() + 1;
        Some(line)
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
                end: None,
                troubles: Vec::new(),
            },
        }
    }

    /// Takes a line in; whether the next one still belongs to this run.
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

#[cfg(test)]
mod tests;
