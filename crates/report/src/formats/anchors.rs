//! Addresses inside a page: no two are the same, whatever the names are.

use std::collections::BTreeSet;

/// The addresses of one page that are taken.
pub(crate) struct Anchors(BTreeSet<String>);

impl Anchors {
    /// These are taken by what every page has.
    pub(crate) fn besides(taken: &[&str]) -> Anchors {
        Anchors(taken.iter().map(|it| (*it).to_owned()).collect())
    }

    /// One that is like this text. The first who asks for it has it without a number, so ordinary names have stable addresses.
    pub(crate) fn take(&mut self, text: &str) -> String {
        let plain = plain(text);
        let numbered = (2..).map(|number| format!("{plain}-{number}"));
        let mut all = std::iter::once(plain.clone()).chain(numbered);
        let free = all.find(|it| self.0.insert(it.clone()));
        free.expect("numbers do not end")
    }
}

/// What an address can hold of a text without an escape.
fn plain(text: &str) -> String {
    let kept = text.chars().map(|it| {
        if it.is_ascii_alphanumeric() {
            it.to_ascii_lowercase()
        } else {
            '-'
        }
    });
    let kept: String = kept.take(80).collect();
    let parts: Vec<&str> = kept.split('-').filter(|part| !part.is_empty()).collect();
    match parts.is_empty() {
        true => "unnamed".to_owned(),
        false => parts.join("-"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_addresses_are_the_same() {
        let mut anchors = Anchors::besides(&["data"]);
        for (text, anchor) in [
            ("Tokio, 10%", "tokio-10"),
            ("tokio#10", "tokio-10-2"),
            ("tokio-10-2", "tokio-10-2-2"),
            ("data", "data-2"),
            ("", "unnamed"),
            ("\u{6771}\u{4eac}", "unnamed-2"),
        ] {
            assert_eq!(anchors.take(text), anchor);
        }
    }
}
