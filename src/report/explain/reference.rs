//! The language's fields, forms, laws and quantities, from the tables of docs/scenario.md.
//!
//! A table says in its first header what it lists: "Field of `users.failover`", "Form of `failures.effect`", "Law",
//! "Quantity".

use super::examples::{Examples, last, shortest};
use super::markdown::{Part, Section, Table, anchor, code_spans, plain};
use super::topic::{Group, Topic};

/// The record of the whole file: its fields have no record before their names.
const WHOLE: &str = "scenario";
/// The record of fields that belong to many.
const ANYTHING: &str = "anything";

/// All topics of the reference, in its order.
pub(super) fn reference(sections: &[Section]) -> Vec<Topic> {
    let mut reference = Reference { topics: Vec::new() };
    for section in sections {
        reference.tables_of(section);
    }
    for section in sections.iter().filter(|section| !section.heading.is_empty()) {
        reference.chapter(section);
    }
    reference.add_quantities();
    reference.add_examples(&Examples::of(sections));
    reference.topics
}

struct Reference {
    topics: Vec<Topic>,
}

impl Reference {
    /// The topic of this name; a new one of `group` if there is none.
    fn topic(&mut self, group: Group, name: &str) -> &mut Topic {
        let place = self.topics.iter().position(|topic| topic.name == name).unwrap_or_else(|| {
            self.topics.push(Topic::new(group, name));
            self.topics.len() - 1
        });
        &mut self.topics[place]
    }

    fn tables_of(&mut self, section: &Section) {
        // What was said since the last table or block.
        let mut said: Vec<String> = Vec::new();
        for part in &section.parts {
            match part {
                Part::Text(text) | Part::Point(text) => said.push(text.clone()),
                Part::Block(..) => said.clear(),
                Part::Table(table) => {
                    self.table(table, section, &said);
                    said.clear();
                }
            }
        }
    }

    fn table(&mut self, table: &Table, section: &Section, said: &[String]) {
        let subject = plain(table.subject(), false);
        if let Some(record) = subject.strip_prefix("Field of ") {
            let record = record.strip_prefix("a ").unwrap_or(record);
            let topic = self.topic(Group::Fields, record);
            // Its field, or a chapter of that name, says it otherwise.
            if topic.text.is_empty() && !is_chapter_of(section, record) && record != ANYTHING {
                topic.text.extend(said.iter().cloned());
            }
            self.fields(record, table);
        } else if let Some(owner) = subject.strip_prefix("Form of ") {
            self.forms(owner, table);
        } else if subject == "Law" {
            self.laws(table);
        } else if subject == "Quantity" {
            self.quantities(table);
        }
    }

    fn fields(&mut self, record: &str, table: &Table) {
        for row in &table.rows {
            let kind = table.cell(row, "Type");
            for field in code_spans(row.first().map_or("", String::as_str)) {
                let meaning = table.cell(row, "Meaning");
                let default = table.cell(row, "Default");
                let topic = self.topic(Group::Fields, &full_name(record, field));
                topic.text.insert(0, meaning.to_owned());
                topic.add("type", kind);
                match default {
                    "required" => topic.add("required", "yes"),
                    _ => topic.add("default", default),
                }
                topic.add("of", &kinds_of_component(table, row));
                topic.same_as = anchor(meaning).filter(|_| kind.is_empty()).map(|to| full_name(to, field));
                let summary = (field.to_owned(), summary(table, row));
                self.topic(Group::Fields, record).parts.push(summary);
            }
        }
    }

    fn forms(&mut self, owner: &str, table: &Table) {
        for row in &table.rows {
            let (form, meaning) = (table.cell(row, table.subject()).to_owned(), table.cell(row, "Means"));
            let name = variant_name(&form);
            self.topic(Group::Fields, owner).parts.push((plain(&form, false), meaning.to_owned()));
            if !name.is_empty() {
                let topic = self.topic(Group::Forms, &format!("{owner}.{name}"));
                topic.group = Group::Forms;
                topic.text.push(meaning.to_owned());
                topic.add("written", &form);
            }
        }
    }

