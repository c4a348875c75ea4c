//! Which proxy the variables mean, and for which servers.

use crate::net::proxy::*;

const SERVER: &str = "https://api.spotahome.com/api/v1/c";

fn between(server: &str, variables: &[(&str, &str)]) -> Result<Option<String>, String> {
    let server = Url::parse(server).unwrap();
    let variable = |name: &str| {
        variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    };
    let proxy = Proxy::between(&server, variable).map_err(|error| error.to_string())?;
    Ok(proxy.map(|proxy| proxy.to_string()))
}

#[test]
fn the_first_variable_counts_and_no_password_is_shown() {
    let table = [
        (&[][..], None),
        (&[("HTTPS_PROXY", "")], None),
        (&[("HTTPS_PROXY", "http://10.0.0.1:3128")], Some("10.0.0.1:3128")),
        (&[("https_proxy", "proxy.corp:8080/")], Some("proxy.corp:8080")),
        (&[("ALL_PROXY", "http://ann:secret@proxy.corp")], Some("proxy.corp:80")),
        (&[("HTTPS_PROXY", "a:1"), ("ALL_PROXY", "b:2")], Some("a:1")),
        (&[("HTTP_PROXY", "http://other:1")], None),
    ];
    for (variables, expected) in table {
        assert_eq!(between(SERVER, variables).unwrap().as_deref(), expected, "{variables:?}");
    }
    let secret = [("HTTPS_PROXY", "http://ann:secret@proxy.corp")];
    let server = Url::parse(SERVER).unwrap();
    let proxy =
        Proxy::between(&server, |name| (name == secret[0].0).then(|| secret[0].1.to_owned()));
    assert_eq!(format!("{:?}", proxy.unwrap().unwrap()), "Proxy(proxy.corp:80 by HTTPS_PROXY)");
}

#[test]
fn what_names_no_proxy_is_refused_and_never_passed_by() {
    for value in [
        "http://",
        "http://:3128",
        "http://proxy.corp:99999",
        "http://ann:secret@[broken",
        "proxy corp:3128",
        "http://proxy.corp/secret/path",
        "socks5://proxy.corp:1080",
        "socks5h://ann:secret@proxy.corp:1080",
        "ftp://proxy.corp",
    ] {
        let why = between(SERVER, &[("HTTPS_PROXY", value)]).unwrap_err();
        assert!(why.starts_with("HTTPS_PROXY ") && why.contains("http://host:port"), "{why}");
        assert!(!why.contains("secret"), "{why}");
        assert_eq!(
            value.starts_with("socks"),
            why.contains("does not support") && why.contains("socks")
        );
    }
}

#[test]
fn no_proxy_is_honored_in_every_form_that_is_common() {
    let table = [
        ("*", true),
        ("spotahome.com", true),
        (".spotahome.com", true),
        ("*.spotahome.com", true),
        ("api.spotahome.com", true),
        ("API.SpotaHome.com", true),
        ("api.spotahome.com:443", true),
        ("*.spotahome.com:443", true),
        ("other.com, spotahome.com", true),
        ("other.com spotahome.com", true),
        ("api.spotahome.com:8443", false),
        ("home.com", false),
        ("*home.com", false),
        ("www.spotahome.com", false),
        ("", false),
        (",", false),
        (".", false),
        ("10.0.0.0/8", false),
    ];
    for (list, is_direct) in table {
        let variables = [("HTTPS_PROXY", "proxy:1"), ("NO_PROXY", list)];
        assert_eq!(between(SERVER, &variables).unwrap().is_none(), is_direct, "{list}");
    }
    let addresses = [
        ("https://10.1.2.3/c", "10.0.0.0/8", true),
        ("https://10.1.2.3/c", "10.1.2.3", true),
        ("https://10.1.2.3:8443/c", "10.1.2.3:8443", true),
        ("https://10.1.2.3:8443/c", "10.1.2.3:443", false),
        ("https://10.1.2.3/c", "10.0.0.0/33", false),
        ("https://10.1.2.3/c", "0.0.0.0/0", true),
        ("https://11.1.2.3/c", "10.0.0.0/8", false),
        ("https://[fd00::1]/c", "fd00::/8", true),
        ("https://[fd00::1]/c", "[fd00::1]", true),
        ("https://[fd00::1]/c", "fd00::1", true),
        ("https://[fe80::1]/c", "fd00::/8", false),
        ("https://10.1.2.3/c", "*", true),
    ];
    for (server, list, is_direct) in addresses {
        let variables = [("https_proxy", "proxy:1"), ("no_proxy", list)];
        assert_eq!(between(server, &variables).unwrap().is_none(), is_direct, "{server} {list}");
    }
}
