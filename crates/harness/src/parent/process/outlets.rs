//! What a process writes: its standard output line by line, and the end of its standard error.
//!
//! Both are read only while somebody waits for a line, and only by the thread that waits. So no thread is started that the system
//! could refuse, and nothing wakes up during the sample of another process. A process that writes without being asked fills its
//! pipe, not the memory of the parent.

use std::io::{ErrorKind, Read};
use std::os::fd::AsFd;
use std::process::{ChildStderr, ChildStdout};
use std::time::Duration;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

/// The longest line that is accepted. A message takes kilobytes.
pub(crate) const LONGEST: usize = 16 << 20;

/// How many bytes of the standard error are kept.
const TAIL: usize = 64 << 10;

/// How many characters of its last line are kept as a reason.
const REASON: usize = 500;

/// Rust writes lines that begin like this after the message of a panic, or of a failed allocation.
const BEHIND_A_PANIC: [&str; 5] = [
    "note: ",
    "stack backtrace:",
    "skipping backtrace printing",
    "thread caused non-unwinding panic",
    "panic in a destructor during cleanup",
];

/// The reading ends of both pipes. Each is dropped when the process has closed its end.
pub(crate) struct Outlets {
    output: Option<ChildStdout>,
    errors: Option<ChildStderr>,
    lines: Lines,
    tail: Tail,
}

impl Outlets {
    pub(crate) fn new(output: Option<ChildStdout>, errors: Option<ChildStderr>) -> Self {
        Outlets {
            output,
            errors,
            lines: Lines::default(),
            tail: Tail::default(),
        }
    }

    /// The next whole line, if it has come.
    pub(crate) fn line(&mut self) -> Option<Vec<u8>> {
        self.lines.next()
    }

    /// Whether a line is longer than [`LONGEST`]. The rest of such a line is dropped.
    pub(crate) fn too_long(&self) -> bool {
        self.lines.bytes.len() > LONGEST
    }

    /// Whether no further line can come.
    pub(crate) fn closed(&self) -> bool {
        self.output.is_none()
    }

    /// Waits until something comes, but not longer than `within`, and reads it. Returns whether something came.
    pub(crate) fn wait(&mut self, within: Duration) -> bool {
        let readable = |fd: Option<_>| fd.map(|fd| PollFd::new(fd, PollFlags::POLLIN));
        let output = readable(self.output.as_ref().map(AsFd::as_fd));
        let errors = readable(self.errors.as_ref().map(AsFd::as_fd));
        let mut both: Vec<PollFd> = output.into_iter().chain(errors).collect();
        let within = PollTimeout::try_from(within).unwrap_or(PollTimeout::MAX);
        if !matches!(poll(&mut both, within), Ok(1..)) {
            return false;
        }
        let mut ready = both.iter().map(|fd| fd.any() == Some(true));
        let (output, errors) = (
            self.output.is_some() && ready.next() == Some(true),
            self.errors.is_some() && ready.next() == Some(true),
        );
        if output {
            take(&mut self.output, |bytes| self.lines.push(bytes));
        }
        if errors {
            take(&mut self.errors, |bytes| self.tail.push(bytes));
        }
        true
    }

    /// As [`wait`](Self::wait), but drops all lines.
    pub(crate) fn drain(&mut self, within: Duration) {
        self.wait(within);
        self.lines = Lines::default();
    }

    /// Whether the standard error is still open.
    pub(crate) fn speaks(&self) -> bool {
        self.errors.is_some()
    }

    /// The last line of the standard error that is not blank. Empty if there is none.
    pub(crate) fn last_words(&self) -> String {
        self.tail.last_line()
    }
}

/// Reads once from a pipe that is ready. At its end the pipe is dropped.
fn take(from: &mut Option<impl Read>, take: impl FnOnce(&[u8])) {
    let mut bytes = [0; 1 << 16];
    match from.as_mut().map(|from| from.read(&mut bytes)) {
        Some(Ok(length)) if length > 0 => take(&bytes[..length]),
        Some(Err(error)) if error.kind() == ErrorKind::Interrupted => {}
        _ => *from = None,
    }
}

/// Puts lines together from pieces.
#[derive(Default)]
struct Lines {
    bytes: Vec<u8>,
    /// How far the end of the first line was looked for.
    searched: usize,
}

impl Lines {
    fn push(&mut self, piece: &[u8]) {
        // Lines before one that is too long are wanted. What comes after it is not.
        if self.bytes.len() <= LONGEST {
            self.bytes.extend_from_slice(piece);
        }
    }

    fn next(&mut self) -> Option<Vec<u8>> {
        let rest = &self.bytes[self.searched..];
        let Some(end) = rest.iter().position(|byte| *byte == b'\n') else {
            self.searched = self.bytes.len();
            return None;
        };
        let rest = self.bytes.split_off(self.searched + end + 1);
        let mut line = std::mem::replace(&mut self.bytes, rest);
        self.searched = 0;
        line.pop();
        Some(line)
    }
}

/// The last bytes of what has come.
#[derive(Default)]
struct Tail(Vec<u8>);

impl Tail {
    fn push(&mut self, piece: &[u8]) {
        self.0.extend_from_slice(piece);
        // Not at each piece: that would move the whole tail for every byte.
        if self.0.len() > 2 * TAIL {
            self.0.drain(..self.0.len() - TAIL);
        }
    }

    /// The last line that is not blank. After a panic this is its message, not what Rust writes after it.
    fn last_line(&self) -> String {
        let text = String::from_utf8_lossy(&self.0);
        let behind = |line: &str| BEHIND_A_PANIC.iter().any(|it| line.starts_with(it));
        let says = |line: &&str| !line.trim().is_empty() && !behind(line);
        let line = text.lines().rfind(says).unwrap_or_default();
        beginning(line, REASON)
    }
}

/// The first `most` characters of a text, with dots if there are more.
pub(crate) fn beginning(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_put_together_from_pieces() {
        let mut lines = Lines::default();
        let mut got = Vec::new();
        for piece in ["a", "b\ncd\n\ne", "f", "\n", "g"] {
            lines.push(piece.as_bytes());
            got.extend(std::iter::from_fn(|| lines.next()));
        }
        assert_eq!(got, ["ab", "cd", "", "ef"].map(str::as_bytes));
    }

    #[test]
    fn no_line_takes_more_than_the_longest() {
        let mut lines = Lines::default();
        for _ in 0..40 {
            lines.push(&[b'x'; 1 << 20]);
            assert_eq!(lines.next(), None);
        }
        assert!(lines.bytes.len() <= LONGEST + (1 << 20));
    }

    #[test]
    fn the_last_words_are_kept_of_any_amount_of_any_bytes() {
        let mut tail = Tail::default();
        for _ in 0..40 {
            tail.push(&[b'\n'; TAIL]);
            assert!(tail.0.len() <= 2 * TAIL);
        }
        tail.push(b"thread panicked:\nno \xff luck\nnote: run with more\n\n");
        assert_eq!(tail.last_line(), "no \u{fffd} luck");
        tail.push(&[b'y'; 2000]);
        assert_eq!(tail.last_line(), format!("{}...", "y".repeat(REASON)));
    }
}
