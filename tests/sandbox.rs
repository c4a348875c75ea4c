//! The sandbox keeps the contract: raw HTTP over a bare connection, no client code.

#[cfg(test)]
#[path = "sandbox/extra.rs"]
mod extra;
#[cfg(test)]
#[path = "sandbox/faults.rs"]
mod faults;
#[cfg(test)]
#[path = "sandbox/gate.rs"]
mod gate;
#[cfg(test)]
#[path = "sandbox/http.rs"]
mod http;
#[cfg(test)]
#[path = "sandbox/lists.rs"]
mod lists;
#[cfg(test)]
#[path = "sandbox/payments.rs"]
mod payments;
#[cfg(test)]
#[path = "sandbox/shapes.rs"]
mod shapes;
#[cfg(test)]
#[path = "sandbox/special.rs"]
mod special;
#[cfg(test)]
#[path = "sandbox/stories.rs"]
mod stories;
