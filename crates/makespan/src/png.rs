//! Pictures as PNG, for places that show no SVG. It is behind a feature: reading fonts and drawing take many packages.

#[cfg(feature = "png")]
use std::path::{Path, PathBuf};

use anyhow::Result;

/// How to get a makespan that can draw them.
#[cfg(not(feature = "png"))]
const BUILD: &str = "cargo build --release --bin makespan --features png";

/// Pixels for each unit of length: sharp on screens of high density.
#[cfg(feature = "png")]
const SCALE: f32 = 2.0;

/// Families that are as wide as the pictures expect, the best first.
#[cfg(feature = "png")]
const FAMILIES: [&str; 6] = [
    "Helvetica",
    "Arial",
    "Liberation Sans",
    "Arimo",
    "DejaVu Sans",
    "Noto Sans",
];

/// Draws pictures with the fonts of the system.
#[cfg(feature = "png")]
pub(crate) struct Painter(resvg::usvg::Options<'static>);

/// There is none in this build.
#[cfg(not(feature = "png"))]
pub(crate) enum Painter {}

#[cfg(not(feature = "png"))]
impl Painter {
    /// Nothing can be drawn.
    ///
    /// # Errors
    ///
    /// Always. The error names the command that builds what is needed.
    pub(crate) fn ready() -> Result<Painter> {
        anyhow::bail!("this build cannot write PNG: `{BUILD}` makes one that can")
    }

    /// Never called.
    pub(crate) fn save(
        &self,
        _: &std::path::Path,
        _: &[report::Plot],
    ) -> Result<Vec<std::path::PathBuf>> {
        match *self {}
    }
}

#[cfg(feature = "png")]
impl Painter {
    /// Reads the fonts of the system.
    ///
    /// # Errors
    ///
    /// If there is no font.
    pub(crate) fn ready() -> Result<Painter> {
        let mut fonts = resvg::usvg::fontdb::Database::new();
        fonts.load_system_fonts();
        Painter::with(fonts)
    }

    /// The same with these fonts.
    fn with(mut fonts: resvg::usvg::fontdb::Database) -> Result<Painter> {
        let has = |family: &str| {
            let mut families = fonts.faces().flat_map(|face| &face.families);
            families.any(|(name, _)| name == family)
        };
        let any = fonts.faces().find(|face| !face.monospaced);
        let any = any.or_else(|| fonts.faces().next());
        let any = any.and_then(|face| face.families.first());
        let any = any.map(|(name, _)| name.clone());
        let family = FAMILIES.iter().find(|it| has(it));
        let family = family.map(|it| (*it).to_owned()).or(any);
        let family = family.ok_or_else(|| {
            anyhow::anyhow!(
                "there is no font on this machine, and a picture without words says nothing: install one, such as the package \
                 fonts-liberation or fonts-dejavu-core"
            )
        })?;
        fonts.set_sans_serif_family(&family);
        // What asks for a family that is not there gets this one.
        fonts.set_serif_family(&family);
        Ok(Painter(resvg::usvg::Options {
            fontdb: std::sync::Arc::new(fonts),
            font_family: family,
            ..resvg::usvg::Options::default()
        }))
    }

    /// Writes each picture into the folder `plots` of a run. Returns the names of the files.
    ///
    /// # Errors
    ///
    /// If a file cannot be written.
    pub(crate) fn save(&self, run: &Path, plots: &[report::Plot]) -> Result<Vec<PathBuf>> {
        let save = |plot: &report::Plot| {
            let path = run.join("plots").join(format!("{}.png", plot.name));
            harness::store::write(&path, self.draw(plot)?)?;
            Ok(path)
        };
        plots.iter().map(save).collect()
    }

    /// One picture in light colours, twice as large.
    fn draw(&self, plot: &report::Plot) -> Result<Vec<u8>> {
        use anyhow::Context;
        use resvg::tiny_skia::{Pixmap, Transform};
        let draw = || {
            let tree = resvg::usvg::Tree::from_str(&plot.plain(), &self.0)?;
            let size = tree.size();
            let pixels = |length: f32| (length * SCALE).ceil() as u32;
            let mut pixmap = Pixmap::new(pixels(size.width()), pixels(size.height()))
                .context("it is too large")?;
            let twice = Transform::from_scale(SCALE, SCALE);
            resvg::render(&tree, twice, &mut pixmap.as_mut());
            Ok::<_, anyhow::Error>(pixmap.encode_png()?)
        };
        draw().with_context(|| format!("cannot draw {}", plot.name))
    }
}

#[cfg(all(test, feature = "png"))]
mod tests {
    use super::*;
    use resvg::tiny_skia::{Pixmap, PremultipliedColorU8};

    /// The card of the committed run: its pixels, and how many of them are of each kind.
    #[test]
    fn a_picture_has_its_size_and_is_not_blank() {
        let run = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../results/gallery/core");
        let recorded = harness::journal::read(&run).unwrap();
        let plots = report::plots(&model::Summary::new(&recorded), &recorded);
        let cards: Vec<report::Plot> = plots.into_iter().filter(|it| it.name == "card").collect();
        let folder = tempfile::tempdir().unwrap();
        let files = Painter::ready()
            .unwrap()
            .save(folder.path(), &cards)
            .unwrap();
        assert_eq!(files, [folder.path().join("plots/card.png")]);
        let drawn = Pixmap::decode_png(&std::fs::read(&files[0]).unwrap()).unwrap();
        assert_eq!((drawn.width(), drawn.height()), (2400, 1260));
        let is = |(red, green, blue): (u8, u8, u8)| {
            let same = |pixel: &&PremultipliedColorU8| {
                (pixel.red(), pixel.green(), pixel.blue()) == (red, green, blue)
            };
            drawn.pixels().iter().filter(same).count()
        };
        // The ground, bars and the floor have their colours, and there are words.
        assert!(is((0xff, 0xff, 0xff)) > 1_000_000);
        assert!(is((0xb9, 0xd3, 0xe8)) > 10_000);
        assert!(is((0xb3, 0x54, 0x1e)) > 100);
        assert!(is((0x1b, 0x1f, 0x24)) > 5_000);
    }

    #[test]
    fn a_machine_without_fonts_is_told_so() {
        let none = resvg::usvg::fontdb::Database::new();
        let error = Painter::with(none).err().unwrap().to_string();
        assert!(
            error.starts_with("there is no font on this machine"),
            "{error}"
        );
    }
}
