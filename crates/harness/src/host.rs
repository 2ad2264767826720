//! Where and with what a run is made.

use std::fs;
use std::process::Command;

use jiff::{Timestamp, Unit};
use model::Host;

use crate::limits::limits;

/// Facts of this machine and this build. What the system does not tell is left out, never guessed.
pub fn host() -> Host {
    let system = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
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
    Host {
        name: nix::unistd::gethostname()
            .ok()
            .and_then(|name| name.into_string().ok())
            .unwrap_or("unknown".to_owned()),
        system,
        kernel: nix::sys::utsname::uname()
            .ok()
            .map(|name| name.release().to_string_lossy().into_owned()),
        cpu: field("/proc/cpuinfo", "model name"),
        processors: std::thread::available_parallelism().map_or(1, usize::from),
        placement: None,
        memory_bytes: memory.map(|kib| kib * 1024),
        governor: read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
        limits: limits(),
        rustc: env!("MAKESPAN_RUSTC").to_owned(),
        profile: if cfg!(debug_assertions) {
            "debug"
        } else {
            "release"
        }
        .to_owned(),
        commit: commit(),
        makespan: env!("CARGO_PKG_VERSION").to_owned(),
        packages: strategies::versions()
            .iter()
            .map(|(name, version)| ((*name).into(), (*version).into()))
            .collect(),
        started: Timestamp::now()
            .round(Unit::Second)
            .unwrap_or_else(|_| Timestamp::now())
            .to_string(),
    }
}

/// The state of the sources in the folder that the run was started in, with a mark if they were changed.
fn commit() -> Option<String> {
    let output = Command::new("git")
        .args(["describe", "--always", "--dirty", "--abbrev=12"])
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}
