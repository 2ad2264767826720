//! The machine and the build, as names and values.

use model::Host;

use crate::numbers::bytes;

/// What a reader needs who compares with another machine. The texts are not escaped.
pub(crate) fn machine_card(host: &Host) -> Vec<(String, String)> {
    let unknown = || "unknown".to_owned();
    let packages = host.build.packages.iter();
    let packages: Vec<String> = packages
        .map(|(name, version)| format!("{name} {version}"))
        .collect();
    [
        (
            "Processor",
            host.computer.cpu.clone().unwrap_or_else(unknown),
        ),
        (
            "Processors that may be used",
            host.computer.processors.to_string(),
        ),
        (
            "Memory",
            host.computer.memory_bytes.map_or_else(unknown, bytes),
        ),
        ("System", host.computer.system.clone()),
        (
            "Kernel",
            host.computer.kernel.clone().unwrap_or_else(unknown),
        ),
        ("Compiler", host.build.rustc.clone()),
        ("Build", host.build.profile.clone()),
        ("makespan", host.build.makespan.clone()),
        ("Commit", host.build.commit.clone().unwrap_or_else(unknown)),
        ("Packages", packages.join(", ")),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}
