//! Choke points for the terminal, for a document and for programs.

mod sentences;
mod structure;

use serde::Serialize;

use self::structure::{AT_MEANS, Structure};
use super::grid::{Cell, Column, Grid};
use super::page::Page;
use super::sheet::{Section, Sheet};
use super::skewed::skew_note;
use super::table::{pairing_text, part, seconds, share, with_interval};
use super::text::partial;
use super::uncertain::inner;
use crate::exact::ExactError;
use crate::exact::needs::Solved;
use crate::model::Model;
use crate::stats::{Interval, MeanEstimate};
use crate::study::{
    ChokePoint, Contingency, RankUnit, Ranking, RatioEstimate, Replayed, SubjectKind, UnknownShare,
};
use crate::units::{show_count, show_counted, show_percent, show_short};

pub use self::sentences::ranking_sentences;

/// Rows of each table; the rest is counted, and in the JSON.
const LISTED: usize = 20;
/// What is divided by 0.
const INFINITE: &str = "infinite";
const INFINITE_WORTH: &str =
    "infinite: without its failures nothing is left (RRW), or there is nothing as the system is (RAW)";
const NO_IMPORTANCE: &str = "-: not defined. What cannot fail has no Fussell-Vesely and no RRW; only components and cables can be out throughout, for a Birnbaum and a RAW; of 0 there is no share";
/// Characters of the longest bar.
const BAR: f64 = 16.0;

/// A ranking, with the static structure beside it, for JSON.
#[derive(Debug, Serialize)]
pub struct RankingReport<'r> {
    /// All estimates.
    #[serde(flatten)]
    ranking: &'r Ranking,
    /// The static structure.
    structure: Structure,
    /// True where nobody knows what needs ask for.
    #[serde(skip)]
    needs_at_means: bool,
}

impl<'r> RankingReport<'r> {
    /// A report of a ranking of `model`.
    #[must_use]
    pub fn new(model: &Model, ranking: &'r Ranking, solved: Result<Solved, ExactError>) -> Self {
        let needs_at_means = model.unknowns.are_in_needs();
        let structure = Structure::of(model, &ranking.initiated_by, solved);
        Self { ranking, structure, needs_at_means }
    }

    /// As plain text.
    #[must_use]
    pub fn text(&self, page: Page) -> String {
        self.sheet().text(page)
    }

    /// As Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        self.sheet().markdown()
    }

    fn sheet(&self) -> Sheet {
        let ranking = self.ranking;
        let head = vec![
            format!(
                "{} each on common random numbers, seed {}, {}, stopped by: {}{}",
                show_counted(ranking.replications, "replication"),
                ranking.seed,
                seconds(ranking.horizon_s),
                ranking.stopped_by,
                partial(ranking.stopped_by)
            ),
            format!("{} as the system is: {}", ranking.figure, system(ranking)),
        ];
        let mut sections = vec![saved(ranking)];
        // Definitions of what is in no table say nothing.
        sections
            .extend([once_more(ranking), importance(ranking)].into_iter().filter(|s| !s.grids.is_empty()));
        sections.extend(unknowns(ranking));
        sections.push(self.structure.section());
        sections.extend(contingencies(ranking, self.needs_at_means));
        sections.retain(|section| !section.lines.is_empty() || !section.grids.is_empty());
        Sheet { sentences: ranking_sentences(ranking), head, sections }
    }
}

/// What each component, cable, hazard and crew would save without its failures, and what one more failure would cost.
#[must_use]
pub fn ranking_sections(ranking: &Ranking) -> [Section; 2] {
    [saved(ranking), once_more(ranking)]
}

