//! How wide a text is in Helvetica or Arial, which the pictures ask for, so that texts can be placed without a browser.

use crate::formats::escape::terminal;

/// Widths of the printable ASCII characters in thousandths of the size, from the space on (Adobe's metrics of Helvetica).
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// Any other character is taken to be as wide as the widest letter: rather too wide than too narrow.
const OTHER: u16 = 1000;

/// Other fonts are a little wider.
const ROOM: f64 = 1.08;

/// How much wider bold text can be than that: the narrowest letters are a quarter wider than they are otherwise.
const BOLD: f64 = 1.25 / ROOM;

/// How wide a text is at a size, with what hides or steers made visible, as a picture shows it.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    let of = |character: char| {
        let index = (character as usize).checked_sub(' ' as usize);
        let width = index.and_then(|index| WIDTHS.get(index)).copied();
        f64::from(width.unwrap_or(OTHER))
    };
    terminal(text).chars().map(of).sum::<f64>() * size * ROOM / 1000.0
}

/// The same of bold text.
pub(crate) fn width_bold(text: &str, size: f64) -> f64 {
    width(text, size) * BOLD
}

/// The text, or as much of it as fits, with an ellipsis.
pub(crate) fn shortened(text: &str, size: f64, most: f64) -> String {
    if width(text, size) <= most {
        return text.to_owned();
    }
    let mut short = String::new();
    for character in text.chars() {
        let mut longer = short.clone();
        longer.push(character);
        if width(&format!("{longer}..."), size) > most {
            break;
        }
        short = longer;
    }
    short + "..."
}

/// The text in lines that fit. A word that is wider than a line is shortened.
pub(crate) fn wrapped(text: &str, size: f64, most: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let word = shortened(word, size, most);
        match lines.last_mut() {
            Some(line) if width(&format!("{line} {word}"), size) <= most => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

/// The same for bold text.
pub(crate) fn wrapped_bold(text: &str, size: f64, most: f64) -> Vec<String> {
    wrapped(text, size, most / BOLD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_fit_where_they_should() {
        assert!(width("iii", 10.0) < width("mmm", 10.0));
        assert_eq!(width("", 10.0), 0.0);
        assert_eq!(width("\u{200f}", 10.0), width("\\u{200f}", 10.0));
        let long = "tokio-current-thread-with-a-long-name ".repeat(5);
        for most in [60.0, 200.0, 1000.0] {
            assert!(width(&shortened(&long, 12.0, most), 12.0) <= most);
            let lines = wrapped(&long, 12.0, most);
            assert!(
                lines.iter().all(|line| width(line, 12.0) <= most),
                "{lines:?}"
            );
        }
        assert_eq!(shortened("short", 12.0, 500.0), "short");
        assert_eq!(wrapped("a b c", 12.0, 500.0), ["a b c"]);
    }
}
