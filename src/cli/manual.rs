//! `valora help`: a topic of the manual, a command, or both; and `valora man`, the same as pages for `man`.

use std::ffi::OsStr;
use std::io;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Args, Command};
use clap_mangen::Man;
use roff::{Inline, Roff, bold, roman};
use strsim::osa_distance;

use super::exit_code::Exit;
use super::{print, width};
use crate::domain::text::sanitize;
use crate::manual::block::{Block, read};
use crate::manual::{TOPICS, Topic, page};

/// Cells of a table in a page for `man`, whose text is indented by 7.
const MAN_WIDTH: usize = 72;
/// The section of `man` for what is neither a program nor a file.
const SECTION: &str = "7";
/// Begins and ends bold text in lines for `man`. It has no width, so that columns stay aligned.
const BOLD: char = '\u{2060}';

#[derive(Debug, Args)]
pub(super) struct Words {
    /// A topic or a command [default: valora itself]
    #[arg(value_name = "TOPIC", index = 1)]
    topic: Option<String>,
    /// A subcommand of that command
    #[arg(value_name = "SUBCOMMAND", index = 2)]
    subcommand: Option<String>,
}

impl Words {
    pub(super) fn all(self) -> Vec<String> {
        self.topic.into_iter().chain(self.subcommand).collect()
    }
}

/// The topics, one per line, as the help lists them.
/// The topic `writes` is left out of lists where no profile allows a write.
fn listed(has_writes: bool) -> impl Iterator<Item = &'static Topic> {
    TOPICS.iter().filter(move |topic| has_writes || topic.name != "writes")
}

pub(super) fn topics(has_writes: bool) -> String {
    let lines = listed(has_writes).map(|topic| format!("  {:<17}{}", topic.name, topic.about));
    lines.collect::<Vec<_>>().join("\n")
}

/// Accepts any word, since [`unknown`] reports wrong ones; the names are for completion.
#[derive(Debug, Clone)]
pub(super) struct Names(Vec<PossibleValue>);

impl Names {
    pub(super) fn of(command: &Command, has_writes: bool) -> Self {
        let topics =
            listed(has_writes).map(|topic| PossibleValue::new(topic.name).help(topic.about));
        let commands = command.get_subcommands().filter(|it| !it.is_hide_set());
        let commands = commands.filter(|it| Topic::named(it.get_name()).is_none()).map(|it| {
            let about = it.get_about().map(ToString::to_string).unwrap_or_default();
            PossibleValue::new(it.get_name().to_owned()).help(about)
        });
        Self(topics.chain(commands).collect())
    }
}

impl TypedValueParser for Names {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().cloned()))
    }
}

/// `words` are a topic, or a command and its subcommand; without any, valora itself.
pub(super) fn help(words: &[String], mut root: Command) -> anyhow::Result<()> {
    root.build();
    let command = words.iter().try_fold(&mut root, |at, name| at.find_subcommand_mut(name));
    let options = command.map(|command| command.render_long_help().to_string());
    let stdout = io::stdout();
    let text = match (topic(words), options) {
        (None, None) => return Err(unknown(words, &root).into()),
        (None, Some(options)) => width::fitted(&options, width::of(&stdout)).into_owned(),
        (Some(topic), options) => {
            let columns = width::of_page(&stdout);
            let lines = page::lines(topic, columns).into_iter().map(|line| line.text + "\n");
            let mut text: String = lines.collect();
            if let Some(options) = options {
                text.push_str("\nOn the command line\n\n");
                text.push_str(&width::fitted(&options, Some(columns)));
            }
            text
        }
    };
    print(&text)
}

fn topic(words: &[String]) -> Option<&'static Topic> {
    if let [name] = words { Topic::named(name) } else { None }
}

fn unknown(words: &[String], root: &Command) -> Exit {
    let typed = words.join(" ");
    let shown = sanitize(&typed);
    let near = near(&typed, root);
    Exit::usage(match near {
        Some(near) => format!(
            "there is no topic or command `{shown}`: did you mean `{near}`? For the list, run: valora help"
        ),
        None => {
            format!("there is no topic or command `{shown}`: run valora help for the list")
        }
    })
}

/// The name with the fewest typing errors, if they are few.
fn near(typed: &str, root: &Command) -> Option<String> {
    let shown = |command: &Command| -> Vec<Command> {
        command.get_subcommands().filter(|it| !it.is_hide_set()).cloned().collect()
    };
    let of_command = |command: Command| {
        let name = command.get_name().to_owned();
        let below = shown(&command).into_iter().map({
            let name = name.clone();
            move |it| format!("{name} {}", it.get_name())
        });
        below.chain([name]).collect::<Vec<_>>()
    };
    let topics = TOPICS.iter().map(|topic| topic.name.to_owned());
    let all = topics.chain(shown(root).into_iter().flat_map(of_command));
    let (errors, name) = all.map(|name| (osa_distance(typed, &name), name)).min()?;
    (errors <= (typed.chars().count() / 3).max(1)).then_some(name)
}

