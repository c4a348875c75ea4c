//! Says what is wrong with the arguments, without a token that somebody gave as one.

use std::process::ExitCode;

use super::say;

/// How tokens begin.
const PREFIXES: [&str; 3] = ["vl_", "sd_", "eyJ"];
/// Characters from which a word that begins so is taken for one.
const SHORTEST: usize = 20;

/// What is said to whoever gave a token where it may be seen.
const NO_ARGUMENT: &str = "\nA token is no argument, because others on this machine can read those: give it in \
     VALORA_TOKEN or\n--token-file, and take this one out of the history of your shell.\n";

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

/// What went wrong later, without what may be a token in it: an argument or a name of a profile that
/// is one is quoted by whoever does not find it.
pub(super) fn without_secrets(text: &str) -> String {
    let hidden = without_words(text);
    if hidden == text { hidden } else { hidden + NO_ARGUMENT }
}

/// A text with each word hidden that is as long as a token and begins as one.
pub(super) fn without_words(text: &str) -> String {
    let is_of_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_of_word) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c| !is_of_word(c)).unwrap_or(from.len());
        let (word, behind) = from.split_at(end);
        let token = word.char_indices().find_map(|(at, _)| {
            let (ahead, part) = (word.get(..at)?, word.get(at..)?);
            let begins = !ahead.ends_with(|c: char| c.is_ascii_alphanumeric());
            let is_one = part.len() >= SHORTEST && PREFIXES.iter().any(|it| part.starts_with(it));
            (begins && is_one).then_some(ahead)
        });
        match token {
            Some(ahead) => out.extend([before, ahead, "…"]),
            None => out.extend([before, word]),
        }
        rest = behind;
    }
    out + rest
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
        text.push_str(NO_ARGUMENT);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{without_tokens, without_words};

    #[test]
    fn a_token_that_was_given_as_an_argument_is_not_quoted() {
        let given = || ["valora", "--token=vl_secret", "sd_other"].map(str::to_owned).into_iter();
        let said = "unexpected 'vl_secret', or 'sd_other'".to_owned();
        let text = without_tokens(said, given());
        assert!(text.starts_with("unexpected '…', or '…'\nA token is no argument"), "{text}");
        let plain = "unexpected argument '--x'".to_owned();
        assert_eq!(without_tokens(plain.clone(), given()), plain);
    }

    #[test]
    fn a_word_that_looks_like_a_token_is_hidden_wherever_it_comes_from() {
        let said = "there is no profile `vl_abcdefghijklmnopqrstuvwx`, known: vl_short, acme";
        let hidden = "there is no profile `…`, known: vl_short, acme";
        assert_eq!(without_words(said), hidden);
        assert_eq!(without_words("eyJhbGciOiJIUzI1NiJ9.eyJl.x-y"), "…");
        assert_eq!(
            without_words("-vl_abcdefghijklmnopqrstuvwx x.sd_abcdefghijklmnopqrst"),
            "-… x.…"
        );
        assert_eq!(without_words("ę vl_…a1b2 "), "ę vl_…a1b2 ");
    }
}
