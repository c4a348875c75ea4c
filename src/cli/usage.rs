//! Says what is wrong with the arguments, without a token that somebody gave as one.

use std::process::ExitCode;

use super::say;

/// How tokens begin.
const PREFIXES: [&str; 3] = ["vl_", "sd_", "eyJ"];

/// Prints what clap has to say. Help goes to standard output; everything else is an error, in which
/// no argument is quoted that may be a token.
pub(super) fn explain(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        // Whoever closed the pipe has read enough.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let given = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned());
    let text = error.render().to_string();
    say(without_tokens(text, given).trim_end());
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

fn without_tokens(mut text: String, given: impl Iterator<Item = String>) -> String {
    let mut is_hidden = false;
    for argument in given {
        let start = PREFIXES.iter().filter_map(|prefix| argument.find(prefix)).min();
        let Some(secret) = start.and_then(|start| argument.get(start..)) else { continue };
        is_hidden |= text.contains(secret);
        text = text.replace(secret, "…");
    }
    if is_hidden {
        text.push_str(
            "\nA token is no argument, because others on this machine can read those: give it in \
             VALORA_TOKEN or\n--token-file, and take this one out of the history of your shell.\n",
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::without_tokens;

    #[test]
    fn a_token_that_was_given_as_an_argument_is_not_quoted() {
        let given = || ["valora", "--token=vl_secret", "sd_other"].map(str::to_owned).into_iter();
        let said = "unexpected 'vl_secret', or 'sd_other'".to_owned();
        let text = without_tokens(said, given());
        assert!(text.starts_with("unexpected '…', or '…'\nA token is no argument"), "{text}");
        let plain = "unexpected argument '--x'".to_owned();
        assert_eq!(without_tokens(plain.clone(), given()), plain);
    }
}
