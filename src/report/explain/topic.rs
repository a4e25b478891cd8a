//! What can be asked about.

/// What a topic belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Figures that runs and comparisons give.
    Measures,
    /// Fields of the language, and the records that they make up.
    Fields,
    /// Variants of a field: effects, clocks, scopes, routes.
    Forms,
    /// Probability laws.
    Laws,
    /// Quantities and how they are written.
    Quantities,
    /// Chapters of the reference.
    Chapters,
}

impl Group {
    /// All groups, in the order of the list of topics.
    pub const ALL: [Self; 6] =
        [Self::Measures, Self::Fields, Self::Forms, Self::Laws, Self::Quantities, Self::Chapters];

    /// The group's heading.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Measures => "Measures",
            Self::Fields => "Fields",
            Self::Forms => "Forms",
            Self::Laws => "Laws",
            Self::Quantities => "Quantities",
            Self::Chapters => "Chapters",
        }
    }
}

/// An entry. Texts are Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// What it belongs to.
    pub group: Group,
    /// Its full name: "downtime", "users.failover.detect", "laws.Exp".
    pub name: String,
    /// Names of a measure's figures in reports and files.
    pub other_names: Vec<String>,
    /// Paragraphs.
    pub text: Vec<String>,
    /// Labels and what they say: "type", "default", "formula".
    pub facts: Vec<(String, String)>,
    /// Fields and forms that belong to it, with their meaning.
    pub parts: Vec<(String, String)>,
    /// A piece of RON.
    pub example: Option<String>,
    /// The topic that says the same, if this is only another place of it.
    pub same_as: Option<String>,
}

impl Topic {
    /// A topic of which only the name is known.
    pub(super) fn new(group: Group, name: &str) -> Self {
        Self {
            group,
            name: name.to_owned(),
            other_names: Vec::new(),
            text: Vec::new(),
            facts: Vec::new(),
            parts: Vec::new(),
            example: None,
            same_as: None,
        }
    }

    /// Adds a labelled line, unless it says nothing.
    pub(super) fn add(&mut self, label: &str, text: &str) {
        if !text.is_empty() {
            self.facts.push((label.to_owned(), text.to_owned()));
        }
    }
}
