//! Says what this machine can measure.
//!
//! Facts, a probe and what a plain run asks for (`wanted`) go in; each `finding` comes out in words, and so does the `verdict`. There
//! is one file for each kind of question: `limits` is how much can be had, `noise` what disturbs, `machine` what no probe shows.

mod finding;
mod limits;
mod machine;
mod noise;
mod numbers;
#[cfg(test)]
mod tests;
mod verdict;
mod wanted;

use clap::Args;
use harness::Registry;
use harness::doctor::{Facts, PROBE, WAIT, probe};
use report::wrap;
use serde_json::json;

use self::verdict::{findings, verdict};
use self::wanted::Wanted;
use crate::exit::Exit;
use crate::output;
use crate::scenario;

/// Say what this machine can measure and how to mend what it cannot. Takes about 3 seconds
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Print JSON, with everything that was read
    #[arg(long)]
    json: bool,
}

/// Reads facts, probes for some seconds, and prints findings and verdict. A problem of the machine is no failure of the command.
pub(crate) fn carry_out(_: &Registry, arguments: &Arguments) -> Result<(), Exit> {
    let wanted = Wanted::by(&scenario::core()?);
    eprintln!("makespan: computes and waits {WAIT:?} in turns, for {PROBE:?}");
    let facts = Facts::read();
    let probe = probe(PROBE)?;
    let findings = findings(&facts, &probe, &wanted);
    let verdict = verdict(&facts, &probe, &findings);
    if arguments.json {
        let all = json!({"facts": facts, "probe": probe, "findings": findings, "verdict": verdict});
        output::line(format_args!("{all:#}"));
        return Ok(());
    }
    let host = &facts.host;
    let known = [
        host.computer.cpu.as_deref(),
        Some(&host.computer.system),
        host.computer.kernel.as_deref(),
    ];
    let known = known.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let build = format!("makespan {} ({})", host.build.makespan, host.build.profile);
    let mut text = wrap("", &format!("{known}; {build}")) + "\n";
    for finding in &findings {
        text += &wrap(&format!("{:9}", finding.level.mark()), &finding.what);
        text += &indented("", &finding.means);
        if let Some(fix) = &finding.fix {
            text += &indented("fix: ", fix);
        }
    }
    text += "\n";
    text += &wrap("", &verdict.text);
    output::line(text.trim_end());
    Ok(())
}

/// A line below the first one of a finding.
fn indented(mark: &str, text: &str) -> String {
    wrap(&format!("{:9}{mark}", ""), text)
}
