//! Which server and token are used, by flags, environment and the token's prefix.

mod payments;

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::profile::Settings;
use super::secret::{Credentials, SecretText};
use super::{ConfigError, Environment, Flags, Found, Session, find, find_profile};
use crate::domain::customer::CustomerKey;
use crate::net::target::PRODUCTION;
use crate::state::Store;

const TOKEN: &str = "vl_0123456789abcdefcanary";

fn environment(token: &str, base_url: &str) -> Environment {
    let given = |text: &str| (!text.is_empty()).then(|| text.into());
    Environment { token: given(token), base_url: given(base_url), ..Environment::default() }
}

fn pointed(flags: &Flags, environment: &Environment) -> Result<(String, Session), ConfigError> {
    let found = find(flags, environment, "sd_from_stdin\n".as_bytes())?;
    Ok((found.target.base.to_string(), found.session))
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
    let flags = Flags { base_url: Some("http://127.0.0.1:9/a".to_owned()), ..Flags::default() };
    let both = environment(TOKEN, "https://example.org/c/");
    let (url, session) = pointed(&flags, &both).unwrap();
    assert_eq!((url.as_str(), session.place.as_str()), ("http://127.0.0.1:9/a", "127.0.0.1:9"));
    let (url, session) = pointed(&Flags::default(), &both).unwrap();
    assert_eq!(url, "https://example.org/c");
    assert_eq!(session.environment, "custom server");
    let stdin = Flags { token_file: Some("-".into()), ..Flags::default() };
    let (_, session) = pointed(&stdin, &environment(TOKEN, "")).unwrap();
    assert_eq!(session.environment, "sandbox", "the token came from standard input");
}

#[test]
fn whether_a_token_command_may_prompt_is_a_setting_of_its_profile() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::below(&folder.path().join("c"), &folder.path().join("s"));
    let settings = "[profile.a]\ntoken_command = [\"pass\", \"a\"]\n\
                    [profile.b]\ntoken_command = [\"pass\", \"b\"]\ntoken_command_asks = false\n\
                    [profile.c]\ntoken_command = [\"vault\"]\ntoken_command_asks = true\n\
                    [profile.d]\ntoken_command_asks = true\n";
    fs::create_dir_all(store.config_file().parent().unwrap()).unwrap();
    crate::state::replace(&store.config_file(), settings).unwrap();
    let settings = Settings::read(Some(&store)).unwrap();
    let prompter = |name| settings.profile(name).unwrap().prompter;
    assert_eq!(prompter("a").as_deref(), Some("pass"));
    assert_eq!((prompter("b"), prompter("c").as_deref()), (None, Some("vault")));
    let warnings = settings.warnings();
    let why =
        "line 10, column 22: profile d: token_command_asks is not used without a token_command";
    assert!(warnings.len() == 1 && warnings[0].ends_with(why), "{warnings:?}");
    crate::state::replace(&store.config_file(), "[profile.a]\ntoken_command_asks = 1\n").unwrap();
    let settings = Settings::read(Some(&store)).unwrap();
    assert!(settings.warnings()[0].ends_with("must be true or false, not a number"));
}

#[test]
fn a_token_file_is_read_only_where_no_one_else_can() {
    let path = std::env::temp_dir().join(format!("valora-token-{}", std::process::id()));
    fs::write(&path, format!("{TOKEN}\n")).unwrap();
    let flags = Flags { token_file: Some(path.clone()), ..Flags::default() };
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

/// The folders of a user who has these settings and these tokens.
fn user(settings: &str, tokens: &[(&str, &str)]) -> (tempfile::TempDir, Environment) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::below(&folder.path().join("c"), &folder.path().join("s"));
    let path = store.config_file();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, settings).unwrap();
    // Whatever the umask is.
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    fs::set_permissions(path.parent().unwrap(), fs::Permissions::from_mode(0o700)).unwrap();
    for (name, token) in tokens {
        Credentials::of(&store).keep(name, &SecretText::new(token)).unwrap();
    }
    (folder, Environment { store: Some(store), ..Environment::default() })
}

