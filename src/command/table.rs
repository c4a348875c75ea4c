//! Tables of all commands that are not lists, for parsing, completion and help.

use crate::command::arguments::Arguments;
use crate::command::lex::Word;
use crate::command::{Command, Context};
use crate::domain::input::InputError;
use crate::payments::subject::Subject;

#[derive(Debug)]
pub struct CommandSpec {
    pub name: &'static str,
    pub takes: Takes,
    pub does: &'static str,
    read: Read,
}

type Read = fn(&Arguments<'_>) -> Result<Command, InputError>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    Nothing,
    Booking,
    Column,
    Columns,
    View,
    Seconds,
    Word(&'static str),
    Words(&'static str),
    /// One of these words, or nothing; and how the help shows them.
    OneOf(&'static [&'static str], &'static str),
    Day,
    Since,
}

impl Takes {
    pub fn shown(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Booking => "REF",
            Self::Column => "[-]COLUMN",
            Self::Columns => "+COLUMN -COLUMN",
            Self::View => "NAME",
            Self::Seconds => "SECONDS",
            Self::Word(word) | Self::Words(word) => word,
            Self::OneOf(_, shown) => shown,
            Self::Day => "DATE",
            Self::Since => "[since=DATE]",
        }
    }
}

/// In the order of the help. A new one is a row here and a variant of [`Command`].
pub static COMMANDS: &[CommandSpec] = &[
    row(
        "booking",
        Takes::Booking,
        "open a booking: totals, ledger and checks (API: conciliation)",
        |given| given.booking().map(Command::Booking),
    ),
    row(
        "sort",
        Takes::Column,
        "sort the loaded rows (- for descending); no argument: server's order",
        |given| given.sort().map(Command::Sort),
    ),
    row(
        "columns",
        Takes::Columns,
        "show and hide columns, or list those to show; no argument: default",
        |given| given.columns().map(Command::Columns),
    ),
    row("view", Takes::View, "open a saved view", |given| given.view_name().map(Command::View)),
    row("save", Takes::View, "save this list, its filters, order and columns as a view", |given| {
        given.view_name().map(Command::Save)
    }),
    plain("copy-view", "copy this list, its filters, order and columns as a command", |it| {
        it.nothing(Command::CopyView)
    }),
    row("load", Takes::Word("all"), "load the remaining pages", |given| {
        given.word("all").map(|()| Command::LoadAll)
    }),
    row(
        "auto",
        Takes::Seconds,
        "refresh this list every SECONDS while it is shown; no argument: off",
        |given| given.seconds().map(Command::Auto),
    ),
    row(
        "asof",
        Takes::Day,
        "triage: show days overdue as of DATE; no argument: as of today",
        |given| given.day().map(Command::AsOf),
    ),
    row(
        "group",
        Takes::OneOf(&["none", "booking", "status"], "booking|status|none"),
        "triage: group penalties, with the totals of each group",
        |given| given.choice().map(Command::Group),
    ),
    row(
        "worklist",
        Takes::OneOf(&["csv", "xlsx", "json", "html", "md", "txt"], "csv|xlsx|json|html|md|txt"),
        "triage: export the penalties shown, with your decisions, to a file",
        |given| given.choice().map(Command::Worklist),
    ),
    row(
        "triage",
        Takes::Word("all"),
        "work through the penalties of all customers in one queue",
        |given| given.word("all").map(|()| Command::Triage),
    ),
    plain("blocked", "show held-up scheduled payments by reason: IBAN, details, debt", |it| {
        it.nothing(Command::Blocked)
    }),
    row(
        "changes",
        Takes::Since,
        "show what is new, changed or gone (default: since the last saved day)",
        |given| given.since().map(Command::Changes),
    ),
    plain("home", "show the figures of this customer; each opens its rows", |it| {
        it.nothing(Command::Home)
    }),
    plain("customers", "show all customers, the most urgent first", |it| {
        it.nothing(Command::Customers)
    }),
    plain("chart", "show the loaded rows of this list as bars, with their totals", |it| {
        it.nothing(Command::Chart)
    }),
    row(
        "theme",
        Takes::OneOf(&["16", "dark", "light", "mono"], "16|dark|light|mono"),
        "change colors until you quit; `theme` in the settings keeps them",
        |given| given.choice().map(Command::Theme),
    ),
    plain("mouse", "turn mouse support (wheel and clicks) on or off", |it| {
        it.nothing(Command::Mouse)
    }),
    plain("quit", "close this screen, or quit if it is the first one", |it| {
        it.nothing(Command::Quit)
    }),
    plain("help", "show the keys and commands", |it| it.nothing(Command::Help)),
];

/// Offered only where a Payments API is configured.
pub static PAYMENTS: &[CommandSpec] = &[
    row(
        "payment",
        Takes::Words("ID"),
        "open a tenant payment, with its holders and timeline",
        |given| given.id("the id of a payment").map(Subject::Payment).map(Command::Show),
    ),
    row(
        "events",
        Takes::Words("[FROM [TO]] [family=] [stream=] [text=]"),
        "show events: a range of numbers, or one stream",
        |given| given.feed().map(Subject::Events).map(Command::Show),
    ),
    plain(
        "account",
        "show bank accounts, payment methods and currencies of the token's user",
        |it| it.nothing(Command::Show(Subject::Account)),
    ),
    row("stripe", Takes::Words("LANDLORD"), "show the Stripe account of a landlord", |given| {
        given.id("the id of a landlord").map(Subject::Stripe).map(Command::Show)
    }),
    row(
        "bank",
        Takes::Words("landlord ID [property ID] | id ID"),
        "show a bank account, by landlord (and property) or by id",
        |given| given.bank().map(Command::Show),
    ),
    row(
        "tin",
        Takes::Words("NUMBER COUNTRY TYPE"),
        "check whether a tax number is valid: tin 27484819A ES individual",
        |given| given.tin().map(Subject::Tin).map(Command::Show),
    ),
];

/// Offered only where a profile allows writes.
pub static WRITES: &[CommandSpec] = &[
    row(
        "write",
        Takes::OneOf(&["on", "off"], "on|off"),
        "allow writes for 15 minutes, after you type the name of the profile",
        |given| given.choice().map(|word| Command::Write(word == "on")),
    ),
    plain("audit", "show the log of your writes, the newest first", |it| {
        it.nothing(Command::Audit)
    }),
];

/// The commands for the current list.
pub const OF_LIST: [&str; 7] = ["sort", "columns", "save", "copy-view", "load", "auto", "chart"];

const SHORT: [(&str, &str); 3] = [("b", "booking"), ("q", "quit"), ("h", "help")];

const fn row(name: &'static str, takes: Takes, does: &'static str, read: Read) -> CommandSpec {
    CommandSpec { name, takes, does, read }
}

const fn plain(name: &'static str, does: &'static str, read: Read) -> CommandSpec {
    row(name, Takes::Nothing, does, read)
}

impl CommandSpec {
    pub fn named(name: &str) -> Option<&'static Self> {
        let is_it = |word: &str| word.eq_ignore_ascii_case(name);
        let full = SHORT.iter().find(|(short, _)| is_it(short)).map_or(name, |(_, full)| full);
        let mut all = COMMANDS.iter().chain(PAYMENTS).chain(WRITES);
        all.find(|command| command.name.eq_ignore_ascii_case(full))
    }

    /// Returns `false` for a command of writes where no profile allows them.
    pub(super) fn is_offered(&self, context: &Context<'_>) -> bool {
        context.has_writes || !WRITES.iter().any(|command| command.name == self.name)
    }

    pub(super) fn read(
        &self,
        words: &[Word],
        end: usize,
        context: &Context<'_>,
    ) -> Result<Command, InputError> {
        (self.read)(&Arguments { command: self, words, end, here: context.here })
    }
}
