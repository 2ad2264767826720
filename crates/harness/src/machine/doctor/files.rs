//! The files of the kernel. What is not there is unknown, and no error.

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

/// The names in a folder; none where there is no such folder.
pub(super) fn names(folder: &str) -> impl Iterator<Item = String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok())
}
