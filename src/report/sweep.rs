//! A sweep for the terminal, for a document and for spreadsheets.

use csv::Writer;

use super::csv::harmless;
use super::gate::exact_percent;
use super::grid::{Column, Grid};
use super::page::Page;
use super::sheet::{Section, Sheet};
use super::skewed::skew_note;
use super::table::{first_of, precise_seconds, seconds, with_interval};
use super::text::partial;
use crate::stats::MeanEstimate;
use crate::study::{
    Answer, AnswerKind, Course, CourseOf, Decision, PointFigure, Sweep, SweepParameter, SweepPoint,
};
use crate::units::{show_counted, show_percent, show_short};

/// Values that a sentence names.
const NAMED: usize = 5;
/// Differences smaller than this share are rounding.
const ROUNDING: f64 = 1e-9;
/// Less than this of requests or user-minutes is none.
const LEAST: f64 = 0.5;

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

/// What the sweep says first: which values will do, then the course of downtime.
fn sentences(sweep: &Sweep) -> Vec<String> {
    let answers = sweep.answers.iter().map(|answer| answer_sentence(sweep, answer));
    // Of two parameters the tables show more at a glance.
    let told = if sweep.parameters.len() == 1 { sweep.courses.as_slice() } else { &[] };
    let courses = told.iter().filter_map(|course| course_sentence(sweep, course));
    answers.chain(courses).collect()
}

fn answer_sentence(sweep: &Sweep, answer: &Answer) -> String {
    let Some(parameter) = sweep.parameters.first() else { return String::new() };
    let wishes: Vec<String> = sweep
        .wishes
        .iter()
        .map(|wish| format!("{} {} {}", wish.journey, wish.population, exact_percent(wish.availability)))
        .collect();
    let what = format!("{} in every month{}", wishes.join(" and "), second(sweep, answer.second));
    let name = &parameter.name;
    let count = (answer.met.len() + answer.missed.len() + answer.undecided.len()) as u64;
    let values = show_counted(count, "value");
    let confidence = show_percent(sweep.meets_confidence);
    let all = format!("({confidence} confidence for all values together)");
    let of = |place: Option<usize>| place.map_or("", |place| value(parameter, place));
    let (from, until) = (of(answer.between.map(|b| b.0)), of(answer.between.map(|b| b.1)));
    let run = if from == until { String::new() } else { format!(" All from {from} to {until} do.") };
    let first = match (answer.kind, answer.decision) {
        (AnswerKind::All, _) if count == 1 => format!("{name} = {from} surely meets {what} {all}."),
        (AnswerKind::All, _) => {
            let range = parameter.rising().map_or(String::new(), |_| format!(", from {from} to {until},"));
            format!("All {values} of {name}{range} surely meet {what} {all}.")
        }
        (AnswerKind::Smallest, _) => {
            format!("{name} = {from} is the smallest of {values} that surely meets {what} {all}.{run}")
        }
        (AnswerKind::Largest, _) => {
            format!("{name} = {until} is the largest of {values} that surely meets {what} {all}.{run}")
        }
        (AnswerKind::Between, _) if from == until => {
            format!(
                "{name} = {from} surely meets {what}: of {values} no smaller and no larger one does {all}."
            )
        }
        (AnswerKind::Between, _) => {
            format!(
                "{name} from {from} to {until} surely meets {what}: of {values} no smaller and no larger one does {all}."
            )
        }
        (AnswerKind::Some, _) => {
            let met = named(parameter, &answer.met);
            format!("{name} = {met}: {} of {values} surely meet {what} {all}.", answer.met.len())
        }
        (AnswerKind::Nothing, Decision::Failed) => {
            format!("No value of {name} meets {what}: all of them surely miss it.")
        }
        (AnswerKind::Nothing, _) => {
            format!("No value of {name} surely meets {what} with {confidence} confidence.")
        }
    };
    first + &exceptions(parameter, answer)
}

