//! A program of its own that can be a strategy: what a scenario declares of it.

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
    /// The most threads that it starts; one for each unit in flight where it does not say. What the system allows is kept free for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threads: Option<usize>,
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
    /// What could not be started or told apart, by its key, with what is allowed.
    pub fn faults(&self) -> Vec<(&'static str, String)> {
        let name = &self.name;
        // No pattern may look like a name, and no name like two.
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let mut faults = Vec::new();
        if name.is_empty() || !name.chars().all(plain) {
            let text =
                format!("program name = \"{name}\": allowed are letters, digits, `-`, `_` and `.`");
            faults.push(("name", text));
        }
        if self.command.first().is_none_or(|first| first.is_empty()) {
            let text = format!(
                "program `{name}`: command = {:?}: allowed is what to start with its arguments, such as [\"python3\", \"loop.py\"]",
                self.command
            );
            faults.push(("command", text));
        }
        if self.workloads.is_empty() {
            let text = format!(
                "program `{name}`: workloads = []: allowed are names of workloads, such as [\"get\"]"
            );
            faults.push(("workloads", text));
        }
        faults
    }
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

    fn refused(program: Program) -> (&'static str, String) {
        let mut faults = program.faults();
        assert_eq!(faults.len(), 1, "{faults:?}");
        faults.remove(0)
    }

    #[test]
    fn the_least_declaration_can_be_written_and_read() {
        let program = program();
        assert_eq!(program.capacity, ProgramCapacity::Limit);
        assert_eq!(program.faults(), []);
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
        for name in ["", "lo*p", "a b", "get/loop", "a#2", "a+10%", "a@b"] {
            let name = name.to_owned();
            let (key, text) = refused(Program { name, ..program() });
            assert_eq!(key, "name");
            assert!(
                text.starts_with("program name = ") && text.contains("allowed are letters"),
                "{text}"
            );
        }
        for command in [vec![], vec![String::new()]] {
            let (key, text) = refused(Program {
                command,
                ..program()
            });
            assert_eq!(key, "command");
            assert!(text.starts_with("program `loop`: command = ["), "{text}");
        }
        let workloads = vec![];
        let (key, text) = refused(Program {
            workloads,
            ..program()
        });
        assert_eq!(key, "workloads");
        assert!(text.contains("workloads = []: allowed are"), "{text}");
    }

    #[test]
    fn capacity_never_exceeds_the_limit() {
        assert_eq!(ProgramCapacity::One.of(8, 2), 1);
        assert_eq!(ProgramCapacity::Workers.of(8, 2), 2);
        assert_eq!(ProgramCapacity::Workers.of(1, 2), 1);
        assert_eq!(ProgramCapacity::Limit.of(8, 2), 8);
    }
}
