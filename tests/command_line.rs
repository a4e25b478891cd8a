//! The command line: what is printed, what is written, and with which code it ends.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin;
use tempfile::TempDir;

/// Two halls of which one suffices; 20 of 100 users' months see an outage, so that tests have something to see.
const SHOP: &str = r#"Scenario(
    title: "A shop",
    start: "2026-01-01T00:00:00Z",
    horizon: "30d",
    zone_kinds: {
        "hall": (
            parts: { "power": (failures: { "loss": (every: Exp("10d"), repair: LogNormal("4h", "12h")) }) },
            needs: ["power"],
        ),
    },
    regions: { "north": (zones: { "a": "hall", "b": "hall" }) },
    services: {
        "shop": (scope: Regional),
        "shop 4.6": (scope: Regional),
    },
    journeys: { "buy": (calls: ["shop", "shop 4.6"], objective: "99%") },
    users: { "all": (count: 1000, does: { "buy": "1/h" }, clock: "Asia/Dubai", day: Peak(at: "14:00", trough: "35%")) },
)
"#;

/// A folder with the scenario `shop.ron`, in which commands run.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("shop.ron"), SHOP).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, args: &[&str]) -> Output {
        Command::new(cargo_bin!("blackstart")).current_dir(self.folder.path()).args(args).output().unwrap()
    }

    /// Standard output of a command that must succeed without a word on standard error.
    fn prints(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(text(&output.stderr), "", "{args:?}");
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        text(&output.stdout)
    }

    /// Standard error of a command that must be refused without printing anything else.
    fn refuses(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert_eq!(text(&output.stdout), "", "{args:?}");
        assert!(said.starts_with("error: ") && !said.contains("panicked"), "{args:?}: {said}");
        said
    }

    /// Names of everything in the folder, hidden files included.
    fn names(&self) -> Vec<String> {
        names(self.folder.path())
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn results_do_not_depend_on_threads() {
    let desk = Desk::new();
    for format in ["json", "csv", "text"] {
        let with = |threads| {
            desk.prints(&["run", "shop.ron", "-n", "300", "--format", format, "--threads", threads])
        };
        let one = with("1");
        assert!(one == with("2") && one == with("7"), "{format}");
        assert_ne!(one, desk.prints(&["run", "shop.ron", "-n", "300", "--format", format, "--seed", "2"]));
    }
}

#[test]
fn every_format_tells_the_same() {
    let desk = Desk::new();
    let value = json(&desk.prints(&["run", "shop.ron", "-n", "200", "--format", "json"]));
    assert_eq!((&value["replications"], &value["seed"]), (&200.into(), &1.into()));
    let lost = value["journeys"][0]["down_s"]["mean"].as_f64().unwrap();
    assert!(lost > 0.0, "{value}");
    let rows = desk.prints(&["run", "shop.ron", "-n", "200", "--format", "csv"]);
    let mut lines = rows.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let (header, row) = (lines.next().unwrap(), lines.next().unwrap());
    assert!(lines.next().is_none() && header.len() == row.len(), "{rows}");
    assert!(
        row.contains(&"buy") && row.contains(&"all") && row.contains(&lost.to_string().as_str()),
        "{rows}"
    );
    let report = desk.prints(&["run", "shop.ron", "-n", "200"]);
    assert!(report.starts_with("Users in all lose ") && report.contains("\n200 replications, seed 1, 30 d"));
}

#[test]
fn a_run_directory_holds_all_that_a_run_was() {
    let desk = Desk::new();
    let printed =
        desk.prints(&["run", "shop.ron", "-n", "100", "--out", "deep/er", "--format", "json", "--seed", "9"]);
    assert_eq!(names(&desk.path("deep")), ["er"]);
    assert_eq!(names(&desk.path("deep/er")), ["replications.csv", "run.json", "scenario.resolved.ron"]);
    let file = json(&fs::read_to_string(desk.path("deep/er/run.json")).unwrap());
    assert_eq!(file["run"], json(&printed));
    assert!(file["host"]["elapsed_s"].as_f64().unwrap() > 0.0);
    let rows = fs::read_to_string(desk.path("deep/er/replications.csv")).unwrap();
    assert_eq!(rows.lines().count(), 101);
    let resolved = ["run", "deep/er/scenario.resolved.ron", "-n", "100", "--format", "json", "--seed", "9"];
    assert_eq!(desk.prints(&resolved), printed);
}

#[test]
fn the_resolved_scenario_holds_the_edits() {
    let desk = Desk::new();
    let edited = [
        "--set",
        "users.all.count=5",
        "--set",
        "services.'shop 4.6'.scope=Global",
        "--set",
        "title=\"a \\\"b\\\" \\\\\"",
    ];
    let options = ["-n", "50", "--format", "json"];
    let printed = desk.prints(&[&["run", "shop.ron", "--out", "x"], &options[..], &edited].concat());
    assert_eq!(desk.prints(&[&["run", "x/scenario.resolved.ron"], &options[..]].concat()), printed);
    let again = [&["run", "x/scenario.resolved.ron", "--out", "y"], &options[..]].concat();
    desk.prints(&again);
    let resolved = |name: &str| fs::read_to_string(desk.path(name)).unwrap();
    assert_eq!(resolved("x/scenario.resolved.ron"), resolved("y/scenario.resolved.ron"));
}

#[test]
fn a_scenario_of_every_form_resolves_to_itself() {
    let desk = Desk::new();
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/me-central-1.ron");
    let printed = desk.prints(&["run", scenario, "-n", "3", "--format", "json", "--out", "x"]);
    assert_eq!(desk.prints(&["run", "x/scenario.resolved.ron", "-n", "3", "--format", "json"]), printed);
}

#[test]
fn nothing_is_overwritten_and_nothing_left_behind() {
    let desk = Desk::new();
    desk.prints(&["run", "shop.ron", "-n", "10", "--out", "first"]);
    let before = fs::read(desk.path("first/run.json")).unwrap();
    let said = desk.refuses(&["run", "shop.ron", "-n", "10", "--out", "first"]);
    assert!(said.contains("first exists already"), "{said}");
    assert_eq!(fs::read(desk.path("first/run.json")).unwrap(), before);
    fs::create_dir(desk.path("empty")).unwrap();
    desk.refuses(&["run", "shop.ron", "-n", "10", "--out", "empty"]);
    desk.refuses(&["run", "shop.ron", "-n", "10", "--out", "shop.ron"]);
    fs::write(desk.path("bad.ron"), SHOP.replace("30d", "30")).unwrap();
    fs::write(desk.path("loop.ron"), endless()).unwrap();
    desk.refuses(&["run", "bad.ron", "-n", "10", "--out", "a/b"]);
    desk.refuses(&["run", "loop.ron", "-n", "10", "--out", "a/b"]);
    let said = desk.refuses(&["run", "shop.ron", "-n", "10", "--out", "shop.ron/b/c"]);
    assert!(said.contains("shop.ron is no directory"), "{said}");
    desk.refuses(&["run", "shop.ron", "-n", "10", "--out", "/dev/null/b"]);
    assert_eq!(desk.names(), ["bad.ron", "empty", "first", "loop.ron", "shop.ron"]);
    assert_eq!(names(&desk.path("empty")), [""; 0]);
}

/// Whoever may write everywhere, as in a container, is not refused.
#[cfg(unix)]
#[test]
fn a_folder_without_leave_to_write_is_refused_before_the_run() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new();
    fs::create_dir(desk.path("locked")).unwrap();
    fs::set_permissions(desk.path("locked"), fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(desk.path("locked/probe"), "").is_ok() {
        return;
    }
    // A number of replications that would take for ever.
    let said = desk.refuses(&["run", "shop.ron", "-n", "100000000", "--out", "locked/x"]);
    assert!(said.contains("cannot write locked/x"), "{said}");
    fs::set_permissions(desk.path("locked"), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(names(&desk.path("locked")), [""; 0]);
}

#[test]
fn edits_are_values_in_place() {
    let desk = Desk::new();
    for (edit, line) in [
        ("horizon=14d", "horizon 14 d"),
        ("horizon = \"2y\"", "horizon 2 y"),
        ("title=Two halls, one shop", "ok: Two halls, one shop"),
        ("services.'shop 4.6'.scope=Global", "ok: A shop"),
        ("components_start=Aged", "start aged"),
        ("zone_kinds.hall.parts.power.failures.loss.repair=Fixed(4h)", "ok: A shop"),
        ("journeys.buy.calls=[shop, \"shop 4.6\"]", "ok: A shop"),
        ("users.all.does.buy=3/min", "ok: A shop"),
        ("users.all.day.at=09:30", "ok: A shop"),
    ] {
        let said = desk.prints(&["check", "shop.ron", "--set", edit]);
        assert!(said.contains(line), "{edit}: {said}");
    }
    // The last one holds.
    let said = desk.prints(&["check", "shop.ron", "--set", "horizon=3d", "--set", "horizon=4d"]);
    assert!(said.contains("horizon 4 d"), "{said}");
}

#[test]
fn wrong_edits_are_underlined() {
    let desk = Desk::new();
    for (edit, message, underlined, help) in [
        (
            "services.shp.scope=Global",
            "there is no entry `shp`",
            "         ^^^ expected",
            "did you mean `shop`?",
        ),
        ("horizn=4d", "unknown field `horizn`", "^^^^^^", "did you mean `horizon`?"),
        ("horizon=5", "`5` has no unit", "        ^ expected a duration", ""),
        ("horizon=5 hours", "there is no unit `hours`", "        ^^^^^^^ expected", "did you mean `5 h`?"),
        (
            "users.all.count=many",
            "`many` does not belong here",
            "                ^^^^ expected a whole number",
            "",
        ),
        (
            "users.all.route=nearest",
            "there is no route `nearest`",
            "                ^^^^^^^",
            "did you mean `Nearest`?",
        ),
        ("services.shop 4.6.scope=Global", "there is no entry `shop 4`", "         ^^^^^^ expected", ""),
        ("horizon", "this edit has no `=`", "^^^^^^^ expected `path=value`", "as in"),
        ("=4d", "a name in this path is empty", "^", "single quotes"),
        ("title='", "text stands in single quotes", "      ^ expected double quotes", ""),
    ] {
        let said = desk.refuses(&["check", "shop.ron", "--set", edit]);
        let mark = said.lines().find(|line| line.contains('^')).unwrap_or_default();
        assert!(said.contains(message) && said.contains("--set:1:") && said.contains(help), "{edit}: {said}");
        assert!(mark.contains(&format!("| {underlined}")), "{edit}: {said}");
    }
    // The mistakes of all edits and of the file at once.
    fs::write(desk.path("bad.ron"), SHOP.replace("\"1/h\"", "1")).unwrap();
    let said = desk.refuses(&["check", "bad.ron", "--set", "horizon=5", "--set", "users.al.count=1"]);
    assert!(said.ends_with("\n3 errors\n"), "{said}");
}

#[test]
fn wrong_arguments_are_refused() {
    let desk = Desk::new();
    fs::write(desk.path("latin1.ron"), b"Scenario(title: \"caf\xe9\")").unwrap();
    for (args, message) in [
        (&["check", "missing.ron"][..], "cannot read missing.ron"),
        (&["check", "."], "it is a directory"),
        (&["check", "latin1.ron"], "not UTF-8 text at byte 20"),
        (&["run", "shop.ron", "-n", "0"], "0 is not in 1.."),
        (&["run", "shop.ron", "-n", "-5"], "invalid value '-5'"),
        (&["run", "shop.ron", "-n", "1e3"], "invalid value '1e3'"),
        (&["run", "shop.ron", "--replications", "1e300"], "invalid value '1e300'"),
        (&["run", "shop.ron", "-n", "100000001"], "is not in 1..=100000000"),
        (&["run", "."], "it is a directory"),
        (&["trace", "."], "it is a directory"),
        (&["compare", "shop.ron", "."], "it is a directory"),
        (&["plot", ".", "--out", "x"], "cannot read .: it is a directory without a run.json"),
        (&["plot", "shop.ron", "--out", "shop.ron"], "shop.ron exists already"),
        (&["plot", "shop.ron", "--out", "shop.ron/x"], "shop.ron is no directory"),
        (&["run", "shop.ron", "--seed", "-1"], "invalid value '-1'"),
        (&["run", "shop.ron", "--threads", "5000"], "invalid value '5000'"),
        (&["run", "shop.ron", "--precision", "0%"], "must be more than 0%"),
        (&["run", "shop.ron", "--precision", "200%"], "`200%` is more than 100%"),
        (&["run", "shop.ron", "--precision", "-2%"], "`-2%` is negative"),
        (&["run", "shop.ron", "--precision", "2"], "`2` has no unit"),
        (&["run", "shop.ron", "--precision", "NaN%"], "is not a finite number"),
        (&["run", "shop.ron", "--precision-of", "down:buy:all"], "as in `down:chat:gulf=2%`"),
        (&["run", "shop.ron", "--precision-of", "down:buy:all=0%"], "must be more than 0%"),
        (&["run", "shop.ron", "--precision-of", "down:by:all=2%"], "did you mean `down:buy:all`?"),
        (&["run", "shop.ron", "--precision-of", "=2%"], "figures: `down:buy:all`"),
        (&["run", "shop.ron", "--time", "-1s"], "`-1s` is negative"),
        (&["run", "shop.ron", "--time", "5"], "`5` has no unit"),
        (&["run", "shop.ron", "--time", "0s"], "must be more than 0"),
        (&["run", "shop.ron", "--time", "1e20y"], "it is too long"),
        (&["run", "shop.ron", "--format", "xml"], "invalid value 'xml'"),
        (&["run", "shop.ron", "--out", ""], "value is required"),
        (&["run"], "required arguments"),
        (&["runn", "shop.ron"], "unrecognized subcommand"),
        (&["check", "shop.ron", "shop.ron"], "unexpected argument"),
        (&["compare", "shop.ron", "missing.ron"], "cannot read missing.ron"),
        (&["compare", "missing.ron", "shop.ron"], "cannot read missing.ron"),
    ] {
        let said = desk.refuses(args);
        assert!(said.contains(message), "{args:?}: {said}");
    }
}

/// Files that are no scenario at all, or one that is deeper than any stack.
#[test]
fn odd_files_are_refused() {
    let desk = Desk::new();
    let program: Vec<u8> =
        b"\x7fELF\x02\x01\x01".iter().copied().chain((0..=255).cycle().take(5_000)).collect();
    fs::write(desk.path("program"), program).unwrap();
    fs::write(desk.path("zeros"), [0; 5_000]).unwrap();
    for (name, open, close) in [("lists", "[", "]"), ("maps", "{\"a\": ", "}"), ("all", "All(", ")")] {
        let (open, close) = (open.repeat(10_000), close.repeat(10_000));
        fs::write(desk.path(name), SHOP.replace("[\"power\"]", &format!("{open}\"power\"{close}"))).unwrap();
        fs::write(desk.path(&format!("{name} open")), &open).unwrap();
    }
    for (name, message) in [
        ("program", "not UTF-8 text at byte"),
        ("zeros", "zeros:1:1"),
        ("lists", "more than 128 brackets inside each other"),
        ("maps", "more than 128 brackets inside each other"),
        ("all", "more than 128 brackets inside each other"),
        ("lists open", "more than 128 brackets inside each other"),
        ("maps open", "more than 128 brackets inside each other"),
        ("all open", "more than 128 brackets inside each other"),
    ] {
        for command in ["check", "run", "trace"] {
            let said = desk.refuses(&[command, name]);
            assert!(said.contains(message) && said.len() < 10_000, "{command} {name}: {said}");
        }
    }
}

/// Such a law is a warning, and a run with it comes to an end.
#[test]
fn a_law_without_a_mean_is_played() {
    let desk = Desk::new();
    for law in ["Weibull(\"1d\", 0.05)", "LogNormal(\"1s\", \"1000y\")", "Mix([(0.5, Never), (0.5, \"1h\")])"]
    {
        fs::write(desk.path("far.ron"), SHOP.replace("LogNormal(\"4h\", \"12h\")", law)).unwrap();
        let output = desk.run(&["run", "far.ron", "-n", "20"]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{law}: {said}");
        assert!(said.is_empty() || said.starts_with("1 warning; "), "{law}: {said}");
        assert!(!text(&output.stdout).contains("NaN"), "{law}");
    }
}

#[test]
fn check_says_what_was_understood() {
    let desk = Desk::new();
    let said = desk.prints(&["check", "shop.ron"]);
    assert_eq!(
        said,
        "ok: A shop\n  \
           1 region, 2 zones, 2 parts, 4 members, 2 units\n  \
           2 failure clocks, 0 hazards, 1 journey of populations\n  \
           horizon 30 d; components start new\n  \
           network: perfect, since none is described\n"
    );
}

#[test]
fn a_file_compared_with_itself_does_not_differ() {
    let desk = Desk::new();
    let said = desk.prints(&["compare", "shop.ron", "shop.ron", "-n", "100"]);
    assert!(said.starts_with("shop.ron: no difference in downtime, exactly 0.\n"), "{said}");
    let value = json(&desk.prints(&["compare", "shop.ron", "shop.ron", "-n", "100", "--format", "json"]));
    for difference in value["designs"][0]["differences"].as_array().unwrap() {
        assert_eq!(difference["difference"]["mean"], 0.0, "{difference}");
        assert_eq!(difference["difference"]["non_zero"], 0, "{difference}");
        assert_eq!(difference["verdict"], "equal", "{difference}");
    }
}

#[test]
fn a_variant_is_compared_with_its_file() {
    let desk = Desk::new();
    let repair = "zone_kinds.hall.parts.power.failures.loss.repair=30m";
    let said = desk.prints(&["compare", "shop.ron", "shop.ron", "-n", "500", "--set-second", repair]);
    assert!(
        said.starts_with(&format!("shop.ron with {repair} saves "))
            && said.replace("\n  ", " ").contains("of buy downtime of all users in 30 d"),
        "{said}"
    );
    // An edit of both is no difference.
    let said = desk.prints(&["compare", "shop.ron", "shop.ron", "-n", "50", "--set", repair]);
    assert!(said.contains("no difference in downtime, exactly 0.\n"), "{said}");
    let said = desk.refuses(&["compare", "shop.ron", "shop.ron", "--set-second", "horizn=1d"]);
    assert!(said.contains("did you mean `horizon`?"), "{said}");
}

/// The shop with two alternatives to it.
fn shop_with_architectures() -> String {
    let architectures = r#"    architectures: {
        "nothing": [Set("zone_kinds.hall.needs", ["power"])],
        "quick repairs": [Set("zone_kinds.*.parts.power.failures.loss.repair", "30m")],
        "a third hall": [Add("regions.north.zones.c", "hall")],
    },
)
"#;
    SHOP.strip_suffix(")\n").unwrap().to_owned() + architectures
}

#[test]
fn a_scenario_is_compared_with_its_architectures() {
    let desk = Desk::new();
    fs::write(desk.path("shop.ron"), shop_with_architectures()).unwrap();
    let said = desk.prints(&["compare", "shop.ron", "-n", "500"]);
    for part in [
        "nothing: no difference in downtime, exactly 0.\n",
        "quick repairs saves ",
        "changes: none",
        "zone_kinds.hall.parts.power.failures.loss.repair: LogNormal(\"4h\", \"12h\") -> \"30m\"",
        "regions.north.zones.c: added \"hall\"",
        "members of shop 2 -> 3",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    let one = desk.prints(&[
        "compare",
        "shop.ron",
        "-n",
        "500",
        "--architecture",
        "quick repairs",
        "--format",
        "markdown",
    ]);
    assert!(one.starts_with("- **quick repairs saves ") && !one.contains("third"), "{one}");
    // What an architecture is in a comparison, it is alone.
    let run = |args: &[&str]| {
        json(&desk.prints(&[&["run", "shop.ron", "-n", "500", "--format", "json"], args].concat()))
    };
    let compared = json(&desk.prints(&["compare", "shop.ron", "-n", "500", "--format", "json"]));
    for (place, name) in ["nothing", "quick repairs", "a third hall"].into_iter().enumerate() {
        let alone = run(&["--architecture", name]);
        let together = &compared["designs"][place]["differences"][0];
        assert_eq!(together["second"], alone["journeys"][0]["down_s"]["mean"], "{name}");
        assert_eq!(together["first"], run(&[])["journeys"][0]["down_s"]["mean"]);
    }
    let quick = desk.prints(&["check", "shop.ron", "--resolved", "--architecture", "quick repairs"]);
    assert!(quick.contains("repair: \"30m\"") && !quick.contains("architectures"), "{quick}");
    let story = |args: &[&str]| desk.prints(&[&["trace", "shop.ron", "--full"], args].concat());
    assert_eq!(story(&["--architecture", "nothing"]), story(&[]));
    assert_ne!(story(&["--architecture", "quick repairs"]), story(&[]));
}

/// A run directory of an architecture holds the system that was played, and its name; that of the baseline holds them all.
#[test]
fn resolved_scenarios_can_be_played_again() {
    let desk = Desk::new();
    fs::write(desk.path("shop.ron"), shop_with_architectures()).unwrap();
    let args = ["run", "shop.ron", "-n", "100", "--format", "json"];
    let quick = desk.prints(&[&args[..], &["--architecture", "quick repairs", "--out", "quick"]].concat());
    let again = ["run", "quick/scenario.resolved.ron", "-n", "100", "--format", "json", "--out", "again"];
    assert_eq!(desk.prints(&again), quick);
    let file = |name: &str| json(&fs::read_to_string(desk.path(name)).unwrap());
    assert_eq!(file("quick/run.json")["architecture"], "quick repairs");
    assert_eq!(file("again/run.json")["architecture"], serde_json::Value::Null);
    desk.prints(&[&args[..], &["--out", "all"]].concat());
    let same = [
        "run",
        "all/scenario.resolved.ron",
        "-n",
        "100",
        "--format",
        "json",
        "--architecture",
        "quick repairs",
    ];
    assert_eq!(desk.prints(&[&same[..], &["--out", "third"]].concat()), quick);
}

#[test]
fn wildcards_reach_several_places() {
    let desk = Desk::new();
    let run = |edit: &str| desk.prints(&["run", "shop.ron", "-n", "100", "--set", edit]);
    let all = run("zone_kinds.*.parts.*.failures.l?ss.repair=30m");
    assert_eq!(all, run("zone_kinds.hall.parts.power.failures.loss.repair=30m"));
    assert_ne!(all, desk.prints(&["run", "shop.ron", "-n", "100"]));
    // A name in quotes is no wildcard.
    let said = desk.refuses(&["run", "shop.ron", "--set", "zone_kinds.'*'.needs=[]"]);
    assert!(said.contains("there is no entry `*`"), "{said}");
    let said = desk.refuses(&["run", "shop.ron", "--set", "zone_kinds.x*.needs=[]"]);
    assert!(said.contains("no name here matches `x*`"), "{said}");
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let desk = Desk::new();
    fs::write(desk.path("arch.ron"), shop_with_architectures()).unwrap();
    fs::write(desk.path("long.ron"), SHOP.replace("30d", "60d")).unwrap();
    for (args, message) in [
        (&["shop.ron"][..], "there is nothing to compare"),
        (
            &["shop.ron", "long.ron"],
            "different horizons cannot be compared: shop.ron has 30 d, long.ron has 60 d",
        ),
        (&["shop.ron", "shop.ron", "--architecture", "x"], "--architecture needs a single scenario"),
        (&["arch.ron", "--set-second", "horizon=1d"], "--set-second needs two scenarios"),
        (
            &["arch.ron", "--architecture", "nothing", "--architecture", "nothing"],
            "--architecture nothing is given more than once",
        ),
        (&["arch.ron", "--architecture", "quick repair"], "did you mean `quick repairs`?"),
        (&["arch.ron", "--precision-of", "down:buy:all"], "as in `down:chat:gulf=0.1h`"),
        (&["arch.ron", "--precision-of", "down:by:all=1h"], "did you mean `down:buy:all`?"),
        (&["arch.ron", "--precision-of", "down:buy:all=1"], "`1` has no unit"),
        (&["arch.ron", "--precision-of", "down:buy:all=0%"], "must be more than 0%"),
        (&["arch.ron", "--precision-of", "lost_requests:buy:all=-1"], "must be more than 0"),
        (&["arch.ron", "--precision-of", "lost_requests:buy:all=NaN"], "must be more than 0"),
    ] {
        let said = desk.refuses(&[&["compare"], args].concat());
        assert!(said.contains(message), "{args:?}: {said}");
    }
    let said = desk.refuses(&["run", "shop.ron", "--architecture", "x"]);
    assert!(said.contains("the scenario describes none in `architectures`"), "{said}");
}

#[test]
fn without_users_in_both_designs_there_is_nothing_to_compare() {
    let desk = Desk::new();
    let nobody = r#"    architectures: { "nobody": [Remove("users")] },
)
"#;
    fs::write(desk.path("arch.ron"), SHOP.strip_suffix(")\n").unwrap().to_owned() + nobody).unwrap();
    let output = desk.run(&["compare", "arch.ron", "-n", "100"]);
    let said = text(&output.stdout);
    assert!(
        said.starts_with("nobody: no journey has users in both designs, so there is no downtime"),
        "{said}"
    );
    assert!(said.contains("only in one of the two: buy all") && !said.contains("Holm"), "{said}");
}

/// The scenario as it stands is one more design beside an architecture.
#[test]
fn an_architecture_may_be_the_baseline() {
    let desk = Desk::new();
    fs::write(desk.path("shop.ron"), shop_with_architectures()).unwrap();
    let args = ["compare", "shop.ron", "-n", "500", "--baseline", "quick repairs"];
    let said = desk.prints(&args);
    assert!(said.contains("\nbaseline: quick repairs\n"), "{said}");
    assert!(said.starts_with("shop.ron costs ") && said.contains("\na third hall"), "{said}");
    let one = desk.prints(&[&args[..], &["--architecture", "a third hall", "--format", "json"]].concat());
    let one = json(&one);
    assert_eq!(
        (&one["baseline"], &one["designs"][0]["design"]),
        (&"quick repairs".into(), &"a third hall".into())
    );
    assert_eq!(one["designs"].as_array().unwrap().len(), 1);
    // The other way round it is the negative.
    let turned = desk.prints(&[
        "compare",
        "shop.ron",
        "-n",
        "500",
        "--baseline",
        "a third hall",
        "--architecture",
        "quick repairs",
        "--format",
        "json",
    ]);
    let mean = |value: &serde_json::Value| {
        value["designs"][0]["differences"][0]["difference"]["mean"].as_f64().unwrap()
    };
    assert!((mean(&one) + mean(&json(&turned))).abs() < 1e-9 * mean(&one).abs());
    for (extra, words) in [
        (&["--baseline", "quick repair"][..], "did you mean"),
        (&["--baseline", "nothing", "--architecture", "nothing"], "both name nothing"),
        (&["shop.ron", "--baseline", "nothing"], "--baseline needs a single scenario"),
    ] {
        let said = desk.refuses(&[&["compare", "shop.ron"][..], extra].concat());
        assert!(said.contains(words), "{extra:?}: {said}");
    }
}

#[test]
fn different_currencies_are_not_compared() {
    let desk = Desk::new();
    for (name, currency) in [("a.ron", "GBP"), ("b.ron", "EUR")] {
        let cost = format!("    currency: \"{currency}\",\n    zone_kinds:");
        let shop = SHOP.replace("    zone_kinds:", &cost).replace(
            "parts: { \"power\": (",
            &format!("parts: {{ \"power\": (cost: (capital: \"9 {currency}\"), "),
        );
        fs::write(desk.path(name), shop).unwrap();
    }
    let said = desk.refuses(&["compare", "a.ron", "b.ron", "-n", "10"]);
    assert!(said.contains("a.ron counts in GBP, b.ron in EUR"), "{said}");
    // What is wrong with any file is said of all of them.
    let said = desk.refuses(&["compare", "none.ron", "a.ron", "nor this.ron"]);
    assert!(said.contains("none.ron") && said.contains("nor this.ron"), "{said}");
}

#[test]
fn a_comparison_ends_once_a_difference_is_known() {
    let desk = Desk::new();
    fs::write(desk.path("shop.ron"), shop_with_architectures()).unwrap();
    let args = ["compare", "shop.ron", "--architecture", "quick repairs", "--precision-of"];
    let said = desk.prints(&[&args[..], &["down:buy:all=10%"]].concat());
    assert!(said.contains("stopped by: precision") && said.contains("(asked 10 %)"), "{said}");
    // The same system differs in no replication.
    let args = ["compare", "shop.ron", "--architecture", "nothing", "--precision-of"];
    let said = desk.prints(&[&args[..], &["down:buy:all=10%"]].concat());
    assert!(said.contains("512 replications each") && said.contains("nothing: ±0 %"), "{said}");
    // What never differs is known once so many replications were equal that it hardly matters: 30 d x 3.69 / n.
    let flash = r#"(every: Exp("1000000y"), repair: "1h")"#;
    let rare = format!(
        "        \"rare\": [Add(\"zone_kinds.hall.parts.power.failures.flash\", {flash})],\n    }},\n)\n"
    );
    let text_of = shop_with_architectures().strip_suffix("    },\n)\n").unwrap().to_owned() + &rare;
    fs::write(desk.path("rare.ron"), text_of).unwrap();
    let args = ["compare", "rare.ron", "--architecture", "rare", "--precision-of"];
    let said = desk.prints(&[&args[..], &["down:buy:all=2h"]].concat());
    assert!(said.contains("1,536 replications each"), "{said}");
    assert!(said.contains("below 0.24 %)"), "{said}");
    let output = desk.run(&[&args[..], &["down:buy:all=10%", "-n", "600"]].concat());
    assert_eq!(output.status.code(), Some(3));
    assert!(
        text(&output.stderr).starts_with("not converged when stopped by replications: down:buy:all of rare")
    );
}

/// A power supply that fails at once after each repair, which takes no time.
fn endless() -> String {
    SHOP.replace("Exp(\"10d\")", "Fixed(\"0s\")").replace("LogNormal(\"4h\", \"12h\")", "Fixed(\"0s\")")
}

#[test]
fn zero_delays_without_end_are_named() {
    let desk = Desk::new();
    fs::write(desk.path("loop.ron"), endless()).unwrap();
    for args in [&["run", "loop.ron", "-n", "10"][..], &["compare", "shop.ron", "loop.ron", "-n", "10"]] {
        let said = desk.refuses(args);
        assert_eq!(said.contains("loop.ron: replication 0"), args[0] == "compare", "{said}");
        assert!(said.contains("replication 0") && said.contains("zero delays"), "{said}");
        assert!(said.contains("north/a/power: loss") && said.contains("north/b/power: loss"), "{said}");
    }
}

#[test]
fn a_trace_tells_the_replication_that_is_asked_for() {
    let desk = Desk::new();
    let first = desk.prints(&["trace", "shop.ron"]);
    assert!(
        first.starts_with("A shop\nseed 1, replication 0\nfrom 2026-01-01 00:00:00 UTC on, 30 d\n"),
        "{first}"
    );
    assert_eq!(first, desk.prints(&["trace", "shop.ron", "--replication", "0", "--seed", "1"]));
    assert_ne!(first, desk.prints(&["trace", "shop.ron", "--seed", "2"]));
    assert_ne!(first, desk.prints(&["trace", "shop.ron", "--set", "horizon=60d"]));
    let worst = desk.prints(&["trace", "shop.ron", "--pick", "worst", "--of", "down:buy:all", "-n", "300"]);
    assert!(worst.contains(": the worst of 300 by down:buy:all, which is "), "{worst}");
    assert!(worst.contains(">> buy all: DOWN, 100 % of requests fail"), "{worst}");
    let value = json(&desk.prints(&[
        "trace",
        "shop.ron",
        "--pick",
        "worst",
        "--of",
        "down:buy:all",
        "-n",
        "300",
        "--format",
        "json",
    ]));
    // The same downtime as in the line of that replication in replications.csv.
    desk.prints(&["run", "shop.ron", "-n", "300", "--out", "results"]);
    let rows = fs::read_to_string(desk.path("results/replications.csv")).unwrap();
    let number = value["replication"].as_u64().unwrap() as usize;
    let row: Vec<&str> = rows.lines().nth(number + 1).unwrap().split(',').collect();
    let down = value["journeys"][0]["down_s"].as_f64().unwrap();
    assert!(down > 0.0 && row.iter().any(|cell| cell.parse() == Ok(down)), "{down}: {row:?}");
    let by_number = number.to_string();
    let asked = json(&desk.prints(&["trace", "shop.ron", "--replication", &by_number, "--format", "json"]));
    assert_eq!(asked["entries"], value["entries"]);
    assert!(asked["picked"].is_null() && value["picked"]["value"] == down);
    let full = desk.prints(&["trace", "shop.ron", "--replication", &by_number, "--full"]);
    assert!(full.lines().count() >= worst.lines().count());
}

#[test]
fn a_trace_that_cannot_be_told_is_refused() {
    let desk = Desk::new();
    let trace = |args: &[&str]| desk.refuses(&[&["trace", "shop.ron"], args].concat());
    let said = trace(&["--pick", "worst", "--of", "down:buy:al"]);
    assert!(
        said.contains("did you mean `down:buy:all`?") && said.contains("lost_requests:buy:all"),
        "{said}"
    );
    assert!(trace(&["--pick", "worst", "--of", "zzz"]).contains("figures: `down` `down:buy:all`"));
    assert!(trace(&["--replication", "-1"]).contains("--replication"));
    assert!(trace(&["--replication", "100000000"]).contains("is not in 0..100000000"));
    assert!(
        trace(&["--replication", "3", "--pick", "worst", "--of", "down"]).contains("cannot be used with")
    );
    assert!(trace(&["--pick", "worst"]).contains("--of"));
    assert!(trace(&["--of", "down"]).contains("--pick"));
    assert!(trace(&["-n", "5"]).contains("--pick"));
    assert!(trace(&["--pick", "best", "--of", "down"]).contains("worst"));
    assert!(trace(&["--pick", "worst", "--of", "down", "-n", "0"]).contains("1..=100000000"));
    assert!(trace(&["--set", "horizn=1d"]).contains("did you mean `horizon`?"));
    fs::write(desk.path("loop.ron"), endless()).unwrap();
    assert!(desk.refuses(&["trace", "loop.ron", "--replication", "4"]).contains("replication 4: "));
    assert_eq!(desk.names(), ["loop.ron", "shop.ron"]);
}

/// `blackstart ... | head -1` ends quietly.
#[test]
fn a_reader_that_goes_away_is_no_mistake() {
    let desk = Desk::new();
    for args in
        [&["run", "shop.ron", "-n", "10", "--format", "json"][..], &["check", "shop.ron"], &["run", "--help"]]
    {
        let mut command = std::process::Command::new(cargo_bin!("blackstart"));
        command.current_dir(desk.folder.path()).args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // Closed before anything is read.
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(text(&output.stderr), "", "{args:?}");
        assert_eq!(output.status.code(), Some(0), "{args:?}");
    }
}

#[test]
fn a_run_ends_once_it_is_precise() {
    let desk = Desk::new();
    let with = |args: &[&str]| desk.prints(&[&["run", "shop.ron", "--threads", "2"], args].concat());
    let report = with(&["--precision", "20%"]);
    assert!(report.contains("stopped by: precision\nprecision: down:buy:all ±"), "{report}");
    let value = json(&with(&["--precision", "20%", "--format", "json"]));
    let played = value["replications"].as_u64().unwrap();
    let goal = &value["precision"][0];
    assert!(played > 512 && played.is_multiple_of(512), "{played}");
    assert_eq!((&value["stopped_by"], &goal["asked"]), (&"precision".into(), &0.2.into()));
    assert!(goal["reached"].as_bool().unwrap() && goal["is"].as_f64().unwrap() <= 0.2, "{goal}");
    // A named figure, here the same one; and the estimates are those of a run of so many replications.
    let named = json(&with(&["--precision-of", "down:buy:all=20%", "--format", "json"]));
    let plain = json(&with(&["-n", &played.to_string(), "--format", "json"]));
    assert_eq!((&named, &plain["journeys"]), (&value, &value["journeys"]));
    assert_eq!(plain["precision"], serde_json::json!([]));
}

#[test]
fn a_run_that_does_not_become_precise_says_so() {
    let desk = Desk::new();
    let output = desk.run(&["run", "shop.ron", "--precision", "0.1%", "-n", "600", "--out", "x"]);
    let (printed, said) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(
        printed.contains("600 replications, seed 1, 30 d, stopped by: replications\nprecision: "),
        "{printed}"
    );
    assert!(said.starts_with("not converged when stopped by replications: down:buy:all ±"), "{said}");
    assert!(said.ends_with("(asked 0.10 %, not reached)\n"), "{said}");
    assert_eq!(names(&desk.path("x")), ["replications.csv", "run.json", "scenario.resolved.ron"]);
    assert_eq!(
        json(&fs::read_to_string(desk.path("x/run.json")).unwrap())["run"]["precision"][0]["reached"],
        false
    );
}

/// The estimates of a run that the clock ended are those of its number of replications.
#[test]
fn the_clock_ends_a_run() {
    let desk = Desk::new();
    let run = ["run", "shop.ron", "--time", "1us", "-n", "100000000", "--format", "json"];
    let value = json(&desk.prints(&run));
    let played = value["replications"].as_u64().unwrap();
    assert_eq!((&value["stopped_by"], played % 512), (&"time".into(), 0));
    let plain = json(&desk.prints(&["run", "shop.ron", "-n", &played.to_string(), "--format", "json"]));
    assert_eq!(plain["journeys"], value["journeys"]);
    // All replications before the time is over; and a precision that is missed when it is.
    let said = desk.prints(&["run", "shop.ron", "--time", "1h", "-n", "600"]);
    assert!(said.contains("600 replications, seed 1, 30 d, stopped by: replications\n\n"), "{said}");
    let output = desk.run(&["run", "shop.ron", "--time", "1us", "--precision", "0.001%"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(text(&output.stderr).starts_with("not converged when stopped by time: "));
}

#[cfg(target_os = "linux")]
mod interrupted {
    use super::*;
    use std::io::{BufRead as _, BufReader};
    use std::process::Child;

    /// A run that has begun to watch for Ctrl-C, as the kernel tells.
    fn begun(desk: &Desk, args: &[&str]) -> Child {
        let mut command = std::process::Command::new(cargo_bin!("blackstart"));
        command.current_dir(desk.folder.path()).args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        while !catches_interrupts(child.id()) {
            assert_eq!(child.try_wait().unwrap(), None);
            std::thread::yield_now();
        }
        child
    }

    fn catches_interrupts(process: u32) -> bool {
        let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap_or("0").trim();
        // Signal 2 is the second bit.
        u64::from_str_radix(mask, 16).is_ok_and(|mask| mask & 2 != 0)
    }

    fn interrupt(child: &Child) {
        let sent =
            std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    #[test]
    fn the_first_ctrl_c_gives_what_there_is() {
        let desk = Desk::new();
        let child = begun(&desk, &["run", "shop.ron", "-n", "100000000", "--out", "x"]);
        interrupt(&child);
        let output = child.wait_with_output().unwrap();
        let (printed, said) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(130), "{said}");
        assert!(printed.contains(" stopped by: interrupted (partial results)\n"), "{printed}");
        assert!(said.starts_with("interrupted: "), "{said}");
        let run = &json(&fs::read_to_string(desk.path("x/run.json")).unwrap())["run"];
        let played = run["replications"].as_u64().unwrap();
        assert_eq!((&run["stopped_by"], played % 512, played > 0), (&"interrupted".into(), 0, true));
        let rows = fs::read_to_string(desk.path("x/replications.csv")).unwrap();
        assert_eq!(rows.lines().count() as u64, 1 + played);
    }

    #[test]
    fn the_second_ctrl_c_ends_at_once() {
        let desk = Desk::new();
        // So many failures that no block is ever finished.
        fs::write(desk.path("busy.ron"), SHOP.replace("30d", "10y").replace("10d", "100ms")).unwrap();
        for args in [
            &["run", "busy.ron", "--out", "x"][..],
            &["plot", "busy.ron", "--out", "x"],
            &["compare", "busy.ron", "busy.ron"],
        ] {
            let mut child = begun(&desk, args);
            let mut said = BufReader::new(child.stderr.take().unwrap());
            interrupt(&child);
            let mut line = String::new();
            said.read_line(&mut line).unwrap();
            assert!(line.starts_with("interrupted: "), "{args:?}: {line}");
            interrupt(&child);
            let output = child.wait_with_output().unwrap();
            assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(130), ""), "{args:?}");
            assert_eq!(desk.names(), ["busy.ron", "shop.ron"], "{args:?}");
        }
    }

    /// Both scenarios have been played as often, so that they can be compared.
    #[test]
    fn a_comparison_gives_what_there_is() {
        let desk = Desk::new();
        let compare =
            ["compare", "shop.ron", "shop.ron", "-n", "100000000", "--set-second", "users.all.count=20"];
        let child = begun(&desk, &compare);
        interrupt(&child);
        let output = child.wait_with_output().unwrap();
        let (printed, said) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(130), "{said}");
        assert!(said.starts_with("interrupted: "), "{said}");
        assert!(
            printed.replace("\n  ", " ").contains(", stopped by: interrupted (partial results)\n"),
            "{printed}"
        );
        let child = begun(&desk, &[&compare[..], &["--format", "json"]].concat());
        interrupt(&child);
        let value = json(&text(&child.wait_with_output().unwrap().stdout));
        let played = value["replications"].as_u64().unwrap();
        assert_eq!((&value["stopped_by"], played % 512, played > 0), (&"interrupted".into(), 0, true));
        let played = played.to_string();
        let plain = ["compare", "shop.ron", "shop.ron", "-n", &played, "--set-second", "users.all.count=20"];
        let plain = [&plain[..], &["--format", "json"]].concat();
        assert_eq!(json(&desk.prints(&plain))["designs"], value["designs"]);
    }

    /// Seconds of processor time that a process has used, as the kernel tells: in clock ticks, of which a second has 100.
    fn worked_s(process: u32) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        let after_name = stat.rsplit(") ").next().unwrap_or_default();
        let ticks = after_name.split(' ').skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
        ticks.sum::<f64>() / 100.0
    }

    /// The comparison itself is done long before: one replication of each takes milliseconds.
    #[test]
    fn an_interrupted_sweep_of_designs_leaves_the_comparison_but_no_report() {
        let desk = Desk::new();
        let vary = "zone_kinds.hall.parts.power.failures.loss.every.0=1000ms..1999ms by 1ms";
        let args = ["compare", "shop.ron", "shop.ron", "--set-second", "users.all.count=20", "-n", "1"];
        let quick_repair = ["--set", "zone_kinds.hall.parts.power.failures.loss.repair=1ms"];
        let sweep = ["--vary", vary, "--report", "x.html"];
        let mut child = begun(&desk, &[&args[..], &quick_repair, &sweep].concat());
        while worked_s(child.id()) < 1.0 {
            assert_eq!(child.try_wait().unwrap(), None);
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        interrupt(&child);
        let output = child.wait_with_output().unwrap();
        let (printed, said) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(130), "{said}");
        assert!(said.starts_with("interrupted: ") && said.ends_with("\nno report was written\n"), "{said}");
        assert!(printed.contains("stopped by: replications\n"), "{printed}");
        assert_eq!(desk.names(), ["shop.ron"]);
    }

    #[test]
    fn an_interrupted_plot_writes_nothing() {
        let desk = Desk::new();
        let child = begun(&desk, &["plot", "shop.ron", "-n", "100000000", "--out", "x"]);
        interrupt(&child);
        let output = child.wait_with_output().unwrap();
        let said = text(&output.stderr);
        assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(130), ""), "{said}");
        assert!(said.starts_with("interrupted: ") && said.ends_with("\nnothing was drawn\n"), "{said}");
        assert_eq!(desk.names(), ["shop.ron"]);
    }
}

