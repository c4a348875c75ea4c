//! What a program may do, and how it ends.

use super::*;

fn sh(script: &str, patience: Duration) -> Result<String, String> {
    let argv = ["sh", "-c", script].map(str::to_owned);
    let given = run_within(patience, &argv, Interactivity::Background);
    given.map(|secret| secret.text().to_owned()).map_err(|failed| failed.to_string())
}

#[test]
fn the_first_line_is_the_secret_and_no_shell_is_in_between() {
    let long = Duration::from_secs(30);
    assert_eq!(sh("printf 'vl_a\\nlogin: x\\n'", long).unwrap(), "vl_a");
    let argv = ["echo", "$HOME; `id`"].map(str::to_owned);
    let given = run(&argv, Interactivity::Background).unwrap();
    assert_eq!(given.text(), "$HOME; `id`");
}

#[test]
fn what_goes_wrong_is_said_printable_and_without_what_it_printed() {
    let long = Duration::from_secs(30);
    let table = [
        ("echo vl_canary; printf 'no \\033[31mkey\\n' >&2; exit 3", "exit status: 3"),
        ("exit 0", "nothing"),
        ("head -c 70000 /dev/zero | tr '\\0' x; echo vl_canary", "64 KiB"),
        ("printf '\\377\\376vl_canary'", "not text"),
    ];
    for (script, expected) in table {
        let error = sh(script, long).unwrap_err();
        assert!(error.contains(expected), "{script}: {error}");
        assert!(!error.contains("canary") && !error.contains('\x1b'), "{error:?}");
    }
    let said = sh("printf 'no \\033[31mkey\\n' >&2; exit 3", long).unwrap_err();
    assert!(said.contains("no \u{FFFD}[31mkey"), "{said}");
    let argv = ["/no/such/program".to_owned()];
    let gone = run(&argv, Interactivity::Background).unwrap_err().to_string();
    assert!(gone.contains("/no/such/program cannot be started"), "{gone}");
}

#[test]
fn one_that_does_not_end_is_ended_with_all_that_it_has_started() {
    // If one of the two still ran, `heard` would wait for its end of the pipe.
    let clock = Clock::start();
    let error = sh("sleep 600 & sleep 600", Duration::from_millis(50)).unwrap_err();
    assert!(error.contains("was stopped"), "{error}");
    assert!(clock.now().elapsed < 60_000);
}

#[test]
fn what_a_program_leaves_behind_is_not_waited_for_and_runs_as_long_as_valora() {
    let clock = Clock::start();
    let patience = Duration::from_secs(30);
    // The one that is left behind holds both outputs open.
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("mark");
    let script = format!("(sleep 2; touch {}) & echo vl_a", mark.display());
    assert_eq!(sh(&script, patience).unwrap(), "vl_a");
    let slow = "sleep 600 & (sleep 0.05; echo vl_b) & sleep 0.02";
    assert_eq!(sh(slow, patience).unwrap(), "vl_b", "it was being printed");
    assert!(clock.now().elapsed < 1_500, "{}", clock.now().elapsed);
    let has_gone_on = (0..100).any(|_| {
        thread::sleep(Duration::from_millis(50));
        mark.exists()
    });
    assert!(has_gone_on, "what it started still runs");
    let failed = sh("sleep 600 & echo no >&2; exit 3", patience).unwrap_err();
    assert!(failed.contains("exit status: 3"), "{failed}");
    assert!(clock.now().elapsed < 20_000);
}

#[test]
fn the_time_in_which_valora_is_stopped_is_not_counted() {
    let mut patience = Patience { left: Duration::from_secs(30), looked: Duration::ZERO };
    let mut now = Duration::ZERO;
    for _ in 0..10 {
        now += Duration::from_secs(60);
        assert!(!patience.is_over(now), "stopped ten times for a minute");
    }
    let steps = (1..).take_while(|_| {
        now += STEP;
        !patience.is_over(now)
    });
    assert_eq!(steps.count(), 4_999, "the 25 s that were left");
}

#[test]
fn at_the_end_of_its_time_nothing_of_it_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let late = folder.path().join("late");
    let script = format!("(sleep 1; touch {}) & sleep 600", late.display());
    sh(&script, Duration::from_millis(300)).unwrap_err();
    thread::sleep(Duration::from_millis(1_500));
    assert!(!late.exists());
    let endless = sh("yes & sleep 600", Duration::from_secs(30)).unwrap_err();
    assert!(endless.contains("64 KiB"), "{endless}");
}
