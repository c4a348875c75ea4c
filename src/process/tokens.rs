//! Hides words that may be tokens in a text for the terminal.

use crate::net::target::token::TOKEN_STARTS;

/// Characters of the shortest word with a token's prefix that is hidden: in any text, and in an argument.
pub const SHORTEST: usize = 20;
pub const SHORTEST_ARGUMENT: usize = 4;
const NO_ARGUMENT: &str = "\nDo not pass a token as an argument: other users of this computer can see it. Use \
     VALORA_TOKEN or\n--token-file, and remove this token from your shell history.";

/// Hides words that may be tokens; if there are any, explains why not to pass a token as an argument.
pub fn advised(text: &str, shortest: usize) -> String {
    let hidden = hide(text.trim_end(), shortest);
    if hidden == text.trim_end() { hidden } else { hidden.trim_end().to_owned() + NO_ARGUMENT }
}

pub fn without_tokens(text: &str) -> String {
    hide(text, SHORTEST)
}

fn hide(text: &str, shortest: usize) -> String {
    let is_of_word = |c: char| c.is_ascii_alphanumeric() || "_-.+/=~%".contains(c);
    let is_token = |(ahead, part): &(&str, &str)| {
        !ahead.ends_with(|c: char| c.is_ascii_alphanumeric())
            && part.len() >= shortest
            && TOKEN_STARTS.iter().any(|start| part.starts_with(start))
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
