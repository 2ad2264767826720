//! What a terminal can show: its width and its colours.
//!
//! Texts are laid out with marks of no width, which become codes at the end, or nothing. So colours never move a column.

use anstyle::{AnsiColor, Style};

/// What a terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// How many characters a line has at most.
    pub columns: usize,
    /// Whether it shows colours.
    pub colours: bool,
}

/// What a part of a text is. A colour never says what the text does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shade {
    /// Better than what it is compared with.
    Good,
    /// Worse, or failed.
    Bad,
    /// Less important than what is around it.
    Quiet,
    /// A title.
    Strong,
    /// A bar.
    Bar,
}

/// Each shade with its mark, a character that is neither seen nor has a width. Texts from outside never hold one, because
/// [`escape`](super::escape) makes it visible.
const MARKS: [(Shade, char); 5] = [
    (Shade::Good, '\u{2061}'),
    (Shade::Bad, '\u{2062}'),
    (Shade::Quiet, '\u{2063}'),
    (Shade::Strong, '\u{2064}'),
    (Shade::Bar, '\u{2060}'),
];

/// Ends what a mark began.
const END: char = '\u{206f}';

fn style(shade: Shade) -> Style {
    let colour = |colour: AnsiColor| Style::new().fg_color(Some(colour.into()));
    match shade {
        Shade::Good => colour(AnsiColor::Green),
        Shade::Bad => colour(AnsiColor::Red).bold(),
        Shade::Quiet => Style::new().dimmed(),
        Shade::Strong => Style::new().bold(),
        Shade::Bar => colour(AnsiColor::Cyan),
    }
}

impl Screen {
    /// A terminal without colours, or a file.
    pub fn plain(columns: usize) -> Screen {
        Screen {
            columns,
            colours: false,
        }
    }

    /// The text with codes instead of marks, or without them.
    pub(crate) fn painted(self, text: &str) -> String {
        let mut painted = String::with_capacity(text.len());
        for character in text.chars() {
            let shade = MARKS.iter().find(|(_, mark)| *mark == character);
            match shade {
                Some((shade, _)) if self.colours => painted += &style(*shade).render().to_string(),
                None if character == END && self.colours => {
                    painted += &anstyle::Reset.render().to_string();
                }
                Some(_) => {}
                None if character == END => {}
                None => painted.push(character),
            }
        }
        painted
    }
}

/// The text as part of a line, in this shade. It has the same width.
pub(crate) fn shaded(text: &str, shade: Shade) -> String {
    let mark = MARKS.iter().find(|(own, _)| *own == shade);
    match mark {
        Some((_, mark)) if !text.is_empty() => format!("{mark}{text}{END}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;
    use crate::formats::escape::terminal;

    #[test]
    fn a_shade_has_no_width_and_cannot_come_from_outside() {
        for (shade, mark) in MARKS {
            let text = shaded("slower", shade);
            assert_eq!(text.width(), 6, "{shade:?}");
            assert_eq!(Screen::plain(80).painted(&text), "slower");
            let colours = Screen {
                columns: 80,
                colours: true,
            };
            let painted = colours.painted(&text);
            assert!(painted.starts_with("\u{1b}["), "{painted:?}");
            assert!(painted.ends_with("\u{1b}[0m"), "{painted:?}");
            assert!(terminal(&mark.to_string()).starts_with("\\u{"), "{shade:?}");
        }
        assert!(terminal(&END.to_string()).starts_with("\\u{"));
    }
}
