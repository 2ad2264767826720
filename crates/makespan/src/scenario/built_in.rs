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
    "sleeping-tasks",
    "million-tasks",
    "waking-threads",
    "python-downloads",
    "brigade",
    "trial",
    "gate",
    "gate-trial",
    "verify",
}

/// Scenarios that check makespan itself, or are too short to answer anything.
const CHECKS: [&str; 5] = ["quick", "trial", "gate", "gate-trial", "verify"];

/// Tutorials whose few units make a timeline that tells something.
const DRAWN: [&str; 5] = [
    "three-sleeps",
    "five-fetches",
    "generators",
    "weather",
    "cooking",
];

/// Whether a gallery has timelines of the scenario with this name.
pub(crate) fn drawn(name: &str) -> bool {
    DRAWN.contains(&name)
}

/// The scenarios that answer a question.
pub(crate) fn answering() -> impl Iterator<Item = &'static str> {
    let names = SCENARIOS.iter().map(|(name, _)| *name);
    names.filter(|name| !CHECKS.contains(name))
}

/// What the scenario with this name is for: the first comment of its file.
pub(crate) fn about(name: &str) -> Option<String> {
    let comment = text(name)?
        .lines()
        .map_while(|line| line.strip_prefix("# "));
    Some(comment.collect::<Vec<_>>().join(" "))
}

/// The text of the scenario with this name.
pub(super) fn text(name: &str) -> Option<&'static str> {
    let named = SCENARIOS.iter().find(|(known, _)| *known == name);
    named.map(|(_, text)| *text)
}