/// Values that do not fit what has been said, and those of which nothing is certain.
fn exceptions(parameter: &SweepParameter, answer: &Answer) -> String {
    const MORE: &str = "not certain: more replications would tell";
    let ((before, behind), Answer { met, missed, undecided, .. }) = (sides(parameter, answer), answer);
    let of = |places: &[usize], side: &[usize]| -> Vec<usize> {
        places.iter().copied().filter(|place| side.contains(place)).collect()
    };
    let all: Vec<(Vec<usize>, &str)> = match answer.kind {
        AnswerKind::All => Vec::new(),
        AnswerKind::Smallest => {
            vec![(of(undecided, &before), MORE), (of(undecided, &behind), "not certain")]
        }
        AnswerKind::Largest => vec![
            (of(undecided, &before), "not certain"),
            (of(undecided, &behind), MORE),
            (of(met, &behind), "surely met again, although a smaller value is not"),
        ],
        AnswerKind::Some => vec![(missed.clone(), "surely missed"), (undecided.clone(), MORE)],
        AnswerKind::Between | AnswerKind::Nothing => vec![(undecided.clone(), MORE)],
    };
    let told = all.iter().filter(|(places, _)| !places.is_empty());
    told.map(|(places, what)| format!(" {}: {what}.", named(parameter, places))).collect()
}

/// The values that are smaller than those of the answer, and those that are larger.
fn sides(parameter: &SweepParameter, answer: &Answer) -> (Vec<usize>, Vec<usize>) {
    let order = parameter.rising().unwrap_or_default();
    let Some((from, until)) = answer.between else { return (Vec::new(), Vec::new()) };
    let before = order.iter().copied().take_while(|place| *place != from).collect();
    let behind = order.iter().copied().skip_while(|place| *place != until).skip(1).collect();
    (before, behind)
}

fn course_sentence(sweep: &Sweep, of: &CourseOf) -> Option<String> {
    let parameter = sweep.parameters.first()?;
    let all = along(sweep, of);
    let (first, last) = (all.first()?, all.last()?);
    if all.len() < 2 {
        return None;
    }
    let told = |seconds: f64| precise_seconds(seconds);
    let subject = format!("downtime of {} {}{}", of.journey, of.population, second(sweep, of.second));
    let ends =
        format!("{} at {} to {} at {}", told(first.down_s), first.value, told(last.down_s), last.value);
    // Words and laws have no other order than the one in which they stand.
    let order = if parameter.rising().is_some() { "" } else { " in the order given" };
    Some(match of.course {
        Course::Same => {
            let same = format!("{subject} is the same at all values: {}", told(first.down_s));
            same + &load_sentence(&all)
        }
        Course::Falls => format!("{subject} falls{order} from {ends}"),
        Course::Rises => format!("{subject} rises{order} from {ends}"),
        Course::Both => {
            let least = all.iter().min_by(|a, b| a.down_s.total_cmp(&b.down_s)).unwrap_or(first);
            let most = all.iter().max_by(|a, b| a.down_s.total_cmp(&b.down_s)).unwrap_or(first);
            format!(
                "{subject} goes up and down{order}: least at {} ({}), most at {} ({})",
                least.value,
                told(least.down_s),
                most.value,
                told(most.down_s)
            )
        }
        Course::Uncertain => format!("{subject} changes by no more than chance: from {ends}"),
    })
}

/// What a journey has at a value.
struct AtValue<'s> {
    value: &'s str,
    down_s: f64,
    lost_requests: f64,
    user_minutes_lost: f64,
}

/// A journey at the values from the smallest to the largest, or in the order given.
fn along<'s>(sweep: &'s Sweep, of: &CourseOf) -> Vec<AtValue<'s>> {
    let Some(parameter) = sweep.parameters.first() else { return Vec::new() };
    let order = parameter.rising().unwrap_or_else(|| (0..parameter.values.len()).collect());
    let at = |place: usize| {
        let is_there = |point: &&SweepPoint| {
            point.places.first() == Some(&place) && point.places.get(1).copied() == of.second
        };
        let same = |f: &&PointFigure| f.journey == of.journey && f.population == of.population;
        let figure = sweep.points.iter().find(is_there)?.figures.iter().find(same)?;
        Some(AtValue {
            value: value(parameter, place),
            down_s: figure.down_s.mean,
            lost_requests: figure.lost_requests.mean,
            user_minutes_lost: figure.user_minutes_lost.mean,
        })
    };
    order.into_iter().filter_map(at).collect()
}

