//! valora: a terminal dashboard for the finances of Spotahome customers.
//!
//! This page is the map of the house. A room imports only from rooms above it (`tests/tidy.rs`
//! holds that):
//!
//! | room | what it owns |
//! |---|---|
//! | [`domain`] | money, dates, text from outside, failures: no I/O, no clock, no screen |
//! | [`list`] | what a list is: one file of data a list, its query parameters, and the rows as received |
//! | [`filter`] | what a list is filtered by: what was typed, checked once, resolved when a request is made; the query |
//! | [`search`] | what a typed text means: the rows that hold it, what is asked of the server for it |
//! | [`payments`] | the two Payments APIs as data: what is asked of them, what their bodies mean |
//! | [`figures`] | what the rows of a list come to: open and closed, by currency, in EUR, by days overdue; the summary line |
//! | [`command`] | one line of text for everything that can be asked: read, printed, completed; saved views |
//! | [`conciliation`] | the payload of one booking, in all its shapes, and what follows from it |
//! | [`owners`] | who owns a booking: the names that its rows in other lists have |
//! | [`triage`] | which penalties need a call: ages, decisions, what is remembered |
//! | [`journal`] | what the rows of each list were by day, and what changed since a day |
//! | [`export`] | a booking, a worklist, the rows of a list as files for someone else |
//! | [`chart`] | the loaded rows as bars with exact sums |
//! | [`manual`] | the topics of the manual, as blocks and as lines |
//! | [`clock`] | the one place that reads a clock |
//! | [`state`] | files that are kept: changed under a lock, written whole or not at all, private |
//! | [`net`] | the client: requests, responses, retry, budget, scheduler; no screen, no key |
//! | [`process`] | the modes and the foreground of the terminal, programs that must not outlive this one, the one way to end |
//! | [`config`] | settings and profiles: which server, which token; plain values |
//! | [`sandbox`] | the embedded server; it shares no code with the client |
//! | [`tui`] | the screens, what lies over them, the keys, the terminal |
//! | [`cli`] | one file a subcommand |
//!
//! # A key, from end to end
//!
//! The input thread sends `Msg::Key`; the loop ([`tui::terminal::event_loop`]) hands it to
//! [`tui::update`], which looks up the action that the key means where one is ([`tui::keymap`]) and
//! lets the modal or the screen on top of the stack ([`tui::stack`]) do it. What it asks for goes into
//! [`tui::cx`]: effects, requests, a notice, another screen. The loop sends requests on to the
//! network, carries out the other effects itself or in the background, and draws once
//! ([`tui::view`]). The worker of [`net`] decides with a pure scheduler when a request may leave, and
//! reports its response under its ticket. [`tui::cx`] alone knows what each ticket asks and who waits
//! for it; a response that nobody waits for is dropped. Nothing in this circle waits for the network
//! but the worker, so a key is answered while a request hangs.
//!
//! # Where to change what
//!
//! | to change | look at |
//! |---|---|
//! | a key, its label, where it holds | the table in [`tui::keymap`]; the manual's table follows from it (`UPDATE_README=1 cargo test --test readme`) |
//! | the manual, or a topic of it | its file in `assets/manual`; a new one is a line in `manual.rs` |
//! | what a key does on a screen, or why it cannot | `tui/screen/NAME.rs` (`act`, `why_not`) |
//! | how a screen is drawn | `tui/screen/NAME/view.rs`; what all share: [`tui::view`], [`tui::component`] |
//! | how a cell of a row looks | `tui/component/table/view.rs`; in the queue of penalties `tui/screen/triage/view/queue.rs` |
//! | the regions of the screen and their sizes | [`tui::layout`]; the pane beside the queue: `tui/screen/triage/state.rs` |
//! | what lies over a screen | its file in [`tui::modal`]; a yes or no is a `ConfirmAction` in `tui/modal/question.rs`, opened where the action is done |
//! | which colors there are | [`tui::theme`]; which of them a part has: the code that draws it |
//! | a column, a filter, an endpoint of a list | its file in [`list`] (for the demo also `sandbox/row.rs`); what follows from a row and the day: `list.rs` |
//! | how a date or an amount in a filter is typed | `filter/days.rs`, `filter/amount.rs`; other spellings: `domain/typed.rs` |
//! | what the search finds, and what it asks of the server | `search/needle.rs`, `search/server.rs`; the rows that it keeps: `tui/component/table/found.rs` |
//! | several values of a filter, patterns; how a value is spelled | `filter/values.rs`, `filter/words.rs`; their rows as one list: `net/pager.rs` |
//! | a command after `:` | its row in `command/table.rs`, its arguments in `command/arguments.rs`; a new `Command` also in `command.rs` and `tui/run.rs` |
//! | what a screen asks the servers | `cx.ask` in its folder; of the lists `tui/screen/list/fetch.rs`, beside the queue of penalties `tui/screen/triage/evidence.rs` |
//! | whose name is the owner of a booking | `owners.rs`; when the screen asks for it: `tui/owners.rs`, the command line: `cli/owners.rs` |
//! | why payouts are held up | `REASONS` in `list/scheduled.rs`; how they are shown, and the debt that blocks one: `tui/screen/groups.rs` |
//! | decisions and snoozes | `triage.rs`; what their keys do: `tui/screen/triage/decide.rs` |
//! | what happens on a switch of the profile | `cli/dashboard.rs`, `tui/profile.rs`; what is kept: `net/pool.rs` |
//! | which request leaves when | [`net`]'s schedule, budget and circuit breaker; retries: `net/retry.rs`; the pages of a list: `net/pager.rs` |
//! | why a request failed, and which advice follows | `net/error.rs`; of the Payments APIs `net/payments.rs` |
//! | the words of advice | `tui/advice.rs`, `cli/exit_code.rs`; the kinds of advice: `domain/failure.rs` |
//! | whether a total agrees with its rows | `conciliation/totals.rs`; checks and verdict only read it |
//! | how the sections and totals of a booking are named and arranged | `conciliation/sections/names.rs`, `conciliation/sections/rows.rs` |
//! | what the line on top of a booking adds up | `conciliation/summary.rs`; what the tenant paid: `figures/tenant.rs` |
//! | what a typed reference of a booking may mean | `domain/reference.rs`, `tui/references.rs` |
//! | a check, a suggestion on a booking | `conciliation/checks.rs` (the table), `conciliation/suggest.rs` |
//! | what a sum of a list counts, the ages, the summary line | `figures.rs`, `figures/aging.rs`, `figures/summary.rs` |
//! | a format: its name, its endings, what offers it | `export/format.rs`; how it is written: its writer in [`export`] (worklists: `export/worklist.rs`) |
//! | what is recorded of the lists by day, what counts as a change | the `tracked` fields of the list's file in [`list`]; [`journal`]; the screen: `tui/screen/changes.rs` |
//! | what is kept between sessions | `state.rs` (`StateFile`), `state/persisted.rs` (`Change`), `state/writer.rs`; looks that could not be recorded: `state/queued_looks.rs` |
//! | an option of the command line that may be before a command, and which commands have it | `cli/shared.rs` |
//! | a setting | `config/schema.rs`; where it takes effect: `cli/settings.rs` |
//! | which fields of the server the user names for a list | `config/lists.rs`; where they count: `list/shape.rs` (`choose`) |
//! | a fault, a story, an endpoint of the sandbox | `sandbox/fault.rs`, `sandbox/story.rs`, `sandbox/endpoint.rs` |
//! | a shape of the sandbox: other field names, other sections of a booking | a column of `assets/sandbox/shapes.txt` |
//!
//! # To add a list
//!
//! One file below `src/list/` with its `SPEC`, its `mod` line and its entry in `list::ALL`.
//! The tab, table, columns, detail, filters, requests, and the tests follow from the data.
//!
//! # To add a screen
//!
//! A folder below `src/tui/screen/` with its state and `impl Behavior`, its scope and its rows in the
//! keymap; the code that opens it calls `cx.push`. Help, footer, mouse, refresh, going back and cancelling
//! its requests follow. `src/tui/screen/tests/small.rs` is the smallest one. A modal is a file below
//! `src/tui/modal/` with `impl Modal`, opened by `cx.open`.
//!
//! A sentence names the action, `"{refresh} to reload"`, and `Cx::say` or `Keymap::render` puts the
//! user's own key there.
//!
//! # What holds when things go wrong
//!
//! | promise | tests |
//! |---|---|
//! | whatever the server does, the rows stay, the message says what to do, `r` recovers | `tests/faults.rs` |
//! | text from outside is drawn and exported as text | `tests/hostile.rs`, [`domain`] |
//! | time limits, body limits, TLS, no redirects | `tests/api_transport.rs`, [`net`] |
//! | retries, budget, rate limits, offline | [`net`], `tests/renewal.rs`, `tests/requests.rs` |
//! | signals, suspend, panics and a dead terminal: the terminal is restored | `tests/terminal/life.rs`, `panic.rs`, `pipes.rs` |
//! | a token is in no output, log, file, argument or other program | `tests/terminal/secrets.rs`, `canary.rs`, [`config`] |
//! | an hour of keys leaves no memory, task or file behind | `tests/soak.rs`, `tests/terminal/soak.rs` |
//!
//! No test shows that a core holds no token (its limit is 0), nor that terminals other than the
//! emulators of the tests behave (tried by hand with tmux 3.3a at 80x24 and 140x40).
//!
//! The request for what is left of the plan's limits is sent on `R`, and when a server that was out of
//! reach is tried again. At the start it would delay the first screen, and a 429 says the same.
//! Signals, a hang-up and a stalled terminal end the program from tasks and threads of their own
//! ([`tui::terminal`], [`tui::terminal::watchdog`]), since the loop may be stuck in a write.
//!
//! # Where the house differs from its first sketch
//!
//! - A list is a table of fields, not a wire struct behind a trait: with a struct, a field of the
//!   wrong type costs its row, and unknown fields need a second path. Rows are typed values in the
//!   order of the table, so nothing above the decoder is generic.
//! - Columns do not scroll like a sheet: when they do not fit, they are hidden by priority, and the
//!   column cursor brings each hidden one back. What matters stays on an 80-column screen.
//! - When rows were loaded is said as a time of day, so that an idle screen needs no timer and is
//!   still never wrong.
//! - The current row is lit over its full width and not only marked: a move then costs some 300 bytes
//!   instead of 50, which nobody feels, and nobody loses the row.
//! - The background is asked of the terminal after the first frame and never waited for; the answer
//!   is a message like a key. Until then the colors are the terminal's own sixteen.

pub mod chart;
pub mod cli;
pub mod clock;
pub mod command;
pub mod conciliation;
pub mod config;
pub mod domain;
pub mod export;
pub mod figures;
pub mod filter;
pub mod journal;
pub mod list;
pub mod manual;
pub mod net;
pub mod owners;
pub mod payments;
pub mod process;
pub mod sandbox;
pub mod search;
pub mod state;
pub mod triage;
pub mod tui;