/// `words` are as for [`help`].
pub(super) fn man(words: &[String], mut root: Command) -> anyhow::Result<()> {
    root.build();
    let source = format!("valora {}", env!("CARGO_PKG_VERSION"));
    let command = words.iter().try_fold(&root, |at, name| at.find_subcommand(name));
    let topic = topic(words);
    let (mut bytes, mut roff) = (Vec::new(), Roff::new());
    match (command, topic) {
        (Some(command), _) => Man::new(command.clone()).source(&source).render(&mut bytes)?,
        (None, Some(topic)) => {
            let name = format!("valora-{}", topic.name);
            roff.control("TH", [name.as_str(), SECTION, " ", &source, "valora manual"]);
            roff.control("SH", ["NAME"]);
            roff.text([roman(format!("{name} - {}", topic.about))]);
        }
        (None, None) => return Err(unknown(words, &root).into()),
    }
    if let Some(topic) = topic {
        add_sections(topic, &mut roff);
        bytes.extend(roff.render().into_bytes());
    }
    print(&String::from_utf8(bytes)?)
}

fn add_sections(topic: &Topic, roff: &mut Roff) {
    for block in read(topic.text) {
        match &block {
            Block::Title(text) | Block::Heading(text) => {
                roff.control("SH", [in_capitals(text).as_str()]);
            }
            Block::Subheading(text) => {
                roff.control("SS", [text.replace('`', "").as_str()]);
            }
            Block::Paragraph(text) => {
                roff.control("PP", []).text(inlines(text, '`'));
            }
            Block::Item(_, bullet, text) => {
                roff.control("IP", [bullet.trim(), "3"]).text(inlines(text, '`'));
            }
            Block::Code(_) => add_lines(page::wrapped(&block, MAN_WIDTH), roff),
            Block::Table(rows) => {
                let marked = rows.iter().map(|row| row.iter().map(|cell| marked(cell)).collect());
                add_lines(page::wrapped(&Block::Table(marked.collect()), MAN_WIDTH), roff);
            }
        }
    }
}

fn add_lines(lines: Vec<String>, roff: &mut Roff) {
    roff.control("PP", []).control("nf", []);
    for line in lines {
        roff.text(inlines(&line, BOLD));
    }
    roff.control("fi", []);
}

/// Code stays as it is typed.
fn in_capitals(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts
        .map(|(at, part)| if at % 2 == 1 { part.to_owned() } else { part.to_uppercase() })
        .collect()
}

/// Marks each word of code as bold, since a line may end between two of them.
fn marked(cell: &str) -> String {
    let bold = |part: &str| {
        let words = part.split(' ').map(|word| format!("{BOLD}{word}{BOLD}"));
        words.collect::<Vec<_>>().join(" ")
    };
    let parts = cell.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 1 { bold(part) } else { part.to_owned() }).collect()
}

/// What is between two of these marks is bold.
fn inlines(text: &str, mark: char) -> Vec<Inline> {
    let parts = text.split(mark).enumerate();
    let parts = parts.filter(|(_, part)| !part.is_empty());
    parts.map(|(at, part)| if at % 2 == 1 { bold(part) } else { roman(part) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::shared::command;

    #[test]
    fn pages_for_man_have_bold_code_and_no_backticks() {
        for topic in TOPICS {
            let mut roff = Roff::new();
            add_sections(topic, &mut roff);
            let page = roff.render();
            let blocks = read(topic.text).into_iter().filter_map(|block| match block {
                Block::Code(lines) => Some(lines.concat()),
                _ => None,
            });
            let in_code = blocks.map(|code| code.matches('`').count()).sum::<usize>();
            assert_eq!(page.matches('`').count(), in_code, "{}: {page}", topic.name);
            assert!(!page.contains(BOLD), "{}: {page}", topic.name);
        }
        let text = "# Use `:q` here\n\n### The `x` key\n\n| a | b |\n|---|---|\n\
                    | `k` | it's `two words` |\n";
        let mut roff = Roff::new();
        add_sections(&Topic { name: "x", about: "", text }, &mut roff);
        let page = roff.to_roff();
        assert!(page.contains(".SH \"USE :q HERE\"\n.SS \"The x key\"\n"), "{page}");
        assert!(page.contains("\n  \\fBk\\fR  it's \\fBtwo\\fR \\fBwords\\fR\n"), "{page}");
        assert!(roff.render().contains("it\\*(Aqs"), "a quote is not an accent");
    }

    #[test]
    fn an_unknown_topic_or_command_is_reported_with_the_near_one_only() {
        for (typed, expected) in [
            ("nope", None),
            ("filtres", Some("filters")),
            ("bookng", Some("booking")),
            ("auth logn", Some("auth login")),
            ("complet", None),
        ] {
            let mut root = command();
            root.build();
            assert_eq!(near(typed, &root).as_deref(), expected, "{typed}");
        }
    }
}
