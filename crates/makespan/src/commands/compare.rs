//! Two stored runs side by side.

use model::{Comparison, Summary};

use super::analyze::recorded;
use crate::cli::CompareArguments;
use crate::exit::Exit;
use crate::output;

pub(crate) fn compare(arguments: &CompareArguments) -> Result<(), Exit> {
    let reference = arguments.reference.as_deref();
    let before = recorded(&arguments.before, reference).map_err(Exit::Usage)?;
    let reference = &before.header.spec.reference;
    let after = recorded(&arguments.after, Some(reference)).map_err(Exit::Usage)?;
    let (before, after) = (Summary::new(&before), Summary::new(&after));
    for trouble in before.troubles.iter().chain(&after.troubles) {
        eprintln!("makespan: {trouble}");
    }
    let comparison = Comparison::new(&before, &after, arguments.times).map_err(Exit::Usage)?;
    for table in report::comparison(&comparison, arguments.times) {
        let text = match arguments.markdown {
            true => report::markdown(&table),
            false => report::terminal(&table),
        };
        output::line(format_args!("{text}"));
    }
    Ok(())
}
