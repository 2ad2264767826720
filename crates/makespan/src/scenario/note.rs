//! What was decided without being asked for, which a person should know.

use std::fmt;

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// A strategy of the scenario is not in this build.
    LeftOut { strategy: String },
    /// The scenario has this reference, because it names none.
    NoReferenceNamed { first: String },
    /// The ratios have this reference, because the scenario's was not chosen.
    ReferenceNotChosen { first: String, planned: String },
    /// There are fewer launches than the scenario has, because there are fewer rounds.
    FewerLaunches { launches: u32, planned: u32 },
    /// Only some of the workloads have a size.
    SizeOfSome {
        number: String,
        with: Vec<String>,
        without: Vec<String>,
    },
    /// Only some of the workloads compute.
    ComputeOfSome { without: Vec<String> },
}

impl Note {
    /// Whether it is about the row that ratios are taken against.
    pub(super) fn is_on_reference(&self) -> bool {
        matches!(
            self,
            Note::NoReferenceNamed { .. } | Note::ReferenceNotChosen { .. }
        )
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::LeftOut { strategy } => {
                write!(f, "{strategy} is left out, because it is not in this build")
            }
            Note::NoReferenceNamed { first } => write!(
                f,
                "ratios are against {first}, the first of the scenario's strategies, because it names no reference"
            ),
            Note::ReferenceNotChosen { first, planned } => write!(
                f,
                "ratios are against {first}, the first of the strategies, because {planned} is not among them; --reference names another"
            ),
            Note::FewerLaunches { launches, planned } => {
                let ending = if *launches == 1 { "" } else { "es" };
                write!(
                    f,
                    "{launches} launch{ending} instead of {planned}, because each has at least one of the rounds"
                )
            }
            Note::SizeOfSome {
                number,
                with,
                without,
            } => write!(
                f,
                "--set {number} is for {} only; there is no such size in {}",
                with.join(", "),
                without.join(", ")
            ),
            Note::ComputeOfSome { without } => {
                write!(f, "--compute is not for {}", without.join(", "))
            }
        }
    }
}
