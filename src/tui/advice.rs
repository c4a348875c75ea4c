//! What to do about a failure, in words, with the keys that the user has bound.

use std::borrow::Cow;

use crate::domain::date::seconds_in_words;
use crate::domain::failure::{Advice, Check, Failure};
use crate::tui::keymap::Keymap;

pub fn sentence(failure: &Failure, keymap: &Keymap) -> String {
    let advice = advice(&failure.advice, keymap);
    if advice.is_empty() { failure.to_string() } else { format!("{failure}; {advice}") }
}

pub fn advice(advice: &Advice, keymap: &Keymap) -> String {
    let goes_on =
        matches!(advice, Advice::ResumeLoading(_)).then_some(", or {load-all} to continue");
    let (remedy, keys) = text(advice);
    format!("{remedy}{}", [keys, goes_on.unwrap_or_default()].map(|it| keymap.render(it)).concat())
}

/// What helps wherever valora runs, without naming a key; empty if all that helps is to retry.
pub fn remedy(advice: &Advice) -> String {
    text(advice).0.into_owned()
}

/// What helps, and the part of the sentence that names keys.
fn text(advice: &Advice) -> (Cow<'static, str>, &'static str) {
    let (remedy, keys) = match advice {
        Advice::None => ("", ""),
        Advice::Retry => ("", "press {refresh} to retry"),
        Advice::RetryOrUpdate => {
            ("", "press {refresh} to retry; if this persists, the API has changed: update valora")
        }
        Advice::RetryAndReport => ("", "press {refresh} to retry, and please report it"),
        Advice::RetryAfterReset => ("wait until the limit resets", ", then press {refresh}"),
        Advice::RetryLater { seconds } => {
            let remedy = format!("wait {}", seconds_in_words(*seconds));
            return (remedy.into(), ", then press {refresh}");
        }
        Advice::ChangeFilters => {
            ("", "press {filter} to change the filters, or {refresh} to retry")
        }
        Advice::CorrectFilters => ("", "press {filter} to correct the filters"),
        Advice::NarrowFilters => {
            ("", "press {filter} to narrow the filters, or {refresh} to retry")
        }
        Advice::ChangeRequest => ("change the request", ""),
        Advice::LookUpAnother => ("check the reference", ": press {lookup} to try another one"),
        Advice::LookUpAnotherOrSearchDebt => {
            let keys = ": press {lookup} to try another one, or {open} to search for it in Debt";
            ("check the reference", keys)
        }
        Advice::CheckId => ("check the id, or the base URL", ""),
        Advice::NewToken => (
            "it may be revoked or replaced: run `valora auth login`, with --profile NAME if you \
                 have several",
            ", then press {refresh}",
        ),
        Advice::CustomerToken => (
            "this needs a customer's token (vl_ for production, sd_ for sandbox data)",
            ": press {refresh} to retry; to use another token, restart valora",
        ),
        Advice::TokenIn(variables) => {
            return (format!("set a valid token in {variables} and restart valora").into(), "");
        }
        Advice::TokenFrom(source) => {
            let remedy = format!("check that the program in {source} prints a valid token");
            return (remedy.into(), ", then press {refresh}");
        }
        Advice::Check(check) => checks(*check),
        Advice::ResumeLoading(first) => return text(first),
    };
    (remedy.into(), keys)
}

fn checks(check: Check) -> (&'static str, &'static str) {
    match check {
        Check::Network => ("check the network", ", then press {refresh} to retry"),
        Check::Firewall => (
            "check the base URL and the network (a firewall may be in between)",
            ", then press {refresh}",
        ),
        Check::NetworkAndBaseUrl => {
            ("check the network and the base URL", ", then press {refresh}")
        }
        Check::BaseUrl => ("check the base URL", ", or press {refresh} to retry"),
        Check::BaseUrlAndProxy => ("check the base URL and the proxy", ", then press {refresh}"),
        Check::Proxy => ("check the proxy in HTTPS_PROXY or ALL_PROXY", ", then press {refresh}"),
        Check::ProxyPassword => (
            "add them to the proxy's variable, as http://name:password@host:port, and restart \
             valora",
            "",
        ),
        Check::ProxyPermission => {
            ("ask the proxy's administrator to allow the server, or list it in NO_PROXY", "")
        }
        Check::TrustedAuthorities => (
            "a company's proxy may need its own CA: set SSL_CERT_FILE to its file and restart \
             valora",
            ", or press {refresh} to retry",
        ),
        Check::Clock => (
            "check this computer's clock, or contact the server's administrator",
            ", then press {refresh}",
        ),
        Check::ServerCertificate => {
            ("check the base URL, or contact the server's administrator", ", then press {refresh}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_advice_names_the_keys_of_the_user() {
        let own = [("refresh", "ctrl-r"), ("filter", "ctrl-t"), ("lookup", "ctrl-o")];
        let (keymap, faults) = Keymap::with(own.map(|(id, key)| (id, vec![key])));
        assert_eq!(faults, []);
        let table = [
            (Advice::Retry, "press r to retry", "press ctrl-r to retry"),
            (
                Advice::ChangeFilters,
                "press f to change the filters, or r to retry",
                "press ctrl-t to change the filters, or ctrl-r to retry",
            ),
            (
                Advice::LookUpAnotherOrSearchDebt,
                "check the reference: press b to try another one, or enter to search for it in Debt",
                "check the reference: press ctrl-o to try another one, or enter to search for it in Debt",
            ),
            (
                Advice::ResumeLoading(Box::new(Advice::RetryLater { seconds: 65 })),
                "wait 1 min 5 s, then press r, or L to continue",
                "wait 1 min 5 s, then press ctrl-r, or L to continue",
            ),
            (Advice::None, "", ""),
        ];
        for (it, usual, rebound) in table {
            assert_eq!(advice(&it, &Keymap::default()), usual);
            assert_eq!(advice(&it, &keymap), rebound);
        }
        let (keymap, _) = Keymap::with([("refresh", vec![])]);
        assert_eq!(advice(&Advice::Retry, &keymap), "press refresh to retry");
    }
}
