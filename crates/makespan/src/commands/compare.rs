//! Two stored runs side by side.

use model::{Comparison, Summary};

use super::analyze::recorded;
use crate::cli::CompareArguments;
use crate::exit::Exit;
use crate::output;

pub(crate) fn compare(arguments: &CompareArguments) -> Result<(), Exit> {
    let reference = arguments.reference.as_deref();
    let read = |run| recorded(run, reference).map_err(Exit::Usage);
    let (before, after) = (read(&arguments.before)?, read(&arguments.after)?);
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
