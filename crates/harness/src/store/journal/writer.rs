//! How a journal is written.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result};
use model::{Conditions, End, Header, Sample};
use serde::Serialize;

use crate::store::journal::line::{Kind, Line};

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
        Ok(Journal {
            file: BufWriter::new(file),
            checksum: crc32fast::Hasher::new(),
            samples: 0,
        })
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
