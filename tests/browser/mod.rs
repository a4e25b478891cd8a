//! A browser that tests drive: headless Chromium over its debugging pipe.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]

use std::collections::VecDeque;
use std::env;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// Names under which it may be installed.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// A browser that says nothing for so long hangs; no test looks at the time otherwise.
const PATIENCE: Duration = Duration::from_secs(90);

/// The browser of this machine: what CHROME names, or the first that is installed.
fn installed() -> Option<PathBuf> {
    if let Some(named) = env::var_os("CHROME").filter(|name| !name.is_empty()) {
        return Some(named.into());
    }
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
}

/// The part of an A4 page inside margins of 14 mm, in pixels of 1/96 inch.
const PAPER: (f64, f64) = (688.0, 1016.0);

/// An expression: the least contrast of text with what is behind it.
pub const CONTRAST: &str = "(() => { \
        const rgb = (c) => c.match(/[\\d.]+/g).slice(0, 3).map(Number); \
        const light = (c) => { const [r, g, b] = rgb(c).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); \
            return 0.2126 * r + 0.7152 * g + 0.0722 * b; }; \
        const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); }; \
        const page = getComputedStyle(document.body).backgroundColor; \
        const words = [...document.querySelectorAll('p, th, td, caption, figcaption, dt, a, button, label')].map(e => ratio(getComputedStyle(e).color, page)); \
        const pictures = [...document.querySelectorAll('figure[data-name=availability] text, figure[data-name=exceedance] text')] \
            .map(e => ratio(getComputedStyle(e).fill, getComputedStyle(e.closest('svg').querySelector('rect')).fill)); \
        return Math.min(...words, ...pictures); })()";

/// One page in one browser.
pub struct Browser {
    child: Child,
    to: ChildStdin,
    from: Receiver<Value>,
    session: String,
    last: u64,
    /// What the browser has told and nobody has asked for.
    events: VecDeque<Value>,
    _profile: TempDir,
}

impl Browser {
    /// Opens a file; `None`, said aloud, if there is no browser.
    pub fn open(file: &Path) -> Option<Self> {
        let mut browser = Self::start()?;
        browser.go(file);
        Some(browser)
    }

    /// A browser with an empty page.
    pub fn start() -> Option<Self> {
        let Some(program) = installed() else {
            // Not by a macro, whose output the test runner keeps to itself.
            let said = "SKIPPED: no Chromium is installed, so nothing was tested in a browser (set CHROME)";
            let _ = writeln!(std::io::stderr(), "{said}");
            return None;
        };
        let profile = tempfile::tempdir().unwrap();
        // The pipe is expected at descriptors 3 and 4.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null", "sh"])
            .arg(program)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-quic"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .args(["--force-device-scale-factor=1", "--remote-debugging-pipe", "about:blank"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (to, out) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (sender, from) = channel();
        thread::spawn(move || {
            for message in BufReader::new(out).split(0) {
                let Ok(message) = message else { break };
                if sender.send(serde_json::from_slice(&message).unwrap()).is_err() {
                    break;
                }
            }
        });
        let session = String::new();
        let mut browser =
            Self { child, to, from, session, last: 0, events: VecDeque::new(), _profile: profile };
        let target = browser.call("Target.createTarget", json!({"url": "about:blank"}))["targetId"].clone();
        let attached = browser.call("Target.attachToTarget", json!({"targetId": target, "flatten": true}));
        browser.session = attached["sessionId"].as_str().unwrap().to_owned();
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        browser.size(1100, 900);
        browser.events.clear();
        Some(browser)
    }

