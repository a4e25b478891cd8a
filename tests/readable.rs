//! Pictures of zero, one and very many journeys, with long names and names in any script: no text covers another, none
//! reaches over the edge, and both themes and both forms show the same.
//!
//! `just contact-sheet` draws all of them into outputs/gallery/contact-sheet.png.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod common;

use std::fs;
use std::path::Path;
use std::process::Command;

use assert_cmd::cargo::cargo_bin;
use blackstart::plot::{DependencyGraph, Map, Swimlane, Theme, pictures, png};
use blackstart::report::render_diagnostics;
use blackstart::scenario::{Diagnostics, Loaded, SourceFile, Sources, load_extending};
use blackstart::study::{Progress, Rank, ReplicationFigure, RunOptions, Trace, pick, run, summarize, trace};
use resvg::tiny_skia::{IntSize, Pixmap, PixmapPaint, Transform};
use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{Group, Node, Options, Rect, Tree};
use unicode_width::UnicodeWidthChar as _;

/// Width of a picture on the contact sheet, and between pictures.
const THUMB: f32 = 180.0;
const GAP: f32 = 10.0;
/// Text may touch other text by less than this, pixels: boxes hold more than the letters.
const TOUCH: f32 = 1.5;

/// A scenario with many journeys and populations.
fn crowd(journeys: &[&str], populations: &[String], every: &str) -> String {
    let quoted = |names: &[String]| names.iter().map(|n| format!("\"{n}\"")).collect::<Vec<_>>();
    let does: String = journeys.iter().map(|j| format!("\"{j}\": \"2/h\", ")).collect();
    let users: String = quoted(populations)
        .iter()
        .enumerate()
        .map(|(i, name)| {
            // The first is at home in the region with a single zone, which fails.
            let i = i + 4;
            let at = (50.0 - 3.0 * i as f64 % 90.0, -170.0 + 17.3 * i as f64 % 340.0);
            format!("{name}: (count: {}, at: ({}, {}), does: {{ {does} }}),\n", 1000 * i, at.0, at.1)
        })
        .collect();
    let calls: String =
        journeys.iter().map(|j| format!("\"{j}\": (calls: [\"shop\"], objective: \"99.95%\"),\n")).collect();
    format!(
        r#"Scenario(
    title: "Users of any number, with names of any length and script: 日本語、العربية, Ελληνικά",
    start: "2026-01-01T00:00:00Z",
    horizon: "60d",
    zone_kinds: {{
        "hall": (
            parts: {{
                "power": (failures: {{ "loss": (every: Exp("{every}"), repair: LogNormal("4h", "12h")) }}),
                "a part whose name is far too long for any lane, row, column or legend of a picture": (
                    failures: {{ "a failure with a name that is long as well": (every: Exp("{every}"), repair: LogNormal("1h", "5h")) }},
                ),
            }},
            needs: ["power", "a part whose name is far too long for any lane, row, column or legend of a picture"],
            restart: LogNormal("10m", "1h"),
        ),
    }},
    regions: {{
        "north": (at: (50, 8), zones: {{ "a": "hall", "b": "hall" }}),
        "a region with a name that is too long for a map of the world or of anything else": (at: (51, 9), zones: {{ "a": "hall" }}),
        "地域": (at: (35, 139), zones: {{ "一": "hall", "二": "hall", "三": "hall", "四": "hall", "五": "hall", "六": "hall", "七": "hall" }}),
    }},
    services: {{ "shop": (scope: Regional) }},
    journeys: {{ {calls} }},
    users: {{ {users} }},
    architectures: {{
        "a design with a name that takes more room than any row, column or legend": [Set("zone_kinds.hall.restart", "2h")],
        "設計、تصميم": [Set("zone_kinds.hall.parts.power.failures.loss.repair", "30m")],
    }},
)
"#
    )
}

fn loaded(name: &str, text: String) -> Loaded {
    read(&SourceFile { path: name.into(), identity: name.into(), text })
}

fn read(file: &SourceFile) -> Loaded {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let loaded = load_extending(file, &common::extended, &[], &mut sources, &mut found);
    loaded.unwrap_or_else(|| panic!("{}", render_diagnostics(&sources, &found.into_vec(), false)))
}

const JOURNEYS: [&str; 3] = ["chat", "a journey with a name that goes on and on and on", "会話"];
/// Names in scripts of which the bundled font has some and lacks others.
const SCRIPTS: [&str; 5] = ["利用者の長い名前", "مستخدمو الخليج", "Χρήστες", "пользователи", "उपयोगकर्ता"];

