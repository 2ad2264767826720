//! Puts generated text into a document that people write.

use anyhow::{Context, Result, bail, ensure};

/// What can stand between two marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spliced {
    /// Tables.
    Table,
    /// Pictures.
    Picture,
    /// Answers in words.
    Answer,
}

impl Spliced {
    const ALL: [Spliced; 3] = [Spliced::Table, Spliced::Picture, Spliced::Answer];

    /// Its word in a mark.
    const fn word(self) -> &'static str {
        match self {
            Spliced::Table => "table",
            Spliced::Picture => "picture",
            Spliced::Answer => "answer",
        }
    }

    fn close(self) -> String {
        format!("<!-- /makespan:{} -->", self.word())
    }

    /// The name in an opening mark of this kind; empty where there is none.
    fn name(self, mark: &str) -> Option<&str> {
        let inside = mark.strip_prefix("<!-- makespan:")?;
        let inside = inside.strip_prefix(self.word())?.strip_suffix("-->")?;
        inside.starts_with(' ').then(|| inside.trim())
    }
}

/// Replaces what stands between each `<!-- makespan:table NAME -->` and the next `<!-- /makespan:table -->`, which stay, with what
/// `fill` makes of the name; none is `<!-- makespan:table -->`. The same for `picture` and `answer`.
///
/// Marks are lines of their own, outside of fenced code.
///
/// # Errors
///
/// If there is no mark, one stands twice, one is not closed or closes nothing, or `fill` knows no such name. Lines are named.
pub fn splice(
    document: &str,
    fill: impl Fn(Spliced, Option<&str>) -> Result<String>,
) -> Result<String> {
    let mut spliced = String::with_capacity(document.len());
    let mut seen: Vec<(&str, usize)> = Vec::new();
    let mut open: Option<(Spliced, &str, usize)> = None;
    let mut fenced = false;
    for (number, line) in document.split_inclusive('\n').enumerate() {
        let (number, mark) = (number + 1, line.trim());
        // Between two marks everything is replaced, whatever it is.
        fenced ^= open.is_none() && (mark.starts_with("```") || mark.starts_with("~~~"));
        let named = |kind: Spliced| Some((kind, kind.name(mark)?));
        let opens = Spliced::ALL.into_iter().find_map(named).filter(|_| !fenced);
        let closes = Spliced::ALL.into_iter().find(|kind| mark == kind.close());
        match (opens, open) {
            (Some(_), Some((kind, other, at))) => bail!(
                "line {at}: `{other}` is not closed before line {number}; `{}` closes it",
                kind.close()
            ),
            (Some((kind, name)), None) => {
                if let Some((_, first)) = seen.iter().find(|(other, _)| *other == mark) {
                    bail!("line {number}: `{mark}` stands in line {first} already");
                }
                let name = Some(name).filter(|name| !name.is_empty());
                let text = fill(kind, name).with_context(|| format!("line {number}: `{mark}`"))?;
                spliced += line;
                spliced += &format!("\n{}\n\n", text.trim());
                seen.push((mark, number));
                open = Some((kind, mark, number));
            }
            (None, Some((kind, _, _))) if closes == Some(kind) && !fenced => {
                spliced += line;
                open = None;
            }
            (None, Some(_)) => {}
            (None, None) => match closes.filter(|_| !fenced) {
                Some(kind) => bail!("line {number}: `{}` closes nothing", kind.close()),
                None => spliced += line,
            },
        }
    }
    if let Some((kind, mark, at)) = open {
        bail!(
            "line {at}: `{mark}` is not closed; `{}` closes it",
            kind.close()
        );
    }
    ensure!(
        !seen.is_empty(),
        "it has no line `<!-- makespan:table -->` or `<!-- makespan:table NAME -->`; `picture` and `answer` are allowed in place of `table`"
    );
    Ok(spliced)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(kind: Spliced, name: Option<&str>) -> Result<String> {
        match (kind, name) {
            (Spliced::Table, None) => Ok("all\n".to_owned()),
            (_, Some("none")) => bail!("no workload is called `none`"),
            (Spliced::Table, Some(name)) => Ok(format!("of {name}")),
            (kind, name) => Ok(format!("{} of {name:?}", kind.word())),
        }
    }

    #[test]
    fn each_kind_has_marks_of_its_own() {
        let before = "<!-- makespan:picture get -->\n<!-- /makespan:table -->\n<!-- /makespan:picture -->\n\
                      <!-- makespan:answer -->\n<!-- /makespan:answer -->\n";
        let after = splice(before, fill).unwrap();
        assert!(after.contains("\npicture of Some(\"get\")\n"), "{after}");
        assert!(after.contains("\nanswer of None\n"), "{after}");
        assert!(!after.contains("/makespan:table"), "{after}");
    }

    fn error(document: &str) -> String {
        format!("{:#}", splice(document, fill).unwrap_err())
    }

    #[test]
    fn only_what_is_between_the_marks_is_replaced_and_again() {
        let before = "# A\n<!-- makespan:table -->\nold\n<!-- /makespan:table -->\n# B\n";
        let after = splice(before, fill).unwrap();
        let expected = "# A\n<!-- makespan:table -->\n\nall\n\n<!-- /makespan:table -->\n# B\n";
        assert_eq!(after, expected);
        assert_eq!(splice(&after, fill).unwrap(), after);
    }

    #[test]
    fn several_tables_are_chosen_by_name() {
        let close = "<!-- /makespan:table -->";
        let text = format!(
            "<!-- makespan:table get -->\n{close}\n```\n<!-- makespan:table none -->\n```\n<!-- makespan:table sleep -->\n```\n{close}\n<!-- makespan:table -->\n{close}"
        );
        let text = splice(&text, fill).unwrap();
        let expected = format!(
            "<!-- makespan:table get -->\n\nof get\n\n{close}\n```\n<!-- makespan:table none -->\n```\n<!-- makespan:table sleep -->\n\nof sleep\n\n{close}\n<!-- makespan:table -->\n\nall\n\n{close}"
        );
        assert_eq!(text, expected);
    }

    #[test]
    fn marks_that_cannot_be_filled_are_errors_with_their_lines() {
        let (get, close) = ("<!-- makespan:table get -->", "<!-- /makespan:table -->");
        let unknown = error(&format!("a\n<!-- makespan:table none -->\n{close}\n"));
        assert_eq!(
            unknown,
            "line 2: `<!-- makespan:table none -->`: no workload is called `none`"
        );
        let twice = error(&format!("{get}\n{close}\n\n{get}\n{close}\n"));
        assert_eq!(twice, format!("line 4: `{get}` stands in line 1 already"));
        let unclosed = error(&format!("a\n\n{get}\nb\n"));
        assert_eq!(
            unclosed,
            format!("line 3: `{get}` is not closed; `{close}` closes it")
        );
        let nested = error(&format!("{get}\n<!-- makespan:table -->\n{close}\n"));
        assert!(
            nested.starts_with(&format!("line 1: `{get}` is not closed before line 2")),
            "{nested}"
        );
        assert_eq!(
            error(&format!("a\n{close}\n")),
            format!("line 2: `{close}` closes nothing")
        );
        assert!(
            error("a `<!-- makespan:table -->` b")
                .contains("it has no line `<!-- makespan:table -->`")
        );
        assert!(error("<!-- makespan:tables -->\n").contains("it has no line"));
    }
}
