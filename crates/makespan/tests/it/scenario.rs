//! Scenario files for tests. What they do not say is as in `core`.

/// The head of a file: so many rounds in one launch, by these strategies. The first is reference and anchor.
pub(crate) fn head(rounds: u32, strategies: &[&str]) -> String {
    let first = strategies[0];
    format!(
        "name = \"mine\"\nseed = 1\nconcurrency = 4\nlaunches = 1\nrounds = {rounds}\nlong_rounds = {rounds}\n\
         calibration = false\nreference = \"{first}\"\nanchor = \"{first}\"\nstrategies = {strategies:?}\n"
    )
}

/// A workload with these lines of sizes.
pub(crate) fn workload(name: &str, sizes: &str) -> String {
    format!("[[workload]]\nname = \"{name}\"\n{sizes}\n")
}

/// A file of one program, called `mine`, beside a row that is built in.
pub(crate) fn with_program(command: &[&str]) -> String {
    let program = format!(
        "\n[[program]]\nname = \"mine\"\ncommand = {command:?}\nclient = \"none\"\nworkloads = [\"get\"]\n\
         install = \"install it\"\n\n"
    );
    let get = workload("get", "tasks = 4\nlatency = \"1ms\"");
    head(1, &["sequential", "mine"]) + &program + &get
}