/// One line on what is listed with an interval that may be too narrow.
fn skewed(ranking: &Ranking) -> Option<String> {
    let listed = || ranking.subjects.iter().filter(|point| point.replayed).take(LISTED);
    let of = |what: &str, replayed: Option<&'_ Replayed>, point: &ChokePoint| {
        replayed.map(|replayed| (format!("{what} {}", point.name), replayed.difference.clone()))
    };
    let saved = listed().filter_map(|point| of("saves", point.if_perfect.as_ref(), point));
    let costs = listed().filter_map(|point| of("costs", point.if_once_more.as_ref(), point));
    let system = (format!("{} as the system is", ranking.figure), ranking.system.clone());
    let all: Vec<(String, MeanEstimate)> = std::iter::once(system).chain(saved).chain(costs).collect();
    skew_note(all.iter().map(|(name, estimate)| (name.clone(), estimate)))
}

const fn kind(point: &ChokePoint) -> &'static str {
    match point.kind {
        SubjectKind::Component => "component",
        SubjectKind::Cable => "cable",
        SubjectKind::Hazard => "hazard",
        SubjectKind::Surge => "surge",
        SubjectKind::Crew => "crew",
    }
}

/// What each would save if nothing ailed it, with its shares.
fn saved(ranking: &Ranking) -> Section {
    let replayed: Vec<&ChokePoint> = ranking.subjects.iter().filter(|point| point.replayed).collect();
    let most = replayed.iter().map(|point| point.saved()).fold(0.0, f64::max);
    let row = |point: &&ChokePoint| {
        let (saved, interval, pairing) = match &point.if_perfect {
            None => ("cannot fail".to_owned().into(), String::new(), String::new()),
            Some(replayed) => {
                let (mean, interval) =
                    (-replayed.difference.mean, replayed.difference.interval.map(negative));
                let saved = Cell::value(value(ranking.unit, mean), mean, unit(ranking.unit));
                (saved, ends(ranking.unit, interval, replayed), pairing(replayed))
            }
        };
        let of_downtime = |share: f64, interval| Cell::value(shown(share, interval), share, "");
        let initiated = point.initiated.map(|share| of_downtime(share, point.initiated_interval));
        vec![
            point.name.clone().into(),
            kind(point).to_owned().into(),
            bar(point.saved(), most).into(),
            initiated.unwrap_or_else(|| "-".to_owned().into()),
            of_downtime(point.shared, point.shared_interval),
            saved,
            interval.into(),
            pairing.into(),
        ]
    };
    let rows: Vec<Vec<Cell>> = replayed.iter().take(LISTED).map(row).collect();
    let header = ["", "", "", "initiated", "shared", "saves", "95 % interval", "pairing"];
    let mut lines = vec![
        "shares of downtime by attribution; then the same random draws played again, as if nothing ever ailed it".to_owned(),
        "(a crew: as if there were always another one; its share is the time in which users wait for any crew)".to_owned(),
    ];
    lines.extend(more(replayed.len()));
    lines.extend(not_replayed(ranking));
    Section {
        title: "what would be saved".to_owned(),
        lines,
        grids: grid(&header, rows, 3),
        notes: skewed(ranking).into_iter().collect(),
    }
}

/// What is left out, with the largest share among it.
fn not_replayed(ranking: &Ranking) -> Vec<String> {
    let mut lines = Vec::new();
    let mut skipped = ranking.subjects.iter().filter(|point| !point.replayed);
    let number = skipped.clone().count();
    if let Some(first) = skipped.next() {
        let share = part(first.shared.max(first.initiated.unwrap_or(0.0)));
        // Beside none that was replayed nothing is smaller.
        let which = match (number == ranking.subjects.len(), number) {
            (true, 1) => "with a share",
            (true, _) => "with shares",
            (false, 1) => "with a smaller share",
            (false, _) => "with smaller shares",
        };
        let most = if number == 1 { "" } else { "at most " };
        lines.push(format!(
            "not replayed: {} {which}, {most}{share} ({})",
            show_count(number as u64),
            first.name
        ));
    }
    match ranking.others {
        0 => {}
        1 => lines.push("not replayed: 1 other without a share, which takes nobody down alone".to_owned()),
        more => lines.push(format!(
            "not replayed: {} others without a share that take nobody down alone",
            show_count(more)
        )),
    }
    lines
}

