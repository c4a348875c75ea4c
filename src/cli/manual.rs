//! `valora help`: a topic of the manual, a command, or both; and `valora man`, the same as pages for `man`.

use std::io;

use clap::Command;
use clap::builder::{PossibleValue, PossibleValuesParser};
use clap_mangen::Man;
use roff::{Inline, Roff, bold, roman};

use super::exit_code::Exit;
use super::{print, width};
use crate::domain::text::sanitize;
use crate::manual::block::{Block, read};
use crate::manual::{TOPICS, Topic, page};

/// Cells of a table in a page for `man`, whose text is indented by 7.
const MAN_WIDTH: usize = 72;
/// The section of `man` for what is neither a program nor a file.
const SECTION: &str = "7";

/// The topics, one per line, as the help lists them.
pub(super) fn topics() -> String {
    let lines = TOPICS.iter().map(|topic| format!("  {:<17}{}", topic.name, topic.about));
    lines.collect::<Vec<_>>().join("\n")
}

/// What `help` and `man` can show, for errors and completion.
pub(super) fn names(command: &Command) -> PossibleValuesParser {
    let topics = TOPICS.iter().map(|topic| PossibleValue::new(topic.name).help(topic.about));
    let is_shown = |it: &&Command| !it.is_hide_set() && it.get_name() != "help";
    let commands = command.get_subcommands().filter(is_shown);
    let commands = commands.filter(|it| Topic::named(it.get_name()).is_none()).map(|it| {
        let about = it.get_about().map(ToString::to_string).unwrap_or_default();
        PossibleValue::new(it.get_name().to_owned()).help(about)
    });
    PossibleValuesParser::new(topics.chain(commands))
}

/// `words` are a topic, or a command and its subcommand; without any, valora itself.
pub(super) fn help(words: &[String], mut root: Command) -> anyhow::Result<()> {
    root.build();
    let topic = match words {
        [name] => Topic::named(name),
        _ => None,
    };
    let command = words.iter().try_fold(&mut root, |at, name| at.find_subcommand_mut(name));
    let options = match (command, topic) {
        (Some(command), _) => command.render_long_help().to_string(),
        (None, Some(_)) => String::new(),
        (None, None) => {
            let shown = sanitize(&words.join(" ")).into_owned();
            return Err(Exit::usage(format!(
                "there is no command `{shown}`\n\nFor the commands and topics, run: valora help"
            ))
            .into());
        }
    };
    let columns = width::of(&io::stdout());
    let manual = topic.map(|topic| in_width(topic, columns)).unwrap_or_default();
    let options = width::fitted(&options, columns);
    match (manual.is_empty(), options.is_empty()) {
        (false, false) if columns.is_some() => {
            print(&format!("{manual}\nOn the command line\n\n{options}"))
        }
        (false, false) => {
            print(&format!("{manual}\n## On the command line\n\n```text\n{options}```\n"))
        }
        _ => print(&format!("{manual}{options}")),
    }
}

/// Wrapped for a terminal; elsewhere the Markdown itself.
fn in_width(topic: &Topic, columns: Option<usize>) -> String {
    let Some(columns) = columns else { return topic.text.to_owned() };
    page::lines(topic, columns).into_iter().map(|line| line.text + "\n").collect()
}

/// `name` is a command or a topic; without it, valora itself.
pub(super) fn man(name: Option<&str>, mut root: Command) -> anyhow::Result<()> {
    root.build();
    let source = format!("valora {}", env!("CARGO_PKG_VERSION"));
    let command = match name {
        None => Some(&root),
        Some(name) => root.find_subcommand(name),
    };
    let topic = name.and_then(Topic::named);
    let mut bytes = Vec::new();
    if let Some(command) = command {
        Man::new(command.clone()).source(&source).render(&mut bytes)?;
    } else if let Some(topic) = topic {
        let mut head = Roff::new();
        let name = format!("valora-{}", topic.name);
        head.control("TH", [name.as_str(), SECTION, " ", &source, "valora manual"]);
        head.control("SH", ["NAME"]);
        head.text([roman(format!("{name} - {}", topic.about))]);
        bytes.extend(head.to_roff().into_bytes());
    }
    if let Some(topic) = topic {
        bytes.extend(sections(topic).to_roff().into_bytes());
    }
    print(&String::from_utf8(bytes)?)
}

fn sections(topic: &Topic) -> Roff {
    let mut roff = Roff::new();
    for block in read(topic.text) {
        match &block {
            Block::Title(text) | Block::Heading(text) => {
                roff.control("SH", [text.to_uppercase().as_str()]);
            }
            Block::Paragraph(text) => {
                roff.control("PP", []).text(inlines(text));
            }
            Block::Item(_, bullet, text) => {
                roff.control("IP", [bullet.trim(), "3"]).text(inlines(text));
            }
            Block::Code(_) | Block::Table(_) => {
                roff.control("PP", []).control("nf", []);
                for line in page::wrapped(&block, MAN_WIDTH) {
                    roff.text([roman(line)]);
                }
                roff.control("fi", []);
            }
        }
    }
    roff
}

/// Code is bold.
fn inlines(text: &str) -> Vec<Inline> {
    let parts = text.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 1 { bold(part) } else { roman(part) }).collect()
}
