//! What pictures look like: sizes, fonts and colours. Sizes are in pixels of a picture 1000 wide.

use std::sync::OnceLock;

use plotters::style::{FontDesc, FontFamily, FontStyle, RGBAColor, RGBColor, ShapeStyle, register_font};

use super::glyphs::bundled_part;
use super::{PlotError, Theme};

/// Width of every picture.
pub(super) const WIDTH: f64 = 1000.0;
/// Left of the plots: tick labels and the axis label.
pub(super) const LEFT: f64 = 92.0;
/// Right of the plots: half of the last tick label.
pub(super) const RIGHT: f64 = 52.0;
/// Left of the header and the legend.
pub(super) const MARGIN: f64 = 24.0;

/// plotters draws on whole pixels; so many of them make one, or curves become staircases.
pub(super) const FINE: f64 = 4.0;

/// Verdana has nearly the same widths, should an SVG be shown where DejaVu is missing.
const FAMILY: &str = "DejaVu Sans, Verdana, sans-serif";
/// The family by which the bundled font calls itself.
pub(super) const FAMILY_IN_FILE: &str = "DejaVu Sans";
/// plotters divides sizes by this on their way into an SVG.
const PLOTTERS_FONT_SCALE: f64 = 1.24;

/// A size and weight of text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Font {
    size: f64,
    bold: bool,
}

/// Says what a picture shows.
pub(super) const TITLE: Font = Font { size: 23.0, bold: true };
/// The scenario's title.
pub(super) const SCENARIO: Font = Font { size: 18.0, bold: false };
/// What a panel shows.
pub(super) const PANEL: Font = Font { size: 17.0, bold: true };
/// Whose row it is.
pub(super) const ROW_TITLE: Font = Font { size: 16.0, bold: true };
/// A number that stands for something the legend names.
pub(super) const NUMBER: Font = Font { size: 15.0, bold: true };
/// Names that are many.
pub(super) const SMALL: Font = Font { size: 13.0, bold: false };
/// All other text.
pub(super) const PLAIN: Font = Font { size: 16.0, bold: false };

/// How a line is broken: dash and gap. Nothing is a solid line.
pub(super) type Dash = Option<(f64, f64)>;

/// Tells lines apart that have the same colour, or the same course: the lower shows through the upper.
pub(super) const DASHES: [Dash; 4] = [None, Some((8.0, 6.0)), Some((2.5, 4.5)), Some((18.0, 6.0))];
/// Of a line that marks something or accompanies another.
pub(super) const THIN_DASH: (f64, f64) = (6.0, 4.0);

/// Colours of a theme. Series use those of Okabe and Ito, which colour-blind readers tell apart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Palette {
    /// Behind everything.
    pub page: RGBColor,
    /// Titles and labels.
    pub ink: RGBColor,
    /// What comes second.
    pub faint: RGBColor,
    /// Grid lines.
    pub grid: RGBColor,
    /// A single series and its bands.
    pub main: RGBColor,
    /// Beside `main`.
    pub second: RGBColor,
    /// Several series.
    pub series: [RGBColor; 7],
    /// More of them, where seven are not enough.
    pub more: [RGBColor; 6],
    /// How much of the page an inner band covers.
    pub inner: f64,
    /// How much of the page an outer band covers.
    pub outer: f64,
}

const LIGHT: Palette = Palette {
    page: RGBColor(255, 255, 255),
    ink: RGBColor(24, 26, 30),
    faint: RGBColor(88, 94, 104),
    grid: RGBColor(222, 225, 230),
    main: RGBColor(0, 114, 178),
    second: RGBColor(213, 94, 0),
    // Yellow is too pale on white: grey stands in for it.
    series: [
        RGBColor(0, 114, 178),
        RGBColor(213, 94, 0),
        RGBColor(0, 158, 115),
        RGBColor(204, 121, 167),
        RGBColor(230, 159, 0),
        RGBColor(86, 180, 233),
        RGBColor(110, 110, 110),
    ],
    more: [
        RGBColor(60, 60, 64),
        RGBColor(150, 200, 225),
        RGBColor(190, 190, 190),
        RGBColor(106, 61, 154),
        RGBColor(245, 180, 170),
        RGBColor(140, 115, 90),
    ],
    inner: 0.32,
    outer: 0.15,
};

const DARK: Palette = Palette {
    page: RGBColor(20, 23, 28),
    ink: RGBColor(236, 238, 242),
    faint: RGBColor(166, 173, 184),
    grid: RGBColor(52, 58, 67),
    main: RGBColor(86, 180, 233),
    second: RGBColor(255, 146, 64),
    // Blue is too dark on black: yellow takes its place.
    series: [
        RGBColor(86, 180, 233),
        RGBColor(255, 146, 64),
        RGBColor(32, 190, 143),
        RGBColor(222, 146, 188),
        RGBColor(240, 228, 66),
        RGBColor(110, 140, 255),
        RGBColor(176, 176, 176),
    ],
    more: [
        RGBColor(236, 238, 242),
        RGBColor(40, 90, 120),
        RGBColor(105, 108, 114),
        RGBColor(138, 92, 190),
        RGBColor(245, 190, 180),
        RGBColor(150, 122, 95),
    ],
    inner: 0.42,
    outer: 0.2,
};

impl Palette {
    /// The colours of `theme`.
    pub(super) const fn of(theme: Theme) -> Self {
        match theme {
            Theme::Light => LIGHT,
            Theme::Dark => DARK,
        }
    }
}

/// A line `width` wide.
pub(super) fn stroke(color: RGBColor, width: f64) -> ShapeStyle {
    ShapeStyle { color: color.into(), filled: false, stroke_width: (width * FINE).round() as u32 }
}

/// An area that covers `alpha` of what is behind it.
pub(super) fn fill(color: RGBColor, alpha: f64) -> ShapeStyle {
    let RGBColor(r, g, b) = color;
    ShapeStyle { color: RGBAColor(r, g, b, alpha), filled: true, stroke_width: 0 }
}

/// The font as plotters wants it.
pub(super) fn plotters_font(font: Font) -> FontDesc<'static> {
    let style = if font.bold { FontStyle::Bold } else { FontStyle::Normal };
    FontDesc::new(FontFamily::Name(FAMILY), font.size * FINE * PLOTTERS_FONT_SCALE, style)
}

/// Makes the bundled font known to plotters, which has no other without the system's.
pub(super) fn load_fonts() -> Result<(), PlotError> {
    static LOADED: OnceLock<bool> = OnceLock::new();
    let load = || {
        let regular = register_font(FAMILY, FontStyle::Normal, dejavu::sans::regular());
        let bold = register_font(FAMILY, FontStyle::Bold, dejavu::sans::bold());
        regular.is_ok() && bold.is_ok()
    };
    if *LOADED.get_or_init(load) { Ok(()) } else { Err(PlotError::Font) }
}

/// How wide a line of text is, or a little more: plotters takes the font for a little larger.
pub(super) fn text_width(text: &str, font: Font) -> Result<f64, PlotError> {
    load_fonts()?;
    let (bundled, others) = bundled_part(text, font.bold);
    let (width, _) = plotters_font(font).box_size(&bundled).map_err(|_| PlotError::Font)?;
    Ok(f64::from(width) / FINE + others * font.size)
}
