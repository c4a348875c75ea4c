//! valora: a terminal dashboard for the finances of Spotahome customers.
//!
//! This page is the map of the house. A room imports only from rooms above it (`tests/tidy.rs`
//! holds that):
//!
//! | room | what it owns |
//! |---|---|
//! | [`domain`] | money, dates, text from outside, failures: no I/O, no clock, no screen |
//! | [`filter`] | one query parameter as data: what may be typed, and why not; ranges, relative days |
//! | [`resource`] | what a list is: one file of data a list, and the rows as they came |
//! | [`payments`] | the two Payments APIs as data: what is asked of them, what their bodies mean |
//! | [`query`] | what can be asked of the API |
//! | [`mod@line`] | one line of text for everything that can be asked: read, printed, completed |
//! | [`view`] | saved views: named lines, kept as TOML |
//! | [`conciliation`] | the payload of one booking, in all its shapes, and what follows from it |
//! | [`answer`] | what the API gives back |
//! | [`export`] | a booking as text, csv and json, for someone else |
//! | [`triage`] | which penalties need a call: ages, verdicts, what is remembered, worklists |
//! | [`chart`] | the fetched rows as bars with exact sums |
//! | [`api`] | the client: transport, envelope, errors; retry, budget and gate as pure policies |
//! | [`sandbox`] | the embedded server; it shares no code with the client |
//! | [`app`] | the state of the program, the table of keys, `update(model, msg) -> effects` |
//! | [`ui`] | the screen as a function of the state |
//! | [`runtime`] | the loop, the worker that runs effects, the terminal, the clock |
//! | [`store`] | what is kept on disk: changed under a lock, written whole or not at all |
//! | [`config`] | flags, environment, settings and profiles: which server, which token |
//! | [`cli`] | one file a subcommand |
//!
//! # A key, from end to end
//!
//! The input thread sends `Msg::Key`; the loop hands it to `update`, which changes the model and
//! gives effects; the loop hands these to the worker and draws once. The worker decides with the
//! pure scheduler of [`api`] when a request may leave, and answers with `Msg::Answered` under the
//! request's ticket. An answer whose ticket nobody waits for is dropped. Nothing in this circle
//! waits for the network but the worker, so a key is answered while a request hangs.
//!
//! # To add a list
//!
//! One file below `src/resource/` with its `SPEC`, its `mod` line and its entry in `resource::ALL`.
//! The tab, table, columns, detail, filters, requests, and the tests follow from the data.
//!
//! # What holds when things go wrong
//!
//! `tests/reliability.rs` maps each promise to its tests. The request that asks what is left in the
//! windows of the plan is made only on `R`: at the start it would cost one of the requests that the
//! first screen is measured by, and a 429 tells the same. Signals, a hang-up and a stalled terminal
//! end the program from tasks and threads of their own ([`runtime::terminal`],
//! [`runtime::watchdog`]), since the loop may be stuck in a write.
//!
//! # Where the house differs from its first sketch
//!
//! - A list is a table of fields, not a wire struct behind a trait: with a struct, a field of the
//!   wrong type costs its row, and unknown fields need a second path. Rows are typed values in the
//!   order of the table, so nothing above the decoder is generic.
//! - [`query`] stands after [`resource`], since a query is made of a list and its filters.
//! - Columns do not scroll like a sheet: when they do not fit, they give way by priority, and the
//!   column cursor brings each hidden one back. What matters stays on an 80-column screen.
//! - The age of the data is relative while someone is at the keys and a time of day afterwards, so
//!   that an idle screen needs no timer and is still never wrong.

pub mod answer;
pub mod api;
pub mod app;
pub mod chart;
pub mod cli;
pub mod conciliation;
pub mod config;
pub mod domain;
pub mod export;
pub mod filter;
pub mod line;
pub mod payments;
pub mod query;
pub mod resource;
pub mod runtime;
pub mod sandbox;
pub mod store;
pub mod triage;
pub mod ui;
pub mod view;