    /// The laws, or what they amount to.
    fn laws(&mut self, table: &Table) {
        for row in &table.rows {
            let form = row.first().map_or("", String::as_str);
            let name = variant_name(form).to_owned();
            let topic = self.topic(Group::Laws, &format!("laws.{name}"));
            let mind = table.cell(row, "Mind");
            if mind.is_empty() {
                topic.text.push(table.cell(row, "Means").to_owned());
                topic.add("written", form);
                let meaning = table.cell(row, "Means").to_owned();
                self.topic(Group::Laws, "laws").parts.push((plain(form, false), meaning));
            } else {
                let figures = ["p50", "mean", "p90", "p99"].map(|f| format!("{f} {}", table.cell(row, f)));
                topic.add("figures", &format!("{form}: {}; {mind}", figures.join(", ")));
            }
        }
    }

    fn quantities(&mut self, table: &Table) {
        for row in &table.rows {
            let name = row.first().map_or("", String::as_str);
            let (written, units) = (table.cell(row, "Written"), table.cell(row, "Units"));
            let topic = self.topic(Group::Quantities, &format!("quantities.{name}"));
            topic.add("written", written);
            topic.add("units", units);
            let written = written.to_owned();
            self.topic(Group::Quantities, "quantities").parts.push((name.to_owned(), written));
        }
    }

    /// The paragraphs of a chapter, and those of its tables that list no topics.
    fn chapter(&mut self, section: &Section) {
        let known =
            self.topics.iter().find(|topic| is_chapter_of(section, &topic.name)).map(|t| t.name.clone());
        let name = known.unwrap_or_else(|| section.heading.to_lowercase());
        let topic = self.topic(Group::Chapters, &name);
        for part in &section.parts {
            match part {
                Part::Text(text) | Part::Point(text) => topic.text.push(text.clone()),
                Part::Table(table) if !lists_topics(table) => {
                    let row = |row: &Vec<String>| {
                        let (first, rest) = row.split_first().map_or(("", &[][..]), |(f, r)| (f.as_str(), r));
                        let rest: Vec<&str> =
                            rest.iter().map(String::as_str).filter(|c| !c.is_empty()).collect();
                        (plain(first, false), rest.join("; "))
                    };
                    topic.parts.extend(table.rows.iter().map(row));
                }
                Part::Table(_) | Part::Block(..) => {}
            }
        }
    }

    /// Says of each field how its quantity is written, and in which units.
    fn add_quantities(&mut self) {
        let quantities: Vec<Topic> =
            self.topics.iter().filter(|topic| topic.name.starts_with("quantities.")).cloned().collect();
        for topic in self.topics.iter_mut().filter(|topic| topic.group == Group::Fields) {
            let Some(kind) = topic.facts.iter().position(|(label, _)| label == "type") else { continue };
            // A variant such as `Capacity(share)` holds a quantity, but is none.
            let spoken = topic.facts[kind].1.split('`').step_by(2);
            let words: Vec<&str> = spoken
                .flat_map(|text| text.split(|c: char| !c.is_alphabetic()))
                .map(|word| word.trim_end_matches('s'))
                .collect();
            // A "data rate" is no rate: names of several words go first.
            let quantity = (1..=3).rev().find_map(|length| {
                let mut names = words.windows(length).map(|name| name.join(" "));
                names.find_map(|name| quantities.iter().find(|q| last(&q.name) == name))
            });
            if let Some(quantity) = quantity {
                topic.facts.splice(kind + 1..kind + 1, quantity.facts.iter().cloned());
            }
        }
    }

