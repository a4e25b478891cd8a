//! Scenario texts changed a little: fields taken from other scenarios, left out, exchanged, given other numbers.
//!
//! Random bytes seldom get past the syntax. These changes mostly do, so that they test what comes after it. The fuzz
//! targets under fuzz/ use this file too.
#![allow(dead_code, unreachable_pub, reason = "each user takes its own part")]
#![allow(clippy::panic, reason = "tests")]

pub mod play;
pub mod read;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

/// Numbers at which arithmetic is likely to break, and common ones.
const NUMBERS: [&str; 16] = [
    "0",
    "1",
    "2",
    "3",
    "7",
    "0.5",
    "0.999999999",
    "1.0000001",
    "100",
    "65536",
    "4294967295",
    "9223372036854775807",
    "1e-9",
    "1e9",
    "1e300",
    "-1",
];

/// Units of all kinds.
const UNITS: [&str; 13] = ["", "us", "ms", "s", "m", "h", "d", "w", "y", "%", "/h", "k/s", "G/s"];

/// Laws of times that a wrong engine may not survive.
const LAWS: [&str; 14] = [
    "Never",
    "Fixed(\"0s\")",
    "Fixed(\"1us\")",
    "Fixed(\"6h\")",
    "Exp(\"1h\")",
    "Exp(\"20d\")",
    "Uniform(\"0s\", \"2h\")",
    "LogNormal(\"10m\", \"3h\")",
    "Weibull(scale: \"5d\", shape: 0.3)",
    "Weibull(scale: \"5d\", shape: 5)",
    "Gamma(mean: \"3d\", cv: 2.5)",
    "Triangular(\"1m\", \"5m\", \"1h\")",
    "Empirical([\"0s\", \"1h\", \"1d\"])",
    "Mix([(0.5, Never), (0.5, Exp(\"3d\"))])",
];

/// What may take a text's place anywhere: expressions and variants whose names stand in no other text at that place.
const VALUES: [&str; 14] = [
    "None",
    "[]",
    "{}",
    "()",
    "\"\"",
    "\"*\"",
    "\"*/*\"",
    "Any([])",
    "All(Any())",
    "Nearest",
    "Everywhere",
    "Aged",
    "Never",
    "(0.0, 0.0)",
];

/// A small generator (SplitMix64): the same changes on every machine.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len()))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Word,
    Text,
    Number,
    Open,
    Close,
    Colon,
    Comma,
}

#[derive(Debug, Clone)]
struct Token {
    sort: Sort,
    at: Range<usize>,
}

/// `key: value` in a struct or a map.
#[derive(Debug, Clone)]
struct Field {
    key: Range<usize>,
    value: Range<usize>,
    /// Which brackets it stands in: fields with the same number stand side by side.
    parent: usize,
}

/// A field of a scenario of the corpus.
#[derive(Debug, Clone)]
struct Donor {
    key: String,
    value: String,
    siblings: Vec<String>,
}

/// Changes texts by what it knows of other ones.
#[derive(Debug)]
pub struct Mutator {
    pub corpus: Vec<String>,
    donors: Vec<Donor>,
    by_key: BTreeMap<String, Vec<usize>>,
}

impl Mutator {
    /// What all scenarios under `root`, the mistaken ones of the tests and the examples of the documents hold.
    pub fn of_repository(root: &Path) -> Self {
        let mut corpus = Vec::new();
        for folder in ["scenarios", "scenarios/reference", "scenarios/tutorial", "tests/bad_input"] {
            corpus.extend(scenarios_in(&root.join(folder)));
        }
        let page = std::fs::read_to_string(root.join("docs/scenario.md")).unwrap_or_default();
        let examples = page.split("```ron\n").skip(1).filter_map(|rest| rest.split("```").next());
        corpus.extend(examples.map(str::to_owned));
        Self::of(corpus)
    }

    pub fn of(corpus: Vec<String>) -> Self {
        let donors: Vec<Donor> = corpus.iter().flat_map(|text| donors(text)).collect();
        let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (number, donor) in donors.iter().enumerate() {
            by_key.entry(donor.key.clone()).or_default().push(number);
        }
        Self { corpus, donors, by_key }
    }

    /// `text` with a few changes.
    pub fn mutate(&self, text: &str, dice: &mut Dice) -> String {
        let changes = 1 + dice.below(4);
        (0..changes).fold(text.to_owned(), |text, _| self.change(&text, dice).unwrap_or(text))
    }

