//! Causes of downtime: for each journey of a population one bar by what initiated it, one by what shared in it.

use super::canvas::{Anchor, Canvas, HEADER, paint};
use super::groups::{Page, paged};
use super::legend::{Legend, Mark};
use super::rows::{BEGIN, MOST_ROWS, SCALE, Scale, label, rule};
use super::stages::part;
use super::style::{MARGIN, PLAIN, Palette, WIDTH, fill, stroke};
use super::ticks::Tick;
use super::{Picture, PlotError, Theme};
use crate::study::{CauseShare, Summary};
use crate::units::show_percent;

const TITLE: &str = "What causes the downtime?";
/// Causes that get a colour of their own.
const MOST_CAUSES: usize = 6;
/// Smaller parts get no whisker: several would lie on each other.
const WHISKER_FROM: f64 = 0.05;
/// Two bars a row.
const ROW: f64 = 76.0;
const BAR: f64 = 24.0;
/// Room for the names of the bars, right of them.
const NAMES: f64 = 90.0;

/// One row of two bars.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) names: [String; 2],
    pub(super) initiated: Vec<Part>,
    pub(super) shared: Vec<Part>,
}

/// A part of a bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Part {
    /// Which of the named causes; `None`: all others.
    pub(super) cause: Option<usize>,
    /// Its share of downtime.
    pub(super) share: f64,
    /// Half the interval of the share.
    pub(super) half: Option<f64>,
}

/// What the pictures show.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct View {
    /// Causes with a colour of their own, the largest share of all downtime first.
    pub(super) causes: Vec<String>,
    pub(super) rows: Vec<Row>,
}

/// All journeys first, then each that was down at all.
pub(super) fn view(summary: &Summary) -> View {
    let mut ranked: Vec<&CauseShare> = summary.causes.iter().collect();
    ranked.sort_by(|a, b| b.initiated.max(b.shared).total_cmp(&a.initiated.max(a.shared)));
    let causes: Vec<String> = ranked.iter().take(MOST_CAUSES).map(|c| c.cause.clone()).collect();
    let mut rows = Vec::new();
    let down = || summary.journeys.iter().filter(|j| !j.causes.is_empty());
    if down().count() > 1 {
        rows.push(row(["all journeys", "weighted by users"], &summary.causes, &causes));
    }
    rows.extend(down().map(|j| row([&j.journey, &j.population], &j.causes, &causes)));
    View { causes, rows }
}

fn row(names: [&str; 2], shares: &[CauseShare], causes: &[String]) -> Row {
    let parts = |value: fn(&CauseShare) -> (f64, Option<crate::stats::Interval>)| {
        let mut parts: Vec<Part> = Vec::new();
        for (index, cause) in causes.iter().enumerate() {
            let Some(share) = shares.iter().find(|s| s.cause == *cause) else { continue };
            let (share, interval) = value(share);
            let half = interval.map(|i| 0.5 * (i.high - i.low));
            parts.push(Part { cause: Some(index), share, half });
        }
        let others: f64 = shares.iter().filter(|s| !causes.contains(&s.cause)).map(|s| value(s).0).sum();
        parts.push(Part { cause: None, share: others, half: None });
        parts.retain(|part| part.share > 0.0);
        parts
    };
    Row {
        names: names.map(str::to_owned),
        initiated: parts(|s| (s.initiated, s.initiated_interval)),
        shared: parts(|s| (s.shared, s.shared_interval)),
    }
}

/// Causes of downtime, of all journeys that were down at all.
pub(super) fn draw(summary: &Summary, theme: Theme) -> Result<Vec<Picture>, PlotError> {
    let view = view(summary);
    paged(&view.rows, MOST_ROWS / 2).iter().map(|page| picture(summary, &view, page, theme)).collect()
}

