//! What is promised about faults, hostile text, signals and secrets, rule by rule, with the tests
//! that show it. A test of its own refuses a row whose tests are gone.
//!
//! Two rules have no test that a machine could run: that a core holds no token is shown by its limit
//! of 0, and that other terminals than the emulators of the tests behave was looked at by hand, with
//! tmux 3.3a, at 80x24 and 140x40.
#![expect(clippy::unwrap_used, reason = "the helpers of tests may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[path = "reliability/secrets.rs"]
mod secrets;

use secrets::SECRETS;

/// A rule, and the names of the tests that show it.
type Row = (&'static str, &'static [&'static str]);

const TEXT: &[Row] = &[
    (
        "texts from outside become printable at one place, bounded, with what was changed marked",
        &[
            "each_rule_of_the_page_on_text_holds",
            "any_text_becomes_printable_and_bounded",
            "a_text_that_is_not_shown_as_it_came_is_marked_where_no_data_stands",
            "values_that_look_the_same_stay_different_in_every_file",
        ],
    ),
    (
        "server messages and the parser's own words are no exception",
        &["outside_texts_are_sanitised_and_requests_are_named", "debug_output_is_printable_too"],
    ),
    (
        "the bytes on the terminal hold valora's own sequences alone, whatever the rows hold",
        &[
            "lists_details_records_and_bookings_of_hostile_data_are_drawn_as_text",
            "messages_of_a_hostile_server_are_drawn_as_text",
            "hostile_bookings_are_drawn_in_every_view",
            "any_text_at_any_size_is_drawn_without_control_characters",
        ],
    ),
    (
        "no text becomes a formula of a spreadsheet, and numbers stay numbers",
        &["what_looks_like_a_formula_is_text", "csv_has_a_row_a_line_and_no_formula"],
    ),
];

const HTTP: &[Row] = &[
    ("connect 5 s, read 15 s, total 30 s", &["a_silent_or_dripping_server_is_left_after_its_time"]),
    (
        "a body is counted while it arrives and cut at 8 MiB",
        &["a_body_is_cut_at_the_limit_however_it_comes", "a_large_page_within_the_limit_is_read"],
    ),
    (
        "HTTP/1.1 alone, and a dead kept connection costs nothing",
        &["a_kept_connection_that_died_meanwhile_costs_nothing"],
    ),
    ("no redirect is followed", &["no_redirect_is_followed"]),
    (
        "https except to this machine, where no proxy is asked",
        &[
            "only_https_or_this_machine_is_a_target",
            "a_proxy_never_sees_a_request_to_this_machine",
            "a_proxy_on_the_way_to_another_machine_never_sees_the_token",
        ],
    ),
    (
        "without CA certificates an error, not a panic",
        &["without_ca_certificates_https_is_an_error_and_http_to_this_machine_works"],
    ),
    (
        "GET alone, and references go into a query value",
        &[
            "a_request_is_a_get_with_the_documented_headers_and_no_other_secret",
            "addresses_follow_the_contract_and_encode_what_was_typed",
            "any_text_arrives_as_it_was_typed",
        ],
    ),
    (
        "HTML, nothing, no data, null and wrong types each have their outcome",
        &[
            "a_200_that_is_not_the_documented_one_is_named",
            "one_bad_row_never_costs_the_page",
            "a_page_of_which_no_row_is_one_is_no_page",
            "what_breaks_off_is_told_from_what_is_broken",
        ],
    ),
    (
        "404 is no result only where the body is the documented one",
        &[
            "any_other_404_is_not_an_empty_page",
            "a_wrong_base_is_not_taken_for_an_empty_list_or_an_unknown_booking",
        ],
    ),
    ("errors hold no query", &["no_error_and_no_debug_form_holds_a_query_or_the_token"]),
    (
        "any bytes give a value or an error",
        &[
            "a_changed_body_is_an_answer_or_an_error",
            "any_status_with_any_body_gives_an_answer_or_an_error",
            "any_body_gives_a_value_or_none",
            "any_row_gives_a_record_whose_cells_are_printable",
            "any_file_is_read_and_no_change_loses_a_view",
            "kept_files_are_read_or_refused",
            "a_line_is_read_or_explained_and_completed_at_any_place",
            "any_text_is_read_or_explained",
            "any_text_gives_days_in_order_or_a_fault_inside_it",
            "a_date_is_read_or_not",
            "a_sandbox_takes_any_bytes_for_a_request_and_serves_the_next",
        ],
    ),
];

const WAITING: &[Row] = &[
    (
        "a burst of 20, then 80 a minute, never more than 100 in 60 s",
        &[
            "a_burst_of_20_then_one_each_750_ms",
            "no_minute_ever_sees_more_than_100",
            "every_ticket_is_answered_once_and_no_limit_is_ever_broken",
            "hammering_sends_no_request_beyond_the_budget",
        ],
    ),
    (
        "the server's lower figure wins, and the windows of its plan are obeyed",
        &[
            "the_servers_lower_figure_wins_and_a_higher_one_does_not",
            "windows_of_the_plan_are_obeyed_each_in_its_way",
            "a_window_that_the_limits_say_is_spent_is_not_asked_against",
        ],
    ),
    (
        "the visible first, then the next page, then the rest; 4 at once; the same only once",
        &[
            "four_leave_at_once_by_priority_and_then_by_arrival",
            "identical_requests_are_one_and_all_who_wait_are_answered",
        ],
    ),
    (
        "what runs ahead needs half of the budget, until somebody waits for it",
        &[
            "what_nobody_waits_for_leaves_only_while_half_of_the_burst_is_there",
            "what_ran_ahead_is_held_back_until_the_user_waits_for_it",
            "a_page_that_runs_ahead_is_hurried_once_the_cursor_waits_for_it",
        ],
    ),
    (
        "auto-refresh: off, at least 60 s, the visible view, an end after 15 minutes without a key",
        &[
            "nothing_is_fetched_by_itself_unless_asked_for",
            "a_list_is_refreshed_at_the_lowest_urgency_and_only_while_it_is_shown",
            "it_ends_after_15_minutes_without_a_key_and_where_the_server_refuses",
            "less_than_a_minute_is_refused_and_off_ends_it",
        ],
    ),
    ("idle makes no request and draws nothing", &["idle_it_writes_nothing"]),
    (
        "3 attempts for who waits, 1 for the rest, only after what may pass, with full jitter",
        &[
            "only_what_may_pass_is_tried_again_and_only_for_who_waits",
            "pauses_double_up_to_five_seconds_and_start_at_nothing",
            "what_the_user_waits_for_is_tried_three_times_and_the_rest_once",
        ],
    ),
    (
        "an action takes 45 s at most, Retry-After of a 503 within that",
        &[
            "a_slow_server_costs_an_action_45_seconds_at_most",
            "a_busy_server_is_left_alone_as_long_as_it_asks_within_the_45_seconds",
            "an_attempt_never_outlasts_its_action",
        ],
    ),
    (
        "429: one gate closes at once, waits as said where that can be true, opens by one probe",
        &[
            "it_waits_as_long_as_the_server_says_where_that_can_be_true",
            "it_opens_by_one_probe_and_closes_again_by_its_429",
            "a_429_stops_everything_until_one_probe_has_gone_through",
            "a_limit_leaves_the_rows_counts_down_and_is_over_by_itself",
        ],
    ),
    (
        "the budget and the gate are the customer's, also after a switch of profiles",
        &[
            "a_breaker_that_closed_stays_closed_for_whoever_comes_back",
            "a_limit_that_is_told_after_the_switch_counts_and_its_answer_is_given_to_nobody",
            "the_budget_is_one_however_often_profiles_are_switched",
            "the_limit_and_the_budget_are_the_customers_whatever_its_token_is_by_now",
            "a_worker_sends_with_the_newest_token_and_counts_on",
            "fifty_switches_with_new_tokens_leave_a_worker_for_each_customer_and_server",
            "a_worker_belongs_to_its_customer_and_server",
        ],
    ),
    (
        "a view is refreshed at most once a second",
        &["a_key_that_is_held_down_refreshes_once_a_second_and_once_at_the_end"],
    ),
    (
        "nothing goes past a proxy, which is named in what failed on the way",
        &[
            "what_names_no_proxy_is_refused_and_never_passed_by",
            "a_proxy_that_cannot_be_used_is_refused_before_any_connection",
            "what_a_proxy_answers_is_told_with_its_name_and_without_its_password",
            "a_proxy_that_never_answers_is_named_and_the_server_is_not_blamed",
        ],
    ),
    (
        "a minute resumes by itself, an hour within 15 minutes, a day not",
        &[
            "a_minute_resumes_an_hour_only_soon_and_longer_windows_not",
            "a_spent_day_leaves_nobody_waiting_until_it_is_over",
        ],
    ),
    (
        "401 reads the source of the token again, once, and then stops everything; r asks again",
        &[
            "the_source_is_read_again_for_a_token_that_it_has_by_now",
            "a_source_with_nothing_new_ends_it_until_somebody_asks_again",
            "a_refused_token_is_replaced_from_another_shell_and_r_goes_on_without_a_new_start",
            "a_401_stops_everything_until_the_credential_is_good_again",
            "r_recovers_from_a_refused_token_without_a_restart",
        ],
    ),
    (
        "403 is that resource's alone; 422 lands at its field",
        &[
            "a_failed_tab_leaves_the_others_alone",
            "a_refusal_of_the_server_lands_at_its_field_and_keeps_what_was_typed",
        ],
    ),
    (
        "five failures of the network are offline, with probes at 5, 10, 20, 40, 60 s",
        &[
            "five_failures_in_a_row_are_needed_and_an_answer_ends_the_row",
            "probes_leave_at_5_10_20_40_60_and_60_seconds",
            "offline_holds_what_the_user_waits_for_and_refuses_the_rest",
            "the_tries_that_the_header_promises_leave_and_the_rows_come_back_without_a_key",
            "the_booking_on_the_screen_is_the_one_try_and_comes_back_with_its_sources",
            "nothing_is_tried_for_an_empty_chair_and_the_next_key_goes_on",
            "the_first_promised_try_leaves_by_itself_and_brings_the_rows",
        ],
    ),
    (
        "nothing for 150 ms, then a spinner and seconds; esc gives up",
        &[
            "the_screen_wakes_only_while_something_on_it_moves",
            "waiting_empty_and_failed",
            "esc_gives_up_a_fetch_and_never_quits",
        ],
    ),
    (
        "whatever fails: the rows stay, the message says what to do, r recovers",
        &[
            "every_fault_of_a_list_leaves_the_rows_says_what_to_do_and_passes",
            "every_fault_of_a_booking_leaves_what_is_known_says_what_to_do_and_passes",
            "a_start_under_every_fault_is_told_and_r_recovers",
            "a_failure_keeps_the_rows_and_r_recovers_once_it_is_gone",
        ],
    ),
    (
        "a late answer is shown to nobody",
        &[
            "an_answer_that_nobody_waits_for_changes_nothing",
            "closing_a_booking_gives_up_its_request_and_a_late_answer_is_dropped",
            "a_cancelled_ticket_is_aborted_and_never_answered",
        ],
    ),
    (
        "an hour leaves no memory, task or file behind",
        &["ten_minutes_of_keys_leave_nothing_behind", "an_hour_of_keys_leaves_nothing_behind"],
    ),
];

const TERMINAL: &[Row] = &[
    (
        "signals give the terminal back, also while it takes nothing",
        &[
            "signals_give_the_terminal_back",
            "a_signal_ends_the_program_while_its_terminal_takes_nothing",
            "a_signal_gives_the_terminal_back_where_a_program_gave_the_token",
        ],
    ),
    (
        "a terminal that hangs up ends the program",
        &[
            "a_line_that_hangs_up_without_a_signal_ends_the_program",
            "a_far_end_that_closes_is_noticed",
        ],
    ),
    (
        "a panic anywhere restores once, names its place, quotes nothing; a request's is a failure",
        &[
            "a_panic_gives_the_terminal_back_names_its_place_and_quotes_nothing",
            "a_panic_at_a_prompt_gives_the_terminal_its_modes_and_ends_the_program_that_asks",
            "a_panic_in_watched_work_leaves_the_screen_as_it_is",
            "a_panic_is_a_failure_and_the_worker_lives_on",
        ],
    ),
    (
        "ctrl-z stops, fg brings the screen back whole, at the size that it has then",
        &[
            "ctrl_z_gives_the_shell_a_sound_terminal_and_fg_brings_the_screen_back_whole",
            "a_program_that_was_stopped_from_outside_takes_the_terminal_again",
        ],
    ),
    (
        "a paste is one line and never a key",
        &["a_paste_is_typed_into_the_prompt_as_one", "a_paste_outside_of_a_prompt_presses_no_keys"],
    ),
    (
        "any size is drawn in bounded memory, too small ones say so",
        &[
            "a_storm_of_sizes_from_nothing_to_the_absurd_is_survived_in_bounded_memory",
            "a_terminal_that_claims_to_be_enormous_is_drawn_in_part",
            "without_colours_and_too_small",
        ],
    ),
    (
        "without a terminal exit 2 and no escape byte; a closed pipe ends quietly",
        &[
            "where_there_is_no_terminal_no_escape_byte_is_written",
            "a_pipe_that_is_closed_is_no_failure",
        ],
    ),
];

const FILES: &[Row] = &[
    (
        "what is kept is private, whole or not at all, and sessions lose nothing to each other",
        &[
            "a_text_is_kept_for_its_owner_alone_and_changed_whole_or_not_at_all",
            "sessions_that_write_at_once_lose_nothing",
            "what_is_kept_is_there_in_the_next_session_and_a_broken_file_is_not_lost",
        ],
    ),
    (
        "an export is private, new, and named by the user",
        &[
            "a_file_is_private_and_never_written_over",
            "an_export_says_where_it_went_and_writes_nothing_over",
            "a_name_holds_nothing_that_a_file_system_could_take_amiss",
        ],
    ),
    (
        "a link opens only if it is one of the vendor's, as one argument; over SSH not at all",
        &[
            "only_documents_of_the_vendor_are_links",
            "what_was_parsed_is_handed_over_and_never_what_could_be_read_otherwise",
            "nothing_is_opened_over_ssh_or_without_a_screen",
            "the_program_gets_one_argument_and_none_of_valoras_secrets",
        ],
    ),
];

const PAGE: [&[Row]; 6] = [TEXT, HTTP, WAITING, TERMINAL, SECRETS, FILES];

/// The names of all functions that stand behind a mark of a test below a folder.
fn tests_below(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            tests_below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let marks = ["#[test]", "#[tokio::test"];
            for mark in marks {
                for behind in text.split(mark).skip(1) {
                    let name = behind.split("fn ").nth(1).and_then(|rest| rest.split('(').next());
                    found.extend(name.map(|name| name.trim().to_owned()));
                }
            }
        }
    }
}

#[test]
fn every_rule_has_tests_and_every_test_exists() {
    let mut found = BTreeSet::new();
    for folder in ["src", "tests"] {
        tests_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    }
    let mut missing: Vec<&str> = Vec::new();
    for (rule, tests) in PAGE.into_iter().flatten() {
        assert!(!tests.is_empty(), "{rule}");
        missing.extend(tests.iter().copied().filter(|test| !found.contains(*test)));
    }
    assert!(missing.is_empty(), "no such tests: {missing:#?}");
}