    /// `text` with one change, if the kind of change that the dice show can be made.
    fn change(&self, text: &str, dice: &mut Dice) -> Option<String> {
        let tokens = tokens(text);
        match dice.below(12) {
            0 | 1 => self.take_over(text, &fields(&tokens), dice),
            2 | 3 => self.add(text, &fields(&tokens), dice),
            4 => remove(text, &fields(&tokens), dice),
            5 => exchange(text, &fields(&tokens), dice),
            6 | 7 => renumber(text, &tokens, dice),
            8 => relaw(text, &fields(&tokens), dice),
            9 => double(text, &fields(&tokens), dice),
            10 => retoken(text, &tokens, dice),
            _ => {
                let field = dice.pick(&fields(&tokens))?.clone();
                Some(replaced(text, &field.value, dice.pick(&VALUES)?))
            }
        }
    }

    /// A field gets the value that one of the same name has elsewhere.
    fn take_over(&self, text: &str, fields: &[Field], dice: &mut Dice) -> Option<String> {
        let field = dice.pick(fields)?;
        let known = self.by_key.get(&text[field.key.clone()])?;
        let donor = &self.donors[*dice.pick(known)?];
        Some(replaced(text, &field.value, &donor.value))
    }

    /// A field from elsewhere, beside one that it stands beside there.
    fn add(&self, text: &str, fields: &[Field], dice: &mut Dice) -> Option<String> {
        let donor = dice.pick(&self.donors)?;
        let beside: Vec<&Field> = fields
            .iter()
            .filter(|field| donor.siblings.iter().any(|s| *s == text[field.key.clone()]))
            .collect();
        let place = dice.pick(&beside)?.key.start;
        Some(replaced(text, &(place..place), &format!("{}: {}, ", donor.key, donor.value)))
    }
}

/// A field goes, with the comma after it.
fn remove(text: &str, fields: &[Field], dice: &mut Dice) -> Option<String> {
    let field = dice.pick(fields)?;
    let comma = usize::from(text[field.value.end..].starts_with(','));
    Some(replaced(text, &(field.key.start..field.value.end + comma), ""))
}

/// Two fields of one name exchange their values.
fn exchange(text: &str, fields: &[Field], dice: &mut Dice) -> Option<String> {
    let first = dice.pick(fields)?;
    let same: Vec<&Field> =
        fields.iter().filter(|field| text[field.key.clone()] == text[first.key.clone()]).collect();
    swap(text, &first.value, &dice.pick(&same)?.value)
}

/// Two places that do not overlap exchange what they hold.
fn swap(text: &str, one: &Range<usize>, other: &Range<usize>) -> Option<String> {
    let (a, b) = if one.start < other.start { (one, other) } else { (other, one) };
    let between = text.get(a.end..b.start)?;
    Some([&text[..a.start], &text[b.clone()], between, &text[a.clone()], &text[b.end..]].concat())
}

/// A number gets another value or another unit.
fn renumber(text: &str, tokens: &[Token], dice: &mut Dice) -> Option<String> {
    let numbers: Vec<&Token> = tokens.iter().filter(|token| is_number(&text[token.at.clone()])).collect();
    let token = dice.pick(&numbers)?;
    let old = &text[token.at.clone()];
    let quote = if token.sort == Sort::Text { "\"" } else { "" };
    let old = old.trim_matches('"');
    let split = old.find(|c: char| !c.is_ascii_digit() && !"._".contains(c)).unwrap_or(old.len());
    let (value, unit) = old.split_at(split);
    let (value, unit) = match dice.below(4) {
        0 => (value.to_owned(), dice.pick(&UNITS)?.to_string()),
        1 => (dice.pick(&NUMBERS)?.to_string(), unit.to_owned()),
        2 => (dice.pick(&NUMBERS)?.to_string(), dice.pick(&UNITS)?.to_string()),
        _ => {
            let scale = [0.001, 0.1, 0.5, 2.0, 10.0, 1000.0][dice.below(6)];
            (format!("{}", value.replace('_', "").parse::<f64>().ok()? * scale), unit.to_owned())
        }
    };
    Some(replaced(text, &token.at, &format!("{quote}{value}{unit}{quote}")))
}

/// A quantity or a law gives way to another law.
fn relaw(text: &str, fields: &[Field], dice: &mut Dice) -> Option<String> {
    let is_law = |value: &str| {
        is_number(value) || LAWS.iter().any(|law| value.starts_with(law.split('(').next().unwrap_or(law)))
    };
    let laws: Vec<&Field> = fields.iter().filter(|field| is_law(&text[field.value.clone()])).collect();
    Some(replaced(text, &dice.pick(&laws)?.value, dice.pick(&LAWS)?))
}