fn picture(summary: &Summary, view: &View, page: &Page<'_, Row>, theme: Theme) -> Result<Picture, PlotError> {
    let palette = Palette::of(theme);
    let has_others =
        page.items.iter().flat_map(|r| r.initiated.iter().chain(&r.shared)).any(|p| p.cause.is_none());
    let mut marks: Vec<(Mark, String)> = view
        .causes
        .iter()
        .enumerate()
        .map(|(index, name)| (Mark::Numbered(palette.series[index], index + 1), name.clone()))
        .collect();
    if has_others {
        marks.push((Mark::Band(fill(palette.more[2], 1.0)), "all others".to_owned()));
    }
    let legend = Legend::new(marks)?;
    let top = HEADER + legend.height + 10.0;
    let bottom = top + ROW * page.items.len() as f64;
    let title = format!("{TITLE}{}", page.note());
    let scale = Scale { place: (BEGIN, WIDTH - MARGIN - NAMES), range: (0.0, 100.0), rows: (top, bottom) };
    let drawn = paint(bottom + SCALE, theme, &title, |canvas| {
        let confidence = show_percent(summary.confidence);
        canvas.header(&title, summary, &format!("; whiskers: {confidence} interval of each share"))?;
        legend.draw(canvas, HEADER)?;
        let ticks = [0.0, 25.0, 50.0, 75.0, 100.0].map(|p| Tick::new(p, p.to_string()));
        scale.draw(canvas, &ticks, "share of downtime (%)")?;
        for (index, row) in page.items.iter().enumerate() {
            let y = top + ROW * (index as f64 + 0.5);
            rule(canvas, top + ROW * index as f64)?;
            label(canvas, y, [&row.names[0], &row.names[1]])?;
            for (parts, name, y) in
                [(&row.initiated, "initiated", y - 0.56 * BAR), (&row.shared, "shared", y + 0.56 * BAR)]
            {
                draw_bar(canvas, &scale, parts, y)?;
                spots(canvas, &scale, (view, &row.names, name), parts, y);
                let at = (scale.place.1 + 10.0, y);
                canvas.text(name, PLAIN, canvas.palette.faint, at, Anchor::Right)?;
            }
        }
        rule(canvas, bottom)
    })?;
    Ok(drawn.named("causes"))
}

/// What each part of a bar stands for.
fn spots(
    canvas: &Canvas<'_>,
    scale: &Scale,
    (view, names, how): (&View, &[String; 2], &str),
    parts: &[Part],
    y: f64,
) {
    let mut from = 0.0;
    for Part { cause, share, half } in parts {
        let (left, right) = (scale.at(from), scale.at(from + 100.0 * share));
        from += 100.0 * share;
        let name = cause.and_then(|index| view.causes.get(index)).map_or("all others", String::as_str);
        let sure = half.map_or(String::new(), |half| format!(" ±{}", show_percent(half)));
        let text = format!(
            "{} {}: {} of downtime {how} by {name}{sure}; exactly {share}",
            names[0],
            names[1],
            show_percent(*share)
        );
        canvas.spot((left, y - 0.5 * BAR), (right, y + 0.5 * BAR), text);
    }
}

/// What a part says, the longest first: the number of its cause, which tells causes apart without colour, and its share.
fn labels(cause: Option<usize>, share: f64) -> Vec<String> {
    let percent = show_percent((share * 1000.0).round() / 1000.0);
    match cause.map(|index| index + 1) {
        Some(number) => vec![format!("{number}: {percent}"), number.to_string()],
        None => vec![percent],
    }
}

fn draw_bar(canvas: &Canvas<'_>, scale: &Scale, parts: &[Part], y: f64) -> Result<(), PlotError> {
    let palette = canvas.palette;
    let mut from = 0.0;
    let mut whiskers = Vec::new();
    for Part { cause, share, half } in parts {
        let color = cause.map_or(palette.more[2], |index| palette.series[index]);
        let to = from + 100.0 * share;
        part(canvas, (scale.at(from), scale.at(to)), y, BAR, color, &labels(*cause, *share))?;
        if let Some(half) = half.filter(|half| *half > 0.0 && *share >= WHISKER_FROM) {
            whiskers.push((scale.at(to - 100.0 * half), scale.at(to + 100.0 * half)));
        }
        from = to;
    }
    // Where the last part ends there is nothing to be unsure of.
    for (left, right) in
        whiskers.into_iter().filter(|(left, right)| right - left > 2.0 && *right < scale.place.1)
    {
        let edge = y + 0.5 * BAR - 3.0;
        canvas.line([(left, edge), (right, edge)], stroke(palette.ink, 1.5))?;
        for end in [left, right] {
            canvas.line([(end, edge - 3.0), (end, edge + 3.0)], stroke(palette.ink, 1.5))?;
        }
    }
    Ok(())
}
