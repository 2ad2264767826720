//! Compares builds of which one really waits longer in one row, to count how often the gate sees that.

use clap::Args;
use harness::Registry;
use model::Percent;
use model::gate::GateRates;

use crate::exit::Exit;
use crate::flags::quantity;
use crate::gate::campaign::{Campaign, CampaignArguments};
use crate::signal::interrupt_on_signal;

/// Compare builds of which one really waits longer in one row, and count how often the gate finds it
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// By how much all waits of one row of the head are longer, in the server and in the units. Of a list, the effects take turns
    #[arg(long = "effect", value_name = "PERCENT", default_value = "10%,20%")]
    #[arg(value_parser = quantity::<Percent>, value_delimiter = ',', allow_hyphen_values = true)]
    effects: Vec<Percent>,
    #[command(flatten)]
    campaign: CampaignArguments,
    /// Exit with 3 if so few delays were found that 95 % of them cannot be
    #[arg(long)]
    strict: bool,
}

pub(crate) fn carry_out(registry: &Registry, arguments: &Arguments) -> Result<(), Exit> {
    let campaign = Campaign::new(
        registry,
        "gate-power",
        &arguments.effects,
        &arguments.campaign,
    );
    let campaign = campaign.map_err(Exit::Usage)?;
    let gates = campaign.gates(&interrupt_on_signal()?)?;
    campaign.conclude(&gates)?;
    let rates = GateRates::of(&gates);
    let blind = rates.found.iter().any(|(_, often)| often.interval.1 < 0.95);
    match arguments.strict && blind {
        true => Err(Exit::Regressed),
        false => Ok(()),
    }
}