/// What each would cost by failing once more.
fn once_more(ranking: &Ranking) -> Section {
    let mut played: Vec<(&ChokePoint, &Replayed)> =
        ranking.subjects.iter().filter_map(|point| Some((point, point.if_once_more.as_ref()?))).collect();
    let cost = |replayed: &Replayed| replayed.difference.mean;
    played.sort_by(|a, b| cost(b.1).total_cmp(&cost(a.1)).then_with(|| a.0.name.cmp(&b.0.name)));
    let most = played.iter().map(|(_, replayed)| cost(replayed)).fold(0.0, f64::max);
    let row = |(point, replayed): &(&ChokePoint, &Replayed)| {
        vec![
            point.name.clone().into(),
            kind(point).to_owned().into(),
            bar(cost(replayed), most).into(),
            Cell::value(value(ranking.unit, cost(replayed)), cost(replayed), unit(ranking.unit)),
            ends(ranking.unit, replayed.difference.interval, replayed).into(),
            Cell::value(show_percent(replayed.more), replayed.more, ""),
            pairing(replayed).into(),
        ]
    };
    let rows: Vec<Vec<Cell>> = played.iter().take(LISTED).map(row).collect();
    let mut lines = vec![
        format!(
            "components and cables: out for {} once, from an instant that is equally likely anywhere and the same for all",
            seconds(ranking.outage_s)
        ),
        "hazards: with times of their own they surely happen; others happen once more, with their own repair"
            .to_owned(),
    ];
    lines.extend(more(played.len()));
    let header = ["", "", "", "costs", "95 % interval", "ever", "pairing"];
    Section {
        title: "what one more failure would cost".to_owned(),
        lines,
        grids: grid(&header, rows, 3),
        ..Section::default()
    }
}

/// The unit of exact values.
const fn unit(unit: RankUnit) -> &'static str {
    match unit {
        RankUnit::Seconds => "s",
        RankUnit::UserMinutes => "user-minutes",
        RankUnit::Probability => "",
        RankUnit::Requests => "requests",
    }
}

/// Importance measures, simulated.
fn importance(ranking: &Ranking) -> Section {
    let replayed: Vec<&ChokePoint> = ranking.subjects.iter().filter(|point| point.replayed).collect();
    let row = |point: &&ChokePoint| {
        vec![
            point.name.clone(),
            kind(point).to_owned(),
            ratio(point.birnbaum),
            ratio(point.fussell_vesely),
            worth(point.achievement_worth, point.if_out.as_ref().map(|out| (out.value, ranking.system.mean))),
            worth(
                point.reduction_worth,
                point.if_perfect.as_ref().map(|best| (ranking.system.mean, best.value)),
            ),
        ]
    };
    let header = ["", "", "Birnbaum", "Fussell-Vesely", "RAW", "RRW"];
    let lines = vec![
        format!("x = {}, by replay; with 95 % intervals", ranking.figure),
        "Birnbaum = (x out throughout - x perfect) / the most that x can be".to_owned(),
        "Fussell-Vesely = (x - x perfect) / x; RAW = x out throughout / x; RRW = x / x perfect".to_owned(),
    ];
    let rows: Vec<Vec<String>> = replayed.iter().take(LISTED).map(row).collect();
    let mut notes = Vec::new();
    if shows(&rows, "-") {
        notes.push(NO_IMPORTANCE.to_owned());
    }
    if shows(&rows, INFINITE) {
        notes.push(INFINITE_WORTH.to_owned());
    }
    Section { title: "importance, simulated".to_owned(), lines, grids: grid(&header, rows, 2), notes }
}

