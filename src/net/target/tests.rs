//! Tokens and base URLs: which are accepted, which are rejected, and where requests are sent.

use chrono::NaiveDate;

use crate::filter::{FilterValue, ListQuery};
use crate::list::Spec;
use crate::net::target::*;

fn token() -> Token {
    Token::new("vl_0123456789abcdefa1b2").unwrap()
}

#[test]
fn a_token_shows_its_kind_and_its_end_and_nothing_else() {
    assert_eq!(token().masked(), "vl_…a1b2");
    assert_eq!(Token::new("sd_short").unwrap().masked(), "sd_…");
    assert_eq!(Token::new("12|0123456789abcdefa1b2").unwrap().masked(), "…a1b2");
    let target = Target::new(PRODUCTION, token()).unwrap();
    let debug = format!("{:?} {:?} {target:?}", token(), token().bearer());
    assert!(!debug.contains("0123") && !debug.contains("a1b2"), "{debug}");
}

#[test]
fn what_cannot_be_a_token_is_refused_without_being_quoted() {
    let table = [
        ("", TokenError::Empty),
        ("Bearer vl_secret", TokenError::Bearer),
        ("vl_sec ret", TokenError::Space),
        ("vl_secret\n", TokenError::Space),
        ("vl_\u{0}secret", TokenError::Control),
        ("vl_secret…", TokenError::NotAscii),
        ("“vl_secret”", TokenError::Quoted),
        ("\"vl_secret\"", TokenError::Quoted),
        ("'vl_secret", TokenError::Quoted),
        ("\"Bearer vl_secret\"", TokenError::Quoted),
        ("VALORA_TOKEN=vl_secret", TokenError::Assignment),
        ("export VALORA_TOKEN=\"vl_secret\"", TokenError::Assignment),
        ("token = vl_secret", TokenError::Assignment),
        ("vl_secret\\n", TokenError::Backslash),
        ("vl_sec\\nret", TokenError::Backslash),
        ("vl_secret\u{FEFF}", TokenError::NotAscii),
        ("‹vl_secret>", TokenError::NotAscii),
        ("<vl_secret>", TokenError::Character),
        ("Authorization:vl_secret", TokenError::Character),
        ("token:vl_secret", TokenError::Character),
        ("Bearer:vl_secret", TokenError::Character),
        ("vl_secret;", TokenError::Character),
        ("vl_secret,", TokenError::Character),
        ("{vl_secret}", TokenError::Character),
        ("vl_secret%0A", TokenError::Character),
        ("Bearervl_secret", TokenError::Within),
        ("1|sd_secret", TokenError::Within),
        ("vl_secretvl_secret", TokenError::Within),
        ("vl_secret/sd_secret", TokenError::Within),
    ];
    for (text, expected) in table {
        let error = Token::new(text).unwrap_err();
        assert_eq!(error, expected, "{text:?}");
        assert!(!error.to_string().contains("secret"));
    }
    assert_eq!(Token::new(&"x".repeat(8 * 1024 + 1)).unwrap_err(), TokenError::Long);
    assert!(Token::new(&"x".repeat(8 * 1024)).is_ok());
    for sound in
        ["12|0123456789abcdefa1b2", "c2VjcmV0==", "c2VjcmV0=", "vl_a-b.c~d+e/f==", "eyJh.vl_a.b"]
    {
        assert!(Token::new(sound).is_ok(), "{sound}");
    }
}

#[test]
fn a_payments_token_is_a_jwt_and_never_that_of_a_customer() {
    assert!(Token::jwt("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2_u-A").is_ok());
    for (text, expected) in [
        ("vl_0123456789abcdefa1b2", TokenError::OfCustomer),
        ("sd_aa.bb.cc", TokenError::OfCustomer),
        ("0123456789abcdefa1b2", TokenError::NotJwt),
        ("aa.bb", TokenError::NotJwt),
        ("aa.bb.", TokenError::NotJwt),
        ("aa.bb.cc.dd", TokenError::NotJwt),
        ("aa.b+b.c/c", TokenError::NotJwt),
        ("Bearer aa.bb.cc", TokenError::Bearer),
        ("\"aa.bb.cc\"", TokenError::Quoted),
    ] {
        assert_eq!(Token::jwt(text).unwrap_err(), expected, "{text}");
    }
}

#[test]
fn a_prefix_with_a_few_characters_is_a_fragment() {
    for text in ["sd_x", "vl_", "vl_012345678901234"] {
        let cut = Token::new(text).unwrap().check_length();
        assert_eq!(cut, Err(TokenError::Fragment), "{text}");
    }
    for text in ["vl_0123456789abcdef", "sd_0123456789abcdef", "own_kind"] {
        assert!(Token::new(text).unwrap().check_length().is_ok(), "{text}");
    }
}

