//! Where valora is pointed, by flags, environment and the kind of the token.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::{ConfigError, Environment, Flags, resolve};
use crate::app::model::Session;

const TOKEN: &str = "vl_0123456789abcdefcanary";

fn environment(token: &str, base_url: &str) -> Environment {
    let given = |text: &str| (!text.is_empty()).then(|| text.into());
    Environment { token: given(token), base_url: given(base_url) }
}

fn pointed(flags: &Flags, environment: &Environment) -> Result<(String, Session), ConfigError> {
    let (target, session) = resolve(flags, environment, "sd_from_stdin\n".as_bytes())?;
    Ok((target.base().to_string(), session))
}

#[test]
fn the_kind_of_the_token_gives_the_documented_host() {
    let table = [
        (TOKEN, "https://valora.spotahome.com/api/v1/c", "PRODUCTION"),
        ("sd_1", "https://valora-testing.laravel.cloud/api/sandbox/v1/c", "sandbox"),
    ];
    for (token, base, name) in table {
        let (url, session) = pointed(&Flags::default(), &environment(token, "")).unwrap();
        assert_eq!((url.as_str(), session.environment.as_str()), (base, name));
        assert_eq!(session.is_production, name == "PRODUCTION");
    }
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_contract() {
    let flags = Flags { base_url: Some("http://127.0.0.1:9/a".to_owned()), token_file: None };
    let both = environment(TOKEN, "https://example.org/c/");
    let (url, session) = pointed(&flags, &both).unwrap();
    assert_eq!((url.as_str(), session.place.as_str()), ("http://127.0.0.1:9/a", "127.0.0.1:9"));
    let (url, session) = pointed(&Flags::default(), &both).unwrap();
    assert_eq!(url, "https://example.org/c");
    assert_eq!(session.environment, "custom server");
    let stdin = Flags { base_url: None, token_file: Some("-".into()) };
    let (_, session) = pointed(&stdin, &environment(TOKEN, "")).unwrap();
    assert_eq!(session.environment, "sandbox", "the token came from standard input");
}

#[test]
fn a_token_file_is_read_only_where_no_one_else_can() {
    let path = std::env::temp_dir().join(format!("valora-token-{}", std::process::id()));
    fs::write(&path, format!("{TOKEN}\n")).unwrap();
    let flags = Flags { base_url: None, token_file: Some(path.clone()) };
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let open = pointed(&flags, &Environment::default());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let closed = pointed(&flags, &Environment::default());
    fs::remove_file(&path).unwrap();
    let text = open.unwrap_err().to_string();
    assert!(text.contains(&format!("chmod 600 {}", path.display())), "{text}");
    assert_eq!(closed.unwrap().1.environment, "PRODUCTION");
    let gone = pointed(&flags, &Environment::default()).unwrap_err().to_string();
    assert!(gone.contains("cannot be read"), "{gone}");
}

#[test]
fn what_is_wrong_is_said_without_the_token() {
    let table = [
        ("", "", "valora demo"),
        ("x_canary_0123456789", "", "--base-url"),
        (TOKEN, "http://example.org/c", "https"),
        (TOKEN, "https://me:secret@example.org/c", "user name"),
        (TOKEN, "ftp://example.org", "https"),
        ("vl_with space_canary", "", "space"),
    ];
    for (token, base_url, expected) in table {
        let error = pointed(&Flags::default(), &environment(token, base_url)).unwrap_err();
        let text = error.to_string();
        assert!(text.contains(expected), "{expected} in {text}");
        let given = environment(token, base_url);
        assert!(!format!("{error:?} {text} {given:?}").contains("canary"), "{text}");
    }
}