/// An entry of a map stands twice, the second time under a name of its own.
fn double(text: &str, fields: &[Field], dice: &mut Dice) -> Option<String> {
    let entries: Vec<&Field> =
        fields.iter().filter(|field| text[field.key.clone()].starts_with('"')).collect();
    let entry = dice.pick(&entries)?;
    let name = text[entry.key.clone()].trim_matches('"');
    let copy = format!("\"{name}{}\": {}, ", dice.below(10), &text[entry.value.clone()]);
    Some(replaced(text, &(entry.key.start..entry.key.start), &copy))
}

/// A token goes, or gives way to another of its sort, or both change places.
fn retoken(text: &str, tokens: &[Token], dice: &mut Dice) -> Option<String> {
    let token = dice.pick(tokens)?;
    let like: Vec<&Token> = tokens.iter().filter(|other| other.sort == token.sort).collect();
    let other = dice.pick(&like)?;
    match dice.below(5) {
        0 => Some(replaced(text, &token.at, "")),
        1 | 2 => Some(replaced(text, &token.at, &text[other.at.clone()])),
        _ => swap(text, &token.at, &other.at),
    }
}

fn replaced(text: &str, place: &Range<usize>, new: &str) -> String {
    [&text[..place.start], new, &text[place.end..]].concat()
}

fn is_number(value: &str) -> bool {
    value.trim_start_matches('"').starts_with(|c: char| c.is_ascii_digit())
}

fn donors(text: &str) -> Vec<Donor> {
    let fields = fields(&tokens(text));
    let owned = |at: &Range<usize>| text[at.clone()].to_owned();
    let siblings = |of: &Field| {
        fields.iter().filter(|f| f.parent == of.parent && f.key != of.key).map(|f| owned(&f.key)).collect()
    };
    let donor = |f: &Field| Donor { key: owned(&f.key), value: owned(&f.value), siblings: siblings(f) };
    fields.iter().map(donor).collect()
}

/// A field whose value is being read: its key and where its value begins.
type Begun = Option<(Range<usize>, usize)>;

/// All fields, those of inner brackets before the one that holds them.
fn fields(tokens: &[Token]) -> Vec<Field> {
    let mut fields = Vec::new();
    // Number of the brackets, and the field that is being read in them.
    let mut open: Vec<(usize, Begun)> = vec![(0, None)];
    let mut brackets = 0;
    let mut last_end = 0;
    for (number, token) in tokens.iter().enumerate() {
        match token.sort {
            Sort::Open => {
                brackets += 1;
                open.push((brackets, None));
            }
            Sort::Comma | Sort::Close => {
                if let Some((parent, begun)) = open.last_mut()
                    && let Some((key, start)) = begun.take()
                    && start < last_end
                {
                    fields.push(Field { key, value: start..last_end, parent: *parent });
                }
                if token.sort == Sort::Close && open.len() > 1 {
                    open.pop();
                }
            }
            Sort::Colon => {
                let key = number.checked_sub(1).map(|n| &tokens[n]).filter(|t| is_name(t.sort));
                let value = tokens.get(number + 1);
                if let (Some(key), Some(value), Some(innermost)) = (key, value, open.last_mut()) {
                    innermost.1 = Some((key.at.clone(), value.at.start));
                }
            }
            Sort::Word | Sort::Text | Sort::Number => {}
        }
        last_end = token.at.end;
    }
    fields
}

const fn is_name(sort: Sort) -> bool {
    matches!(sort, Sort::Word | Sort::Text)
}

/// Words, texts, numbers, brackets, colons, commas; comments and all else are left out.
fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&first) = bytes.get(at) {
        let run =
            |from: usize, test: fn(&u8) -> bool| from + bytes[from..].iter().take_while(|b| test(b)).count();
        let (sort, end) = match first {
            b'(' | b'[' | b'{' => (Some(Sort::Open), at + 1),
            b')' | b']' | b'}' => (Some(Sort::Close), at + 1),
            b':' => (Some(Sort::Colon), at + 1),
            b',' => (Some(Sort::Comma), at + 1),
            b'"' => (Some(Sort::Text), (run(at + 1, |b| *b != b'"') + 1).min(bytes.len())),
            b'/' if bytes.get(at + 1) == Some(&b'/') => (None, run(at, |b| *b != b'\n')),
            b'0'..=b'9' => (Some(Sort::Number), run(at, |b| b.is_ascii_alphanumeric() || b"._".contains(b))),
            b if b.is_ascii_alphabetic() => {
                (Some(Sort::Word), run(at, |b| b.is_ascii_alphanumeric() || *b == b'_'))
            }
            _ => (None, at + 1),
        };
        tokens.extend(sort.map(|sort| Token { sort, at: at..end }));
        at = end;
    }
    tokens
}

/// Texts of the scenario files of a folder, in order of their names.
fn scenarios_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "ron"));
    paths.sort();
    paths.iter().filter_map(|path| std::fs::read_to_string(path).ok()).collect()
}
