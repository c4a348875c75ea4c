//! The proxy for a server, from the usual environment variables.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;
use url::{Host, Url};

use crate::domain::text::sanitize;

/// The variables that name a proxy for `https`; the first one set is used.
const NAMES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
const EXCEPTIONS: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// A proxy. Its `Debug` and `Display` never contain a user name or a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    pub url: Url,
    pub name: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} {why}; write it as http://host:port, or unset it")]
pub struct Unusable {
    pub name: &'static str,
    why: String,
}

impl Proxy {
    /// Returns `None` for a direct connection. Fails if the named proxy is unusable: a direct
    /// connection could expose the token to a network that must not see it.
    pub fn between(
        server: &Url,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, Unusable> {
        let set = |names: &[&'static str]| {
            let given = |name: &&'static str| {
                variable(name).filter(|value| !value.trim().is_empty()).map(|value| (*name, value))
            };
            names.iter().find_map(given)
        };
        let Some((name, value)) = set(&NAMES) else { return Ok(None) };
        if set(&EXCEPTIONS).is_some_and(|(_, list)| is_excepted(server, &list)) {
            return Ok(None);
        }
        let url = read(value.trim()).map_err(|why| Unusable { name, why })?;
        Ok(Some(Self { url, name }))
    }

    pub fn of_process(server: &Url) -> Result<Option<Self>, Unusable> {
        let text = |value: std::ffi::OsString| value.to_string_lossy().into_owned();
        Self::between(server, |name| std::env::var_os(name).map(text))
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.url.host_str().unwrap_or_default();
        let port = self.url.port_or_known_default().unwrap_or(80);
        write!(f, "{}:{port}", sanitize(host))
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self} by {})", self.name)
    }
}

/// Accepts a URL with or without `http://`. An error quotes only the scheme: the rest may contain a
/// password.
fn read(value: &str) -> Result<Url, String> {
    let text = if value.contains("://") { value.to_owned() } else { format!("http://{value}") };
    let url = Url::parse(&text).map_err(|error| format!("is not a URL ({error})"))?;
    if !matches!(url.scheme(), "http" | "https") {
        let scheme = sanitize(url.scheme()).into_owned();
        return Err(format!("names a {scheme} proxy, which valora does not support"));
    }
    let has_more = !matches!(url.path(), "" | "/") || text.contains(['?', '#']);
    if has_more || url.host_str().is_none_or(str::is_empty) {
        return Err("is not the URL of a proxy".to_owned());
    }
    Ok(url)
}

/// Returns `true` if a list such as `.example.com,10.0.0.0/8,host:8443,*` names the server.
fn is_excepted(server: &Url, list: &str) -> bool {
    let port = server.port_or_known_default();
    let names_server = |entry: &str| match server.host() {
        Some(Host::Domain(name)) => names_host(entry, name),
        Some(Host::Ipv4(address)) => names_address(entry, address.into()),
        Some(Host::Ipv6(address)) => names_address(entry, address.into()),
        None => false,
    };
    let mut entries = list.split([',', ' ', '\t']).map(str::to_ascii_lowercase);
    entries
        .any(|entry| at_port(&entry, port).is_some_and(|entry| entry == "*" || names_server(entry)))
}

/// An entry without its port; `None` if the port differs.
fn at_port(entry: &str, port: Option<u16>) -> Option<&str> {
    match entry.rsplit_once(':').map(|(host, digits)| (host, digits.parse::<u16>())) {
        // An entry with more colons is an IPv6 address; its port follows a bracket.
        Some((host, Ok(own))) if !host.contains(':') || host.ends_with(']') => {
            (Some(own) == port).then_some(host)
        }
        _ => Some(entry),
    }
}

/// A name matches itself and its subdomains, with or without `.` or `*.` before it.
fn names_host(entry: &str, host: &str) -> bool {
    let name = entry.strip_prefix('*').unwrap_or(entry);
    let name = name.strip_prefix('.').unwrap_or(name).trim_end_matches('.');
    let host = host.trim_end_matches('.');
    let below = |above: &str| above.is_empty() || above.ends_with('.');
    !name.is_empty() && host.strip_suffix(name).is_some_and(below)
}

/// An address matches itself, `address/bits` its network.
fn names_address(entry: &str, address: IpAddr) -> bool {
    let entry = entry.replace(['[', ']'], "");
    entry.parse() == Ok(address)
        || entry.parse().is_ok_and(|network: IpNet| network.contains(&address))
}

#[cfg(test)]
mod tests;
