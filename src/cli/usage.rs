//! Says what is wrong with the arguments, without a token that somebody gave as one.

use std::process::ExitCode;

use super::say;

/// How tokens begin.
const PREFIXES: [&str; 3] = ["vl_", "sd_", "eyJ"];
/// Characters from which a word that begins so is taken for a token, and from which one in a complaint
/// about the arguments is.
pub(super) const SHORTEST: usize = 20;
const SHORTEST_ARGUMENT: usize = 4;

/// For whoever gave a token where it may be seen.
const NO_ARGUMENT: &str = "\nDo not pass a token as an argument: other users of this machine can see it. Use \
     VALORA_TOKEN or\n--token-file, and remove this one from the history of your shell.";

/// Prints what clap has to say. Help goes to standard output; everything else is an error, in which
/// no argument is quoted that may be a token.
pub(super) fn explain(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        // Whoever closed the pipe has read enough.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    say(&advised(&error.render().to_string(), SHORTEST_ARGUMENT));
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// What went wrong, without what may be a token in it: an argument or a name of a profile that is one is
/// quoted by whoever does not find it.
pub(super) fn advised(text: &str, shortest: usize) -> String {
    let hidden = hide(text.trim_end(), shortest);
    if hidden == text.trim_end() { hidden } else { hidden.trim_end().to_owned() + NO_ARGUMENT }
}

/// A text with each word hidden that is as long as a token and begins as one.
pub(super) fn without_tokens(text: &str) -> String {
    hide(text, SHORTEST)
}

fn hide(text: &str, shortest: usize) -> String {
    let is_of_word = |c: char| c.is_ascii_alphanumeric() || "_-.+/=~%".contains(c);
    let is_token = |(ahead, part): &(&str, &str)| {
        !ahead.ends_with(|c: char| c.is_ascii_alphanumeric())
            && part.len() >= shortest
            && PREFIXES.iter().any(|prefix| part.starts_with(prefix))
    };
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(|c| !is_of_word(c)) {
        let (word, behind) = piece.split_at(piece.trim_end_matches(|c| !is_of_word(c)).len());
        match word.char_indices().map(|(at, _)| word.split_at(at)).find(is_token) {
            Some((ahead, _token)) => out.extend([ahead, "…", behind]),
            None => out.push_str(piece),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_was_given_as_an_argument_is_not_quoted() {
        let said = "unexpected 'vl_secret', '--token=vl_a+/b=', or 'sd_other'\n";
        let text = advised(said, SHORTEST_ARGUMENT);
        let expected = "unexpected '…', '--token=…', or '…'\nDo not pass a token as an argument";
        assert!(text.starts_with(expected), "{text}");
        let plain = "unexpected argument '--x'";
        assert_eq!(advised(plain, SHORTEST_ARGUMENT), plain);
    }

    #[test]
    fn a_word_that_looks_like_a_token_is_hidden_wherever_it_comes_from() {
        let said = "there is no profile `vl_abcdefghijklmnopqrstuvwx`, known: vl_short, acme";
        let hidden = "there is no profile `…`, known: vl_short, acme";
        assert_eq!(without_tokens(said), hidden);
        assert_eq!(without_tokens("eyJhbGciOiJIUzI1NiJ9.eyJl.x-y"), "…");
        assert_eq!(
            without_tokens("-vl_abcdefghijklmnopqrstuvwx x.sd_abcdefghijklmnopqrst"),
            "-… x.…"
        );
        assert_eq!(without_tokens("ę vl_…a1b2 "), "ę vl_…a1b2 ");
    }
}
