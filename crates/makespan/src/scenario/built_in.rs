//! The scenarios that come with the program.

/// Declares the scenarios. Their files alone know their sizes.
macro_rules! scenarios {
    ($($name:literal,)+) => {
        /// Each by its name, with its text.
        pub(crate) const SCENARIOS: &[(&str, &str)] = &[
            $(($name, include_str!(concat!("../../scenarios/", $name, ".toml"))),)+
        ];
    };
}

scenarios! {
    "core",
    "quick",
    "world-bank",
    "flags",
    "five-fetches",
    "generators",
    "complex-generators",
    "three-sleeps",
    "weather",
    "wiki-crawl",
    "cooking",
    "when-async-wins",
    "fan-out",
    "clients",
    "behaviour",
    "memory",
    "python",
    "languages",
    "languages-memory",
    "trial",
    "gate",
    "gate-trial",
    "verify",
}

/// The text of the scenario with this name.
pub(super) fn text(name: &str) -> Option<&'static str> {
    let named = SCENARIOS.iter().find(|(known, _)| *known == name);
    named.map(|(_, text)| *text)
}
