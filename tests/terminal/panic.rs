//! A panic anywhere: this test runs itself in a pseudo-terminal, takes the terminal as the program
//! does, and breaks.

use std::env;
use std::path::PathBuf;

use valora::config::program;

use valora::config::program::Interactivity;
use valora::domain::watched::watched;
use valora::domain::watched::watched_task;
use valora::process::shutdown::end_on_panic;
use valora::process::terminal::Raw;
use valora::tui::terminal::session::TerminalGuard;
use valora::tui::terminal::session::WORKER_THREAD;

use crate::program::{Session, comes, in_terminal};
use crate::secrets::{assert_sound, is_gone, written};

/// Says where the program is to break; set only for the run in the pseudo-terminal.
const WHERE: &str = "VALORA_TEST_BREAKS_IN";

/// Names the file with the id of what the program that asks has started.
const ASKS: &str = "VALORA_TEST_ASKS";

/// What a panic might quote.
const SECRET: &str = "the name of a customer";

#[test]
fn the_program_that_breaks() {
    let Ok(place) = env::var(WHERE) else { return };
    end_on_panic();
    match place.as_str() {
        "prompt" => {
            let _raw = Raw::enter().unwrap();
            panic!("{SECRET}");
        }
        "question" => break_in_question(),
        _ => {}
    }
    let (guard, _terminal) = TerminalGuard::enter().unwrap();
    match place.as_str() {
        "screen" => panic!("{SECRET}"),
        "thread" => {
            let broken = std::thread::spawn(|| panic!("{SECRET}"));
            let _never = broken.join();
        }
        "named thread" => {
            let named = std::thread::Builder::new().name("valora-log".to_owned());
            let _never = named.spawn(|| panic!("{SECRET}")).unwrap().join();
        }
        task => break_in_runtime(task),
    }
    drop(guard);
    println!("it went on");
}

/// Breaks while a program asks on the terminal.
fn break_in_question() {
    let asks = PathBuf::from(env::var_os(ASKS).unwrap());
    let script = format!(
        "sleep 600 & stty -echo < /dev/tty; echo $! > {}; read given < /dev/tty",
        asks.display()
    );
    std::thread::spawn(move || {
        let _child = written(&asks);
        panic!("{SECRET}");
    });
    let argv = ["sh", "-c", &script].map(str::to_owned);
    let _never = program::run(&argv, Interactivity::Interactive);
}

/// Breaks one of the kinds of task.
fn break_in_runtime(task: &str) {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.thread_name(WORKER_THREAD).worker_threads(1).build().unwrap();
    let ended = runtime.block_on(async {
        match task {
            "task" => tokio::spawn(async { panic!("{SECRET}") }).await,
            "later" => {
                let later = async {
                    tokio::task::yield_now().await;
                    panic!("{SECRET}")
                };
                tokio::spawn(async { tokio::join!(later, std::future::pending::<()>()).0 }).await
            }
            "blocking" => tokio::task::spawn_blocking(|| panic!("{SECRET}")).await,
            "watched blocking" => {
                tokio::task::spawn_blocking(|| watched(|| panic!("{SECRET}"))).await
            }
            _ => {
                let later = async {
                    tokio::task::yield_now().await;
                    panic!("{SECRET}")
                };
                tokio::spawn(watched_task(later)).await
            }
        }
    });
    assert!(ended.is_err());
}

fn broken_in(place: &str) -> (u32, String) {
    let this = env::current_exe().unwrap();
    let arguments = ["--exact", "panic::the_program_that_breaks", "--nocapture"];
    let command = in_terminal(this.to_str().unwrap(), &arguments, &[(WHERE, place)]);
    let mut session = Session::of(&command);
    let code = session.ended().exit_code();
    let screen = session.screen();
    assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste());
    let shown = screen.contents();
    assert!(!shown.contains(SECRET), "{shown}");
    (code, shown)
}

#[test]
fn a_panic_gives_the_terminal_back_names_its_place_and_quotes_nothing() {
    for place in ["screen", "thread", "named thread", "task", "later", "blocking"] {
        let (code, shown) = broken_in(place);
        assert_eq!(code, 101, "{shown}");
        assert!(shown.contains("tests/terminal/panic.rs:"), "{shown}");
    }
}

#[test]
fn a_panic_at_a_prompt_gives_the_terminal_its_modes_and_ends_the_program_that_asks() {
    let this = env::current_exe().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let asks = folder.path().join("asks");
    let script = "\"$0\" --exact panic::the_program_that_breaks --nocapture; echo \"ended $?\"; \
                  stty -a; echo over";
    for place in ["prompt", "question"] {
        let variables = [(WHERE, place), (ASKS, asks.to_str().unwrap())];
        let shell = in_terminal("/bin/sh", &["-c", script, this.to_str().unwrap()], &variables);
        let mut session = Session::of(&shell);
        session.wait_for("ended 101");
        let shown = session.wait_for("over");
        assert_sound(&shown);
        assert!(shown.contains("tests/terminal/panic.rs:") && !shown.contains(SECRET), "{shown}");
    }
    let child = written(&asks);
    assert!(comes(|| is_gone(child)));
}

#[test]
fn a_panic_in_watched_work_leaves_the_screen_as_it_is() {
    for place in ["watched task", "watched blocking"] {
        let (code, shown) = broken_in(place);
        assert_eq!(code, 0, "{shown}");
        assert!(shown.contains("it went on"), "{shown}");
        assert!(!shown.contains("panicked"), "{shown}");
    }
}
