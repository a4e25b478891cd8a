//! A sheet to draw on, in pixels of a picture 1000 wide, with the header that all pictures share.

use std::cell::RefCell;

use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{Circle, DashedPathElement, PathElement, Polygon, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontTransform, RGBColor, ShapeStyle, TextStyle};

use super::style::{self, Dash, FINE, Font, MARGIN, Palette, WIDTH};
use super::text::{clean, fitted};
use super::{Picture, PlotError, Spot, Theme};
use crate::study::Summary;
use crate::units::show_count;

/// Where the header ends.
pub(super) const HEADER: f64 = 112.0;

/// Where text stands relative to its point.
#[derive(Debug, Clone, Copy)]
pub(super) enum Anchor {
    /// Right of it, its middle level with it.
    Right,
    /// Left of it, its middle level with it.
    Left,
    /// Around it.
    Middle,
    /// Around it, reading upward.
    Upward,
}

/// A sheet to draw on.
pub(super) struct Canvas<'a> {
    pub(super) root: DrawingArea<SVGBackend<'a>, Shift>,
    pub(super) palette: Palette,
    /// How wide it is.
    pub(super) width: f64,
    spots: RefCell<Vec<Spot>>,
}

/// What was drawn on a sheet.
#[derive(Debug)]
pub(super) struct Drawn {
    /// An SVG document.
    pub(super) svg: String,
    title: String,
    spots: Vec<Spot>,
}

impl Drawn {
    /// As a picture that is kept under `name`.
    pub(super) fn named(self, name: impl Into<String>) -> Picture {
        Picture { name: name.into(), title: self.title, svg: self.svg, spots: self.spots }
    }
}