    /// Opens a file and waits until it is loaded.
    pub fn go(&mut self, file: &Path) {
        self.events.clear();
        let url = format!("file://{}", file.canonicalize().unwrap().display());
        self.call("Page.navigate", json!({ "url": url }));
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            let event = self.next();
            self.events.push_back(event);
        }
    }

    /// Size of the window, pixels.
    pub fn size(&mut self, width: u32, height: u32) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", metrics);
    }

    /// On paper ("print") or on a screen ("screen"), and which theme the reader prefers ("light", "dark").
    pub fn media(&mut self, media: &str, theme: &str) {
        let feature = json!({"name": "prefers-color-scheme", "value": theme});
        self.call("Emulation.setEmulatedMedia", json!({"media": media, "features": [feature]}));
    }

    /// The value of an expression.
    pub fn value(&mut self, expression: &str) -> Value {
        let asked = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let mut answer = self.call("Runtime.evaluate", asked);
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {answer}");
        answer["result"]["value"].take()
    }

    /// Text of an expression.
    pub fn text(&mut self, expression: &str) -> String {
        self.value(expression).as_str().unwrap_or_else(|| panic!("{expression} is no text")).to_owned()
    }

    /// A number.
    pub fn number(&mut self, expression: &str) -> f64 {
        self.value(expression).as_f64().unwrap_or_else(|| panic!("{expression} is no number"))
    }

    /// Moves the pointer to the middle of an element, which is scrolled to.
    pub fn point_at(&mut self, selector: &str) -> (f64, f64) {
        let selector = serde_json::to_string(selector).unwrap();
        let place = self.value(&format!(
            "(() => {{ const e = document.querySelector({selector}); e.scrollIntoView({{block: 'center'}}); \
             const b = e.getBoundingClientRect(); return [b.left + b.width / 2, b.top + b.height / 2]; }})()"
        ));
        let (x, y) = (place[0].as_f64().unwrap(), place[1].as_f64().unwrap());
        self.mouse("mouseMoved", (x, y), "none");
        (x, y)
    }

    /// Clicks in the middle of an element.
    pub fn click(&mut self, selector: &str) {
        let at = self.point_at(selector);
        self.mouse("mousePressed", at, "left");
        self.mouse("mouseReleased", at, "left");
    }

    fn mouse(&mut self, kind: &str, (x, y): (f64, f64), button: &str) {
        let clicks = u8::from(button != "none");
        self.call(
            "Input.dispatchMouseEvent",
            json!({"type": kind, "x": x, "y": y, "button": button, "clickCount": clicks}),
        );
    }

    /// Gives an element the focus.
    pub fn focus(&mut self, selector: &str) {
        let selector = serde_json::to_string(selector).unwrap();
        self.value(&format!("document.querySelector({selector}).focus()"));
    }

    /// Presses a key: its name and its number in Windows.
    pub fn press(&mut self, key: &str, code: u32) {
        for kind in ["keyDown", "keyUp"] {
            let text = if key == "Enter" && kind == "keyDown" { "\r" } else { "" };
            let event =
                json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text});
            self.call("Input.dispatchKeyEvent", event);
        }
    }

    /// The page on paper, as the bytes of a PDF in base 64.
    pub fn print(&mut self) -> String {
        let printed =
            self.call("Page.printToPDF", json!({"preferCSSPageSize": true, "printBackground": true}));
        printed["data"].as_str().unwrap().to_owned()
    }

    /// Everything that went wrong: what scripts threw, what the console was told, what the browser logged.
    pub fn complaints(&mut self) -> Vec<String> {
        // Whatever was said before this answer has arrived by then.
        self.value("1");
        let is_complaint = |event: &&Value| {
            matches!(
                event["method"].as_str(),
                Some("Runtime.exceptionThrown" | "Runtime.consoleAPICalled" | "Log.entryAdded")
            )
        };
        self.events.iter().filter(is_complaint).map(Value::to_string).collect()
    }

    /// Addresses that were asked for.
    pub fn requests(&mut self) -> Vec<String> {
        self.value("1");
        let is_request = |event: &&Value| event["method"] == "Network.requestWillBeSent";
        let address = |event: &Value| event["params"]["request"]["url"].as_str().unwrap().to_owned();
        self.events.iter().filter(is_request).map(address).collect()
    }

    /// Nothing went wrong, and nothing was asked for but the file itself.
    pub fn assert_quiet(&mut self, file: &Path) {
        assert_eq!(self.complaints(), Vec::<String>::new());
        let own = format!("file://{}", file.canonicalize().unwrap().display());
        let requests = self.requests();
        assert!(!requests.is_empty() && requests.iter().all(|address| *address == own), "{requests:?}");
    }

    /// Every figure fits on one page of paper, which is white, whatever the reader prefers.
    pub fn assert_fits_paper(&mut self) {
        self.media("print", "dark");
        self.size(PAPER.0 as u32, PAPER.1 as u32);
        let figures = self.value(
            "[...document.querySelectorAll('figure')].map(f => { const b = f.getBoundingClientRect(); \
             const s = f.querySelector('svg').getBoundingClientRect(); \
             return [f.dataset.name, b.height, s.left, s.right, s.height, getComputedStyle(f).breakInside, f.scrollWidth - f.clientWidth]; })",
        );
        for figure in figures.as_array().unwrap() {
            let number = |index: usize| figure[index].as_f64().unwrap();
            assert!(number(1) <= PAPER.1, "higher than a page: {figure}");
            assert!(number(2) >= 0.0 && number(3) <= PAPER.0 + 0.5, "wider than a page: {figure}");
            assert!(number(4) > 40.0 && figure[5] == "avoid" && number(6) <= 0.0, "{figure}");
        }
        // Paper is white, whatever the reader prefers.
        assert_eq!(self.text("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)");
        assert_eq!(self.text("getComputedStyle(document.querySelector('.choice')).display"), "none");
    }

    fn call(&mut self, method: &str, params: Value) -> Value {
        self.last += 1;
        let id = self.last;
        let mut message = json!({"id": id, "method": method, "params": params});
        if !self.session.is_empty() {
            message["sessionId"] = self.session.clone().into();
        }
        let mut bytes = serde_json::to_vec(&message).unwrap();
        bytes.push(0);
        self.to.write_all(&bytes).unwrap();
        self.to.flush().unwrap();
        loop {
            let mut answer = self.next();
            if answer["id"] == id {
                assert!(answer.get("error").is_none(), "{method}: {answer}");
                return answer["result"].take();
            }
            self.events.push_back(answer);
        }
    }

    fn next(&self) -> Value {
        self.from.recv_timeout(PATIENCE).expect("the browser says nothing")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
