//! The two Payments APIs: the documents' own bodies, each read against the sandbox, their quirks.

#[cfg(test)]
#[path = "payments/booking.rs"]
mod booking;
#[cfg(test)]
#[path = "payments/commands.rs"]
mod commands;
#[cfg(test)]
mod common;
#[cfg(test)]
#[path = "payments/contract.rs"]
mod contract;
#[cfg(test)]
#[path = "payments/documents.rs"]
mod documents;
#[cfg(test)]
#[path = "payments/exports.rs"]
mod exports;
#[cfg(test)]
#[path = "payments/quirks.rs"]
mod quirks;
#[cfg(test)]
#[path = "payments/screens.rs"]
mod screens;
#[cfg(test)]
#[path = "payments/server.rs"]
mod server;
