//! valora: a terminal dashboard for the finances of Spotahome customers.
//!
//! The top-level modules in layers: each may import only from the modules above it in this table
//! (checked by `tests/tidy.rs`).
//!
//! | module | what it owns |
//! |---|---|
//! | [`domain`] | money, dates, untrusted text, failures: no I/O, no clock, no screen |
//! | [`list`] | the lists: one file of data per list, its query parameters, the rows as received |
//! | [`filter`] | the filters of a list: typed values, validated once, resolved when a request is made; the query |
//! | [`search`] | what a search text means: which rows match, and what is requested from the server |
//! | [`payments`] | the two Payments APIs as data: the requests, and what their responses mean |
//! | [`figures`] | the figures of a list's rows: open and closed, by currency, in EUR, by days overdue; the summary line |
//! | [`command`] | the command line as text: parsed, printed, completed; saved views |
//! | [`conciliation`] | the payload of one booking, in all its shapes, and what follows from it |
//! | [`owners`] | the owner of a booking: the name in its rows of other lists |
//! | [`triage`] | penalties that need work: days overdue, decisions, saved state |
//! | [`journal`] | the rows of each list by day, and what changed since a day |
//! | [`customers`] | all customers at once: the figures of each, and who needs the user first |
//! | [`export`] | a booking, a worklist or the rows of a list as files for other people |
//! | [`chart`] | the loaded rows as bars with exact sums |
//! | [`manual`] | the topics of the manual, as blocks and as lines |
//! | [`clock`] | the only module that reads a clock |
//! | [`state`] | the saved files: private, changed under a lock, replaced atomically |
//! | [`net`] | the client: requests, responses, retries, request budget, scheduler; no screen, no keys |
//! | [`process`] | terminal modes and foreground, child processes that end with valora, shutdown |
//! | [`config`] | settings and profiles: which server, which token; plain values |
//! | [`hub`] | loads the figures and penalties of many customers at once, each within its own budget, and the lists of commands |
//! | [`writes`] | what a profile may change in the Payments API: plan, confirmation, audit log, result |
//! | [`sandbox`] | the embedded server; it shares no code with the client |
//! | [`tui`] | the screens, the modals, the keys, the terminal |
//! | [`cli`] | the subcommands, one file each |
//!
//! # A key, from end to end
//!
//! The input thread sends `Msg::Key`; the loop ([`tui::terminal::event_loop`]) passes it to
//! [`tui::update`], which looks up the action of the key ([`tui::keymap`]) and lets the modal or the
//! screen on top of the stack ([`tui::stack`]) handle it. Effects, requests, notices and new screens
//! are collected in [`tui::cx`]. The loop sends the requests to the network, runs the other effects
//! itself or in the background, and draws once ([`tui::view`]). The worker of [`net`] uses a pure
//! scheduler to decide when a request is sent, and reports its response under its ticket. Only
//! [`tui::cx`] knows what each ticket requested and who waits for it; a response that nobody waits
//! for is dropped. Only the worker waits for the network, so keys work while a request hangs.
//!
//! # Where to change what
//!
//! | to change | look at |
//! |---|---|
//! | a key, its label, where it works | the table in [`tui::keymap`]; the manual's table is generated from it (`UPDATE_README=1 cargo test --test readme`) |
//! | the manual, or a topic of it | its file in `assets/manual`; a new one is a line in `manual.rs` |
//! | what a key does on a screen, or why it cannot | `tui/screen/NAME.rs` (`act`, `why_not`) |
//! | how a screen is drawn | `tui/screen/NAME/view.rs`; shared by all: [`tui::view`], [`tui::component`] |
//! | how a cell of a row looks | `tui/component/table/view.rs`; in the queue of penalties `tui/screen/triage/view/queue.rs` |
//! | the regions of the screen and their sizes | [`tui::layout`]; the pane next to the queue: `tui/screen/triage/state.rs` |
//! | a modal | its file in [`tui::modal`]; a yes or no is a `ConfirmAction` in `tui/modal/question.rs`, opened where the action is done |
//! | which colors exist | [`tui::theme`]; which color a part has: the code that draws it |
//! | a column, a filter, an endpoint of a list | its file in [`list`] (for the demo also `sandbox/row.rs`); values computed from a row and the day: `list.rs` |
//! | how a date or an amount in a filter is typed | `filter/days.rs`, `filter/amount.rs`; other spellings: `domain/typed.rs` |
//! | what the search finds, and what it requests from the server | `search/needle.rs`, `search/server.rs`; the matching rows: `tui/component/table/found.rs` |
//! | several values of a filter, patterns; how a value is spelled | `filter/values.rs`, `filter/words.rs`; their rows as one list: `net/pager.rs` |
//! | a command after `:` | its row in `command/table.rs`, its arguments in `command/arguments.rs`; a new `Command` also in `command.rs` and `tui/run.rs` |
//! | what a screen requests | `cx.ask` in its folder; for lists `tui/screen/list/fetch.rs`, for the evidence of penalties `tui/screen/triage/evidence.rs` |
//! | who is the owner of a booking | `owners.rs`; when the screen looks for it: `tui/owners.rs`, the command line: `hub/owners.rs` |
//! | why scheduled payments are blocked | `REASONS` in `list/scheduled.rs`; how they are shown, and the debt that blocks one: `tui/screen/groups.rs` |
//! | decisions and snoozes | `triage.rs`; what their keys do: `tui/screen/triage/decide.rs`; what they change: `tui/screen/triage/change.rs` |
//! | the queue of the penalties of all customers | `tui/screen/triage_all`; what it loads: `hub/penalties.rs` |
//! | what happens when the profile is switched | `cli/dashboard.rs`, `tui/profile.rs`; what is reused: `hub/pool.rs` |
//! | what is requested for the figures of a customer, and when it makes room for the next | `hub/load.rs`; which token is read: `hub/jobs.rs`; which programs may prompt: `config/secret.rs` |
//! | when a request is sent | [`net`]'s schedule, budget and circuit breaker; retries: `net/retry.rs`; the pages of a list: `net/pager.rs` |
//! | why a request failed, and which advice follows | `net/error.rs`; for the Payments APIs `net/payments.rs` |
//! | a report of the Payments APIs: its requests, its lines, its JSON | `payments/report.rs`, `payments/report/output.rs`; loaded for a command in `hub/reports.rs` |
//! | a write: its call, what is offered, what is shown before it, how its result is found | `payments/write.rs`, `writes/offer.rs`, `writes/plan.rs`, `writes/verdict.rs` |
//! | the menu of writes, the window of a plan, its outcome; the log on the screen | `tui/writing.rs`, `tui/modal/writing.rs`, `tui/screen/audit.rs`; who runs the writes: `tui/terminal/writer.rs` |
//! | what is loaded again after a write | `tui/written.rs` |
//! | which writes a profile allows, when a session may write | `config/writes.rs`, `writes/permission.rs` |
//! | the audit log of writes: its lines, what is masked | `writes/log.rs`, `writes/log/entry.rs` |
//! | the commands of writes: options, exit codes | `writes/command.rs`, `writes/command/arguments.rs`, `cli/writes.rs` |
//! | the line that is typed to confirm a write | `process/line_prompt.rs` |
//! | a write of the sandbox, and its faults | `sandbox/payments/writes.rs` |
//! | how a write is sent, and what each status means | `net/write.rs` |
//! | the words of advice | `tui/advice.rs`, `cli/exit_code.rs`; the kinds of advice: `domain/failure.rs` |
//! | whether a total matches its rows | `conciliation/totals.rs`; checks and result only read it |
//! | how the sections and totals of a booking are named and arranged | `conciliation/sections/names.rs`, `conciliation/sections/rows.rs` |
//! | what the line at the top of a booking adds up | `conciliation/summary.rs`; what the tenant paid: `figures/tenant.rs` |
//! | what a typed booking reference may mean | `domain/reference.rs`, `tui/references.rs` |
//! | a check, a suggestion on a booking | `conciliation/checks.rs` (the table), `conciliation/suggest.rs` |
//! | what a sum of a list counts, days overdue, the summary line | `figures.rs`, `figures/aging.rs`, `figures/summary.rs` |
//! | a format: its name, its file endings, what offers it | `export/format.rs`; how it is written: its writer in [`export`] (worklists: `export/worklist.rs`) |
//! | how a value is written in csv, in a workbook | `export/cell.rs`, `export/dialect.rs`, `export/xlsx.rs`; which value a cell of a list has: `export/rows/values.rs` |
//! | the words of a statement for an owner | `export/statement/sentences.rs`, `export/statement/entries.rs` |
//! | what is recorded of the lists by day, what counts as a change | the `tracked` fields of the list's file in [`list`]; [`journal`]; the screen: `tui/screen/changes.rs` |
//! | the figures of a customer among all, and the order of the customers | `customers/summary.rs`, `customers/attention.rs`; the table: `customers/rows.rs` |
//! | what is saved between sessions | `state.rs` (`StateFile`), `state/persisted.rs` (`Change`), `state/writer.rs`; looks that could not be recorded: `state/queued_looks.rs` |
//! | an option that can also precede a command, and which commands have it | `cli/shared.rs` |
//! | what a command does with `--all-profiles` | `cli/everyone.rs`; who runs at once: `hub/each.rs`; how the rows are written: `export/several.rs` |
//! | a setting | `config/schema.rs`; where it takes effect: `cli/settings.rs` |
//! | which fields of the server the user names for a list | `config/lists.rs`; where they are used: `list/shape.rs` (`choose`) |
//! | a fault, a story, an endpoint of the sandbox | `sandbox/fault.rs`, `sandbox/story.rs`, `sandbox/endpoint.rs` |
//! | a shape of the sandbox: other field names, other sections of a booking | a column of `assets/sandbox/shapes.txt` |
//!
//! # To add a list
//!
//! One file below `src/list/` with its `SPEC`, its `mod` line and its entry in `list::ALL`.
//! The tab, table, columns, detail, filters, requests and tests follow from the data.
//!
//! # To add a screen
//!
//! A folder below `src/tui/screen/` with its state and `impl Behavior`, its scope and its rows in the
//! keymap; the code that opens it calls `cx.push`. Help, footer, mouse, refresh, closing and cancelling
//! its requests follow. `src/tui/screen/tests/small.rs` is the smallest one. A modal is a file below
//! `src/tui/modal/` with `impl Modal`, opened by `cx.open`.
//!
//! A sentence names the action, `"{refresh} to refresh"`, and `Cx::say` or `Keymap::render` inserts
//! the user's own key.
//!
//! # Promises when things fail
//!
//! | promise | tests |
//! |---|---|
//! | whatever the server does, the rows stay, the message says what to do, `r` recovers | `tests/faults.rs` |
//! | untrusted text is drawn and exported as text | `tests/hostile.rs`, [`domain`] |
//! | time limits, body limits, TLS, no redirects | `tests/api_transport.rs`, [`net`] |
//! | a write is sent once, after its audit line is on the disk, and its result is what a read shows | `tests/writes.rs`, [`net::write`] |
//! | retries, budget, rate limits, offline | [`net`], `tests/renewal.rs`, `tests/requests.rs` |
//! | signals, suspend, panics and a closed terminal: the terminal is restored | `tests/terminal/life.rs`, `panic.rs`, `pipes.rs` |
//! | no output, log, file, argument or child process contains a token | `tests/terminal/secrets.rs`, `canary.rs`, [`config`] |
//! | an hour of keys leaks no memory, task or file | `tests/soak.rs`, `tests/terminal/soak.rs` |
//!
//! Not tested: that a core dump contains no token (its size limit is 0), and terminals other than the
//! emulators of the tests (tried by hand with tmux 3.3a at 80x24 and 140x40).
//!
//! The requests left of the plan are requested on `R`, and when an unreachable server is tried again.
//! At the start this would delay the first screen, and a 429 contains the same numbers.
//! Signals, a hang-up and a stalled terminal end the program from their own tasks and threads
//! ([`tui::terminal`], [`tui::terminal::watchdog`]), since the loop may be blocked in a write.
//!
//! # Design decisions
//!
//! - A list is a table of fields, not a wire struct behind a trait: with a struct, a field of the
//!   wrong type would lose its row, and unknown fields would need a second path. Rows are typed values
//!   in the order of the table, so nothing above the decoder is generic.
//! - Columns do not scroll like a spreadsheet: columns that do not fit are hidden by priority, and the
//!   column cursor shows each hidden one. What matters stays on an 80-column screen.
//! - The time at which rows were loaded is shown as a time of day, so that an idle screen needs no
//!   timer and is still never wrong.
//! - The current row is highlighted over its full width: a move writes some 300 bytes instead of 50,
//!   which is not noticeable, and the row is easy to find.
//! - The terminal is asked for its background after the first frame, without waiting; the answer
//!   is a message like a key. Until then the colors are the terminal's own sixteen.

pub mod chart;
pub mod cli;
pub mod clock;
pub mod command;
pub mod conciliation;
pub mod config;
pub mod customers;
pub mod domain;
pub mod export;
pub mod figures;
pub mod filter;
pub mod hub;
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
pub mod writes;
