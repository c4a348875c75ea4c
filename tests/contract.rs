//! The client against the sandbox over real HTTP: every list, filter, page and error of the contract.
//! The two share no code, so what they agree on is the contract and not a common mistake.

#[cfg(test)]
#[path = "contract/budget.rs"]
mod budget;
#[cfg(test)]
mod common;
#[cfg(test)]
#[path = "contract/endpoints.rs"]
mod endpoints;
#[cfg(test)]
#[path = "contract/errors.rs"]
mod errors;
#[cfg(test)]
#[path = "contract/filters.rs"]
mod filters;
#[cfg(test)]
#[path = "contract/lines.rs"]
mod lines;
#[cfg(test)]
#[path = "contract/lists.rs"]
mod lists;
#[cfg(test)]
#[path = "contract/openapi.rs"]
mod openapi;
#[cfg(test)]
#[path = "contract/payments.rs"]
mod payments;
#[cfg(test)]
#[path = "contract/recorder.rs"]
mod recorder;
#[cfg(test)]
#[path = "contract/server.rs"]
mod server;
#[cfg(test)]
#[path = "contract/settings.rs"]
mod settings;
#[cfg(test)]
#[path = "contract/wire.rs"]
mod wire;