    fn add_examples(&mut self, examples: &Examples) {
        for topic in &mut self.topics {
            let (owner, name) = topic.name.rsplit_once('.').unwrap_or(("Scenario", &topic.name));
            let figures = topic.facts.iter().find(|(label, _)| label == "figures");
            let computed =
                figures.and_then(|(_, text)| code_spans(text).first().map(|code| (*code).to_owned()));
            let alone;
            let example = match topic.group {
                Group::Fields if owner == ANYTHING => examples.anywhere(name),
                Group::Fields => {
                    let record =
                        if topic.parts.is_empty() { None } else { examples.anywhere(last(&topic.name)) };
                    examples.field(owner, name).or(record)
                }
                // Conditions are needs too, and stand in clocks, hazards and responses.
                Group::Forms if owner == "needs" => {
                    examples.variant(&["needs", "clock", "occurs", "when"], name)
                }
                Group::Forms if topic.facts.iter().all(|(_, written)| code_spans(written) == [name]) => {
                    alone = format!("{}: {name}", last(owner));
                    Some(&alone)
                }
                Group::Forms => examples.variant(&[last(owner)], name),
                Group::Laws => computed.as_ref().or(examples.variant(&[], name)),
                Group::Quantities | Group::Measures | Group::Chapters => None,
            };
            topic.example = example.cloned();
        }
        let others: Vec<Topic> =
            self.topics.iter().filter(|topic| topic.same_as.is_some()).cloned().collect();
        for topic in self.topics.iter_mut().filter(|topic| topic.example.is_none()) {
            let same = others.iter().filter(|other| other.same_as.as_ref() == Some(&topic.name));
            topic.example = shortest(same.filter_map(|other| other.example.as_ref())).cloned();
        }
    }
}

/// The name of a field with its record's, as far as it needs one.
fn full_name(record: &str, field: &str) -> String {
    if record == WHOLE { field.to_owned() } else { format!("{record}.{field}") }
}

/// What a field means, with its type, its default and the kinds of component that have it.
fn summary(table: &Table, row: &[String]) -> String {
    let [meaning, kind, default] = ["Meaning", "Type", "Default"].map(|header| table.cell(row, header));
    let only = match kinds_of_component(table, row) {
        kinds if kinds.is_empty() => kinds,
        kinds => format!("; of {kinds}"),
    };
    match default {
        _ if kind.is_empty() => meaning.to_owned(),
        "required" => format!("{meaning} ({kind}; required{only})"),
        _ => format!("{meaning} ({kind}; default: {default}{only})"),
    }
}

/// True for the chapter that has the name of a record: "Zone kinds" of `zone_kinds`, "Standbys" of `standby`.
fn is_chapter_of(section: &Section, record: &str) -> bool {
    let heading = section.heading.to_lowercase().replace(' ', "_");
    heading.trim_end_matches('s') == record.trim_end_matches('s')
        || heading.trim_start_matches("the_") == record
}

/// True for tables whose rows are topics of their own.
fn lists_topics(table: &Table) -> bool {
    let subject = table.subject();
    ["Field of ", "Form of "].iter().any(|start| subject.starts_with(start))
        || matches!(subject, "Law" | "Quantity")
}

/// The name of the first variant that a cell shows: "Peak" of "`Peak(at, trough)`"; empty if it shows none.
fn variant_name(cell: &str) -> &str {
    let code = code_spans(cell).first().copied().unwrap_or("");
    let end = code.find(|c: char| !c.is_alphanumeric()).unwrap_or(code.len());
    if code.starts_with(char::is_uppercase) { &code[..end] } else { "" }
}

/// The kinds of component that have a field: the columns behind its meaning.
fn kinds_of_component(table: &Table, row: &[String]) -> String {
    let cells = table.header.iter().zip(row).skip(4).filter(|(_, cell)| !cell.is_empty());
    let kind = |(name, cell): (&String, &String)| match cell.as_str() {
        "yes" => name.clone(),
        only => format!("{name} ({only})"),
    };
    cells.map(kind).collect::<Vec<_>>().join(", ")
}