/// Names in several scripts, and then long ones.
fn names(count: usize, long: &str) -> Vec<String> {
    let name = |i: usize| SCRIPTS.get(i).map_or_else(|| format!("{i} {long}"), |name| (*name).to_owned());
    (0..count).map(name).collect()
}

/// Every case with its name and how many replications are enough to draw it.
fn cases() -> Vec<(&'static str, Loaded, u64)> {
    let one = vec!["gulf".to_owned()];
    let many = names(26, "population with a name that nobody would give to a population");
    let forty = names(40, "journey: sixty characters are a lot for the name of one");
    let forty: Vec<&str> = forty.iter().map(String::as_str).collect();
    let file = |path: &str| read(&common::scenario_file(Path::new(path)).unwrap());
    vec![
        ("zero", loaded("zero", crowd(&JOURNEYS, &[], "20d")), 60),
        ("quiet", loaded("quiet", crowd(&["chat"], &one, "1000000y")), 60),
        ("one", loaded("one", crowd(&["chat"], &one, "2d")), 60),
        ("many", loaded("many", crowd(&JOURNEYS, &many, "20d")), 60),
        ("journeys", loaded("journeys", crowd(&forty, &names(1, ""), "20d")), 60),
        ("flagship", file("scenarios/me-central-1.ron"), 60),
        ("load", file("scenarios/me-central-1-load.ron"), 60),
        ("claude", file("scenarios/claude-2026-03-02.ron"), 4),
        ("network", file("scenarios/red-sea.ron"), 60),
    ]
}

/// What compares designs or values, as the command line draws it: name, scenario and arguments.
fn decisions() -> Vec<(&'static str, &'static str, Vec<&'static str>)> {
    let storm = "scenarios/tutorial/05-storm-and-crew.ron";
    let holdover = "zone_kinds.hall.needs.0.holdover=[24h, 48h, 72h]";
    let size = "crews.'line crew'.size=1..3 by 1";
    let many = "zone_kinds.hall.parts.power.failures.loss.repair=5m..145m by 5m";
    let two = "zone_kinds.hall.restart=[1m, 2m, 3m, 4m, 5m, 6m, 7m, 8m, 9m, 10m, 11m, 12m]";
    vec![
        ("differences", "scenarios/me-central-1-designs.ron", vec!["compare", "-n", "200", "--plot"]),
        ("differences-crowd", "crowd", vec!["compare", "-n", "60", "--plot"]),
        (
            "differences-none",
            "scenarios/tutorial/11-cost.ron",
            vec![
                "compare",
                "-n",
                "60",
                "--set",
                "zone_kinds.hall.parts.power.failures.loss.every=1000000y",
                "--plot",
            ],
        ),
        ("pareto", "scenarios/tutorial/11-cost.ron", vec!["compare", "-n", "400", "--pareto"]),
        ("tornado", "scenarios/me-central-1.ron", vec!["rank", "-n", "200", "--plot"]),
        ("tornado-crowd", "crowd", vec!["rank", "-n", "60", "--plot"]),
        ("sweep", storm, vec!["sweep", "-n", "400", "--vary", size, "--plot"]),
        ("sweep-crowd", "crowd", vec!["sweep", "-n", "30", "--vary", many, "--plot"]),
        ("sweep-map", storm, vec!["sweep", "-n", "400", "--vary", holdover, "--vary", size, "--plot"]),
        (
            "sweep-map-crowd",
            "crowd",
            vec![
                "sweep",
                "-n",
                "20",
                "--vary",
                "zone_kinds.hall.parts.power.failures.loss.repair=[5m, 1h, 5h]",
                "--vary",
                two,
                "--plot",
            ],
        ),
    ]
}

