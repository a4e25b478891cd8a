//! Choke points as a tornado: what each would save if nothing ailed it, and what one more failure of it would cost.

use super::canvas::{Anchor, Canvas, HEADER, paint};
use super::legend::{Legend, Mark};
use super::rows::{BEGIN, MOST_ROWS, ROW, SCALE, Scale, label, middle, rule};
use super::signed_ticks::{AxisUnit, signed};
use super::style::{MARGIN, PLAIN, Palette, WIDTH, fill, stroke};
use super::{Picture, PlotError, Theme};
use crate::study::{ChokePoint, RankUnit, Ranking, Replayed, SubjectKind};
use crate::units::{show_count, show_percent, show_short, show_span};

const TITLE: &str = "Where are the choke points?";
/// Room for what is printed right of the bars.
const VALUES: f64 = 210.0;
const BAR: f64 = 14.0;
/// Room for a note under the axis.
const NOTE: f64 = 26.0;

/// Choke points as they are drawn, those that move the figure most first.
#[derive(Debug, Clone, PartialEq)]
pub struct Tornado {
    title: String,
    source: String,
    figure: String,
    unit: RankUnit,
    outage: String,
    rows: Vec<Row>,
    /// Replayed ones that are not shown.
    more: usize,
}

#[derive(Debug, Clone, PartialEq)]
struct Row {
    name: String,
    kind: &'static str,
    /// If nothing ailed it; `None`: nothing can.
    perfect: Option<Bar>,
    /// If it failed once more; `None` for crews.
    once_more: Option<Bar>,
}

/// A difference from the system as it is.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Bar {
    mean: f64,
    /// `None` where few replications differ.
    interval: Option<(f64, f64)>,
}

impl Tornado {
    /// The picture of a ranking.
    #[must_use]
    pub fn of(ranking: &Ranking) -> Self {
        let mut rows: Vec<Row> = ranking.subjects.iter().filter(|point| point.replayed).map(row).collect();
        let reach = |row: &Row| {
            [row.perfect, row.once_more].into_iter().flatten().map(|bar| bar.mean.abs()).fold(0.0, f64::max)
        };
        rows.sort_by(|a, b| reach(b).total_cmp(&reach(a)));
        let more = rows.len().saturating_sub(MOST_ROWS);
        rows.truncate(MOST_ROWS);
        let count = show_count(ranking.replications);
        let confidence = show_percent(ranking.confidence);
        Self {
            title: ranking.title.clone(),
            source: format!("{count} replications each, seed {}; {confidence} intervals", ranking.seed),
            figure: ranking.figure.clone(),
            unit: ranking.unit,
            outage: show_span(ranking.outage_s * 1e6),
            rows,
            more,
        }
    }

    /// As SVG.
    ///
    /// # Errors
    /// [`PlotError`] if it cannot be drawn.
    pub fn svg(&self, theme: Theme) -> Result<String, PlotError> {
        Ok(self.picture(theme)?.svg)
    }

    /// As a picture, whose values can be pointed at.
    ///
    /// # Errors
    /// [`PlotError`] if it cannot be drawn.
    pub fn picture(&self, theme: Theme) -> Result<Picture, PlotError> {
        let palette = Palette::of(theme);
        let legend = Legend::new(vec![
            (Mark::Bar(fill(palette.main, 1.0), BAR), "if nothing ailed it".to_owned()),
            (
                Mark::Bar(fill(palette.second, 1.0), BAR),
                format!("if it were out for {} once more", self.outage),
            ),
            (Mark::Line(palette.ink, 1.5, None), "interval".to_owned()),
        ])?;
        let top = HEADER + legend.height + 8.0;
        let bottom = top + ROW * self.rows.len().max(1) as f64;
        let scale =
            Scale { place: (BEGIN, WIDTH - MARGIN - VALUES), range: self.range(), rows: (top, bottom) };
        let drawn = paint(bottom + SCALE + NOTE, theme, TITLE, |canvas| {
            canvas.heading([TITLE, &self.title, &self.source])?;
            legend.draw(canvas, HEADER)?;
            if self.rows.is_empty() {
                let at = (0.5 * WIDTH, middle(top, 0));
                return canvas.text("Nothing was replayed.", PLAIN, palette.ink, at, Anchor::Middle);
            }
            let ticks = signed(scale.range, scale.place.1 - scale.place.0, self.axis())?;
            scale.draw(canvas, &ticks, &format!("change of {}{}", self.figure, self.unit_name()))?;
            for (place, row) in self.rows.iter().enumerate() {
                rule(canvas, top + ROW * place as f64)?;
                self.draw_row(canvas, &scale, row, middle(top, place))?;
            }
            rule(canvas, bottom)?;
            let zero = scale.at(0.0);
            canvas.line([(zero, top), (zero, bottom)], stroke(palette.ink, 1.5))?;
            let note = self.note();
            canvas.text(&note, PLAIN, palette.faint, (MARGIN, bottom + SCALE + 8.0), Anchor::Right)
        })?;
        Ok(drawn.named("tornado"))
    }

    const fn axis(&self) -> AxisUnit {
        match self.unit {
            RankUnit::Seconds => AxisUnit::Seconds,
            RankUnit::Probability => AxisUnit::Shares,
            RankUnit::UserMinutes | RankUnit::Requests => AxisUnit::Counts,
        }
    }

