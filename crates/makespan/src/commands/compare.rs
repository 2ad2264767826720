//! Two stored runs side by side.

use model::Comparison;

use super::json;
use crate::cli::CompareArguments;
use crate::exit::Exit;
use crate::output;
use crate::stored::Stored;

pub(crate) fn compare(arguments: &CompareArguments) -> Result<(), Exit> {
    let read = |run| Stored::read(run)?.believed(arguments.allow_damaged);
    let (before, after) = (read(&arguments.before)?, read(&arguments.after)?);
    let stored = || before.summary.spec.reference.to_string();
    let reference = arguments.reference.clone().unwrap_or_else(stored);
    let (before, after) = (before.against(&reference)?, after.against(&reference)?);
    let comparison = Comparison::new(&before.summary, &after.summary, arguments.times);
    let mut comparison = comparison.map_err(Exit::Usage)?;
    comparison.troubles = [before.warnings(), after.warnings()].concat();
    if arguments.json {
        output::line(json(&comparison)?.trim_end());
        return Ok(());
    }
    for trouble in &comparison.troubles {
        output::line(match arguments.markdown {
            true => report::bold(trouble),
            false => report::one_line(trouble),
        });
    }
    let width = output::width();
    for table in report::comparison(&comparison, arguments.times) {
        output::line(match arguments.markdown {
            true => report::markdown(&table),
            false => report::terminal(&table, width),
        });
    }
    Ok(())
}
