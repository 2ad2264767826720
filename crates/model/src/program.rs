//! A program of its own that can be a strategy: what a scenario declares of it.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A program that speaks the worker protocol. Its name is used like that of a strategy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// Its name, which no other strategy may have: letters, digits, `-`, `_` and `.`.
    pub name: String,
    /// What to start, with its arguments. Files are looked for beside the scenario file, then in the current folder.
    pub command: Vec<String>,
    /// What speaks HTTP for it, as tables show it.
    pub client: String,
    /// Names of the workloads it can run; with all others its rows are unsupported.
    pub workloads: Vec<String>,
    /// How many units it can have in flight.
    #[serde(default)]
    pub capacity: ProgramCapacity,
    /// What it does, in one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// What would make it run where it cannot, such as `pip install requests`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub install: Option<String>,
}

/// How many units a program can have in flight, whatever it is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProgramCapacity {
    /// One.
    One,
    /// As many as the spec has workers.
    Workers,
    /// As many as the limit allows.
    #[default]
    Limit,
}

impl ProgramCapacity {
    /// Units in flight under this limit and with so many workers, at most.
    pub fn of(self, limit: usize, workers: usize) -> usize {
        match self {
            ProgramCapacity::One => 1,
            ProgramCapacity::Workers => workers.min(limit),
            ProgramCapacity::Limit => limit,
        }
    }
}

impl Program {
    /// Refuses what could not be started or told apart, with the key and what is allowed.
    fn check(&self) -> Result<()> {
        let name = &self.name;
        // No pattern may look like a name, and no name like two.
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        ensure!(
            !name.is_empty() && name.chars().all(plain),
            "program name = \"{name}\": allowed are letters, digits, `-`, `_` and `.`"
        );
        ensure!(
            self.command.first().is_some_and(|first| !first.is_empty()),
            "program `{name}`: command = {:?}: allowed is what to start with its arguments, such as [\"python3\", \"loop.py\"]",
            self.command
        );
        ensure!(
            !self.workloads.is_empty(),
            "program `{name}`: workloads = []: allowed are names of workloads, such as [\"get\"]"
        );
        Ok(())
    }
}

/// Refuses programs that could not be started or told apart. What else has a name is checked where it is known.
pub(crate) fn check(programs: &[Program]) -> Result<()> {
    let mut seen = BTreeSet::new();
    for program in programs {
        program.check()?;
        ensure!(
            seen.insert(&program.name),
            "program name = \"{}\": it is declared twice; each needs a name of its own",
            program.name
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Spec, fixtures};

    const TEXT: &str = r#"
        name = "loop"
        command = ["python3", "loop.py"]
        client = "requests"
        workloads = ["get"]
    "#;

    fn program() -> Program {
        toml::from_str(TEXT).unwrap()
    }

    fn refused(programs: Vec<Program>) -> String {
        let spec = Spec {
            programs,
            ..fixtures::spec(&["get"])
        };
        spec.check().unwrap_err().to_string()
    }

    #[test]
    fn the_least_declaration_can_be_written_and_read() {
        let program = program();
        assert_eq!(program.capacity, ProgramCapacity::Limit);
        check(std::slice::from_ref(&program)).unwrap();
        let spec = Spec {
            programs: vec![program],
            ..fixtures::spec(&["get"])
        };
        let text = toml::to_string(&spec).unwrap();
        assert!(text.contains("[[program]]"), "{text}");
        assert_eq!(toml::from_str::<Spec>(&text).unwrap(), spec);
    }

    #[test]
    fn unknown_and_missing_keys_and_wrong_values_are_refused_by_name() {
        for (from, to, named) in [
            ("client", "klient", "unknown field `klient`"),
            ("client = \"requests\"", "", "missing field `client`"),
            (
                "name = ",
                "capacity = \"two\"\nname = ",
                "expected one of `one`, `workers`, `limit`",
            ),
        ] {
            let text = TEXT.replacen(from, to, 1);
            let error = toml::from_str::<Program>(&text).unwrap_err().to_string();
            assert!(error.contains(named), "{error}");
        }
    }

    #[test]
    fn what_cannot_be_started_or_told_apart_is_refused_with_what_is_allowed() {
        let twice = refused(vec![program(), program()]);
        assert_eq!(
            twice,
            "program name = \"loop\": it is declared twice; each needs a name of its own"
        );
        for name in ["", "lo*p", "a b", "get/loop"] {
            let name = name.to_owned();
            let error = refused(vec![Program { name, ..program() }]);
            assert!(
                error.starts_with("program name = ") && error.contains("allowed are letters"),
                "{error}"
            );
        }
        for command in [vec![], vec![String::new()]] {
            let error = refused(vec![Program {
                command,
                ..program()
            }]);
            assert!(error.starts_with("program `loop`: command = ["), "{error}");
        }
        let workloads = vec![];
        let error = refused(vec![Program {
            workloads,
            ..program()
        }]);
        assert!(error.contains("workloads = []: allowed are"), "{error}");
    }

    #[test]
    fn capacity_never_exceeds_the_limit() {
        assert_eq!(ProgramCapacity::One.of(8, 2), 1);
        assert_eq!(ProgramCapacity::Workers.of(8, 2), 2);
        assert_eq!(ProgramCapacity::Workers.of(1, 2), 1);
        assert_eq!(ProgramCapacity::Limit.of(8, 2), 8);
    }
}
