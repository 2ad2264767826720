//! The machine and the build that a run is made with.

use std::collections::BTreeMap;
use std::fs;

use jiff::{Timestamp, Unit};
use model::{Build, Computer, Host};
use strategies::Client;

use crate::machine::limits::limits;

/// Facts of this computer and this build. Facts that the system does not tell are left out, never guessed.
pub fn host() -> Host {
    Host {
        computer: computer(),
        build: build(),
        started: Timestamp::now()
            .round(Unit::Second)
            .unwrap_or_else(|_| Timestamp::now())
            .to_string(),
    }
}

fn computer() -> Computer {
    let read = |path: &str| {
        Some(fs::read_to_string(path).ok()?.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let field = |path: &str, key: &str| {
        let text = fs::read_to_string(path).ok()?;
        let (_, value) = text
            .lines()
            .find(|line| line.starts_with(key))?
            .split_once(':')?;
        Some(value.trim().to_owned())
    };
    let memory = field("/proc/meminfo", "MemTotal")
        .and_then(|text| text.split_whitespace().next()?.parse::<u64>().ok());
    Computer {
        name: nix::unistd::gethostname()
            .ok()
            .and_then(|name| name.into_string().ok())
            .unwrap_or("unknown".to_owned()),
        system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        kernel: nix::sys::utsname::uname()
            .ok()
            .map(|name| name.release().to_string_lossy().into_owned()),
        cpu: field("/proc/cpuinfo", "model name"),
        processors: std::thread::available_parallelism().map_or(1, usize::from),
        placement: None,
        memory_bytes: memory.map(|kib| kib * 1024),
        governor: read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
        limits: limits(),
    }
}

fn build() -> Build {
    let profile = match cfg!(debug_assertions) {
        true => "debug",
        false => "release",
    };
    Build {
        rustc: env!("MAKESPAN_RUSTC").to_owned(),
        executable_crc32: None,
        profile: profile.to_owned(),
        commit: Some(env!("MAKESPAN_COMMIT").to_owned()).filter(|it| !it.is_empty()),
        makespan: env!("CARGO_PKG_VERSION").to_owned(),
        packages: packages(),
    }
}

/// The locked versions of the packages that schedule the rows of this build, or speak HTTP for them. A row that is behind a feature
/// is not in every build, and neither is its package.
fn packages() -> BTreeMap<String, String> {
    let rows = strategies::all();
    let built = |name: &str| {
        rows.iter().any(|row| {
            let client = match row.facts.client {
                Client::Ureq => Some("ureq"),
                Client::Hyper => Some("hyper"),
                Client::Reqwest | Client::ReqwestBlocking => Some("reqwest"),
                Client::Raw => None,
            };
            row.facts.packages.contains(&name) || client == Some(name)
        })
    };
    let versions = strategies::versions().iter();
    let versions = versions.filter(|(name, _)| built(name));
    versions
        .map(|(name, version)| ((*name).to_owned(), version.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_packages_that_are_in_the_build_are_named() {
        let packages = packages();
        for name in ["tokio", "hyper", "ureq", "reqwest", "smol", "rayon"] {
            assert!(packages.contains_key(name), "{name}: {packages:?}");
        }
        let rows = strategies::all();
        for (module, feature) in strategies::OPTIONAL {
            let name = module.replace('_', "-");
            let built = rows.iter().any(|row| row.facts.name == name);
            assert_eq!(
                packages.contains_key(*feature),
                built,
                "{feature}: {packages:?}"
            );
        }
    }
}