#[test]
fn a_run_draws_what_plot_draws_of_it() {
    let desk = Desk::new();
    let printed = desk.prints(&["run", "shop.ron", "-n", "30", "--out", "saved", "--plots", "beside"]);
    assert_eq!(printed, desk.prints(&["run", "shop.ron", "-n", "30"]));
    let listed = desk.prints(&["plot", "saved", "--out", "later"]);
    assert_eq!(listed.lines().filter(|line| line.ends_with(".svg")).count(), 7, "{listed}");
    for entry in fs::read_dir(desk.path("later")).unwrap() {
        let name = entry.unwrap().file_name();
        let [later, beside] = ["later", "beside"].map(|d| fs::read(desk.path(d).join(&name)).unwrap());
        assert_eq!(later, beside, "{name:?}");
    }
    let said = desk.refuses(&["run", "shop.ron", "-n", "30", "--out", "same", "--plots", "same"]);
    assert!(said.contains("same directory"), "{said}");
    assert!(!desk.path("same").exists());
}

/// Pictures of a run that an older version saved: what it did not keep is not drawn.
#[test]
fn older_runs_can_be_drawn() {
    let desk = Desk::new();
    desk.prints(&["run", "shop.ron", "-n", "30", "--out", "saved"]);
    let path = desk.path("saved/run.json");
    let mut file: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    file["run"].as_object_mut().unwrap().remove("hazards");
    for journey in file["run"]["journeys"].as_array_mut().unwrap() {
        let journey = journey.as_object_mut().unwrap();
        journey.remove("hits");
        journey.remove("outage_lengths");
        for point in journey["curve"]["points"].as_array_mut().unwrap() {
            point.as_object_mut().unwrap().remove("demand");
        }
    }
    fs::write(&path, serde_json::to_vec(&file).unwrap()).unwrap();
    let listed = desk.prints(&["plot", "saved", "--out", "later"]);
    assert!(listed.contains("stages.svg") && !listed.contains("blast-radius"), "{listed}");
}

