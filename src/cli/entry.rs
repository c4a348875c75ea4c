//! The commands that print rows: `list LIST`, one named after each list, and `payments list`; and the
//! server of each list.

use anyhow::bail;
use clap::builder::PossibleValuesParser;
use clap::error::ErrorKind;
use clap::{ArgMatches, Args, Command, Error, FromArgMatches, Subcommand};

use super::exit_code::Exit;
use super::list::{ListFlags, help};
use super::requests::network;
use super::{Cx, payments};
use crate::command::parameters;
use crate::list::payments::SPEC as PAYMENTS;
use crate::list::{ALL, Spec};
use crate::net::client::PaymentsClients;
use crate::net::router::Router;
use crate::net::target::Target;

pub(super) fn lists() -> impl Iterator<Item = &'static Spec> {
    ALL.into_iter().chain([&PAYMENTS])
}

/// Whether a command has the name of a list: `valora debt` is `valora list debt`.
pub(super) fn is_named(command: &str) -> bool {
    ALL.iter().any(|spec| spec.key == command)
}

#[derive(Debug, Args)]
#[command(after_help = help())]
pub(super) struct ListArguments {
    /// The list
    #[arg(value_name = "LIST", value_parser = PossibleValuesParser::new(lists().map(|spec| spec.key)))]
    list: String,
    #[command(flatten)]
    flags: ListFlags,
    #[command(flatten)]
    reveal: Reveal,
}

impl ListArguments {
    pub(super) fn flags(self) -> ListFlags {
        self.flags.of(&self.list, self.reveal.reveal)
    }
}

#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Reveal {
    /// Print account and tax numbers in full (payments only)
    #[arg(long)]
    reveal: bool,
}

#[derive(Debug, Args)]
pub(super) struct PaymentsList {
    #[command(flatten)]
    flags: ListFlags,
    #[command(flatten)]
    reveal: Reveal,
}

impl PaymentsList {
    pub(super) fn flags(self) -> ListFlags {
        self.flags.of(PAYMENTS.key, self.reveal.reveal)
    }
}

/// A command with the name of a list.
#[derive(Debug)]
pub(super) struct NamedList(pub(super) ListFlags);

impl FromArgMatches for NamedList {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let Some((list, below)) = matches.subcommand() else {
            return Err(Error::new(ErrorKind::MissingSubcommand));
        };
        ListFlags::from_arg_matches(below).map(|flags| Self(flags.of(list, false)))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Subcommand for NamedList {
    fn augment_subcommands(command: Command) -> Command {
        let named = |spec: &&'static Spec| {
            let (key, title) = (spec.key, spec.title);
            let filters: Vec<&str> = parameters(spec).collect();
            ListFlags::augment_args(Command::new(key))
                .about(format!("{title}; short for valora list {key}"))
                .after_help(format!(
                    "Examples:\n  valora {key} --all -o csv > {key}.csv\n  \
                     valora {key} --limit 20 -o json\n\nFilters: {}\n\n\
                     See also: valora list --help",
                    filters.join(" ")
                ))
        };
        command.subcommands(ALL.iter().map(named))
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        is_named(name)
    }
}

/// The server of a list. Found before a runtime starts, as its token may need a prompt.
pub(super) enum Server {
    Customer(Box<Target>),
    Payments(PaymentsClients),
}

impl Server {
    pub(super) fn of(spec: &Spec, cx: &Cx) -> anyhow::Result<Self> {
        if !spec.is_of_payments() {
            return Ok(Self::Customer(Box::new(cx.find()?.target)));
        }
        let given = [
            ("--base-url", cx.connection.base_url.is_some()),
            ("--token-file", cx.connection.token_file.is_some()),
        ];
        if let Some((flag, _)) = given.iter().find(|(_, is_given)| *is_given) {
            let why =
                "which has its own server and token: VALORA_PAYMENTS_URL, VALORA_PAYMENTS_TOKEN";
            bail!(Exit::usage(format!("{flag} has no effect on the list payments, {why}")));
        }
        Ok(Self::Payments(payments::clients(cx)?))
    }

    /// Must be called on a runtime.
    pub(super) fn start(self, cx: &Cx) -> anyhow::Result<Router> {
        match self {
            Self::Customer(target) => network(*target, &cx.log),
            Self::Payments(clients) => Ok(payments::network(cx, clients)),
        }
    }
}