/// How much of the spread of the figure each unknown figure makes; nothing where all are known.
fn unknowns(ranking: &Ranking) -> Option<Section> {
    if ranking.unknowns.is_empty() {
        return None;
    }
    let row = |unknown: &UnknownShare| {
        let thirds: Vec<String> =
            unknown.thirds.iter().map(|third| value(ranking.unit, third.mean)).collect();
        vec![
            unknown.unknown.clone(),
            inner(&unknown.law).to_owned(),
            match unknown.share {
                Some(value) => share(value, unknown.interval),
                None if ranking.constant => "no spread".to_owned(),
                None => "few events".to_owned(),
            },
            thirds.join(", "),
        ]
    };
    let columns = vec![
        Column::names("figure"),
        Column::text("law"),
        Column::values("of the spread"),
        Column::values(&format!("{} in its thirds", ranking.figure)),
    ];
    let rows: Vec<Vec<String>> = ranking.unknowns.iter().take(LISTED).map(row).collect();
    Some(Section {
        title: "what we do not know".to_owned(),
        lines: more(ranking.unknowns.len()).into_iter().collect(),
        grids: vec![Grid::of(columns, rows)],
        ..Section::default()
    })
}

/// Two sections: single components and pairs; `at_means` where means stand in for what needs ask for.
fn contingencies(ranking: &Ranking, at_means: bool) -> Vec<Section> {
    let all = &ranking.contingencies;
    let section = |title: &str, none: &str, list: &[Contingency]| {
        let mut lines: Vec<String> = more(list.len()).into_iter().collect();
        if list.is_empty() {
            lines.push(none.to_owned());
        }
        let rows = list.iter().take(LISTED).map(contingency).collect();
        Section {
            title: title.to_owned(),
            lines,
            grids: grid(&["out", "down", "users"], rows, 2),
            ..Section::default()
        }
    };
    let mut pairs = section(
        "N-2: any two components out, none of which does it alone",
        "no two components take a journey down",
        &all.pairs,
    );
    if !all.not_searched.is_empty() {
        pairs.lines.push(format!("too many pairs to search for {}", all.not_searched.join(", ")));
    }
    let mut single =
        section("N-1: any single component out", "no single component takes a journey down", &all.single);
    if at_means {
        single.lines.push(AT_MEANS.to_owned());
        pairs.lines.push(AT_MEANS.to_owned());
    }
    vec![single, pairs]
}

fn contingency(contingency: &Contingency) -> Vec<String> {
    let hits: Vec<String> = contingency
        .down
        .iter()
        .map(|hit| {
            let moved = if hit.until_moved { " until moved" } else { "" };
            format!("{} {}{moved}", hit.journey, hit.population)
        })
        .collect();
    vec![contingency.out.join(" + "), hits.join(", "), show_short(contingency.users)]
}

fn more(count: usize) -> Option<String> {
    let more = count.checked_sub(LISTED).filter(|more| *more > 0)?;
    Some(format!("the first {LISTED}; {} more are in the JSON", show_count(more as u64)))
}

fn grid<C: Into<Cell>>(header: &[&str], rows: Vec<Vec<C>>, left: usize) -> Vec<Grid> {
    if rows.is_empty() {
        return Vec::new();
    }
    // What it is, of what kind, and a bar.
    let column = |(place, name): (usize, &&str)| match place {
        0 => Column::names(name),
        2 if left == 3 => Column::bars(name),
        _ if place < left => Column::text(name),
        _ => Column::values(name),
    };
    vec![Grid::of(header.iter().enumerate().map(column).collect(), rows)]
}

/// A bar of a value; nothing below 0.
fn bar(value: f64, most: f64) -> String {
    if most <= 0.0 || value <= 0.0 {
        return String::new();
    }
    let eighths = libm::round(8.0 * BAR * value / most) as usize;
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    format!("{}{}", "█".repeat(eighths / 8), rest.get(eighths % 8).copied().unwrap_or(""))
}

