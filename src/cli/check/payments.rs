//! The checks of the two Payments APIs, if they are configured.

use super::{Finding, State};
use crate::cli::exit_code::{ACCESS, FAILED, USAGE};
use crate::cli::requests::block_on;
use crate::config::ConfigError;
use crate::domain::failure::{Advice, Kind};
use crate::hub::reports;
use crate::net::client::PaymentsClients;
use crate::tui::advice::remedy;

type Clients = Result<(PaymentsClients, Option<String>), ConfigError>;

pub(super) fn found(clients: Clients) -> anyhow::Result<Vec<Finding>> {
    let (clients, unused) = match clients {
        Ok(found) => found,
        Err(error) => {
            let state = State::Bad(USAGE);
            return Ok(vec![Finding::new(state, "payments", error, "correct it in the settings")]);
        }
    };
    let checked = block_on(async { Ok(reports::check(clients).await) })?;
    let finding = |it: reports::Checked| match &it.outcome {
        Ok(()) => Finding::well(it.name, format!("connected to {}", it.about)),
        Err(failure) => {
            let state = match failure.kind {
                _ if it.is_optional() => State::Odd,
                Kind::Access => State::Bad(ACCESS),
                _ => State::Bad(FAILED),
            };
            let says = format!("{} ({})", failure.why, it.about);
            let advice = match remedy(&failure.advice) {
                advice if it.is_optional() => {
                    let hidden = "valora hides the tab Payments";
                    match &failure.advice {
                        Advice::None => hidden.to_owned(),
                        _ => format!("{advice} {}; {hidden}", it.base),
                    }
                }
                none if none.is_empty() => "run this again later".into(),
                advice => advice,
            };
            Finding::new(state, it.name, says, advice)
        }
    };
    let unused = unused.map(|text| Finding::of("payments", text, "unset them"));
    Ok(unused.into_iter().chain(checked.into_iter().map(finding)).collect())
}
