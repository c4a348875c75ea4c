//! What is promised about tokens, profiles and the log, with the tests that show it.

use super::Row;

pub(crate) const SECRETS: &[Row] = &[
    (
        "what is no token is refused, and the token is shown by its ends alone",
        &[
            "what_cannot_be_a_token_is_refused_without_being_quoted",
            "a_token_shows_its_kind_and_its_end_and_nothing_else",
            "a_prefix_with_a_few_characters_is_a_fragment",
            "a_mark_of_an_editor_is_no_part_of_the_token_and_a_file_of_another_kind_is_named_so",
            "a_payments_token_is_a_jwt_and_never_that_of_a_customer",
        ],
    ),
    (
        "the prefix names the host, before any connection",
        &[
            "the_prefix_of_a_token_names_its_host",
            "a_profile_names_its_server_and_only_for_its_own_token_or_by_request",
            "a_token_never_leaves_for_data_of_the_other_kind",
            "what_a_server_could_read_otherwise_than_the_rules_is_no_base",
        ],
    ),
    (
        "a kept token meets its profile's server, the documented one, or one named by hand",
        &[
            "a_kept_token_is_at_home_at_its_profiles_server_and_on_the_documented_host_of_its_kind",
            "a_kept_token_never_goes_where_the_variable_alone_points",
            "a_token_that_is_kept_goes_where_a_flag_says_and_not_where_a_variable_does",
            "settings_that_others_can_change_neither_run_a_program_nor_say_where_a_token_goes",
            "of_settings_that_others_can_change_nothing_is_used_and_each_command_says_what_to_run",
            "two_profiles_that_differ_only_in_capitals_are_named_both",
        ],
    ),
    (
        "the order of sources: file, variable, program, credentials",
        &["the_order_of_sources_is_flag_variable_command_credentials"],
    ),
    (
        "the program is an argv, has 30 s, and gets no secret of valora's",
        &[
            "the_first_line_is_the_secret_and_no_shell_is_in_between",
            "one_that_does_not_end_is_ended_with_all_that_it_has_started",
            "at_the_end_of_its_time_nothing_of_it_is_left",
            "what_a_program_leaves_behind_is_not_waited_for_and_runs_as_long_as_valora",
            "what_a_program_left_behind_ends_with_valora_unless_it_has_a_session_of_its_own",
            "the_time_in_which_valora_is_stopped_is_not_counted",
            "a_token_command_may_ask_on_the_terminal_and_a_stop_in_between_changes_nothing",
            "a_program_that_asks_behind_the_screen_is_answered_at_once",
            "whatever_ends_valora_ends_the_program_that_asks_and_gives_the_terminal_its_echo",
            "the_end_of_the_screen_ends_a_program_that_still_looks_for_a_token",
            "a_token_command_gets_no_token_of_ours_and_what_it_says_is_made_printable",
        ],
    ),
    (
        "credentials stand apart, private, whole; another owner, a link or an open mode is refused",
        &[
            "a_secret_is_kept_for_its_owner_alone_and_forgotten",
            "a_secret_is_read_only_from_a_file_of_ones_own_that_nobody_else_can_read",
            "only_the_number_of_what_is_open_is_a_descriptor",
            "nobody_is_a_user_like_any_other_unless_a_namespace_has_none_of_this_number",
            "somebody_elses_file_is_refused",
            "a_pipe_is_ones_own_and_nobody_waits_for_the_writer_of_another",
            "a_way_over_links_is_good_as_long_as_nobody_else_can_turn_it",
            "settings_that_others_can_change_are_refused_with_what_to_run",
            "the_folder_of_secrets_is_ones_own",
            "a_file_with_a_token_that_others_could_have_read_or_written_is_refused_with_what_to_run",
        ],
    ),
    (
        "no error of the settings quotes them",
        &[
            "a_broken_file_is_said_to_be_so_without_its_text",
            "settings_are_written_once_found_and_checked_without_repeating_a_line",
        ],
    ),
    (
        "nothing of one customer stands under the name of another",
        &[
            "late_answers_of_one_customer_never_stand_under_the_name_of_another",
            "a_profile_is_shown_under_its_name_and_another_takes_its_place_whole",
        ],
    ),
    (
        "the token is in no output, log, file, argument or other program",
        &[
            "a_booking_and_its_log_hold_no_token_whichever_way_it_came",
            "a_whole_session_its_files_its_log_and_the_browser_it_starts_hold_no_token",
            "no_error_of_a_server_brings_the_token_out",
            "no_error_of_the_configuration_brings_the_token_out",
            "a_token_that_was_given_as_an_argument_is_not_quoted",
            "what_could_be_a_secret_is_not_written_whoever_says_it",
        ],
    ),
    ("nor in a core", &["no_core_is_ever_written"]),
    (
        "nor in the environment of valora as others see it",
        &["what_holds_a_token_shows_its_environment_and_memory_to_nobody"],
    ),
    (
        "a prompt for it gives the terminal back, whatever ends or stops it",
        &[
            "a_signal_at_the_prompt_gives_the_terminal_back_and_ends_it",
            "ctrl_z_at_the_prompt_gives_the_shell_a_sound_terminal_and_fg_asks_again",
        ],
    ),
    (
        "the log is a file of one's own and never waits for the disk",
        &[
            "lines_are_added_to_a_file_of_ones_own_alone",
            "a_full_queue_loses_lines_counts_them_and_waits_for_nobody",
        ],
    ),
];
