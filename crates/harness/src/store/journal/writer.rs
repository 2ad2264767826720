//! How a journal is written.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result};
use model::{Conditions, End, Header, Sample};
use serde::Serialize;

use crate::store::journal::line::{Kind, Line};

/// Writes the lines of one run. Each is in the file when its method returns.
pub struct Journal {
    file: BufWriter<File>,
    checksum: crc32fast::Hasher,
    samples: u32,
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
