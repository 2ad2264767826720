//! A picture as SVG that is good alone: it asks for nothing, and it is readable in light and in dark.

use std::fmt::Write;

use crate::formats::escape::terminal;
use crate::scene::mark::{Anchor, Ink, Mark, Scene};

/// Colours by what they mean: in light, then in dark. All of them differ for people who see no red or no green (Okabe and Ito 2008), and
/// no meaning is in a colour alone.
const STYLE: &str = "\
.m{--t:#1b1f24;--q:#57606a;--g:#d8dee4;--b:#fff;--s:#0072b2;--e:#003f6b;--f:#b3541e;--n:#e8edf2;--fa:#00724e;--sl:#b3541e;--ho:#e69f00;--ba:#b9d3e8;\
--c0:#0072b2;--c1:#6a3fb5;--c2:#00724e;--c3:#b0437d;--c4:#946a00;--c5:#2b6f9c;--c6:#5c4a1f;--c7:#6e6e6e}\
@media screen and (prefers-color-scheme:dark){.m{--t:#e6edf3;--q:#9aa4ae;--g:#30363d;--b:#0d1117;--s:#56b4e9;--e:#bfe3ff;--f:#f0a05a;--n:#1f2730;\
--fa:#4cc79a;--sl:#f0a05a;--ho:#b8860b;--ba:#284b66;--c0:#56b4e9;--c1:#b79cf5;--c2:#4cc79a;--c3:#f29bc0;--c4:#e9c46a;--c5:#8ecbf0;--c6:#d8c08a;--c7:#b0b0b0}}\
.m text{font-family:Helvetica,Arial,sans-serif}";

/// The whole file.
pub(crate) fn svg(scene: &Scene) -> String {
    let (width, height) = (scene.width.ceil(), scene.height.ceil());
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"m\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\">\n\
         <title>{}</title>\n<desc>{}</desc>\n<style>{STYLE}</style>\n<rect width=\"{width}\" height=\"{height}\" fill=\"var(--b)\"/>\n",
        escape(&scene.title),
        escape(&scene.description)
    );
    for mark in &scene.marks {
        push(&mut text, mark);
    }
    text + "</svg>\n"
}

/// A picture of [`svg`] with its light colours in their places, and without a style.
pub(crate) fn plain(svg: &str) -> String {
    let style = format!("<style>{STYLE}</style>\n");
    let mut text = svg.replacen(&style, "", 1).replacen(
        "class=\"m\"",
        "font-family=\"Helvetica,Arial,sans-serif\"",
        1,
    );
    let light = STYLE.split(['{', '}']).nth(1).unwrap_or_default();
    for (name, colour) in light.split(';').filter_map(|it| it.split_once(':')) {
        text = text.replace(&format!("\"var({name})\""), &format!("\"{colour}\""));
    }
    text
}

fn push(text: &mut String, mark: &Mark) {
    let _ = match mark {
        Mark::Line {
            from,
            to,
            ink,
            width,
        } => writeln!(
            text,
            "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"{}\" stroke-width=\"{}\"{}/>",
            short(from.0),
            short(from.1),
            short(to.0),
            short(to.1),
            colour(*ink),
            short(*width),
            dashes(*ink)
        ),
        Mark::Area { at, size, ink } => writeln!(
            text,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"/>",
            short(at.0),
            short(at.1),
            short(size.0.max(0.0)),
            short(size.1.max(0.0)),
            colour(*ink)
        ),
        Mark::Dot {
            at,
            radius,
            ink,
            hint,
        } => {
            let (x, y, radius, colour) = (short(at.0), short(at.1), short(*radius), colour(*ink));
            let dot = format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{colour}\"");
            match hint {
                Some(hint) => writeln!(text, "{dot}><title>{}</title></circle>", escape(hint)),
                None => writeln!(text, "{dot}/>"),
            }
        }
        // A line of no length with round ends is a dot, and it takes few bytes.
        Mark::Dots {
            places,
            radius,
            ink,
        } => {
            let places: Vec<String> = places
                .iter()
                .map(|(x, y)| format!("M{} {}h0", short(*x), short(*y)))
                .collect();
            writeln!(
                text,
                "<path d=\"{}\" stroke=\"{}\" stroke-opacity=\"0.45\" stroke-width=\"{}\" stroke-linecap=\"round\"/>",
                places.concat(),
                colour(*ink),
                short(2.0 * radius)
            )
        }
        Mark::Path { places, ink, width } => {
            let places: Vec<String> = places
                .iter()
                .map(|(x, y)| format!("{},{}", short(*x), short(*y)))
                .collect();
            writeln!(
                text,
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" stroke-linejoin=\"round\"{}/>",
                places.join(" "),
                colour(*ink),
                short(*width),
                dashes(*ink)
            )
        }
        Mark::Text {
            at,
            text: words,
            size,
            anchor,
            ink,
            bold,
        } => writeln!(
            text,
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{}\"{}{}>{}</text>",
            short(at.0),
            short(at.1),
            short(*size),
            colour(*ink),
            match anchor {
                Anchor::Start => "",
                Anchor::Middle => " text-anchor=\"middle\"",
                Anchor::End => " text-anchor=\"end\"",
            },
            if *bold { " font-weight=\"bold\"" } else { "" },
            escape(words)
        ),
    };
}

fn colour(ink: Ink) -> String {
    let name = match ink {
        Ink::Text => "t",
        Ink::Quiet => "q",
        Ink::Grid => "g",
        Ink::Sample => "s",
        Ink::Estimate => "e",
        Ink::Floor => "f",
        Ink::Bar => "ba",
        Ink::Band => "n",
        Ink::Faster => "fa",
        Ink::Slower => "sl",
        Ink::Waiting => "s",
        Ink::Holding => "ho",
        Ink::Working => "e",
        Ink::Series(number) => return format!("var(--c{})", number % 8),
    };
    format!("var(--{name})")
}

fn dashes(ink: Ink) -> &'static str {
    match ink {
        Ink::Floor => " stroke-dasharray=\"5 3\"",
        // Curves differ in their dashes, not in their colours alone.
        Ink::Series(number) => match number % 8 {
            0 => "",
            1 => " stroke-dasharray=\"9 3\"",
            2 => " stroke-dasharray=\"2 2\"",
            3 => " stroke-dasharray=\"9 3 2 3\"",
            4 => " stroke-dasharray=\"4 4\"",
            5 => " stroke-dasharray=\"14 4\"",
            6 => " stroke-dasharray=\"8 2 2 2 2 2\"",
            _ => " stroke-dasharray=\"1.5 3\"",
        },
        _ => "",
    }
}

/// A length with one digit behind the point, which no eye can tell from more.
fn short(value: f64) -> String {
    let text = format!("{value:.1}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    match text {
        "-0" | "" => "0".to_owned(),
        text => text.to_owned(),
    }
}

/// For text in XML, on one line.
pub(crate) fn escape(text: &str) -> String {
    terminal(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
