//! How a journal is written.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use model::{Conditions, End, Header, Resumed, Sample};
use serde::Serialize;

use crate::store::journal::line::{Kind, Line, Lines};
use crate::store::journal::reader::{Record, record};

/// Writes the lines of one run. A line is in the file when the method that writes it returns.
pub struct Journal {
    file: BufWriter<File>,
    checksum: crc32fast::Hasher,
    samples: u32,
}

impl Journal {
    /// Begins a new file, which must not be there yet.
    pub(crate) fn create(path: &Path) -> Result<Self> {
        let file = OpenOptions::new().create_new(true).append(true).open(path);
        let file = file.with_context(|| format!("cannot write {}", path.display()))?;
        alone(&file, path)?;
        Ok(Journal {
            file: BufWriter::new(file),
            checksum: crc32fast::Hasher::new(),
            samples: 0,
        })
    }

    /// Opens the file of a run that was interrupted, to write on. Its samples stay byte for byte. A line that was cut off goes, and so does
    /// the last line, which says that the run was interrupted.
    ///
    /// # Errors
    ///
    /// If a line cannot be understood, or was changed: then nothing is written. The error names the line.
    pub(crate) fn go_on(path: &Path) -> Result<Self> {
        let cannot = || format!("cannot write {}", path.display());
        let file = OpenOptions::new().append(true).open(path);
        let file = file.with_context(cannot)?;
        alone(&file, path)?;
        let bytes = std::fs::read(path).with_context(cannot)?;
        let (mut kept, mut samples) = (0, 0);
        for line in Lines::of(&bytes).take_while(|line| line.whole) {
            let at = || format!("{}, line {}", path.display(), line.number);
            match record(&line).with_context(at)? {
                Record::End(end) => {
                    let same = crc32fast::hash(&bytes[..line.begins]) == end.checksum;
                    ensure!(same, "{}: it was changed after the run", path.display());
                    break;
                }
                Record::Sample(_) => samples += 1,
                Record::Run | Record::Block(_) | Record::Resumed(_) => {}
            }
            kept = line.begins + line.bytes.len() + 1;
        }
        file.set_len(kept as u64).with_context(cannot)?;
        let mut checksum = crc32fast::Hasher::new();
        checksum.update(&bytes[..kept]);
        Ok(Journal {
            file: BufWriter::new(file),
            checksum,
            samples,
        })
    }

    /// Writes that the run goes on here.
    pub fn resumed(&mut self, resumed: &Resumed) -> Result<()> {
        self.write(Kind::Resumed, resumed)
    }

    /// Writes the first line.
    pub fn begin(&mut self, header: &Header) -> Result<()> {
        self.write(Kind::Run, header)
    }

    /// Writes a sample.
    pub fn sample(&mut self, sample: &Sample) -> Result<()> {
        self.samples += 1;
        self.write(Kind::Sample, sample)
    }

    /// Writes what else the machine did during a block.
    pub fn block(&mut self, conditions: &Conditions) -> Result<()> {
        self.write(Kind::Block, conditions)
    }

    /// Writes the last line, and fills in its number of samples and its checksum.
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

/// Keeps the file to this process as long as it is open. Two that write into one run would spoil it.
fn alone(file: &File, path: &Path) -> Result<()> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            bail!(
                "{} is still being written; allowed is a run that has ended",
                path.display()
            )
        }
        // Some file systems have no locks.
        Err(TryLockError::Error(_)) => Ok(()),
    }
}
