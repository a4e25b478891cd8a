//! The report in a real browser: headless Chromium. Without one these tests say so and pass.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod browser;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin;
use browser::{Browser, CONTRAST};
use serde_json::Value;
use tempfile::TempDir;

const FLAGSHIP: &str = "scenarios/me-central-1.ron";

/// A folder with a report in it.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn with_report(scenario: &Path, replications: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("review.html");
        let (scenario, out) = (scenario.to_str().unwrap(), out.to_str().unwrap());
        blackstart(&["report", scenario, "-n", replications, "--out", out]);
        Self { folder }
    }

    fn with_text(scenario: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("scenario.ron");
        fs::write(&path, scenario).unwrap();
        let Self { folder: made } = Self::with_report(&path, "200");
        Self { folder: made }
    }

    fn report(&self) -> PathBuf {
        self.folder.path().join("review.html")
    }
}

fn blackstart(args: &[&str]) -> Output {
    let output = Command::new(cargo_bin!("blackstart")).args(args).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

/// The flagship's report in a browser; `None` without a browser.
fn flagship() -> Option<(Desk, Browser)> {
    let browser = Browser::start()?;
    let desk = Desk::with_report(Path::new(FLAGSHIP), "500");
    opened(desk, browser)
}

fn opened(desk: Desk, mut browser: Browser) -> Option<(Desk, Browser)> {
    browser.go(&desk.report());
    Some((desk, browser))
}

fn assert_quiet(desk: &Desk, browser: &mut Browser) {
    browser.assert_quiet(&desk.report());
}

#[test]
fn nothing_goes_wrong_and_nothing_is_fetched() {
    let Some((desk, mut browser)) = flagship() else { return };
    assert_quiet(&desk, &mut browser);
    let loaded = browser.number("performance.getEntriesByType('navigation')[0].loadEventEnd");
    println!("load event after {loaded:.0} ms");
    let seen = browser.number("document.querySelectorAll('figure svg.pic').length");
    assert!(seen >= 13.0, "{seen} pictures");
    // No part of the page is wider than the window, on a telephone either.
    for width in [1100, 390] {
        browser.size(width, 900);
        let over = browser.number("document.documentElement.scrollWidth - innerWidth");
        assert!(over <= 0.0, "{over} pixels beyond {width}");
    }
    assert_quiet(&desk, &mut browser);
}

/// The check itself must be able to fail.
#[test]
fn a_bad_page_is_seen() {
    let Some(mut browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("review.html");
    fs::write(
        &page,
        "<script>console.error('a'); fetch('http://127.0.0.1:9/b'); throw new Error('c')</script>",
    )
    .unwrap();
    browser.go(&page);
    assert!(browser.complaints().len() >= 2, "{:?}", browser.complaints());
    assert!(browser.requests().iter().any(|address| address.ends_with("/b")), "{:?}", browser.requests());
}

/// The slider moves the map and the lanes, by mouse and by keyboard, to the states that the page holds.
#[test]
fn the_slider_moves_the_pictures() {
    let Some((desk, mut browser)) = flagship() else { return };
    let data: Value =
        serde_json::from_str(&browser.text("document.getElementById('replay-data').textContent")).unwrap();
    let look = "[...document.querySelectorAll('[data-m]')].map(m => m.getAttribute('class')).join('|')";
    let cursor = "Number(document.querySelector('.cursor').getAttribute('x1'))";
    browser.focus("#time");
    browser.press("Home", 36);
    let (first, left) = (browser.text(look), browser.number(cursor));
    assert_eq!(left, data["place"][0].as_f64().unwrap());
    browser.press("End", 35);
    assert_eq!(browser.number(cursor), data["place"][1].as_f64().unwrap());
    browser.press("Home", 36);
    let mut looks = vec![first];
    for _ in 0..40 {
        browser.click("#after");
        let now = browser.number("Number(document.getElementById('time').value)");
        for (index, mark) in data["marks"].as_array().unwrap().iter().enumerate() {
            let at = |step: &&Value| step[0].as_f64().unwrap() <= now && now < step[1].as_f64().unwrap();
            let state =
                mark["course"].as_array().unwrap().iter().find(at).map(|step| step[2].as_str().unwrap());
            let class = browser
                .text(&format!("document.querySelector('[data-m=\"{index}\"]').getAttribute('class')"));
            assert_eq!(class.contains("hit"), state.is_some(), "{mark} at {now}: {class}");
            assert!(
                state.is_none_or(|state| class.contains(&format!("s-{state} "))),
                "{mark} at {now}: {class}"
            );
        }
        looks.push(browser.text(look));
    }
    looks.dedup();
    assert!(looks.len() > 4, "the map looks the same at all times");
    assert!(browser.number(cursor) > left);
    // The words beside it change, too; and it plays by itself.
    assert!(browser.text("document.getElementById('clock').textContent").starts_with("2026-03-"));
    assert!(browser.number("document.querySelectorAll('#now span').length") >= 5.0);
    let before = browser.number(cursor);
    browser.click("#play");
    browser.value("new Promise(done => { let n = 0; const f = () => ++n > 20 ? done() : requestAnimationFrame(f); f(); })");
    assert!(browser.number(cursor) > before);
    assert_quiet(&desk, &mut browser);
}

/// How a value of run.json ends what is told of it.
fn exactly(journey: &Value) -> String {
    format!("exactly {}", journey["availability"].as_f64().unwrap())
}

/// Under the pointer, and at the arrow keys, stands the value that run.json holds.
#[test]
fn values_are_those_of_the_json() {
    let Some((desk, mut browser)) = flagship() else { return };
    let json = blackstart(&["run", FLAGSHIP, "-n", "500", "--format", "json"]);
    let run: Value = serde_json::from_slice(&json.stdout).unwrap();
    let journeys = run["journeys"].as_array().unwrap();
    for (index, journey) in journeys.iter().enumerate() {
        browser.point_at(&format!("figure[data-name=availability] .spots rect:nth-child({})", index + 1));
        assert_eq!(browser.value("document.getElementById('tip').hidden"), false);
        let tip = browser.text("document.getElementById('tip').textContent");
        assert!(tip.ends_with(&exactly(journey)), "{tip}");
        assert!(tip.starts_with(&format!(
            "{}, {}:",
            journey["journey"].as_str().unwrap(),
            journey["population"].as_str().unwrap()
        )));
        let title = browser
            .text(&format!("document.querySelectorAll('#figures tbody tr')[{index}].children[2].title"));
        assert_eq!(title, format!("{} s", journey["down_s"]["mean"].as_f64().unwrap()));
    }
    browser.focus("figure[data-name=availability] svg");
    for journey in journeys {
        browser.press("ArrowRight", 39);
        let tip = browser.text("document.getElementById('tip').textContent");
        assert!(tip.ends_with(&exactly(journey)), "{tip}");
    }
    browser.press("Escape", 27);
    assert_eq!(browser.value("document.getElementById('tip').hidden"), true);
    for name in
        ["success-chat", "exceedance", "outages", "causes", "stages", "blast-radius", "graph", "swimlane"]
    {
        let spot = format!("figure[data-name={name}] .spots rect");
        browser.value(&format!("document.querySelector('{spot}').scrollIntoView({{block: 'center'}})"));
        browser.point_at(&spot);
        assert_eq!(browser.value("document.getElementById('tip').hidden"), false, "{name}");
    }
    assert_quiet(&desk, &mut browser);
}

#[test]
fn causes_sort_and_journeys_can_be_chosen() {
    let Some((desk, mut browser)) = flagship() else { return };
    let column = |index: usize| {
        format!(
            "[...document.querySelectorAll('#causes-table tbody tr:not([hidden])')].map(r => r.children[{index}].dataset.v)"
        )
    };
    let numbers = |values: Value| -> Vec<f64> {
        values.as_array().unwrap().iter().map(|v| v.as_str().unwrap().parse().unwrap()).collect()
    };
    let first = numbers(browser.value(&column(1)));
    assert!(first.is_sorted_by(|a, b| a >= b) && first.len() > 3, "{first:?}");
    browser.click("#causes-table th:nth-child(2) button");
    assert!(numbers(browser.value(&column(1))).is_sorted(), "a click turns the order around");
    browser.focus("#causes-table th:nth-child(6) button");
    browser.press("Enter", 13);
    let events = numbers(browser.value(&column(5)));
    assert!(events.is_sorted_by(|a, b| a >= b), "{events:?}");
    assert_eq!(
        browser.text("document.querySelector('#causes-table th:nth-child(6)').ariaSort"),
        "descending"
    );
    let shown =
        "[...document.querySelectorAll('#figures tbody tr:not([hidden])')].map(r => r.innerText).join()";
    for (select, value) in [("journey", "0"), ("population", "1")] {
        browser.value(&format!(
            "(() => {{ const s = document.getElementById('{select}'); s.value = '{value}'; s.dispatchEvent(new Event('change')); }})()"
        ));
    }
    let rows = browser.text(shown);
    assert!(rows.contains("chat") && rows.contains("europe") && !rows.contains("gulf"), "{rows}");
    assert_eq!(browser.text("document.getElementById('causes-of').textContent"), "chat, europe");
    assert_eq!(numbers(browser.value(&column(1))).len(), 1);
    let pictures = "[...document.querySelectorAll('figure[data-j]:not([hidden])')].length";
    assert_eq!(browser.number(pictures), 1.0);
    assert_quiet(&desk, &mut browser);
}

/// What the scenario says stays text, whatever it says.
#[test]
fn hostile_text_stays_text() {
    let Some(mut browser) = Browser::start() else { return };
    let evil = r#"</title></script><script>window.pwned=1</script><img src=x onerror=\"window.pwned=2\">'\"&lt;  abc עברית العربية"#;
    for title in [evil.to_owned(), format!("{evil} {}", "long".repeat(2500)), "x".repeat(10_000)] {
        let desk = Desk::with_text(&scenario(&title, &[evil], "1h"));
        browser.go(&desk.report());
        assert_eq!(browser.value("typeof window.pwned"), "undefined");
        assert_eq!(browser.number("document.querySelectorAll('script').length"), 2.0);
        assert_eq!(browser.number("document.querySelectorAll('img, iframe, link, object').length"), 0.0);
        let (heading, head) =
            (browser.text("document.querySelector('h1').textContent"), title.replace("\\\"", "\""));
        let head: String = head.chars().take(200).collect();
        assert!(heading.starts_with(&head), "{heading}");
        let over = browser.number("document.documentElement.scrollWidth - innerWidth");
        assert!(over <= 0.0, "{over} pixels too wide");
        browser.point_at("figure[data-name=availability] .spots rect");
        assert!(browser.text("document.getElementById('tip').textContent").contains("<script>"));
        assert_quiet(&desk, &mut browser);
    }
}

/// On paper every figure fits on one page, and is not broken between two.
#[test]
fn paper_cuts_no_figure() {
    let Some(mut browser) = Browser::start() else { return };
    let many: Vec<String> = (0..30).map(|i| format!("population {i} with quite a long name")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let desks = [
        Desk::with_report(Path::new(FLAGSHIP), "200"),
        Desk::with_report(Path::new("scenarios/red-sea.ron"), "20"),
        Desk::with_text(&scenario("Many", &many, "1h")),
    ];
    for desk in desks {
        browser.media("screen", "light");
        browser.size(1100, 900);
        browser.go(&desk.report());
        browser.assert_fits_paper();
        assert!(browser.print().len() > 50_000);
        assert_quiet(&desk, &mut browser);
    }
}

/// Text stands out from its page in both themes: a contrast of at least 4.5 (WCAG 2.2, AA).
#[test]
fn text_can_be_read_in_both_themes() {
    let Some((desk, mut browser)) = flagship() else { return };
    for theme in ["light", "dark"] {
        browser.media("screen", theme);
        let least = browser.number(CONTRAST);
        assert!(least >= 4.5, "{theme}: {least}");
        let page = browser.text("getComputedStyle(document.querySelector('svg.pic rect')).fill");
        assert_eq!(page == "rgb(255, 255, 255)", theme == "light", "{page}");
    }
    // Everything that can be used has a name.
    let nameless = browser.value(
        "[...document.querySelectorAll('button, select, input, svg.pic')].filter(e => \
         !(e.getAttribute('aria-label') || e.textContent.trim() || (e.labels && e.labels.length))).map(e => e.outerHTML.slice(0, 80))",
    );
    assert_eq!(nameless, Value::Array(Vec::new()));
    assert_quiet(&desk, &mut browser);
}

/// Without any downtime, and with users who fare ill all the time.
#[test]
fn extremes_make_a_page() {
    let Some(mut browser) = Browser::start() else { return };
    for every in ["1000000y", "1m"] {
        let desk = Desk::with_text(&scenario("Extreme", &["日本語の利用者", "مستخدمون"], every));
        browser.go(&desk.report());
        browser.click("#after");
        browser.click("#play");
        assert_quiet(&desk, &mut browser);
    }
}

/// One unit in each of two places, and populations of those names.
fn scenario(title: &str, populations: &[&str], every: &str) -> String {
    let users: String = populations
        .iter()
        .map(|name| format!("\"{name}\": (count: 1000, at: (10, 20), does: {{ \"buy\": \"1/h\" }}),\n"))
        .collect();
    format!(
        r#"Scenario(
    title: "{title}",
    start: "2026-01-01T00:00:00Z",
    horizon: "3d",
    zone_kinds: {{
        "hall": (
            parts: {{ "power": (failures: {{ "loss": (every: Exp("{every}"), repair: LogNormal("4h", "12h")) }}) }},
            needs: ["power"],
        ),
    }},
    regions: {{ "north": (at: (50, 8), zones: {{ "a": "hall", "b": "hall" }}) }},
    services: {{ "shop": (scope: Regional) }},
    journeys: {{ "buy": (calls: ["shop"], objective: "99%") }},
    users: {{ {users} }},
)
"#
    )
}
