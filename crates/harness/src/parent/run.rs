//! A run: launch after launch, as the plan has it.

use anyhow::Result;
use model::{Launch, Plan};

use crate::cells::prepared::Prepared;
use crate::parent::before::Before;
use crate::parent::event::{Event, Taken};
use crate::parent::files::Files;
use crate::parent::interrupt::Interrupt;
use crate::parent::launch::launch;
use crate::parent::place::Numbered;
use crate::parent::state::State;

/// Takes all samples of `plan` and no more.
///
/// # Errors
///
/// As [`run()`].
pub fn run_plan(
    plan: &Plan,
    cells: &[Prepared],
    interrupt: &Interrupt,
    tell: &mut dyn FnMut(Event) -> Result<()>,
) -> Result<Taken> {
    run(plan, cells, interrupt, tell, &mut |_| None)
}

/// Takes all samples of `plan`, then of each launch that `more` adds to it. A cell that fails once is out for the rest of the run,
/// and so is one that was [too slow to be believed](model::RefusalKind::Suspicion) three times; the others go on.
///
/// # Errors
///
/// If the files that some workloads read cannot be written: then nothing was measured. What goes wrong later is in
/// [`Taken::failure`], beside the samples taken until then.
pub fn run(
    plan: &Plan,
    cells: &[Prepared],
    interrupt: &Interrupt,
    tell: &mut dyn FnMut(Event) -> Result<()>,
    more: &mut dyn FnMut(&Taken) -> Option<Launch>,
) -> Result<Taken> {
    go_on(plan, None, cells, interrupt, tell, more)
}

/// The same for a run that was interrupted: takes what of `plan` is not there `before`.
///
/// # Errors
///
/// As [`run()`].
pub(super) fn go_on(
    plan: &Plan,
    before: Option<&Before>,
    cells: &[Prepared],
    interrupt: &Interrupt,
    tell: &mut dyn FnMut(Event) -> Result<()>,
    more: &mut dyn FnMut(&Taken) -> Option<Launch>,
) -> Result<Taken> {
    let mut cells = cells.to_vec();
    let _files = Files::write(&mut cells)?;
    let taken = before
        .map(|before| before.taken(&cells))
        .unwrap_or_default();
    let mut number = before.map_or(0, Before::launches);
    let mut run = State::new(cells, before, interrupt, tell);
    let plan = match before {
        Some(_) => plan.rest(&taken, &run.out()),
        None => plan.clone(),
    };
    let mut planned = plan.launches.into_iter();
    while let Some(next) = planned.next().or_else(|| run.more(more)) {
        let numbered = Numbered {
            number,
            plan: &next,
        };
        let failure = launch(&mut run, numbered).err();
        let taken = run.books.taken_mut();
        taken.failure = failure;
        taken.interrupted = interrupt.is_set();
        if taken.interrupted || taken.failure.is_some() {
            break;
        }
        number += 1;
    }
    if !run.books.taken().interrupted
        && let Err(failure) = run.fail_rows_without_samples()
    {
        run.books.taken_mut().failure.get_or_insert(failure);
    }
    Ok(run.books.close())
}
