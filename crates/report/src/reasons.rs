//! The page of the reasons: `docs/reasons.md`, made of the catalogue.

use model::{REASONS, Rule};

use crate::formats::escape::markdown as escape;

/// The whole page.
pub fn reasons_document() -> String {
    let line = |rule: &Rule| {
        // The address has no letter that could end the link.
        let (id, when, source) = (rule.id, escape(rule.when), rule.source);
        format!("| `{id}` | {when}. | <{source}> |\n")
    };
    let lines: String = REASONS.iter().map(line).collect();
    format!(
        "# Reasons\n\n\
         <!-- Made of the catalogue: cargo run --bin makespan -- list reasons --markdown > docs/reasons.md -->\n\n\
         A report says why a row has a number that surprises. Each reason is a rule over what a strategy declares (`makespan list strategies --json`), \
         what a workload asks for, and what was measured: makespans, CPU time, threads, preemptions, latencies, and timers in the calibration. \
         `summary.json` has them as `reasons` of each cell: `id`, `text`, `detail` (the numbers of the row) and `source`.\n\n\
         A reason about time needs an interval: the lower end of the excess over the floor must matter, not its median. Below six samples there \
         is none. What follows from a declaration or a bound is said as it is. What only fits the numbers *may* be the reason. A row without a reason \
         has none that the catalogue knows.\n\n\
         | reason | holds when | read more |\n| --- | --- | --- |\n{lines}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_a_line_with_its_rule_and_its_source() {
        let page = reasons_document();
        for rule in REASONS {
            let begins = format!("| `{}` |", rule.id);
            let line = page.lines().find(|line| line.starts_with(&begins));
            let line = line.unwrap_or_else(|| panic!("no line for {}", rule.id));
            assert!(line.contains(&format!("<{}>", rule.source)), "{line}");
            // Three cells and nothing in them that makes a fourth.
            assert_eq!(line.matches(" |").count(), 3, "{line}");
        }
    }
}
