//! Compares builds of one commit, to count how often the gate sees a difference that is not there.

use clap::Args;
use harness::Registry;
use model::gate::GateRates;

use crate::exit::Exit;
use crate::gate::campaign::{Campaign, CampaignArguments};
use crate::signal::interrupt_on_signal;

/// Compare builds of one commit again and again, and count the false alarms of the gate
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    campaign: CampaignArguments,
    /// Exit with 3 if so many gates alarmed that the stated error of 1 % cannot be true
    #[arg(long)]
    strict: bool,
}

pub(crate) fn carry_out(registry: &Registry, arguments: &Arguments) -> Result<(), Exit> {
    let campaign = Campaign::new(registry, "gate-null", &[], &arguments.campaign);
    let campaign = campaign.map_err(Exit::Usage)?;
    let gates = campaign.gates(&interrupt_on_signal()?)?;
    campaign.conclude(&gates)?;
    // The lower end of the interval: then the rate is above the stated error, whatever luck there was.
    let broken = GateRates::of(&gates).false_alarms.interval.0 > model::ALPHA;
    match arguments.strict && broken {
        true => Err(Exit::Regressed),
        false => Ok(()),
    }
}
