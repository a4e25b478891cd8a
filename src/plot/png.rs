//! The same picture as PNG: drawn from the SVG with the bundled font, and with fonts of this machine only where that lacks a
//! character.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{FontResolver, ImageHrefResolver, Options, Tree};

use super::PlotError;
use super::fallback::{self, Furnished};
use super::style::FAMILY_IN_FILE;

/// More pixels than this take more memory than a picture is worth.
const MOST_PIXELS: u64 = 200_000_000;

/// A PNG file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Png {
    /// What the file holds. As long as the bundled font has every character, it is the same on every machine.
    pub bytes: Vec<u8>,
    /// Characters that neither the bundled font nor any of this machine has: boxes stand in their place.
    pub missing: BTreeSet<char>,
}

/// An SVG document as PNG, `scale` times its size.
///
/// # Errors
/// [`PlotError::Svg`] if `svg` is not an SVG document, [`PlotError::Size`] if the PNG would be empty or huge.
pub fn png(svg: &str, scale: f32) -> Result<Png, PlotError> {
    let Furnished { svg: changed, families, missing } = fallback::furnished(svg);
    let svg = changed.as_deref().unwrap_or(svg);
    let options = options(&families);
    let tree = Tree::from_str(svg, &options).map_err(|error| PlotError::Svg(error.to_string()))?;
    let scaled = |length: f32| (length * scale).round() as u32;
    let (width, height) = (scaled(tree.size().width()), scaled(tree.size().height()));
    let too_large = u64::from(width) * u64::from(height) > MOST_PIXELS;
    let pixmap = if too_large { None } else { Pixmap::new(width, height) };
    let mut pixmap = pixmap.ok_or(PlotError::Size { width, height })?;
    // Stretched to whole pixels, or the page would end inside the last row.
    let stretch = |pixels: u32, length: f32| pixels as f32 / length;
    let (x, y) = (stretch(width, tree.size().width()), stretch(height, tree.size().height()));
    resvg::render(&tree, Transform::from_scale(x, y), &mut pixmap.as_mut());
    let bytes = pixmap.encode_png().map_err(|error| PlotError::Png(error.to_string()))?;
    Ok(Png { bytes, missing })
}

/// Nothing from outside but `families` of the machine's fonts: no images from files.
pub(super) fn options(families: &BTreeSet<String>) -> Options<'static> {
    let mut fontdb = bundled();
    if !families.is_empty() {
        fallback::add(families, Arc::make_mut(&mut fontdb));
    }
    Options {
        // Fonts are chosen for whole words before; what is left over would be mixed letter by letter.
        font_resolver: FontResolver { select_fallback: Box::new(|_, _, _| None), ..FontResolver::default() },
        font_family: FAMILY_IN_FILE.to_owned(),
        fontdb,
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    }
}

fn bundled() -> Arc<Database> {
    static FONTS: OnceLock<Arc<Database>> = OnceLock::new();
    let load = || {
        let mut fonts = Database::new();
        for bytes in [dejavu::sans::regular(), dejavu::sans::bold()] {
            fonts.load_font_source(Source::Binary(Arc::new(bytes)));
        }
        fonts.set_sans_serif_family(FAMILY_IN_FILE);
        Arc::new(fonts)
    };
    Arc::clone(FONTS.get_or_init(load))
}
