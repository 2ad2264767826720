//! The files of the kernel. A file that is not there is no error: its fact is unknown.

use std::fs;
use std::str::FromStr;

/// The text that stands in a file of the kernel.
pub(super) fn text(path: &str) -> Option<String> {
    Some(fs::read_to_string(path).ok()?.trim().to_owned())
}

/// The number that stands in a file of the kernel.
pub(super) fn number<T: FromStr>(path: &str) -> Option<T> {
    text(path)?.parse().ok()
}

/// The names in a folder. There are none if there is no such folder.
pub(super) fn names(folder: &str) -> impl Iterator<Item = String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok())
}