/// "; requests lost go from 10 at 10 to 1 k at 1000", where what users lose changes although downtime does not.
fn load_sentence(all: &[AtValue<'_>]) -> String {
    let change = |name: &str, of: fn(&AtValue<'_>) -> f64| {
        let (first, last) = (all.first()?, all.last()?);
        let (a, b) = (show_short(of(first)), show_short(of(last)));
        let changes = !are_alike(all.iter().map(of));
        changes.then(|| format!("{name} go from {a} at {} to {b} at {}", first.value, last.value))
    };
    let requests = change("requests lost", |at| at.lost_requests);
    let user_minutes = change("user-minutes lost", |at| at.user_minutes_lost);
    let told: Vec<String> = requests.into_iter().chain(user_minutes).collect();
    if told.is_empty() { String::new() } else { format!("; {}", told.join(", ")) }
}

/// True if values are the same but for rounding, or none is as much as half a request or user-minute in a replication.
fn are_alike(values: impl Iterator<Item = f64>) -> bool {
    let (low, high) =
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    high - low <= ROUNDING * high.abs() || low > high || high < LEAST
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
    let names: Vec<&str> = places.iter().map(|place| value(parameter, *place)).collect();
    first_of(&names, NAMED)
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
    let shown = subjects(sweep).into_iter().filter(|subject| has_table(sweep, *subject));
    let mut sections: Vec<Section> = shown.flat_map(|subject| tables(sweep, subject)).collect();
    sections.extend(meets_grid(sweep));
    sections
}

/// What is the same everywhere has been said; what users lose may change although downtime does not.
fn has_table(sweep: &Sweep, (journey, population): (&str, &str)) -> bool {
    let of = |c: &&CourseOf| c.journey == journey && c.population == population;
    let is_same = |c: &CourseOf| c.course == Course::Same && load_sentence(&along(sweep, c)).is_empty();
    sweep.parameters.len() != 1 || sweep.points.len() < 2 || !sweep.courses.iter().filter(of).all(is_same)
}

fn tables(sweep: &Sweep, (journey, population): (&str, &str)) -> Vec<Section> {
    let of = |point: &'_ SweepPoint| -> Option<PointFigure> {
        point.figures.iter().find(|f| f.journey == journey && f.population == population).cloned()
    };
    let skewed = skewed(sweep, journey, population);
    let [first, second] = sweep.parameters.as_slice() else {
        let table = Section::titled(&format!("{journey} {population}"), list(sweep, of));
        return vec![Section { notes: skewed.into_iter().collect(), ..table }];
    };
    let of_one = |name: &str, cell: fn(&PointFigure) -> String| {
        Section::titled(
            &format!("{journey} {population}: {name}"),
            matrix(sweep, (first, second), |p| of(p).map(|f| cell(&f))),
        )
    };
    let downtime = of_one("downtime", |f| super::table::mean_seconds(&f.down_s));
    let mut all = vec![Section { notes: skewed.into_iter().collect(), ..downtime }];
    let values = |figure: fn(&PointFigure) -> f64| {
        sweep.points.iter().filter_map(of).map(|f| figure(&f)).collect::<Vec<_>>()
    };
    if are_alike(values(|f| f.down_s.mean).into_iter()) {
        if !are_alike(values(|f| f.lost_requests.mean).into_iter()) {
            all.push(of_one("requests lost", |f| show_short(f.lost_requests.mean)));
        }
        if !are_alike(values(|f| f.user_minutes_lost.mean).into_iter()) {
            all.push(of_one("user-minutes lost", |f| show_short(f.user_minutes_lost.mean)));
        }
    }
    all
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
    of: impl Fn(&SweepPoint) -> Option<String>,
) -> Grid {
    let cell = |row: usize, column: usize| {
        let point = sweep.points.iter().find(|point| point.places == [row, column]);
        point.and_then(&of).unwrap_or_else(|| "-".to_owned())
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