/// An architecture is drawn as it is played.
#[test]
fn architectures_are_drawn() {
    let desk = Desk::new();
    fs::write(desk.path("arch.ron"), shop_with_architectures()).unwrap();
    let drawn = |out: &str, args: &[&str]| {
        desk.prints(&[&["plot", "arch.ron", "-n", "200", "--out", out], args].concat());
        fs::read(desk.path(out).join("availability.svg")).unwrap()
    };
    assert_eq!(drawn("a", &[]), drawn("b", &["--architecture", "nothing"]));
    assert_ne!(drawn("c", &[]), drawn("d", &["--architecture", "quick repairs"]));
    desk.prints(&["graph", "arch.ron", "--out", "a.dot", "--architecture", "a third hall"]);
    assert!(fs::read_to_string(desk.path("a.dot")).unwrap().contains("north/c"));
    desk.prints(&["run", "arch.ron", "-n", "50", "--out", "saved"]);
    for (input, words) in [("arch.ron", "there is no architecture `x`"), ("saved", "a run directory holds")] {
        let said = desk.refuses(&["plot", input, "--architecture", "x", "--out", "e"]);
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn single_pictures_are_files_of_their_form() {
    let desk = Desk::new();
    assert_eq!(desk.prints(&["graph", "shop.ron", "--out", "a.svg"]), "a.svg\n");
    desk.prints(&["graph", "shop.ron", "--out", "a.PNG", "--theme", "dark"]);
    desk.prints(&["graph", "shop.ron", "--out", "a.dot"]);
    let told = desk.prints(&["trace", "shop.ron", "--plot", "t.svg"]);
    assert_eq!(told, desk.prints(&["trace", "shop.ron"]));
    desk.prints(&["trace", "shop.ron", "--plot", "t.png"]);
    let begins = |name: &str, start: &[u8]| assert!(fs::read(desk.path(name)).unwrap().starts_with(start));
    begins("a.svg", b"<svg");
    begins("a.PNG", b"\x89PNG");
    begins("a.dot", b"digraph");
    begins("t.svg", b"<svg");
    begins("t.png", b"\x89PNG");
    for (args, words) in [
        (&["graph", "shop.ron", "--out", "b.jpg"][..], ".svg, .png, .dot"),
        (&["graph", "shop.ron", "--out", "a.svg"], "exists already"),
        (&["trace", "shop.ron", "--plot", "t.dot"], ".svg, .png"),
        (&["trace", "shop.ron", "--plot", "t.svg"], "exists already"),
        (&["graph", "shop.ron", "--out", "shop.ron/b.svg"], "cannot write"),
    ] {
        let said = desk.refuses(args);
        assert!(said.contains(words), "{said}");
    }
    assert!(!desk.path("b.jpg").exists() && !desk.path("t.dot").exists());
}
