//! Pictures of zero, one and very many journeys, with long names and names in any script: no text covers another, none
//! reaches over the edge, and both themes and both forms show the same.
//!
//! `just contact-sheet` draws all of them into outputs/gallery/contact-sheet.png.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::fs;
use std::path::Path;

use blackstart::plot::{DependencyGraph, Map, Swimlane, Theme, pictures, png};
use blackstart::report::render_diagnostics;
use blackstart::scenario::{Diagnostics, Loaded, SourceFile, Sources, load_extending};
use blackstart::study::{Progress, Rank, ReplicationFigure, RunOptions, Trace, pick, run, summarize, trace};
use resvg::tiny_skia::{IntSize, Pixmap, PixmapPaint, Transform};
use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{Group, Node, Options, Rect, Tree};

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
            let at = (50.0 - 3.0 * i as f64 % 90.0, -170.0 + 17.3 * i as f64 % 340.0);
            format!("{name}: (count: {}, at: ({}, {}), does: {{ {does} }}),\n", 1000 * (i + 1), at.0, at.1)
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
)
"#
    )
}

fn loaded(name: &str, text: String) -> Loaded {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let file = SourceFile { path: name.into(), identity: name.into(), text };
    let nothing = |_: &SourceFile, _: &str| Err(String::new());
    let loaded = load_extending(&file, &nothing, &[], &mut sources, &mut found);
    loaded.unwrap_or_else(|| panic!("{}", render_diagnostics(&sources, &found.into_vec(), false)))
}

/// Every case with its name.
fn cases() -> Vec<(&'static str, Loaded)> {
    let one = vec!["gulf".to_owned()];
    let scripts = ["利用者の長い名前", "مستخدمو الخليج", "Χρήστες", "пользователи", "उपयोगकर्ता"];
    let many: Vec<String> = (0..26)
        .map(|i| match scripts.get(i) {
            Some(name) => (*name).to_owned(),
            None => format!("population {i} with a name that nobody would give to a population"),
        })
        .collect();
    let journeys = ["chat", "a journey with a name that goes on and on and on", "会話"];
    let file = |path: &str| loaded(path, fs::read_to_string(path).unwrap());
    vec![
        ("zero", loaded("zero", crowd(&journeys, &[], "20d"))),
        ("quiet", loaded("quiet", crowd(&["chat"], &one, "1000000y"))),
        ("one", loaded("one", crowd(&["chat"], &one, "2d"))),
        ("many", loaded("many", crowd(&journeys, &many, "20d"))),
        ("flagship", file("scenarios/me-central-1.ron")),
        ("network", file("scenarios/red-sea.ron")),
    ]
}

/// All pictures of a case with their names.
fn drawn(loaded: &Loaded, theme: Theme) -> Vec<(String, String)> {
    let model = &loaded.model;
    let options = RunOptions { replications: 60, seed: 3, threads: 0, curve_points: 97 };
    let output = run(model, options, &Progress::default()).unwrap();
    let summary = summarize(model, &output);
    let mut all: Vec<(String, String)> =
        pictures(&summary, theme).unwrap().into_iter().map(|p| (p.name, p.svg)).collect();
    let (name, figure) = ReplicationFigure::all(model).swap_remove(0);
    let number = pick(&output, Rank::Worst, (&name, figure)).map_or(0, |(number, _)| number);
    let told: Trace = trace(model, 3, number).unwrap();
    all.push(("swimlane".to_owned(), Swimlane::of(model, &told).svg(theme).unwrap()));
    all.push(("graph".to_owned(), DependencyGraph::of(model).svg(theme).unwrap()));
    let map = Map::of(model, &loaded.chart, Some(&told)).unwrap();
    all.push(("map".to_owned(), map.svg(map.worst(), theme).unwrap()));
    all.push(("map-whole".to_owned(), Map::of(model, &loaded.chart, None).unwrap().svg(0.0, theme).unwrap()));
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

/// What is wrong with a picture's texts.
fn trouble(svg: &str) -> Vec<String> {
    let tree = parsed(svg);
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
    for (case, loaded) in cases() {
        for (name, svg) in drawn(&loaded, Theme::Light) {
            found.extend(trouble(&svg).into_iter().map(|what| format!("{case}/{name}: {what}")));
        }
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

/// All pictures of all cases beside each other, light above dark.
#[test]
#[ignore = "draws outputs/gallery/contact-sheet.png: just contact-sheet"]
fn contact_sheet() {
    let folder = Path::new("target/contact-sheet");
    fs::create_dir_all(folder).unwrap();
    let mut rows: Vec<Vec<Pixmap>> = Vec::new();
    for (case, loaded) in cases() {
        for (theme, tag) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
            let (mut row, mut kinds) = (Vec::new(), Vec::new());
            for (name, svg) in drawn(&loaded, theme) {
                fs::write(folder.join(format!("{case}-{name}-{tag}.png")), png(&svg, 1.0).unwrap()).unwrap();
                fs::write(folder.join(format!("{case}-{name}-{tag}-half.png")), png(&svg, 0.5).unwrap())
                    .unwrap();
                // Of one kind, which may go on over several pages, the first two.
                let kind = name.split('-').next().unwrap().to_owned();
                let seen = kinds.iter().filter(|k| **k == kind).count();
                kinds.push(kind);
                if seen < 2 {
                    let width = parsed(&svg).size().width();
                    row.push(Pixmap::decode_png(&png(&svg, THUMB / width).unwrap()).unwrap());
                }
            }
            rows.push(row);
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