    const fn unit_name(&self) -> &'static str {
        match self.unit {
            RankUnit::Seconds => " per replication",
            RankUnit::Probability => " (probability of any downtime)",
            RankUnit::UserMinutes => " (user-minutes per replication)",
            RankUnit::Requests => " (requests per replication)",
        }
    }

    /// From the least to the most, with 0 and a little room.
    fn range(&self) -> (f64, f64) {
        let bars = self.rows.iter().flat_map(|row| [row.perfect, row.once_more]).flatten();
        let (mut low, mut high) = (0.0_f64, 0.0_f64);
        for bar in bars {
            let (from, to) = bar.interval.unwrap_or((bar.mean, bar.mean));
            (low, high) = (low.min(from).min(bar.mean), high.max(to).max(bar.mean));
        }
        let room = 0.03 * (high - low);
        if room > 0.0 { (low - room, high + room) } else { (-1.0, 1.0) }
    }

    fn draw_row(&self, canvas: &Canvas<'_>, scale: &Scale, row: &Row, y: f64) -> Result<(), PlotError> {
        let Palette { main, second, ink, faint, .. } = canvas.palette;
        label(canvas, y, [&row.name, row.kind])?;
        let at = WIDTH - MARGIN - VALUES + 18.0;
        let halves = [
            (row.perfect, "if nothing ailed it", main, y - 10.0),
            (row.once_more, "if it failed once more", second, y + 10.0),
        ];
        for (bar, what, color, y) in halves {
            let Some(Bar { mean, interval }) = bar else { continue };
            canvas.spot((MARGIN, y - 10.0), (WIDTH - MARGIN, y + 10.0), self.told(row, what, mean));
            let (from, to) = (scale.at(mean.min(0.0)), scale.at(mean.max(0.0)));
            canvas.rectangle((from, y - 0.5 * BAR), (to, y + 0.5 * BAR), fill(color, 1.0))?;
            if let Some((low, high)) = interval {
                let (low, high) = (scale.at(low), scale.at(high));
                canvas.line([(low, y), (high, y)], stroke(ink, 1.5))?;
                for end in [low, high] {
                    canvas.line([(end, y - 4.0), (end, y + 4.0)], stroke(ink, 1.5))?;
                }
            }
        }
        let perfect = row.perfect.map_or("cannot fail".to_owned(), |bar| self.value(bar));
        canvas.text(
            &perfect,
            PLAIN,
            if row.perfect.is_some() { ink } else { faint },
            (at, y - 10.0),
            Anchor::Right,
        )?;
        let once_more = row.once_more.map_or(String::new(), |bar| self.value(bar));
        canvas.text(&once_more, PLAIN, ink, (at, y + 10.0), Anchor::Right)
    }

    /// A bar in words, with its value as the results hold it.
    fn told(&self, row: &Row, what: &str, mean: f64) -> String {
        let value = self.value(Bar { mean, interval: Some((mean, mean)) });
        format!("{}: {} {value} {what}; exactly {mean}{}", row.name, self.figure, self.unit_of_values())
    }

    const fn unit_of_values(&self) -> &'static str {
        match self.unit {
            RankUnit::Seconds => " s",
            RankUnit::Probability => "",
            RankUnit::UserMinutes => " user-minutes",
            RankUnit::Requests => " requests",
        }
    }

    fn value(&self, bar: Bar) -> String {
        let sign = match bar.mean {
            mean if mean > 0.0 => "+",
            mean if mean < 0.0 => "-",
            _ => "",
        };
        let size = bar.mean.abs();
        let shown = match self.unit {
            RankUnit::Seconds => show_span(size * 1e6),
            RankUnit::Probability => show_percent(size),
            RankUnit::UserMinutes | RankUnit::Requests => show_short(size),
        };
        let few = if bar.interval.is_none() && size > 0.0 { ", few events" } else { "" };
        format!("{sign}{shown}{few}")
    }

    fn note(&self) -> String {
        let mut notes = Vec::new();
        if self.rows.iter().any(|row| row.kind == "hazard") {
            notes.push("hazards with times of their own: if they surely happened".to_owned());
        }
        if self.more > 0 {
            notes.push(format!("not shown: {} that move it less", show_count(self.more as u64)));
        }
        notes.join("; ")
    }
}

fn row(point: &ChokePoint) -> Row {
    let bar = |replayed: &Option<Replayed>| {
        replayed.as_ref().map(|replayed| Bar {
            mean: replayed.difference.mean,
            // What is always the same needs no events.
            interval: match replayed.difference.interval {
                _ if replayed.constant => Some((replayed.difference.mean, replayed.difference.mean)),
                interval => interval.map(|i| (i.low, i.high)),
            },
        })
    };
    Row {
        name: point.name.clone(),
        kind: match point.kind {
            SubjectKind::Component => "component",
            SubjectKind::Cable => "cable",
            SubjectKind::Hazard => "hazard",
            SubjectKind::Surge => "surge",
            SubjectKind::Crew => "crew, if there were always another",
        },
        perfect: bar(&point.if_perfect),
        once_more: bar(&point.if_once_more),
    }
}
