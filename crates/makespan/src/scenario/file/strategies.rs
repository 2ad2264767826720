//! The strategies that a scenario file names, and which of them the others are compared with.

use harness::Registry;
use model::{Program, Spec};

use super::faults::Faults;
use super::table::{Placed, Table};
use super::value::text;
use crate::names::known;
use crate::scenario::note::Note;
use crate::scenario::strategies::{self, is_left_out, select};

/// What the key `strategies` says.
pub(super) struct Named {
    /// The names in the order of the registry.
    pub(super) strategies: Vec<String>,
    /// The same in the order in which they are written.
    pub(super) order: Vec<String>,
    pub(super) notes: Vec<Note>,
}

/// Reads the names of the strategies. A file that names none has those of `core` and its own programs.
pub(super) fn read(
    built_in: bool,
    registry: &Registry,
    core: Option<&Spec>,
    programs: &[Program],
    top: &mut Table,
    faults: &mut Faults,
) -> Named {
    let names = strategies::all(registry, programs);
    let patterns = match (top.list(faults, "strategies", text), core) {
        (Some(patterns), _) => patterns,
        (None, Some(core)) => {
            let own = programs.iter().map(|program| &program.name);
            let all = core.strategies.iter().chain(own).cloned();
            all.map(|name| Placed::new(0..0, name)).collect()
        }
        (None, None) => {
            top.need(faults, "strategies", "[\"tokio\"]");
            Vec::new()
        }
    };
    let (mut order, mut chosen, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    for pattern in patterns {
        let (at, pattern) = (pattern.span(), pattern.into_inner());
        match select(std::slice::from_ref(&pattern), &names) {
            Ok(matching) => {
                order.extend(matching);
                chosen.push(pattern);
            }
            // A build without it can measure the others.
            Err(_) if built_in && is_left_out(&pattern, &names) => {
                notes.push(Note::LeftOut { strategy: pattern });
            }
            Err(error) => faults.add(&at, format!("strategies: {error}")),
        }
    }
    let all = match chosen.is_empty() {
        true => Vec::new(),
        false => select(&chosen, &names).unwrap_or_default(),
    };
    Named {
        strategies: all,
        order,
        notes,
    }
}

/// The rows that others are compared with.
pub(super) struct References {
    pub(super) reference: String,
    pub(super) anchor: String,
    pub(super) note: Option<Note>,
}

/// Reads both. What is not written is as in `core` where that is among the strategies. Otherwise it is the first of them; for the
/// reference, a note says so.
pub(super) fn references(
    core: Option<&Spec>,
    order: &[String],
    top: &mut Table,
    faults: &mut Faults,
) -> References {
    let of_core = core.map(|core| &core.reference.strategy);
    let (reference, first) = reference(of_core, order, "reference", top, faults);
    let of_core = core.map(|core| &core.anchor);
    let (anchor, _) = self::reference(of_core, order, "anchor", top, faults);
    let note = first.then(|| Note::NoReferenceNamed {
        first: reference.clone(),
    });
    References {
        reference,
        anchor,
        note,
    }
}

/// The row that a key names, and whether it is only the first of the strategies.
fn reference(
    core: Option<&String>,
    order: &[String],
    key: &str,
    top: &mut Table,
    faults: &mut Faults,
) -> (String, bool) {
    if let Some(name) = top.get(faults, key, text) {
        let allowed: Vec<&str> = order.iter().map(String::as_str).collect();
        let known = known("strategy of this scenario", name.get_ref(), &allowed);
        if let Err(error) = known
            && !allowed.is_empty()
        {
            faults.add(&name.span(), format!("{key}: {error}"));
        }
        return (name.into_inner(), false);
    }
    match (core, order.first()) {
        (Some(name), Some(first)) if !order.contains(name) => (first.clone(), true),
        (Some(name), _) => (name.clone(), false),
        (None, _) => {
            top.need(faults, key, "\"tokio\"");
            (String::new(), false)
        }
    }
}
