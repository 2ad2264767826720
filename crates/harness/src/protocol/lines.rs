//! How all processes of makespan write to each other: one JSON object per line.

use std::io::{self, BufRead, Write};

use anyhow::{Context, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Writes one message and flushes.
pub(crate) fn write(mut to: impl Write, message: &impl Serialize) -> Result<()> {
    let mut line = serde_json::to_vec(message).context("cannot write a message")?;
    line.push(b'\n');
    to.write_all(&line)
        .and_then(|()| to.flush())
        .context("the line is closed")
}

/// Answers each message of the parent until it closes the line.
pub(crate) fn answer<M: DeserializeOwned, A: Serialize>(
    mut answer: impl FnMut(M) -> A,
) -> Result<()> {
    for message in heard() {
        write(io::stdout().lock(), &answer(message?))?;
    }
    Ok(())
}

/// All messages of the parent until it closes the line.
pub(crate) fn heard<M: DeserializeOwned>() -> impl Iterator<Item = Result<M>> {
    io::stdin().lock().lines().map(|line| {
        let line = line.context("cannot read from the parent")?;
        serde_json::from_str(&line).with_context(|| format!("the parent said `{line}`"))
    })
}
