//! What speaks for and against a penalty: its dates, its amounts, its booking, what else is open there.

pub mod lines;

use std::collections::HashMap;
use std::sync::Arc;

use crate::conciliation::report::BookingReport;
use crate::tui::effect::Ticket;

pub use lines::{LABEL, lines};

/// Milliseconds that the cursor rests on a row before its booking is asked for.
pub const REST: u64 = 300;
pub const REMEMBERED: usize = 200;

#[derive(Debug, Default)]
pub struct Evidence {
    /// By the reference as it came.
    pub known: HashMap<String, Known>,
    pub awaited: Option<(Ticket, String)>,
    /// Nothing older is shown after a refresh, in milliseconds since the start.
    pub since: u64,
    /// The booking that is to be fetched, and when, in milliseconds since the start.
    pub due: Option<(String, u64)>,
}

#[derive(Debug)]
pub enum Known {
    Came(Arc<BookingReport>),
    Failed(String),
}
