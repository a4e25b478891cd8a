//! Blast radius: what one occurrence of each cause does to each journey of a population, as a matrix.

use super::canvas::{Anchor, Canvas, HEADER, paint};
use super::groups::{Page, paged};
use super::rows::{BEGIN, ROW, label, middle, rule};
use super::style::{MARGIN, PLAIN, Palette, ROW_TITLE, WIDTH, fill, stroke};
use super::text::{clean, fitted, shortened, wrapped};
use super::{Picture, PlotError, Theme};
use crate::study::{CauseHit, Summary};
use crate::units::{show_percent, show_short};

const TITLE: &str = "Blast radius: what does one occurrence do?";
/// Causes that are shown.
const MOST_CAUSES: usize = 20;
/// Journeys that one picture shows; the rest go on the next.
const MOST_COLUMNS: usize = 4;
/// Narrower columns have no room for what stands in them.
const WIDEST: f64 = 200.0;
/// Room for the names of columns, and for a second line of the longer one.
const NAMES: f64 = 62.0;
const SECOND_LINE: f64 = 18.0;
/// How much of a cell's page certainty covers.
const DARKEST: f64 = 0.55;

/// What the pictures show.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct View {
    /// Causes in order of what they cost, with the mean number of occurrences in a replication.
    pub(super) causes: Vec<(String, f64)>,
    /// Causes that are not shown.
    pub(super) others: usize,
    pub(super) columns: Vec<Column>,
}

/// A journey of a population.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Column {
    pub(super) names: [String; 2],
    /// By cause.
    pub(super) cells: Vec<Option<Cell>>,
}

/// What one occurrence does.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cell {
    /// Probability that it has a part in any downtime.
    pub(super) probability: f64,
    /// Its interval.
    pub(super) interval: (f64, f64),
    /// Mean user-minutes of downtime by its share.
    pub(super) user_minutes: f64,
}

/// The costliest causes over all journeys, and what each does to each journey that any of them hits.
pub(super) fn view(summary: &Summary) -> View {
    let mut costs: Vec<(&str, f64, u64)> = Vec::new();
    for hit in summary.journeys.iter().flat_map(|j| &j.hits) {
        let cost = hit.user_minutes_per_occurrence * hit.occurrences as f64;
        match costs.iter_mut().find(|(cause, ..)| *cause == hit.cause) {
            Some((_, sum, _)) => *sum += cost,
            None => costs.push((&hit.cause, cost, hit.occurrences)),
        }
    }
    costs.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    let others = costs.len().saturating_sub(MOST_CAUSES);
    costs.truncate(MOST_CAUSES);
    let per_replication = |occurrences: u64| occurrences as f64 / summary.replications.max(1) as f64;
    let cell = |hit: &CauseHit| Cell {
        probability: hit.hit_probability,
        interval: (hit.hit_interval.low, hit.hit_interval.high),
        user_minutes: hit.user_minutes_per_occurrence,
    };
    let hit = summary.journeys.iter().filter(|j| !j.hits.is_empty());
    let columns = hit.map(|j| Column {
        names: [j.journey.clone(), j.population.clone()],
        cells: costs.iter().map(|(c, ..)| j.hits.iter().find(|h| h.cause == *c).map(cell)).collect(),
    });
    View {
        columns: columns.collect(),
        causes: costs.iter().map(|(cause, _, n)| ((*cause).to_owned(), per_replication(*n))).collect(),
        others,
    }
}

/// The matrix; several if there are many journeys, none if no journey was down.
pub(super) fn draw(summary: &Summary, theme: Theme) -> Result<Vec<Picture>, PlotError> {
    let view = view(summary);
    paged(&view.columns, MOST_COLUMNS).iter().map(|page| picture(summary, &view, page, theme)).collect()
}

fn picture(
    summary: &Summary,
    view: &View,
    page: &Page<'_, Column>,
    theme: Theme,
) -> Result<Picture, PlotError> {
    let title = format!("{TITLE}{}", page.note());
    let column = ((WIDTH - MARGIN - BEGIN) / page.items.len() as f64).min(WIDEST);
    let heads =
        page.items.iter().map(|item| Head::new(item, column - 10.0)).collect::<Result<Vec<_>, _>>()?;
    let lines = heads.iter().map(|head| head.journey.len()).max().unwrap_or(1);
    let names = NAMES + SECOND_LINE * lines.saturating_sub(1) as f64;
    let top = HEADER + names;
    let bottom = top + ROW * view.causes.len() as f64;
    let drawn = paint(bottom + 62.0, theme, &title, |canvas| {
        canvas.header(&title, summary, "")?;
        for (index, (item, head)) in page.items.iter().zip(&heads).enumerate() {
            let left = BEGIN + column * index as f64;
            head.draw(canvas, (left + 0.5 * column, top - 20.0))?;
            for (row, cell) in item.cells.iter().enumerate() {
                let y = top + ROW * row as f64;
                draw_cell(canvas, cell.as_ref(), (left, y), column)?;
                let cause = view.causes.get(row).map_or("", |(cause, _)| cause);
                canvas.spot((left, y), (left + column, y + ROW), told(item, cause, cell.as_ref()));
            }
        }
        for (row, (cause, events)) in view.causes.iter().enumerate() {
            rule(canvas, top + ROW * row as f64)?;
            let (what, how) = cause.split_once(": ").unwrap_or((cause, ""));
            let times = format!("{} a replication", show_short(*events));
            let second = if how.is_empty() { times } else { format!("{times}, {how}") };
            label(canvas, middle(top, row), [what, &second])?;
        }
        rule(canvas, bottom)?;
        foot(canvas, view, summary.confidence, bottom)
    })?;
    Ok(drawn.named("blast-radius"))
}

