//! The report of a comparison in a real browser: headless Chromium. Without one these tests say so and pass.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod browser;

use std::path::PathBuf;

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin;
use browser::{Browser, CONTRAST};
use serde_json::Value;
use tempfile::TempDir;

const COST: &str = "scenarios/tutorial/11-cost.ron";
const DESIGNS: &str = "scenarios/me-central-1-designs.ron";
const TRAVEL: &str = "crews.engineers.travel=5m..2h by x2";

/// A report, and the JSON of the same comparison.
struct Desk {
    folder: TempDir,
    json: Value,
}

impl Desk {
    fn report(&self) -> PathBuf {
        self.folder.path().join("review.html")
    }
}

/// A comparison in a browser; `None` without a browser.
fn opened(args: &[&str]) -> Option<(Desk, Browser)> {
    let mut browser = Browser::start()?;
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("review.html");
    let output = Command::new(cargo_bin!("blackstart"))
        .arg("compare")
        .args(args)
        .args(["--format", "json", "--report", out.to_str().unwrap()])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    browser.go(&out);
    Some((Desk { folder, json: serde_json::from_slice(&output.stdout).unwrap() }, browser))
}

#[test]
fn nothing_goes_wrong_and_nothing_is_too_wide() {
    for args in [&[COST, "-n", "200", "--rank", "--vary", TRAVEL][..], &[DESIGNS, "-n", "200"]] {
        let Some((desk, mut browser)) = opened(args) else { return };
        for width in [1280, 640, 390] {
            browser.size(width, 900);
            let over = browser.number("document.documentElement.scrollWidth - innerWidth");
            assert!(over <= 0.0, "{over} pixels beyond {width}");
        }
        browser.assert_quiet(&desk.report());
    }
}

/// Under the pointer, and at the arrow keys, stands the value that the JSON holds.
#[test]
fn values_are_those_of_the_json() {
    let Some((desk, mut browser)) = opened(&[COST, "-n", "300", "--rank", "--vary", TRAVEL]) else { return };
    let tip = "document.getElementById('tip').textContent";
    let designs = desk.json["designs"].as_array().unwrap();
    let down = |design: &Value| design["differences"][0]["difference"]["mean"].as_f64().unwrap();
    let exactly: Vec<String> = designs
        .iter()
        .map(down)
        .filter(|mean| *mean != 0.0)
        .map(|mean| format!("exactly {mean} s"))
        .collect();
    assert_eq!(exactly.len(), 2);
    for (index, exactly) in exactly.iter().enumerate() {
        browser.point_at(&format!("figure[data-name=differences] .spots rect:nth-child({})", index + 1));
        assert!(browser.text(tip).ends_with(exactly), "{}", browser.text(tip));
    }
    browser.focus("figure[data-name=differences] svg");
    for exactly in &exactly {
        browser.press("ArrowRight", 39);
        assert!(browser.text(tip).ends_with(exactly), "{}", browser.text(tip));
    }
    for (index, point) in desk.json["cost_points"].as_array().unwrap().iter().enumerate() {
        let spot =
            format!("document.querySelectorAll('figure[data-name=pareto] .spots rect')[{index}].dataset.t");
        let told = browser.text(&spot);
        assert!(told.starts_with(point["design"].as_str().unwrap()), "{told}");
        let values = [&point["down_s"]["mean"], &point["capital_and_running"], &point["total"]];
        assert!(values.iter().all(|v| told.contains(&v.as_f64().unwrap().to_string())), "{told}");
    }
    for name in ["tornado", "sweep-buy-town"] {
        browser.point_at(&format!("figure[data-name={name}] .spots rect"));
        assert!(browser.text(tip).contains("exactly"), "{name}");
    }
    browser.assert_quiet(&desk.report());
}

#[test]
fn tables_sort_and_designs_can_be_chosen() {
    let Some((desk, mut browser)) = opened(&[DESIGNS, "-n", "300"]) else { return };
    let column = |table: &str, index: usize| {
        format!(
            "[...document.querySelectorAll('#{table} tbody tr')].filter(r => r.offsetParent).map(r => r.children[{index}].dataset.v)"
        )
    };
    let numbers = |values: Value| -> Vec<f64> {
        values.as_array().unwrap().iter().map(|v| v.as_str().unwrap().parse().unwrap()).collect()
    };
    browser.click("#differences-table th:nth-child(7) button");
    let sorted = numbers(browser.value(&column("differences-table", 6)));
    assert!(sorted.len() > 10 && sorted.is_sorted_by(|a, b| a >= b), "{sorted:?}");
    browser.focus("#differences-table th:nth-child(7) button");
    browser.press("Enter", 13);
    assert!(numbers(browser.value(&column("differences-table", 6))).is_sorted());
    let choose = |browser: &mut Browser, list: &str, value: &str| {
        browser.value(&format!(
            "(() => {{ const s = document.getElementById('{list}'); s.value = '{value}'; s.dispatchEvent(new Event('change')); }})()"
        ));
    };
    choose(&mut browser, "design", "1");
    choose(&mut browser, "figure", "0");
    let seen = browser.value(&column("differences-table", 0));
    let name = desk.json["designs"][1]["design"].clone();
    assert!(seen.as_array().unwrap().iter().all(|design| *design == name), "{seen}");
    assert_eq!(seen.as_array().unwrap().len(), 2, "{seen}");
    assert_eq!(
        browser
            .number("[...document.querySelectorAll('#designs tbody tr')].filter(r => r.offsetParent).length"),
        2.0
    );
    // Causes of one journey, in time.
    choose(&mut browser, "journey", "0");
    choose(&mut browser, "population", "0");
    let titles = browser.value(
        "[...document.querySelectorAll('#causes-table tbody tr')].filter(r => r.offsetParent).map(r => r.children[2].title)",
    );
    let titles = titles.as_array().unwrap().clone();
    assert!(
        !titles.is_empty() && titles.iter().all(|title| title.as_str().unwrap().ends_with(" s")),
        "{titles:?}"
    );
    assert_eq!(browser.text("document.getElementById('causes-of').textContent"), "chat, gulf");
    browser.assert_quiet(&desk.report());
}

#[test]
fn paper_cuts_no_figure() {
    let claude = [
        "scenarios/claude-2026-03-02.ron",
        "-n",
        "2",
        "--architecture",
        "twice the sign-in capacity",
        "--architecture",
        "B: remote capacity lost as well",
    ];
    for args in
        [&[COST, "-n", "200", "--rank", "--vary", TRAVEL][..], &[DESIGNS, "-n", "60", "--rank"], &claude]
    {
        let Some((desk, mut browser)) = opened(args) else { return };
        browser.assert_fits_paper();
        // Nor a table.
        let over = browser.value(
            "[...document.querySelectorAll('table')].map(t => [t.id, t.getBoundingClientRect().right - innerWidth])",
        );
        for table in over.as_array().unwrap() {
            assert!(table[1].as_f64().unwrap() <= 0.5, "{table}");
        }
        assert!(browser.print().len() > 30_000);
        browser.assert_quiet(&desk.report());
    }
}

#[test]
fn text_can_be_read_in_both_themes() {
    let Some((desk, mut browser)) = opened(&[COST, "-n", "200"]) else { return };
    for theme in ["light", "dark"] {
        browser.media("screen", theme);
        let least = browser.number(CONTRAST);
        assert!(least >= 4.5, "{theme}: {least}");
        let page = browser.text("getComputedStyle(document.querySelector('svg.pic rect')).fill");
        assert_eq!(page == "rgb(255, 255, 255)", theme == "light", "{page}");
    }
    browser.assert_quiet(&desk.report());
}
