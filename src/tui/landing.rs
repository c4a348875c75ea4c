//! Where the user goes: to all customers, or to one of them, on the rows that a cell is about.

use crate::customers::attention::Need;
use crate::customers::state::CustomerRow;
use crate::list::{Spec, debt, scheduled};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// All customers, with the profiles as they are in the settings now.
    Customers(AllView),
    Customer(Visit),
}

/// What is shown of all customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AllView {
    /// As the user left them: with the queue of their penalties, if it was open.
    Customers,
    /// Without the queue.
    Overview,
    /// The queue of their penalties.
    Penalties,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    pub profile: String,
    pub landing: Landing,
}

/// What a customer's screen shows first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Landing {
    /// The place where the user left this customer, else its home.
    Place,
    Home,
    /// The first list.
    Lists,
    /// Payouts that are held up, by reason.
    HeldUp,
    /// Scheduled payments from today on.
    Coming,
    /// The triage queue.
    Penalties,
    OpenDebt,
    /// Debt over 90 days.
    OldDebt,
    Changes,
    /// The booking with this reference.
    Booking(String),
}

impl Landing {
    /// The word in the footer for the key that opens it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Place | Self::Home | Self::Lists => "open",
            Self::HeldUp | Self::Coming => "payouts",
            Self::Penalties => "penalties",
            Self::OpenDebt | Self::OldDebt => "debt",
            Self::Changes => "changes",
            Self::Booking(_) => "booking",
        }
    }

    /// Returns `true` for what a cell is about.
    pub fn is_of_cell(&self) -> bool {
        !matches!(self, Self::Place | Self::Home | Self::Lists)
    }

    /// What the cell of this column is about.
    pub fn of_cell(column: &str, row: &CustomerRow) -> Self {
        match column {
            "need" => Self::of_need(row),
            "open" | "open_eur" => Self::OpenDebt,
            "over_90" | "over_90_eur" => Self::OldDebt,
            "penalties" => Self::Penalties,
            "held_up" => Self::HeldUp,
            "next_payout" | "next_amount" => Self::Coming,
            "changed" => Self::Changes,
            _ => Self::Place,
        }
    }

    fn of_need(row: &CustomerRow) -> Self {
        let debt = row.state.figures().and_then(|summary| summary.debt.as_ref().ok());
        match row.attention(0).need {
            Need::PenaltiesOverdue | Need::PenaltiesToDecide => Self::Penalties,
            Need::DebtOver90 => Self::OldDebt,
            Need::OverdueOrDelayed if debt.is_some_and(|debt| debt.overdue.count > 0) => {
                Self::OpenDebt
            }
            Need::Blocked | Need::OverdueOrDelayed => Self::HeldUp,
            Need::Changed => Self::Changes,
            Need::Unknown | Need::Nothing | Need::NotLoaded => Self::Place,
        }
    }

    /// The list that it shows, so that no other list is loaded first.
    pub fn spec(&self) -> Option<&'static Spec> {
        match self {
            Self::HeldUp | Self::Coming => Some(&scheduled::SPEC),
            Self::Penalties => Some(&crate::list::penalties::SPEC),
            Self::OpenDebt | Self::OldDebt => Some(&debt::SPEC),
            Self::Place | Self::Home | Self::Lists | Self::Changes | Self::Booking(_) => None,
        }
    }
}