#[test]
fn only_https_or_this_machine_is_a_target() {
    for sound in [
        PRODUCTION,
        SANDBOX,
        "https://valora.spotahome.com/api/v1/c/",
        "http://127.0.0.1:8080/api/v1/c",
        "http://127.9.9.9",
        "http://[::1]:1/x",
        "http://localhost:1",
    ] {
        let token = if sound == SANDBOX { Token::new("sd_1").unwrap() } else { token() };
        let target = Target::new(sound, token).unwrap();
        assert_eq!(target.is_loopback(), sound.starts_with("http:"), "{sound}");
    }
    let table = [
        ("valora.spotahome.com", TargetError::NotUrl),
        ("https://", TargetError::NotUrl),
        ("https://host/a b", TargetError::NotUrl),
        ("ftp://host/", TargetError::Scheme),
        ("file:///etc/passwd", TargetError::Scheme),
        ("http://valora.spotahome.com", TargetError::Plain),
        ("http://localhost.example.com", TargetError::Plain),
        ("http://192.168.0.1", TargetError::Plain),
        ("https://me@host/", TargetError::UserInfo),
        ("https://:pass@host/", TargetError::UserInfo),
        ("https://host/?a=1", TargetError::Query),
        ("https://host/?", TargetError::Query),
        ("https://host/#a", TargetError::Fragment),
    ];
    for (base, expected) in table {
        assert_eq!(Target::new(base, token()).unwrap_err(), expected, "{base}");
    }
}

#[test]
fn what_a_server_could_read_otherwise_than_the_rules_is_no_base() {
    let table = [
        ("https://valora.spotahome.com./api/sandbox/v1/c", TargetError::HostDot),
        ("https://valora.spotahome.com\u{3002}/api/v1/c", TargetError::HostDot),
        ("http://localhost./c", TargetError::HostDot),
        ("https://valora.spotahome.com/api/sandbox/..%2fv1/c", TargetError::Path),
        ("https://valora.spotahome.com/api/%73andbox/v1/c", TargetError::Path),
        ("https://valora.spotahome.com/api//sandbox/v1/c", TargetError::Path),
        ("https://valora.spotahome.com/api/sandbox\\..\\v1/c", TargetError::Path),
        ("https://valora.spotahome.com\\api\\v1\\c", TargetError::Path),
        ("https://valora.spotahome.com/api/v1/c;x", TargetError::Path),
        ("https://host/\u{FF0F}c", TargetError::Path),
        ("https://host/%2e%2e%2fc", TargetError::Path),
        ("https://@host/c", TargetError::UserInfo),
        ("https://:@host/c", TargetError::UserInfo),
        ("https://valora.spotahome.com:8443/api/v1/c", TargetError::Port),
        ("https://valora-testing.laravel.cloud:80/api/sandbox/v1/c", TargetError::Port),
    ];
    for (base, expected) in table {
        assert_eq!(Target::check_base(base), Err(expected), "{base}");
    }
    // Different spellings of one URL are checked and used in the same form.
    for (base, used) in [
        ("HTTPS://Valora.SpotaHome.com:443/api/v1/c/", PRODUCTION),
        ("https://valora.spotahome.com/api/sandbox/../v1/c", PRODUCTION),
        ("https://valora.spotahome.com/api/%2e/v1/c", PRODUCTION),
        ("https://valora%2espotahome.com/api/v1/c", PRODUCTION),
    ] {
        assert_eq!(Target::check_base(base).unwrap().as_str(), used, "{base}");
    }
    for sandbox in ["/api/sandbox/v1/c", "/api/SANDBOX/v1/c", "/api/./sandbox/v1/c", "/sandbox"] {
        let base = format!("https://valora.spotahome.com{sandbox}");
        assert_eq!(Target::new(&base, token()).unwrap_err(), TargetError::SandboxData, "{base}");
    }
}

#[test]
fn a_kept_token_is_at_home_at_its_profiles_server_and_on_the_documented_host_of_its_kind() {
    let (own, sandbox) = (Token::new("own").unwrap(), Token::new("sd_x").unwrap());
    let local = "http://127.0.0.1:9/api/v1/c";
    for (base, token, of_profile, is_home) in [
        (PRODUCTION, token(), None, true),
        (PRODUCTION, token(), Some(local), true),
        (SANDBOX, sandbox.clone(), None, true),
        ("https://valora.spotahome.com/api/sandbox/v1/c", sandbox.clone(), None, true),
        (local, token(), None, false),
        (local, token(), Some(local), true),
        ("http://127.0.0.1:9/api/v1/c/", token(), Some(local), true),
        ("http://127.0.0.1:8/api/v1/c", token(), Some(local), false),
        ("http://127.0.0.1:9/other", token(), Some(local), false),
        (PRODUCTION, own.clone(), None, false),
        (local, own, Some(local), true),
    ] {
        let target = Target::new(base, token).unwrap();
        assert_eq!(target.is_at_home(of_profile), is_home, "{base} {of_profile:?}");
    }
}

