//! One function per format that takes the power from text which comes from outside: names, reasons, clients, hosts, errors.
//!
//! Everything that a format writes passes its function, so no table has to remember which of its texts came from where.

use std::borrow::Cow;

/// For a terminal, on one line: characters that steer a terminal or hide text become visible, such as `\u{1b}`.
pub fn terminal(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => escaped.push(' '),
            _ => push(&mut escaped, character),
        }
    }
    escaped
}

/// For GitHub's Markdown, on one line: the same, and nothing is read as more than text: no HTML, link, table, code or heading.
pub fn markdown(text: &str) -> String {
    let text = terminal(text);
    let mut escaped = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        let (before, after) = (&text[..at], &text[at + character.len_utf8()..]);
        let special = match character {
            '|' | '*' | '_' | '<' | '>' | '`' | '[' | ']' | '\\' | '&' | '~' | '$' => true,
            // A heading, or what closes one.
            '#' => before.is_empty() || before.ends_with([' ', '#']),
            // The beginning of a list or of a rule.
            '-' | '+' | '=' => before.is_empty() && !after.is_empty(),
            '.' | ')' if !before.is_empty() && before.chars().all(|it| it.is_ascii_digit()) => {
                after.starts_with(' ')
            }
            // Addresses become links without any mark around them.
            ':' => after.starts_with("//"),
            '.' => before.to_ascii_lowercase().ends_with("www"),
            _ => false,
        };
        if special {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// For a field of a CSV file: the same as for a terminal, but a line break is visible too, and no spreadsheet takes it for a formula.
///
/// Only for texts: numbers are this program's own, and may begin with a sign.
pub(crate) fn csv(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        escaped.push('\'');
    }
    for character in text.chars() {
        push(&mut escaped, character);
    }
    escaped
}

/// For an error message of several lines, on a terminal.
pub fn lines(text: &str) -> Cow<'_, str> {
    match text.chars().any(|it| it != '\n' && is_hidden(it)) {
        false => Cow::Borrowed(text),
        true => Cow::Owned(
            text.split('\n')
                .map(terminal)
                .collect::<Vec<_>>()
                .join("\n"),
        ),
    }
}

fn push(escaped: &mut String, character: char) {
    match is_hidden(character) {
        true => escaped.extend(character.escape_unicode()),
        false => escaped.push(character),
    }
}

/// Whether a character steers a terminal, reorders or hides text. Joiners, which some scripts need, do neither.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{061c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ESC, BEL, NUL, DEL, a C1 control, and characters that reverse or hide text.
    const HIDDEN: &str =
        "a\u{1b}[31mb\u{7}c\u{0}d\u{7f}e\u{9b}f\u{202e}g\u{2066}h\u{200f}i\u{feff}j";
    const VISIBLE: &str =
        r"a\u{1b}[31mb\u{7}c\u{0}d\u{7f}e\u{9b}f\u{202e}g\u{2066}h\u{200f}i\u{feff}j";

    #[test]
    fn what_steers_or_hides_becomes_visible_in_every_format() {
        assert_eq!(terminal(HIDDEN), VISIBLE);
        assert_eq!(csv(HIDDEN), VISIBLE);
        assert_eq!(lines(HIDDEN), VISIBLE);
        let text = markdown(HIDDEN);
        assert!(!text.chars().any(is_hidden), "{text}");
        assert!(text.starts_with(r"a\\u{1b}\[31mb\\u{7}c"), "{text}");
    }

    #[test]
    fn ordinary_text_stays_as_it_is() {
        for text in ["tokio#2", "41.2 ms", "-", "größer 東京", "x < y"] {
            assert_eq!(terminal(text), text);
            assert_eq!(lines(text), text);
        }
        for text in ["tokio#2", "41.2 ms", "-", "größer 東京", "0.5: a"] {
            assert_eq!(markdown(text), text);
        }
        assert_eq!(terminal("a\nb\tc\r"), r"a b c\u{d}");
        assert_eq!(lines("a\nb\r"), "a\nb\\u{d}");
        assert_eq!(csv("a\nb"), r"a\u{a}b");
    }

    #[test]
    fn markdown_is_only_text() {
        for (text, inert) in [
            (
                "<img src=x onerror=alert(1)>",
                r"\<img src=x onerror=alert(1)\>",
            ),
            ("![a](http://b)", r"!\[a\](http\://b)"),
            ("see https://b.example", r"see https\://b.example"),
            ("www.b.example", r"www\.b.example"),
            ("a|b `c` &lt;", r"a\|b \`c\` \&lt;"),
            ("# a", r"\# a"),
            ("## a", r"\#\# a"),
            ("- a", r"\- a"),
            ("1. a", r"1\. a"),
            ("---", r"\---"),
            ("~~a~~ $b$", r"\~\~a\~\~ \$b\$"),
            ("<!-- /makespan:table -->", r"\<!-- /makespan:table --\>"),
        ] {
            assert_eq!(markdown(text), inert);
        }
    }

    #[test]
    fn no_text_is_a_formula() {
        for (text, inert) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", r"'\u{9}=1"),
            ("\r=1", r"'\u{d}=1"),
            ("a=1", "a=1"),
        ] {
            assert_eq!(csv(text), inert);
        }
    }
}