/// All of them in one theme, with their names.
fn decided(theme: &str) -> Vec<(String, String)> {
    let desk = tempfile::tempdir().unwrap();
    let crowded = desk.path().join("crowd.ron");
    fs::write(&crowded, crowd(&JOURNEYS, &names(26, "population with a long name"), "20d")).unwrap();
    let draw = |(name, scenario, args): (&str, &str, Vec<&str>)| {
        let picture = desk.path().join(format!("{name}.svg"));
        let [command, rest @ ..] = args.as_slice() else { panic!("{name}") };
        let scenario = if scenario == "crowd" { crowded.to_str().unwrap() } else { scenario };
        let output = Command::new(cargo_bin!("blackstart"))
            .args([command, scenario])
            .args(rest)
            .arg(&picture)
            .args(["--theme", theme, "--quiet"])
            .output()
            .unwrap();
        assert!(picture.exists(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        (name.to_owned(), fs::read_to_string(&picture).unwrap())
    };
    decisions().into_iter().map(draw).collect()
}

/// All pictures of a case with their names.
fn drawn(loaded: &Loaded, replications: u64, theme: Theme) -> Vec<(String, String)> {
    let model = &loaded.model;
    let options = RunOptions { replications, seed: 3, threads: 0, curve_points: 97 };
    let output = run(model, options, &Progress::default()).unwrap();
    let summary = summarize(model, &output);
    let mut all: Vec<(String, String)> =
        pictures(&summary, theme).unwrap().into_iter().map(|p| (p.name, p.svg)).collect();
    let (name, figure) = ReplicationFigure::all(model).swap_remove(0);
    let number = pick(&output, Rank::Worst, (&name, figure)).map_or(0, |(number, _)| number);
    let told: Trace = trace(model, 3, number).unwrap();
    all.push(("swimlane".to_owned(), Swimlane::of(model, &told).svg(theme).unwrap()));
    all.push(("graph".to_owned(), DependencyGraph::of(model).svg(theme).unwrap()));
    if let Some(map) = Map::of(model, &loaded.chart, Some(&told)) {
        all.push(("map".to_owned(), map.svg(map.worst(), theme).unwrap()));
    }
    if let Some(map) = Map::of(model, &loaded.chart, None) {
        all.push(("map-whole".to_owned(), map.svg(0.0, theme).unwrap()));
    }
    all
}

/// As the PNG is drawn: with the bundled font and no other.
fn parsed(svg: &str) -> Tree {
    let mut fonts = Database::new();
    for font in [dejavu::sans::regular(), dejavu::sans::bold()] {
        fonts.load_font_source(Source::Binary(std::sync::Arc::new(font)));
    }
    fonts.set_sans_serif_family("DejaVu Sans");
    let options = Options {
        fontdb: std::sync::Arc::new(fonts),
        font_family: "DejaVu Sans".to_owned(),
        ..Options::default()
    };
    Tree::from_str(svg, &options).unwrap()
}

/// Where texts stand, and what they say.
fn texts(group: &Group, out: &mut Vec<(Rect, String)>) {
    for node in group.children() {
        match node {
            Node::Group(group) => texts(group, out),
            Node::Text(text) => {
                let words: String = text.chunks().iter().map(|chunk| chunk.text()).collect();
                if !words.trim().is_empty() {
                    out.push((node.abs_bounding_box(), words));
                }
            }
            _ => {}
        }
    }
}

/// As wide as it is once a font has all characters: Chinese, Japanese and Korean ones are as wide as a dash of that name, an
/// em. In the bundled font they are narrower boxes.
fn with_real_widths(svg: &str) -> String {
    svg.chars().map(|c| if c.width() == Some(2) { '—' } else { c }).collect()
}

/// What is wrong with a picture's texts.
fn trouble(svg: &str) -> Vec<String> {
    let tree = parsed(&with_real_widths(svg));
    let mut found = Vec::new();
    let mut all = Vec::new();
    texts(tree.root(), &mut all);
    // Boxes of text are measured in the fine units that are drawn on.
    let (width, height) = (tree.size().width(), tree.size().height());
    for (index, (place, words)) in all.iter().enumerate() {
        let outside = place.left() < -TOUCH
            || place.top() < -TOUCH
            || place.right() > width + TOUCH
            || place.bottom() > height + TOUCH;
        if outside {
            found.push(format!("{words:?} reaches over the edge: {place:?}"));
        }
        for (other, others) in &all[index + 1..] {
            let across = place.right().min(other.right()) - place.left().max(other.left());
            let down = place.bottom().min(other.bottom()) - place.top().max(other.top());
            // A third of a line: boxes are as high as the highest letter of the font.
            if across > TOUCH && down > TOUCH + 0.33 * place.height().min(other.height()) {
                found.push(format!("{words:?} and {others:?} overlap by {across:.0} x {down:.0}"));
            }
        }
    }
    found
}

#[test]
fn no_text_covers_another() {
    let mut found = Vec::new();
    for (case, loaded, replications) in cases() {
        for (name, svg) in drawn(&loaded, replications, Theme::Light) {
            found.extend(trouble(&svg).into_iter().map(|what| format!("{case}/{name}: {what}")));
        }
    }
    for (name, svg) in decided("light") {
        found.extend(trouble(&svg).into_iter().map(|what| format!("decisions/{name}: {what}")));
    }
    assert!(found.is_empty(), "{} mistakes\n{}", found.len(), found[..found.len().min(60)].join("\n"));
}

/// The check itself must be able to fail.
#[test]
fn covered_text_is_seen() {
    let text = |x: i32, words: &str| format!("<text x=\"{x}\" y=\"50\" font-size=\"16\">{words}</text>");
    let svg = |inner: String| {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"300\" height=\"100\">{inner}</svg>")
    };
    assert_eq!(trouble(&svg(text(10, "some words") + &text(150, "and others"))).len(), 0);
    assert_eq!(trouble(&svg(text(10, "some words") + &text(60, "and others"))).len(), 1);
    assert_eq!(trouble(&svg(text(250, "some words"))).len(), 1);
}

/// Writes pictures in both sizes, and returns them small for the sheet: of one kind, which may go on over several pages,
/// the first `most`.
fn row(folder: &Path, case: &str, pictures: Vec<(String, String)>, most: usize) -> Vec<Pixmap> {
    let (mut row, mut kinds) = (Vec::new(), Vec::new());
    for (name, svg) in pictures {
        fs::write(folder.join(format!("{case}-{name}.png")), png(&svg, 1.0).unwrap().bytes).unwrap();
        fs::write(folder.join(format!("{case}-{name}-half.png")), png(&svg, 0.5).unwrap().bytes).unwrap();
        let kind = name.split('-').next().unwrap().to_owned();
        let seen = kinds.iter().filter(|k| **k == kind).count();
        kinds.push(kind);
        if seen < most {
            let width = parsed(&svg).size().width();
            row.push(Pixmap::decode_png(&png(&svg, THUMB / width).unwrap().bytes).unwrap());
        }
    }
    row
}

/// What no font has is said, and is no mistake; nothing is said of a picture that the bundled font can draw.
#[test]
fn characters_without_a_font_are_named() {
    let desk = tempfile::tempdir().unwrap();
    let run = |title: &str, picture: &str| {
        let scenario = desk.path().join("names.ron");
        let text = fs::read_to_string("scenarios/tutorial/01-one-zone.ron").unwrap();
        let (head, tail) = text.split_once("title: \"").unwrap();
        fs::write(&scenario, format!("{head}title: \"{title}{tail}")).unwrap();
        let output = Command::new(cargo_bin!("blackstart"))
            .args(["graph", scenario.to_str().unwrap(), "--out"])
            .arg(desk.path().join(picture))
            .output()
            .unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    // For private use: no font gives it a shape that all agree on.
    let note = run("\u{10fffd}", "private.png");
    assert!(note.contains("no font of this machine has") && note.contains("U+10FFFD"), "{note}");
    assert_eq!(run("\u{10fffd}", "private.svg"), "");
    assert_eq!(run("Χρήστες, пользователи, مستخدمو", "bundled.png"), "");
}

/// All pictures of all cases beside each other, light above dark.
#[test]
#[ignore = "draws outputs/gallery/contact-sheet.png: just contact-sheet"]
fn contact_sheet() {
    let folder = Path::new("target/contact-sheet");
    fs::create_dir_all(folder).unwrap();
    let mut rows: Vec<Vec<Pixmap>> = Vec::new();
    let cases = cases();
    for tag in ["light", "dark"] {
        rows.push(row(folder, &format!("decisions-{tag}"), decided(tag), usize::MAX));
    }
    for (case, loaded, replications) in &cases {
        for (theme, tag) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
            rows.push(row(folder, &format!("{case}-{tag}"), drawn(loaded, *replications, theme), 2));
        }
    }
    let columns = rows.iter().map(Vec::len).max().unwrap() as f32;
    // Higher pictures are cut on the sheet, not in the folder.
    let most = 1.6 * THUMB;
    let height = |row: &Vec<Pixmap>| row.iter().map(|p| (p.height() as f32).min(most)).fold(0.0, f32::max);
    let size = (columns * (THUMB + GAP) + GAP, rows.iter().map(|r| height(r) + GAP).sum::<f32>() + GAP);
    let size = IntSize::from_wh(size.0.ceil() as u32, size.1.ceil() as u32).unwrap();
    let mut sheet = Pixmap::new(size.width(), size.height()).unwrap();
    sheet.fill(resvg::tiny_skia::Color::from_rgba8(128, 132, 140, 255));
    let mut top = GAP;
    for row in &rows {
        let high = height(row);
        for (index, picture) in row.iter().enumerate() {
            let left = GAP + index as f32 * (THUMB + GAP);
            let cut = picture.height().min(most as u32);
            let region = resvg::tiny_skia::IntRect::from_xywh(0, 0, picture.width(), cut).unwrap();
            let picture = picture.clone_rect(region).unwrap();
            sheet.draw_pixmap(
                left as i32,
                top as i32,
                picture.as_ref(),
                &PixmapPaint::default(),
                Transform::identity(),
                None,
            );
        }
        top += high + GAP;
    }
    fs::write("outputs/gallery/contact-sheet.png", sheet.encode_png().unwrap()).unwrap();
}
