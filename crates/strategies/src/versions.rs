//! The versions of the compared packages in this build.

use std::collections::BTreeMap;
use std::fs;
use std::sync::OnceLock;

include!(concat!(env!("OUT_DIR"), "/versions.rs"));

/// The versions of the compared packages by name; packages without a known version are left out.
///
/// They are those of the lock file that this executable was built with. If the build script could not know that file, this
/// executable itself is asked: the compiler writes the paths of sources into it, such as `tokio-1.54.1/src/task/mod.rs`, for panics.
pub fn versions() -> &'static BTreeMap<&'static str, String> {
    static VERSIONS: OnceLock<BTreeMap<&str, String>> = OnceLock::new();
    VERSIONS.get_or_init(|| {
        if !LOCKED.is_empty() {
            let locked = LOCKED.iter();
            return locked.map(|(name, it)| (*name, (*it).to_owned())).collect();
        }
        let executable = std::env::current_exe().and_then(fs::read);
        compiled(&executable.unwrap_or_default())
    })
}

/// The versions in paths of sources. Two versions of one package are one too many: nobody knows which of them a row uses.
fn compiled(executable: &[u8]) -> BTreeMap<&'static str, String> {
    let mut found: BTreeMap<&'static str, Option<String>> = BTreeMap::new();
    let mut folders = executable.split(|byte| *byte == b'/').peekable();
    while let Some(folder) = folders.next() {
        if folders.peek() != Some(&&b"src"[..]) {
            continue;
        }
        let Some((name, version)) = package(folder) else {
            continue;
        };
        let known = found
            .entry(name)
            .or_insert_with(|| Some(version.to_owned()));
        if known.as_deref() != Some(version) {
            *known = None;
        }
    }
    let one = |(name, version): (_, Option<String>)| Some((name, version?));
    found.into_iter().filter_map(one).collect()
}

/// A compared package and its version, from the name of its folder in a registry.
fn package(folder: &[u8]) -> Option<(&'static str, &str)> {
    let folder = str::from_utf8(folder).ok()?;
    let (name, version) = folder.rsplit_once('-')?;
    let name = COMPARED.iter().find(|compared| **compared == name)?;
    version
        .starts_with(|it: char| it.is_ascii_digit())
        .then_some((*name, version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_sources_tell_versions() {
        let text = b"\0/registry/tokio-1.54.1/src/task/mod.rs\x01/r/smol-2.0.2/src/lib.rs/r/async-io-2.6.0/src/a.rs\
            /r/hyper-1.12.0/src/a.rs/r/hyper-0.14.0/src/a.rs/r/ureq-3.5.1/README/r/tokio-util-0.7.0/src/x.rs/r/may-fork/src/x";
        let found = compiled(text);
        let expected = [
            ("async-io", "2.6.0"),
            ("smol", "2.0.2"),
            ("tokio", "1.54.1"),
        ];
        let expected = expected.map(|(name, version)| (name, version.to_owned()));
        assert_eq!(found, BTreeMap::from(expected));
    }

    /// In this build both ways of knowing are there, if its target folder is where cargo puts it.
    #[test]
    fn this_executable_tells_what_its_lock_file_says() {
        let found = compiled(&fs::read(std::env::current_exe().unwrap()).unwrap());
        assert!(found.contains_key("tokio"), "{found:?}");
        for (name, version) in &found {
            assert_eq!(Some(version), versions().get(name), "{name}");
        }
    }
}
