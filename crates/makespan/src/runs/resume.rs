//! A run that was interrupted, and goes on.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use harness::{Before, Interrupt, Job, Registry, RunFolder, affinity, fit, host, journal};
use model::{Build, Computer, Plan};

use crate::exit::Exit;
use crate::programs::{self, ProgramFiles};
use crate::runs::stored::not_there_or_unreadable;

/// Everything that is needed to go on.
pub(crate) struct Resumed {
    pub(crate) job: Job,
    pub(crate) plan: Plan,
    pub(crate) before: Before,
    pub(crate) folder: RunFolder,
    pub(crate) files: ProgramFiles,
}

/// Opens an interrupted run; nothing if it is complete.
///
/// # Errors
///
/// If there is no run, or it was made on another machine or with another build. The error says what differs.
pub(crate) fn open(
    registry: &Registry,
    path: &Path,
    interrupt: &Interrupt,
) -> Result<Option<Resumed>, Exit> {
    let recorded = journal::read(path).map_err(not_there_or_unreadable)?;
    if !recorded.interrupted() {
        return Ok(None);
    }
    resumed(registry, path, recorded, interrupt)
        .map(Some)
        .map_err(Exit::Usage)
}

fn resumed(
    registry: &Registry,
    path: &Path,
    recorded: model::Recorded,
    interrupt: &Interrupt,
) -> Result<Resumed> {
    let now = with_executable(host::host())?;
    let was = &recorded.header.host;
    same_build(&was.build, &now.build)?;
    same_computer(&was.computer, &now.computer)?;
    let mut spec = recorded.header.spec.clone();
    let mut host = was.clone();
    if let Some(cpus) = spec.cpus {
        host.computer.placement = Some(affinity::keep_to(cpus)?);
    }
    harness::calibrate(registry, &mut spec)?;
    let mut cells = registry.prepare(&spec)?;
    let files = programs::find(&mut cells, Some(Path::new(".")))?;
    fit::apply(&mut cells, &host.computer.limits)?;
    let mut job = Job { host, spec, cells };
    let plan = job.plan(interrupt);
    ensure!(
        job.names() == recorded.header.cells,
        "{}: its rows are not those that this build would measure now; allowed is a new run",
        path.display()
    );
    Ok(Resumed {
        job,
        plan,
        before: Before::new(recorded, now.started),
        folder: RunFolder::go_on(path)?,
        files,
    })
}

/// The host, with what tells this executable from any other.
///
/// # Errors
///
/// If the executable cannot be read.
pub(crate) fn with_executable(mut host: model::Host) -> Result<model::Host> {
    let path = std::env::current_exe().context("this executable is not known")?;
    let crc32 = checksum(&path).with_context(|| format!("cannot read {}", path.display()))?;
    host.build.executable_crc32 = Some(crc32);
    Ok(host)
}

/// Part by part: there may be little memory.
fn checksum(path: &Path) -> std::io::Result<u32> {
    let mut file = File::open(path)?;
    let mut part = [0; 1 << 16];
    let mut checksum = crc32fast::Hasher::new();
    loop {
        match file.read(&mut part)? {
            0 => return Ok(checksum.finalize()),
            read => checksum.update(&part[..read]),
        }
    }
}

fn same_build(was: &Build, now: &Build) -> Result<()> {
    if was == now {
        return Ok(());
    }
    let what = [
        ("compiler", was.rustc != now.rustc),
        ("profile", was.profile != now.profile),
        ("commit", was.commit != now.commit),
        ("version", was.makespan != now.makespan),
        ("packages", was.packages != now.packages),
        ("executable", was.executable_crc32 != now.executable_crc32),
    ];
    differ("another build", &what)
}

fn same_computer(was: &Computer, now: &Computer) -> Result<()> {
    // Limits and the governor may change without making it another machine.
    let what = [
        ("name", was.name != now.name),
        ("system", was.system != now.system),
        ("kernel", was.kernel != now.kernel),
        ("processor", was.cpu != now.cpu),
        ("memory", was.memory_bytes != now.memory_bytes),
    ];
    match what.iter().any(|(_, differs)| *differs) {
        true => differ("another machine", &what),
        false => Ok(()),
    }
}

fn differ(what: &str, parts: &[(&str, bool)]) -> Result<()> {
    let parts = parts.iter().filter(|(_, differs)| *differs);
    let names: Vec<&str> = parts.map(|(name, _)| *name).collect();
    bail!(
        "the run was made by {what}: its {} differs; allowed is the same one, or a new run",
        names.join(", ")
    )
}
