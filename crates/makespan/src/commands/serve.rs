//! The mock server alone, for whoever wants to measure something else against it.

use clap::Args;
use harness::Registry;
use mock_server::ServeArgs;

use crate::exit::Exit;

/// Start the mock server and print its URL
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    #[command(flatten)]
    server: ServeArgs,
}

/// An address that cannot be listened on is a wrong command line; a server that ends by itself has crashed.
pub(crate) fn carry_out(_: &Registry, arguments: &Arguments) -> Result<(), Exit> {
    let server = mock_server::open(arguments.server.clone()).map_err(Exit::Usage)?;
    Ok(mock_server::attend(server)?)
}
