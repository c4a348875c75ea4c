//! The menu of writes for an object: which fit its state, and why others do not.

use super::permission::Allowed;
use super::seen::{Text, is_cancelled, is_paid};
use crate::payments::write::{Write, WriteKind};

/// What a screen knows about the object that a write would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object {
    Payment {
        id: String,
        is_blocked: Option<bool>,
        status: Option<Text>,
        /// The `sourceId` of a fee: its booking.
        booking: Option<String>,
    },
    /// The tenant payments of a booking, by the `sourceId` of its fees.
    Booking { ids: Vec<String>, are_fees_open: bool },
    /// A bank account; the properties are typed.
    Account { id: String, has_properties: Option<bool> },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub kind: WriteKind,
    pub consequence: &'static str,
    /// The write, or why it is not offered. The properties of a match are added later.
    pub write: Result<Write, String>,
}

impl Offer {
    fn new(kind: WriteKind, write: Result<Write, String>) -> Self {
        Self { kind, consequence: consequence(kind), write }
    }
}

/// The writes that the profile allows for this object.
pub fn menu(object: &Object, allowed: &Allowed) -> Vec<Offer> {
    let mut offers = match object {
        Object::Payment { id, is_blocked, status, booking } => {
            of_payment(id, *is_blocked, status.as_ref(), booking.as_ref())
        }
        Object::Booking { ids, are_fees_open } => {
            let write = match ids.as_slice() {
                [] => Err("the booking has no fee among its payments".to_owned()),
                [_] if !are_fees_open => Err("no fee is open".to_owned()),
                [id] => Ok(Write::CancelFees { booking: id.clone() }),
                _ => Err("the fees belong to several bookings".to_owned()),
            };
            vec![Offer::new(WriteKind::CancelFees, write)]
        }
        Object::Account { id, has_properties } => {
            let (account, properties) = (id.clone(), Vec::new());
            let unmatch = match has_properties {
                Some(false) => Err("no property is matched with this account".to_owned()),
                _ => {
                    Ok(Write::Unmatch { account: account.clone(), properties: properties.clone() })
                }
            };
            vec![
                Offer::new(WriteKind::Match, Ok(Write::Match { account, properties })),
                Offer::new(WriteKind::Unmatch, unmatch),
            ]
        }
    };
    offers.retain(|offer| allowed.allows(offer.kind));
    offers
}

fn of_payment(
    id: &str,
    is_blocked: Option<bool>,
    status: Option<&Text>,
    booking: Option<&String>,
) -> Vec<Offer> {
    let id = || id.to_owned();
    let unknown = || Err("the block state is unknown".to_owned());
    let block = match is_blocked {
        Some(false) => Ok(Write::Block { id: id() }),
        Some(true) => Err("it is blocked already".to_owned()),
        None => unknown(),
    };
    let unblock = match is_blocked {
        Some(true) => Ok(Write::Unblock { id: id() }),
        Some(false) => Err("it is not blocked".to_owned()),
        None => unknown(),
    };
    let is_over = if is_cancelled(status) {
        Some("it is cancelled already")
    } else {
        is_paid(status).then_some("it is paid")
    };
    let cancel = is_over.map_or_else(|| Ok(Write::Cancel { id: id() }), |why| Err(why.to_owned()));
    let mut offers = vec![
        Offer::new(WriteKind::Block, block),
        Offer::new(WriteKind::Unblock, unblock),
        Offer::new(WriteKind::Cancel, cancel),
    ];
    offers.extend(booking.map(|booking| {
        let write = is_over.map_or_else(
            || Ok(Write::CancelFees { booking: booking.clone() }),
            |why| Err(why.to_owned()),
        );
        Offer::new(WriteKind::CancelFees, write)
    }));
    offers
}

fn consequence(kind: WriteKind) -> &'static str {
    match kind {
        WriteKind::Block => "it is neither collected nor paid out while it is blocked",
        WriteKind::Unblock => "it may be collected or paid out at once",
        WriteKind::Cancel => "nothing undoes this",
        WriteKind::CancelFees => "cancels all open fees of the booking; nothing undoes this",
        WriteKind::Match => "the landlord's money for the properties is paid to this account",
        WriteKind::Unmatch => "the landlord's money for the properties is paid to another account",
    }
}