/// A cell in words, with the probability as the results hold it.
fn told(column: &Column, cause: &str, cell: Option<&Cell>) -> String {
    let [journey, population] = &column.names;
    let Some(cell) = cell else {
        return format!("{cause}: no part in any downtime of {journey}, {population}");
    };
    format!(
        "{cause}: an occurrence takes part in downtime of {journey}, {population} with probability {} and costs {} \
         user-minutes in the mean; exactly {}",
        with_ends(cell.probability, cell.interval),
        show_short(cell.user_minutes),
        cell.probability
    )
}

/// What stands above a column: the journey in one line or two, and the population.
struct Head {
    journey: Vec<String>,
    population: String,
}

impl Head {
    fn new(column: &Column, room: f64) -> Result<Self, PlotError> {
        let [journey, population] = &column.names;
        let lines = wrapped(&clean(journey), ROW_TITLE, room)?;
        let journey = match lines.as_slice() {
            [first, rest @ ..] if !rest.is_empty() => {
                vec![shortened(first, ROW_TITLE, room)?, shortened(&rest.join(" "), ROW_TITLE, room)?]
            }
            _ => vec![shortened(journey, ROW_TITLE, room)?],
        };
        Ok(Self { journey, population: shortened(population, PLAIN, room)? })
    }

    /// With its last line at `y`.
    fn draw(&self, canvas: &Canvas<'_>, (x, y): (f64, f64)) -> Result<(), PlotError> {
        let Palette { ink, faint, .. } = canvas.palette;
        for (above, line) in self.journey.iter().rev().enumerate() {
            let y = y - 22.0 - SECOND_LINE * above as f64;
            canvas.text(line, ROW_TITLE, ink, (x, y), Anchor::Middle)?;
        }
        canvas.text(&self.population, PLAIN, faint, (x, y), Anchor::Middle)
    }
}

fn draw_cell(
    canvas: &Canvas<'_>,
    cell: Option<&Cell>,
    (left, top): (f64, f64),
    width: f64,
) -> Result<(), PlotError> {
    let (x, y) = (left + 0.5 * width, top + 0.5 * ROW);
    let Palette { ink, faint, main, .. } = canvas.palette;
    let Some(cell) = cell else {
        return canvas.text("–", PLAIN, faint, (x, y), Anchor::Middle);
    };
    let shade = fill(main, 0.06 + (DARKEST - 0.06) * cell.probability.clamp(0.0, 1.0));
    canvas.rectangle((left + 2.0, top + 2.0), (left + width - 2.0, top + ROW - 2.0), shade)?;
    let probability = with_ends(cell.probability, cell.interval);
    canvas.text(&fitted(&probability, PLAIN, width)?, PLAIN, ink, (x, y - 10.0), Anchor::Middle)?;
    canvas.text(&show_short(cell.user_minutes), ROW_TITLE, ink, (x, y + 11.0), Anchor::Middle)
}

/// "14 % (13–15)".
fn with_ends(value: f64, (low, high): (f64, f64)) -> String {
    let bare = |v: f64| {
        let percent = 100.0 * v;
        let decimals = usize::from(percent < 9.95);
        format!("{percent:.decimals$}").trim_end_matches(".0").to_owned()
    };
    format!("{} % ({}–{})", bare(value), bare(low), bare(high))
}

/// What the numbers and the shades are.
fn foot(canvas: &Canvas<'_>, view: &View, confidence: f64, bottom: f64) -> Result<(), PlotError> {
    let Palette { ink, faint, main, .. } = canvas.palette;
    let confidence = show_percent(confidence);
    let words = format!(
        "above: probability that an occurrence takes part in downtime ({confidence} interval); below: user-minutes"
    );
    canvas.text(&words, PLAIN, ink, (MARGIN, bottom + 20.0), Anchor::Right)?;
    let mut x = MARGIN;
    for (share, label) in [(0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %")] {
        let shade = fill(main, 0.06 + (DARKEST - 0.06) * share);
        canvas.rectangle((x, bottom + 36.0), (x + 30.0, bottom + 54.0), shade)?;
        canvas.frame((x, bottom + 36.0), (x + 30.0, bottom + 54.0), stroke(faint, 1.0))?;
        canvas.text(label, PLAIN, faint, (x + 37.0, bottom + 45.0), Anchor::Right)?;
        x += 100.0;
    }
    let more = match view.others {
        0 => "–: never seen".to_owned(),
        1 => "–: never seen; 1 lesser cause not shown".to_owned(),
        more => format!("–: never seen; {more} lesser causes not shown"),
    };
    canvas.text(&more, PLAIN, faint, (x + 10.0, bottom + 45.0), Anchor::Right)
}