fn named(profile: &str) -> Flags {
    Flags { profile: Some(profile.to_owned()), ..Flags::default() }
}

#[test]
fn the_order_of_sources_is_flag_variable_command_credentials() {
    let settings = "[profile.a]\ntoken_command = [\"echo\", \"vl_of_command\"]\n";
    let (folder, mut environment) = user(settings, &[("a", "vl_kept"), ("b", "vl_kept")]);
    let find = |flags: &Flags, environment: &Environment| {
        find(flags, environment, std::io::empty()).unwrap()
    };
    let from = |found: &Found| found.source.clone();
    assert!(from(&find(&named("b"), &environment)).ends_with("b.token"));
    assert_eq!(from(&find(&named("a"), &environment)), "token_command (echo)");
    environment.token = Some("sd_variable".into());
    let found = find(&named("a"), &environment);
    assert_eq!((from(&found), found.profile), ("VALORA_TOKEN".to_owned(), None));
    let warning = found.token_warning.unwrap();
    assert!(warning.contains("of profile a, which is not used"), "{warning}");
    let path = folder.path().join("token");
    fs::write(&path, "vl_file").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let flags = Flags { token_file: Some(path.clone()), ..Flags::default() };
    assert_eq!(from(&find(&flags, &environment)), format!("--token-file {}", path.display()));
}

#[test]
fn what_is_kept_of_a_profile_stands_under_its_name_and_of_a_given_token_under_its_own() {
    let (_folder, mut environment) = user("", &[("a", "vl_one"), ("b", "vl_two")]);
    let customer = |flags: &Flags, environment: &Environment| {
        find(flags, environment, std::io::empty()).unwrap().session.customer
    };
    assert_eq!(customer(&named("a"), &environment), CustomerKey::of_profile("a"));
    environment.profile = Some("b".into());
    assert_eq!(customer(&Flags::default(), &environment), CustomerKey::of_profile("b"));
    environment.token = Some("vl_other".into());
    let given = customer(&named("a"), &environment);
    assert!(given.profile().is_none() && given != CustomerKey::of_profile("a"), "{given}");
}

#[test]
fn the_usual_profile_is_the_named_one_the_only_one_or_the_one_called_default() {
    let table: [(&str, &[&str], Result<&str, &str>); 6] = [
        ("", &["a"], Ok("a")),
        ("", &["a", "default"], Ok("default")),
        ("default_profile = \"b\"", &["a", "b", "default"], Ok("b")),
        ("", &["a", "b"], Err("several profiles (a, b)")),
        ("default_profile = \"c\"", &["a"], Err("no profile c (known: a)")),
        ("mouse = 1", &["a"], Err("line 1, column 9: `mouse` must be true or false")),
    ];
    for (settings, names, expected) in table {
        let tokens: Vec<_> = names.iter().map(|name| (*name, "vl_x")).collect();
        let (_folder, environment) = user(settings, &tokens);
        let found = find(&Flags::default(), &environment, std::io::empty());
        match (found, expected) {
            (Ok(found), Ok(name)) => assert_eq!(found.profile.as_deref(), Some(name)),
            (Err(error), Err(words)) => assert!(error.to_string().contains(words), "{error}"),
            (found, expected) => panic!("{settings}: {expected:?}, not {found:?}"),
        }
    }
}

#[test]
fn a_profile_names_its_server_and_only_for_its_own_token_or_by_request() {
    let settings = "[profile.a]\nbase_url = \"http://127.0.0.1:9/api/v1/c\"\n";
    let (_folder, mut environment) = user(settings, &[("a", "own_kind_of_token")]);
    let base = |flags: &Flags, environment: &Environment| {
        let found = find(flags, environment, std::io::empty()).unwrap();
        found.target.base.to_string()
    };
    assert_eq!(base(&Flags::default(), &environment), "http://127.0.0.1:9/api/v1/c");
    environment.token = Some("vl_other".into());
    assert_eq!(base(&Flags::default(), &environment), PRODUCTION);
    assert_eq!(base(&named("a"), &environment), "http://127.0.0.1:9/api/v1/c");
}