/// An SVG document of what `draw` puts on a sheet `height` high; `label` is what it is called for those who
/// do not see it.
pub(super) fn paint(
    height: f64,
    theme: Theme,
    label: &str,
    draw: impl FnOnce(&Canvas<'_>) -> Result<(), PlotError>,
) -> Result<Drawn, PlotError> {
    paint_sized((WIDTH, height), theme, label, draw)
}

/// As [`paint`], on a sheet of a size of its own.
pub(super) fn paint_sized(
    (width, height): (f64, f64),
    theme: Theme,
    label: &str,
    draw: impl FnOnce(&Canvas<'_>) -> Result<(), PlotError>,
) -> Result<Drawn, PlotError> {
    style::load_fonts()?;
    let size = (pixels(width) as u32, pixels(height) as u32);
    let mut svg = String::new();
    let spots = {
        let root = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        let canvas = Canvas { root, palette: Palette::of(theme), width, spots: RefCell::default() };
        // Not `fill`, which leaves the last pixels of each row and column out.
        canvas.rectangle((0.0, 0.0), (width, height), style::fill(canvas.palette.page, 1.0))?;
        draw(&canvas)?;
        canvas.root.present()?;
        canvas.spots.take()
    };
    Ok(Drawn { svg: with_size(&svg, size, (width, height), label), title: label.to_owned(), spots })
}

/// Shows the fine pixels that plotters drew on at their real size.
fn with_size(svg: &str, drawn: (u32, u32), (width, height): (f64, f64), label: &str) -> String {
    let from = format!("width=\"{}\" height=\"{}\"", drawn.0, drawn.1);
    let label = escaped(label);
    let to = format!("role=\"img\" aria-label=\"{label}\" width=\"{width}\" height=\"{height}\"");
    svg.replacen(&from, &to, 1)
}

/// `text` as it stands in an SVG document.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Fine pixels of a length on the sheet.
pub(super) fn pixels(length: f64) -> i32 {
    (length * FINE).round() as i32
}

fn point((x, y): (f64, f64)) -> (i32, i32) {
    (pixels(x), pixels(y))
}

impl Canvas<'_> {
    /// Remembers what is shown between two corners, for those who ask for it there.
    pub(super) fn spot(&self, from: (f64, f64), to: (f64, f64), text: impl Into<String>) {
        let (left, right) = (from.0.min(to.0), from.0.max(to.0));
        let (top, bottom) = (from.1.min(to.1), from.1.max(to.1));
        let text = clean(&text.into());
        self.spots.borrow_mut().push(Spot { left, top, width: right - left, height: bottom - top, text });
    }

    /// A line of text, as it is: the caller has cleaned and fitted it.
    pub(super) fn text(
        &self,
        text: &str,
        font: Font,
        color: RGBColor,
        at: (f64, f64),
        anchor: Anchor,
    ) -> Result<(), PlotError> {
        let horizontal = match anchor {
            Anchor::Right => HPos::Left,
            Anchor::Left => HPos::Right,
            Anchor::Middle | Anchor::Upward => HPos::Center,
        };
        let mut style =
            TextStyle::from(style::plotters_font(font)).color(&color).pos(Pos::new(horizontal, VPos::Center));
        if matches!(anchor, Anchor::Upward) {
            style = style.transform(FontTransform::Rotate270);
        }
        Ok(self.root.draw(&Text::new(text.to_owned(), point(at), style))?)
    }

    /// A solid line.
    pub(super) fn line(&self, ends: [(f64, f64); 2], style: ShapeStyle) -> Result<(), PlotError> {
        self.dashes(ends, style, None)
    }

    /// A line that is broken as `dash` says.
    pub(super) fn dashes(
        &self,
        ends: [(f64, f64); 2],
        style: ShapeStyle,
        dash: Dash,
    ) -> Result<(), PlotError> {
        let ends = ends.map(point);
        match dash {
            None => self.root.draw(&PathElement::new(ends, style))?,
            Some((dash, gap)) => {
                let (dash, gap) = (pixels(dash), pixels(gap));
                self.root.draw(&DashedPathElement::new(ends, dash, gap, style))?;
            }
        }
        Ok(())
    }

    /// A box.
    pub(super) fn rectangle(
        &self,
        from: (f64, f64),
        to: (f64, f64),
        style: ShapeStyle,
    ) -> Result<(), PlotError> {
        Ok(self.root.draw(&Rectangle::new([point(from), point(to)], style))?)
    }

    /// The edge of a box; `rectangle` draws it as thin as can be.
    pub(super) fn frame(&self, from: (f64, f64), to: (f64, f64), style: ShapeStyle) -> Result<(), PlotError> {
        self.path(&[from, (to.0, from.1), to, (from.0, to.1), from, (to.0, from.1)], style)
    }

    /// A filled outline.
    pub(super) fn polygon(&self, corners: &[(f64, f64)], style: ShapeStyle) -> Result<(), PlotError> {
        let corners: Vec<_> = corners.iter().copied().map(point).collect();
        Ok(self.root.draw(&Polygon::new(corners, style))?)
    }

    /// A line through several points.
    pub(super) fn path(&self, points: &[(f64, f64)], style: ShapeStyle) -> Result<(), PlotError> {
        let points: Vec<_> = points.iter().copied().map(point).collect();
        Ok(self.root.draw(&PathElement::new(points, style))?)
    }

    /// A line through several points that is broken as `dash` says.
    pub(super) fn dashed(
        &self,
        points: &[(f64, f64)],
        style: ShapeStyle,
        dash: Dash,
    ) -> Result<(), PlotError> {
        let Some((dash, gap)) = dash else { return self.path(points, style) };
        let points: Vec<_> = points.iter().copied().map(point).collect();
        Ok(self.root.draw(&DashedPathElement::new(points, pixels(dash), pixels(gap), style))?)
    }

    /// A disc, or a ring, around a point.
    pub(super) fn disc(&self, at: (f64, f64), radius: f64, style: ShapeStyle) -> Result<(), PlotError> {
        Ok(self.root.draw(&Circle::new(point(at), pixels(radius), style))?)
    }

    /// What the picture shows, of which scenario, and where the numbers come from.
    pub(super) fn header(&self, title: &str, summary: &Summary, note: &str) -> Result<(), PlotError> {
        let replications = match summary.replications {
            1 => "1 replication".to_owned(),
            count => format!("{} replications", show_count(count)),
        };
        let source = format!("{replications}, seed {}{note}", summary.seed);
        self.heading([title, &summary.title, &source])
    }

    /// Three lines: what the picture shows, of which scenario, and where the numbers come from.
    pub(super) fn heading(&self, [title, scenario, source]: [&str; 3]) -> Result<(), PlotError> {
        let room = self.width - 2.0 * MARGIN;
        let Palette { ink, faint, .. } = self.palette;
        for (text, font, color, y) in [
            (title, style::TITLE, ink, 32.0),
            (scenario, style::SCENARIO, ink, 63.0),
            (source, style::PLAIN, faint, 89.0),
        ] {
            self.text(&fitted(text, font, room)?, font, color, (MARGIN, y), Anchor::Right)?;
        }
        Ok(())
    }
}
