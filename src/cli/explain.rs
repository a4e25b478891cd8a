//! `blackstart explain`.

use clap::{Args, ValueEnum};

use super::output::print;
use super::screen::page;
use super::{Failure, Outcome};
use crate::report::explain::{find, topic_list, topic_markdown, topic_text, topics, topics_markdown};

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// What to explain, such as downtime, users.failover or Exp; without it, all topics are listed
    topic: Vec<String>,
    /// Form of what is printed; without a topic, Markdown holds every entry
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Form of what is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading, in at most 80 columns
    Text,
    /// For a document
    Markdown,
}

pub(super) fn explain(args: &ExplainArgs) -> Result<Outcome, Failure> {
    let topics = topics();
    // "explain error budget" needs no quotes.
    let text = match (args.topic.as_slice(), args.format) {
        ([], Format::Text) => topic_list(&topics, page()),
        ([], Format::Markdown) => topics_markdown(&topics),
        (words, format) => {
            let topic = find(&topics, &words.join(" ")).map_err(|error| error.to_string())?;
            if format == Format::Text { topic_text(topic, page()) } else { topic_markdown(topic) }
        }
    };
    print(text.as_bytes())?;
    Ok(Outcome::Done)
}
