//! A sweep for the terminal, for a document and for spreadsheets.

use csv::Writer;

use super::csv::harmless;
use super::gate::exact_percent;
use super::grid::{Column, Grid};
use super::page::Page;
use super::sheet::{Section, Sheet};
use super::skewed::skew_note;
use super::table::{precise_seconds, seconds, with_interval};
use super::text::partial;
use crate::stats::MeanEstimate;
use crate::study::{Course, CourseOf, Decision, Least, PointFigure, Sweep, SweepParameter, SweepPoint};
use crate::units::{show_counted, show_percent, show_short};

/// Values that a sentence names.
const NAMED: usize = 5;

/// The sweep for a terminal.
#[must_use]
pub fn sweep_text(sweep: &Sweep, page: Page) -> String {
    sheet(sweep).text(page)
}

/// The sweep as Markdown.
#[must_use]
pub fn sweep_markdown(sweep: &Sweep) -> String {
    sheet(sweep).markdown()
}

/// A line for each point, journey and population. Times in seconds.
///
/// # Errors
/// What the CSV writer reports; in memory it does not happen.
pub fn sweep_csv(sweep: &Sweep) -> Result<Vec<u8>, csv::Error> {
    const FIGURES: [&str; 13] = [
        "journey",
        "population",
        "replications",
        "down_mean_s",
        "down_low_s",
        "down_high_s",
        "replications_down",
        "step_mean_s",
        "step_low_s",
        "step_high_s",
        "lost_requests_mean",
        "user_minutes_lost_mean",
        "meets",
    ];
    let mut writer = Writer::from_writer(Vec::new());
    let names = sweep.parameters.iter().map(|parameter| harmless(&parameter.name));
    writer.write_record(names.chain(FIGURES.map(str::to_owned)))?;
    for point in &sweep.points {
        for figure in &point.figures {
            let values = point.values.iter().map(|value| harmless(value));
            writer.write_record(values.chain(record(point, figure)))?;
        }
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn record(point: &SweepPoint, figure: &PointFigure) -> [String; 13] {
    let ends = |estimate: Option<&MeanEstimate>| {
        let interval = estimate.and_then(|estimate| estimate.interval);
        interval.map_or([String::new(), String::new()], |i| [i.low.to_string(), i.high.to_string()])
    };
    let ([low, high], step) = (ends(Some(&figure.down_s)), figure.step_s.as_ref());
    let [step_low, step_high] = ends(step);
    [
        harmless(&figure.journey),
        harmless(&figure.population),
        figure.down_s.replications.to_string(),
        figure.down_s.mean.to_string(),
        low,
        high,
        figure.down_s.non_zero.to_string(),
        step.map_or_else(String::new, |step| step.mean.to_string()),
        step_low,
        step_high,
        figure.lost_requests.mean.to_string(),
        figure.user_minutes_lost.mean.to_string(),
        point.meets.map_or("", word).to_owned(),
    ]
}

fn sheet(sweep: &Sweep) -> Sheet {
    let points = show_counted(sweep.points.len() as u64, "point");
    let head = format!(
        "{}, {points} of {} each on common random numbers, seed {}, {}, stopped by: {}{}",
        sweep.title,
        show_counted(sweep.replications, "replication"),
        sweep.seed,
        seconds(sweep.horizon_s),
        sweep.stopped_by,
        partial(sweep.stopped_by)
    );
    let parameters = sweep.parameters.iter().map(|p| format!("varied: {}", p.name));
    let head = std::iter::once(head).chain(parameters).collect();
    Sheet { sentences: sentences(sweep), head, sections: sections(sweep) }
}

/// What the sweep says first: the least value that will do, then the course of downtime.
fn sentences(sweep: &Sweep) -> Vec<String> {
    let least = sweep.least.iter().map(|least| least_sentence(sweep, least));
    // Of two parameters the tables show more at a glance.
    let told = if sweep.parameters.len() == 1 { sweep.courses.as_slice() } else { &[] };
    let courses = told.iter().filter_map(|course| course_sentence(sweep, course));
    least.chain(courses).collect()
}

fn least_sentence(sweep: &Sweep, least: &Least) -> String {
    let Some(parameter) = sweep.parameters.first() else { return String::new() };
    let wishes: Vec<String> = sweep
        .wishes
        .iter()
        .map(|wish| format!("{} {} {}", wish.journey, wish.population, exact_percent(wish.availability)))
        .collect();
    let (wishes, at) = (wishes.join(" and "), second(sweep, least.second));
    let count = parameter.values.len();
    let confidence = show_percent(sweep.meets_confidence);
    let mut text = match least.value {
        Some(place) => {
            let rank = if parameter.grows { "smallest" } else { "first" };
            format!(
                "{} = {} is the {rank} of {} that meets {wishes} in every month{at} ({confidence} confidence for all values together).",
                parameter.name,
                value(parameter, place),
                show_counted(count as u64, "value"),
            )
        }
        None if least.decision == Decision::Failed => {
            format!(
                "No value of {} meets {wishes} in every month{at}: all of them surely miss it.",
                parameter.name
            )
        }
        None => format!(
            "No value of {} surely meets {wishes} in every month{at} with {confidence} confidence.",
            parameter.name
        ),
    };
    if let (Some(from), Some(to)) = (least.value, least.until.filter(|until| Some(*until) != least.value)) {
        text += &format!(" All from {} to {} do.", value(parameter, from), value(parameter, to));
    }
    for (places, what) in [
        (&least.undecided, "not certain: more replications would tell"),
        (&least.missed_beyond, "surely missed, although a value before meets it"),
        (&least.undecided_beyond, "not certain"),
    ] {
        if !places.is_empty() {
            text += &format!(" {}: {what}.", named(parameter, places));
        }
    }
    text
}

fn course_sentence(sweep: &Sweep, of: &CourseOf) -> Option<String> {
    let parameter = sweep.parameters.first()?;
    let is_of = |point: &&SweepPoint| point.places.get(1).copied() == of.second;
    let mean = |point: &SweepPoint| {
        let same = |f: &&PointFigure| f.journey == of.journey && f.population == of.population;
        Some((
            value(parameter, *point.places.first()?).to_owned(),
            point.figures.iter().find(same)?.down_s.mean,
        ))
    };
    let points: Vec<(String, f64)> = sweep.points.iter().filter(is_of).filter_map(mean).collect();
    let (first, last) = (points.first()?, points.last()?);
    if points.len() < 2 {
        return None;
    }
    let subject = format!("downtime of {} {}{}", of.journey, of.population, second(sweep, of.second));
    let ends =
        format!("{} at {} to {} at {}", precise_seconds(first.1), first.0, precise_seconds(last.1), last.0);
    Some(match of.course {
        Course::Same => format!("{subject} is the same at all values: {}", precise_seconds(first.1)),
        Course::Falls => format!("{subject} falls from {ends}"),
        Course::Rises => format!("{subject} rises from {ends}"),
        Course::Both => {
            let least = points.iter().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or(first);
            let most = points.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or(first);
            format!(
                "{subject} goes up and down: least at {} ({}), most at {} ({})",
                least.0,
                precise_seconds(least.1),
                most.0,
                precise_seconds(most.1)
            )
        }
        Course::Uncertain => format!("{subject} changes by no more than chance: from {ends}"),
    })
}

/// " with users.x.count = 10", where there is a second parameter.
fn second(sweep: &Sweep, place: Option<usize>) -> String {
    match (sweep.parameters.get(1), place) {
        (Some(parameter), Some(place)) => {
            format!(" with {} = {}", parameter.short_name(), value(parameter, place))
        }
        _ => String::new(),
    }
}

fn value(parameter: &SweepParameter, place: usize) -> &str {
    parameter.values.get(place).map_or("", String::as_str)
}

fn named(parameter: &SweepParameter, places: &[usize]) -> String {
    let names: Vec<&str> = places.iter().take(NAMED).map(|place| value(parameter, *place)).collect();
    let more = match places.len().checked_sub(NAMED) {
        Some(more @ 1..) => format!(" and {more} more"),
        _ => String::new(),
    };
    names.join(", ") + &more
}

/// Journeys in the order in which points first have them.
fn subjects(sweep: &Sweep) -> Vec<(&str, &str)> {
    let mut all: Vec<(&str, &str)> = Vec::new();
    for figure in sweep.points.iter().flat_map(|point| &point.figures) {
        let name = (figure.journey.as_str(), figure.population.as_str());
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

fn sections(sweep: &Sweep) -> Vec<Section> {
    let one = |(journey, population): (&str, &str)| {
        let of = |point: &'_ SweepPoint| -> Option<PointFigure> {
            point.figures.iter().find(|f| f.journey == journey && f.population == population).cloned()
        };
        let grid = match sweep.parameters.as_slice() {
            [first, second] => matrix(sweep, (first, second), of),
            _ => list(sweep, of),
        };
        let title = match sweep.parameters.len() {
            2 => format!("{journey} {population}: downtime"),
            _ => format!("{journey} {population}"),
        };
        let skewed = skewed(sweep, journey, population);
        Section { notes: skewed.into_iter().collect(), ..Section::titled(&title, grid) }
    };
    // What is the same everywhere has been said.
    let is_same = |(journey, population): &(&str, &str)| {
        let same = |c: &&CourseOf| c.journey == *journey && c.population == *population;
        sweep.parameters.len() == 1
            && sweep.courses.iter().filter(same).all(|c| c.course == Course::Same)
            && sweep.points.len() > 1
    };
    let shown = subjects(sweep).into_iter().filter(|subject| !is_same(subject));
    let mut sections: Vec<Section> = shown.map(one).collect();
    sections.extend(meets_grid(sweep));
    sections
}

/// One line on the values at which the interval of downtime may be too narrow.
fn skewed(sweep: &Sweep, journey: &str, population: &str) -> Option<String> {
    let all = sweep.points.iter().flat_map(|point| point.figures.iter().map(move |figure| (point, figure)));
    let of = all.filter(|(_, figure)| figure.journey == journey && figure.population == population);
    skew_note(of.map(|(point, figure)| (format!("down at {}", point.values.join(", ")), &figure.down_s)))
}

/// A row for each value.
fn list(sweep: &Sweep, of: impl Fn(&SweepPoint) -> Option<PointFigure>) -> Grid {
    let name = sweep.parameters.first().map_or("", SweepParameter::short_name);
    let columns = vec![
        Column::names(name),
        Column::values("down"),
        Column::values("95 % interval"),
        Column::values("change from above"),
        Column::values("95 % interval"),
        Column::values("requests lost"),
        Column::values("user-minutes lost"),
    ];
    let row = |point: &SweepPoint| {
        let figure = of(point)?;
        let (down, interval) = estimate(&figure.down_s);
        let (step, step_interval) = figure.step_s.as_ref().map_or(("-".to_owned(), "-".to_owned()), change);
        Some(vec![
            point.values.first().cloned().unwrap_or_default(),
            down,
            interval,
            step,
            step_interval,
            show_short(figure.lost_requests.mean),
            show_short(figure.user_minutes_lost.mean),
        ])
    };
    Grid::of(columns, sweep.points.iter().filter_map(row).collect())
}

/// A row for each value of the first parameter, a column for each of the second.
fn matrix(
    sweep: &Sweep,
    (first, second): (&SweepParameter, &SweepParameter),
    of: impl Fn(&SweepPoint) -> Option<PointFigure>,
) -> Grid {
    let cell = |row: usize, column: usize| {
        let point = sweep.points.iter().find(|point| point.places == [row, column]);
        point.and_then(&of).map_or("-".to_owned(), |f| super::table::mean_seconds(&f.down_s))
    };
    crossed(first, second, cell)
}

/// Whether each point meets what was asked, where there are two parameters or several objectives.
fn meets_grid(sweep: &Sweep) -> Option<Section> {
    if sweep.wishes.is_empty() {
        return None;
    }
    let cell = |row: usize, column: Option<usize>| {
        let is_there = |point: &&SweepPoint| {
            point.places.first() == Some(&row) && point.places.get(1).copied() == column
        };
        sweep.points.iter().find(is_there).and_then(|point| point.meets).map_or("-", word).to_owned()
    };
    let grid = match sweep.parameters.as_slice() {
        [first, second] => crossed(first, second, |row, column| cell(row, Some(column))),
        [first] => Grid::of(
            vec![Column::names(first.short_name()), Column::text("objective")],
            (0..first.values.len()).map(|row| vec![value(first, row).to_owned(), cell(row, None)]).collect(),
        ),
        _ => return None,
    };
    let confidence = show_percent(sweep.meets_confidence);
    let title = format!("What meets the objective, with {confidence} confidence for all together");
    Some(Section::titled(&title, grid))
}

fn crossed(first: &SweepParameter, second: &SweepParameter, cell: impl Fn(usize, usize) -> String) -> Grid {
    let name = Column::names(&format!("{} \\ {}", first.short_name(), second.short_name()));
    let columns = std::iter::once(name).chain(second.values.iter().map(|value| Column::values(value)));
    let row = |row: usize| {
        let cells = (0..second.values.len()).map(|column| cell(row, column));
        std::iter::once(value(first, row).to_owned()).chain(cells).collect()
    };
    Grid::of(columns.collect(), (0..first.values.len()).map(row).collect::<Vec<Vec<String>>>())
}

fn estimate(estimate: &MeanEstimate) -> (String, String) {
    match &estimate.interval {
        Some(interval) => with_interval(estimate.mean, interval),
        None if estimate.non_zero == 0 => ("0".to_owned(), "none seen".to_owned()),
        None => (seconds(estimate.mean), "few events".to_owned()),
    }
}

/// A paired difference: where it is 0 in every replication, that is known.
fn change(step: &MeanEstimate) -> (String, String) {
    if step.non_zero == 0 { ("0".to_owned(), "exactly".to_owned()) } else { estimate(step) }
}

const fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Passed => "met",
        Decision::Failed => "missed",
        Decision::Undecided => "undecided",
    }
}