#[test]
fn the_limits_are_asked_beside_the_base_path_and_behind_the_prefix_of_a_proxy() {
    for (path, expected) in [
        ("/api/v1/c", "/api/v1/tokens/limits"),
        ("/api/sandbox/v1/c", "/api/v1/tokens/limits"),
        ("/proxy/api/v1/c", "/proxy/api/v1/tokens/limits"),
        ("/a/b/api/sandbox/v1/c/", "/a/b/api/v1/tokens/limits"),
        ("/api/v1/api/v1/c", "/api/v1/api/v1/tokens/limits"),
        ("/api/v10/c", "/api/v1/tokens/limits"),
        ("/c", "/api/v1/tokens/limits"),
        ("", "/api/v1/tokens/limits"),
    ] {
        let target = Target::new(&format!("http://127.0.0.1:8080{path}"), token()).unwrap();
        assert_eq!(target.limits_url().path(), expected, "{path}");
    }
}

#[test]
fn the_prefix_of_a_token_names_its_host() {
    assert_eq!(Target::documented_base(&token()), Some(PRODUCTION));
    assert_eq!(Target::documented_base(&Token::new("sd_x").unwrap()), Some(SANDBOX));
    assert_eq!(Target::documented_base(&Token::new("eyJhbGci").unwrap()), None);
    let production = Target::new(&format!("{PRODUCTION}/"), token()).unwrap();
    assert_eq!(production.base.as_str(), PRODUCTION);
    let sandbox = Token::new("sd_x").unwrap();
    assert!(Target::new(SANDBOX, sandbox.clone()).is_ok());
    let table = [
        (SANDBOX, token(), TargetError::SandboxData),
        ("https://valora-testing.laravel.cloud/api/v1/c", token(), TargetError::SandboxData),
        ("https://valora.spotahome.com/api/sandbox/v1/c", token(), TargetError::SandboxData),
        ("https://VALORA.spotahome.com:443/api/v1/c", sandbox, TargetError::ProductionData),
    ];
    for (base, token, expected) in table {
        assert_eq!(Target::new(base, token).unwrap_err(), expected, "{base}");
    }
}

#[test]
fn a_source_that_has_another_token_for_the_same_data_renews_the_target() {
    let target = Target::new(PRODUCTION, token()).unwrap();
    assert!(target.reread().is_none());
    let table = [
        (Some("vl_another"), true),
        (Some("vl_0123456789abcdefa1b2"), false),
        (Some("sd_another"), false),
        (None, false),
    ];
    for (given, is_renewed) in table {
        let refresh: TokenRefresh = Arc::new(move || given.map(|text| Token::new(text).unwrap()));
        let renewed = target.clone().with_token_refresh(refresh).reread();
        assert_eq!(renewed.is_some(), is_renewed, "{given:?}");
        assert!(renewed.is_none_or(|renewed| renewed.base == target.base));
    }
}

#[test]
fn addresses_follow_the_contract_and_encode_what_was_typed() {
    let target = Target::new("https://host/api/v1/c/", token()).unwrap();
    let spec = Spec::named("scheduled").unwrap();
    let search = FilterValue::named(spec, "search", "O'Brien & Søn=50%+ #?/..").unwrap();
    let query = ListQuery::with_filters(spec, vec![search], NaiveDate::default()).unwrap();
    let table = [
        (
            Request::List(query),
            "https://host/api/v1/c/transactions/scheduled?search=O%27Brien+%26+S%C3%B8n%3D50%25%2B\
             +%23%3F%2F..&page=1&per_page=100",
        ),
        (
            Request::Booking("../BK 1&x=2".to_owned()),
            "https://host/api/v1/c/conciliation/booking?booking_id=..%2FBK+1%26x%3D2",
        ),
        (Request::Limits, "https://host/api/v1/tokens/limits"),
        (Request::Connection("penalties"), "https://host/api/v1/c/penalties?test=connection"),
        (Request::Connection(BOOKING_PATH), "https://host/api/v1/c/conciliation/booking"),
    ];
    for (request, expected) in table {
        assert_eq!(target.url(&request).as_str(), expected);
    }
    let bare = Target::new("http://localhost:1", token()).unwrap();
    assert_eq!(bare.url(&Request::Connection("debtors")).path(), "/debtors");
    let sandbox = Target::new(SANDBOX, Token::new("sd_x").unwrap()).unwrap();
    assert_eq!(sandbox.limits_url().path(), "/api/v1/tokens/limits");
}