#[test]
fn a_kept_token_never_goes_where_the_variable_alone_points() {
    let own = "http://127.0.0.1:9/api/v1/c";
    let settings = format!(
        "[profile.a]\nbase_url = \"{own}\"\n[profile.b]\n\
         [profile.c]\ntoken_command = [\"echo\", \"{TOKEN}\"]\n"
    );
    let (_folder, mut environment) = user(&settings, &[("a", TOKEN), ("b", TOKEN)]);
    let find = |flags: &Flags, environment: &Environment| {
        let found = find(flags, environment, std::io::empty());
        found.map(|found| found.target.base.to_string()).map_err(|error| error.to_string())
    };
    environment.base_url = Some("http://127.0.0.1:1/api/v1/c".into());
    for name in ["a", "b", "c"] {
        let refused = find(&named(name), &environment).unwrap_err();
        for words in ["VALORA_BASE_URL names 127.0.0.1:1", "--base-url URL", "Unset", name] {
            assert!(refused.contains(words), "{refused}");
        }
        assert!(!refused.contains("canary"), "{refused}");
    }
    // With the flag any server is allowed, and with a token from its variable, too.
    let flags = Flags { base_url: Some("http://127.0.0.1:1/x".to_owned()), ..named("a") };
    assert_eq!(find(&flags, &environment).unwrap(), "http://127.0.0.1:1/x");
    environment.token = Some(TOKEN.into());
    assert_eq!(find(&named("a"), &environment).unwrap(), "http://127.0.0.1:1/api/v1/c");
    environment.token = None;
    // The profile's own server, and the documented one of the token's kind.
    environment.base_url = Some(format!("{own}/").into());
    assert_eq!(find(&named("a"), &environment).unwrap(), own);
    assert!(find(&named("b"), &environment).is_err());
    environment.base_url = Some(PRODUCTION.into());
    for name in ["a", "b", "c"] {
        assert_eq!(find(&named(name), &environment).unwrap(), PRODUCTION);
    }
    assert_eq!(find_profile("a", &environment).unwrap().target.base.as_str(), own);
}

#[test]
fn a_token_never_leaves_for_data_of_the_other_kind() {
    for (settings, token) in [
        ("[profile.a]\nbase_url = \"https://valora.spotahome.com/api/v1/c\"", "sd_canary"),
        ("[profile.a]\nbase_url = \"https://valora.spotahome.com/api/sandbox/v1/c\"", "vl_canary"),
    ] {
        let (_folder, environment) = user(settings, &[("a", token)]);
        let error = find(&named("a"), &environment, std::io::empty()).unwrap_err().to_string();
        assert!(error.contains("base URL from profile a") && error.contains("token is only for"));
        assert!(!error.contains("canary"), "{error}");
    }
}

#[test]
fn the_fields_that_the_settings_name_go_with_the_target_of_each_profile() {
    let settings = "[lists.debt]\ndue = \"all\"\n[profile.a.lists.debt]\ndue = \"own\"\n";
    let (_folder, mut environment) = user(settings, &[("a", TOKEN), ("b", TOKEN)]);
    let due = |found: Found| found.target.choices["debt"][0].1.concat();
    for (name, expected) in [("a", "own"), ("b", "all")] {
        let found = find(&named(name), &environment, std::io::empty()).unwrap();
        assert_eq!(due(found), expected);
        assert_eq!(due(find_profile(name, &environment).unwrap()), expected);
    }
    environment.token = Some(TOKEN.into());
    let given = find(&Flags::default(), &environment, std::io::empty()).unwrap();
    assert_eq!(due(given), "all", "a token of no profile");
}