const fn negative(interval: Interval) -> Interval {
    Interval { low: -interval.high, high: -interval.low }
}

/// A saving: what is less is more.
fn turned(difference: &MeanEstimate) -> (f64, Interval) {
    let mean = -difference.mean;
    (mean, difference.interval.map_or(Interval { low: mean, high: mean }, negative))
}

/// A value in its unit.
fn value(unit: RankUnit, value: f64) -> String {
    let signed = |text: String| if value < 0.0 { format!("-{text}") } else { text };
    match unit {
        RankUnit::Seconds => seconds(value),
        RankUnit::UserMinutes => signed(format!("{} user-min", show_short(value.abs()))),
        RankUnit::Probability => signed(show_percent(value.abs())),
        RankUnit::Requests => signed(format!("{} requests", show_short(value.abs()))),
    }
}

/// A value and its interval, as precise as the interval allows.
fn amount(unit: RankUnit, mean: f64, interval: Interval) -> (String, String) {
    match unit {
        RankUnit::Seconds => with_interval(mean, &interval),
        _ => (value(unit, mean), format!("{} to {}", value(unit, interval.low), value(unit, interval.high))),
    }
}

/// A mean with its interval in one.
fn mean(unit: RankUnit, estimate: &MeanEstimate) -> String {
    match estimate.interval {
        Some(interval) => {
            let (mean, ends) = amount(unit, estimate.mean, interval);
            format!("{mean} (95 % interval {ends})")
        }
        None if estimate.non_zero == 0 => "none seen".to_owned(),
        None => format!("{} (few events)", value(unit, estimate.mean)),
    }
}

fn ends(unit: RankUnit, interval: Option<Interval>, replayed: &Replayed) -> String {
    match interval {
        _ if replayed.constant => "always the same".to_owned(),
        Some(i) => format!("{} to {}", value(unit, i.low), value(unit, i.high)),
        None if replayed.difference.non_zero == 0 => "exactly 0".to_owned(),
        None => "few events".to_owned(),
    }
}

/// The figure as the system is.
fn system(ranking: &Ranking) -> String {
    if ranking.constant {
        let number = show_counted(ranking.replications, "replication");
        return format!("{}, the same in each of {number}", value(ranking.unit, ranking.system.mean));
    }
    mean(ranking.unit, &ranking.system)
}

fn pairing(replayed: &Replayed) -> String {
    replayed.variance_reduction.map_or("-".to_owned(), pairing_text)
}

/// A share with its interval.
fn shown(value: f64, interval: Option<Interval>) -> String {
    share(value, interval)
}

fn shows(rows: &[Vec<String>], text: &str) -> bool {
    rows.iter().flatten().any(|cell| cell == text)
}

/// A worth: of two values, where their ratio has no interval since the lower one is 0.
fn worth(estimate: Option<RatioEstimate>, values: Option<(f64, f64)>) -> String {
    match (estimate, values) {
        (None, Some((upper, 0.0))) if upper > 0.0 => INFINITE.to_owned(),
        _ => ratio(estimate),
    }
}

fn ratio(estimate: Option<RatioEstimate>) -> String {
    let Some(RatioEstimate { value, interval }) = estimate else { return "-".to_owned() };
    let Some(interval) = interval else { return format!("{} few events", significant(value)) };
    let half = 0.5 * (interval.high - interval.low);
    if half <= 0.0 {
        return significant(value);
    }
    let decimals = (1.0 - libm::floor(libm::log10(half))).clamp(0.0, 9.0) as usize;
    format!("{value:.decimals$} ±{half:.decimals$}")
}

/// Four digits.
fn significant(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if value.abs() < 1e-3 {
        return format!("{value:.3e}");
    }
    let decimals = (3.0 - libm::floor(libm::log10(value.abs()))).clamp(0.0, 9.0) as usize;
    format!("{value:.decimals$}")
}
