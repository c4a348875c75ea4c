//! The arguments of the commands of writes, and which of them do not fit together.

use std::time::Duration;

use clap::{Args, Command, Subcommand, ValueEnum, value_parser};
use strum::VariantArray;

use super::{COMPLETE_ID, Stop, USAGE};
use crate::payments::write::WriteKind;
use crate::writes::engine::LOOKS;

/// Seconds of the longest time for which the result is looked for.
const LONGEST_WAIT: u64 = 3_600;

#[derive(Debug, Clone, Subcommand)]
pub enum WriteCommand {
    /// Block a payment: it is neither collected nor paid out
    #[command(
        after_help = "Example:\n  valora payments block 8f2dbe69-b68f-4423-bc93-000000000b30 --profile \
                            acme --write --note \"ticket 4711\""
    )]
    Block(PaymentArguments),
    /// Unblock a payment: it may be collected or paid out at once
    #[command(
        after_help = "Example:\n  valora payments unblock 8f2dbe69-b68f-4423-bc93-000000000b30 \
                            --profile acme --write --note \"ticket 4711\""
    )]
    Unblock(PaymentArguments),
    /// Cancel a payment; nothing undoes this
    #[command(
        after_help = "Example:\n  valora payments cancel 8f2dbe69-b68f-4423-bc93-000000000b30 \
                            --profile acme --dry-run"
    )]
    Cancel(PaymentArguments),
    /// Cancel all open fees of a booking; nothing undoes this
    #[command(
        after_help = "Example:\n  valora payments cancel-fees BK232470 --profile acme --dry-run"
    )]
    CancelFees(BookingArguments),
    /// Match properties with a bank account, which then gets the landlord's money for them
    #[command(
        after_help = "Example:\n  valora payments match c59295ab-b68f-4423-bc93-000000000001 67882 \
                            --profile acme --dry-run"
    )]
    Match(AccountArguments),
    /// Remove properties from a bank account
    #[command(
        after_help = "Example:\n  valora payments unmatch c59295ab-b68f-4423-bc93-000000000001 67882 \
                            --profile acme --dry-run"
    )]
    Unmatch(AccountArguments),
}

#[derive(Debug, Clone, Args)]
pub struct PaymentArguments {
    /// The id of the payment
    pub(super) id: String,
    #[command(flatten)]
    pub(super) options: Options,
}

#[derive(Debug, Clone, Args)]
pub struct BookingArguments {
    /// The reference of the booking, or the source id of its payments
    pub(super) booking: String,
    #[command(flatten)]
    pub(super) options: Options,
}

#[derive(Debug, Clone, Args)]
pub struct AccountArguments {
    /// The id of the bank account
    pub(super) account: String,
    /// The ids of the properties
    #[arg(required = true)]
    pub(super) properties: Vec<String>,
    #[command(flatten)]
    pub(super) options: Options,
}

#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Why you do this: one line for the audit log
    #[arg(long, value_name = "TEXT")]
    pub(super) note: Option<String>,
    /// Print the plan and send nothing; exit code 0 it would be sent, 1 nothing to do, 2 refused here or
    /// not readable
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Do not ask for the confirmation; needs the full id and --profile
    #[arg(long)]
    pub(super) yes: bool,
    /// Look for the result for this many seconds, at most an hour
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = value_parser!(u64).range(..=LONGEST_WAIT))]
    pub(super) wait: u64,
    /// Output format of the result; json is its last line in the audit log
    #[arg(short, long, value_enum, default_value_t)]
    pub(super) output: Output,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Output {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

/// Hides the writes in help and completion; they still say how to allow them.
#[must_use]
pub fn without_writes(root: Command, has_audit: bool) -> Command {
    let hidden = |command: Command| {
        let has_option = command.get_arguments().any(|arg| arg.get_id() == "write");
        if has_option { command.mut_arg("write", |arg| arg.hide(true)) } else { command }
    };
    let kinds: Vec<&str> = WriteKind::VARIANTS.iter().map(|kind| kind.name()).collect();
    hidden(root).mut_subcommands(|command| match command.get_name() {
        "audit" => command.hide(!has_audit),
        "payments" => hidden(command.mut_subcommands(|below| {
            let is_write = kinds.contains(&below.get_name());
            below.hide(is_write)
        })),
        _ => hidden(command),
    })
}

impl WriteCommand {
    pub(super) fn options(&self) -> &Options {
        match self {
            Self::Block(it) | Self::Unblock(it) | Self::Cancel(it) => &it.options,
            Self::CancelFees(it) => &it.options,
            Self::Match(it) | Self::Unmatch(it) => &it.options,
        }
    }

    /// Fails for options that do not fit, before a token is read. `has_profile`: `--profile` was given.
    pub fn check(&self, has_write: bool, has_profile: bool) -> Result<(), Stop> {
        let options = self.options();
        let usage = |why: &str| Err(Stop(USAGE, format!("{why}; nothing was sent")));
        if options.dry_run {
            return Ok(());
        }
        if !has_write {
            return usage("to write, add --write; to see the plan, add --dry-run");
        }
        if options.note.as_ref().is_none_or(|note| note.trim().is_empty()) {
            return usage("a note for the audit log is required: --note \"why you do this\"");
        }
        // A variable or a setting must not choose whose money moves.
        if options.yes && !has_profile {
            return usage("--yes needs the profile on the command line: add --profile NAME");
        }
        if options.yes && !self.is_complete() {
            return usage(match self {
                Self::CancelFees(_) => {
                    "--yes needs the full source id instead of the reference of the booking"
                }
                _ => "--yes needs the full id",
            });
        }
        Ok(())
    }

    fn is_complete(&self) -> bool {
        let id = match self {
            Self::Block(it) | Self::Unblock(it) | Self::Cancel(it) => &it.id,
            Self::CancelFees(it) => &it.booking,
            Self::Match(it) | Self::Unmatch(it) => &it.account,
        };
        id.len() >= COMPLETE_ID
    }

    /// When the deciding reads run after the answer.
    pub fn looks(&self) -> Vec<Duration> {
        let wait = Duration::from_secs(self.options().wait);
        let usual = LOOKS.into_iter().filter(|time| *time < wait);
        let mut looks: Vec<Duration> = usual.collect();
        looks.push(wait);
        looks
    }
}