#[test]
fn what_contradicts_itself_in_the_settings_is_named_with_its_place() {
    let settings = "default_profile = \"gone\"\n[profile.\"a b\"]\n[profile.a]\nbase_url = \"http://x.org\"\n\
                    token_command = [\"\"]\n[profile.b]\ntoken_command = [\"pass\"]\n";
    let (_folder, environment) = user(settings, &[("b", "vl_x")]);
    let settings = Settings::read(environment.store.as_ref()).unwrap();
    let found: Vec<String> = settings.document.problems.iter().map(ToString::to_string).collect();
    for (at, expected) in [
        "line 1, column 19: default_profile: there is no such profile yet",
        "line 2, column 1: this profile name is not allowed",
        "line 4, column 12: profile a: the base URL must begin with https://",
        "line 5, column 17: `profile.a.token_command` must be a program",
        "line 7, column 17: profile b has a token_command, so its saved token",
    ]
    .iter()
    .enumerate()
    {
        assert!(found[at].starts_with(expected), "{expected} is not in {found:#?}");
    }
}

#[test]
fn settings_that_others_can_change_neither_run_a_program_nor_say_where_a_token_goes() {
    let ran = tempfile::tempdir().unwrap();
    let mark = ran.path().join("mark");
    let settings = format!(
        "theme = \"dark\"\n[profile.a]\ntoken_command = [\"touch\", \"{0}\"]\n[profile.b]\nbase_url = \
         \"http://127.0.0.1:9/c\"\n[profile.c.payments]\ntoken_command = [\"touch\", \"{0}\"]\n",
        mark.display()
    );
    let (_folder, environment) = user(&settings, &[("b", TOKEN), ("d", TOKEN)]);
    let path = environment.store.as_ref().unwrap().config_file();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o664)).unwrap();
    for name in ["a", "b", "c", "d"] {
        let found = find(&named(name), &environment, std::io::empty()).unwrap_err().to_string();
        let switched = find_profile(name, &environment).unwrap_err().to_string();
        let side = super::payments::of_profile(name, &environment).unwrap_err().to_string();
        for said in [found, switched, side] {
            assert!(said.ends_with(&format!("chmod go-w {}", path.display())), "{said}");
        }
    }
    assert!(!mark.exists(), "the program ran");
    // Not even the appearance, nor with a token from outside of all profiles.
    for store in [None, environment.store.clone()] {
        let is_refused = matches!(Settings::read(store.as_ref()), Err(ConfigError::Exposed { .. }));
        assert_eq!(is_refused, store.is_some());
        let given = Environment { token: Some(TOKEN.into()), store, ..Environment::default() };
        assert_eq!(find(&Flags::default(), &given, std::io::empty()).is_err(), is_refused);
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(find(&named("b"), &environment, std::io::empty()).is_ok());
}

#[test]
fn two_profiles_that_differ_only_in_capitals_are_named_both() {
    for (settings, tokens) in [
        ("[profile.acme]\n[profile.Acme]\n", &[][..]),
        ("[profile.Acme]\n", &[("acme", TOKEN)][..]),
    ] {
        let (_folder, environment) = user(settings, tokens);
        let settings = Settings::read(environment.store.as_ref()).unwrap();
        let said = settings.ensure_valid().unwrap_err().to_string();
        assert!(said.contains("Acme and acme differ only in letter case"), "{said}");
        assert_eq!(settings.twin("ACME").map(|twin| twin.to_lowercase()).as_deref(), Some("acme"));
        assert_eq!(settings.twin("other"), None);
    }
}

#[test]
fn the_source_is_read_again_for_a_token_that_it_has_by_now() {
    let (_folder, environment) = user("", &[("a", "vl_old")]);
    let found = find_profile("a", &environment).unwrap();
    assert!(found.target.reread().is_none(), "it has the same one");
    let all = Credentials::of(environment.store.as_ref().unwrap());
    all.keep("a", &SecretText::new("vl_0123456789_new1")).unwrap();
    assert_eq!(found.target.reread().unwrap().token.masked(), "vl_…new1");
    all.keep("a", &SecretText::new("sd_other_data")).unwrap();
    assert!(found.target.reread().is_none());
}
