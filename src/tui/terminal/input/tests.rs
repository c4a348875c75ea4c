//! Whatever a terminal sends, only pressed keys act, and the next key works.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEventKind};
use proptest::prelude::*;

use crate::tui::terminal::input::parser::is_one_key;
use crate::tui::terminal::input::*;

/// Milliseconds after which the end of a sequence is no longer expected.
const QUIET: u64 = 100;

/// Complete reports that terminals send unasked or in answer to a program.
const REPORTS: [&[u8]; 30] = [
    // Modes, including synchronized updates; color schemes; the state of the device.
    b"\x1b[?2026;2$y",
    b"\x1b[?25;1$y",
    b"\x1b[4;2$y",
    b"\x1b[?997;1n",
    b"\x1b[?997;2n",
    b"\x1b[0n",
    // Where the cursor is, in both forms; the first looks like F3 with modifiers.
    b"\x1b[24;80R",
    b"\x1b[1;5R",
    b"\x1b[?24;80;1R",
    // What the terminal is, in three forms.
    b"\x1b[?62;4c",
    b"\x1b[?1;2c",
    b"\x1b[>41;354;0c",
    b"\x1bP!|464F4F54\x1b\\",
    // Its name: WezTerm, kitty, iTerm2, xterm, tmux.
    b"\x1bP>|WezTerm 20240203-110809-5046fc22\x1b\\",
    b"\x1bP>|kitty(0.35.2)\x1b\\",
    b"\x1bP>|iTerm2 3.5.0\x1b\\",
    b"\x1bP>|XTerm(379)\x1b\\",
    b"\x1bP>|tmux 3.4\x1b\\",
    // Colors, the clipboard, notifications: ended by ST and by BEL.
    b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
    b"\x1b]10;rgb:d0d0/d0d0/d0d0\x07",
    b"\x1b]4;1;rgb:cdcd/0000/0000\x07",
    b"\x1b]52;c;ZCBkIGQgcSBR\x1b\\",
    b"\x1b]1337;ReportCellSize=17.50;8.00\x1b\\",
    b"\x1b_Gi=31;OK\x1b\\",
    b"\x1bP1+r436F=323536\x1b\\",
    // Protocols of the keyboard, sizes, focus.
    b"\x1b[?1u",
    b"\x1b[8;40;140t",
    b"\x1b[I",
    b"\x1b[O",
    // An old mouse report, whose three bytes are letters.
    b"\x1b[M Qd",
];

fn key(code: KeyCode) -> Event {
    Event::Key(code.into())
}

fn with(code: KeyCode, modifiers: KeyModifiers) -> Event {
    Event::Key(KeyEvent::new(code, modifiers))
}

/// Keys as terminals send them, and their meaning.
fn keys() -> Vec<(&'static [u8], Event)> {
    use KeyCode::{BackTab, Backspace, Char, Down, End, Enter, F, Home, Left, PageUp, Tab, Up};
    vec![
        (b"j", key(Char('j'))),
        (b"G", with(Char('G'), KeyModifiers::SHIFT)),
        (b" ", key(Char(' '))),
        (b"\r", key(Enter)),
        (b"\t", key(Tab)),
        (b"\x7f", key(Backspace)),
        (b"\x04", with(Char('d'), KeyModifiers::CONTROL)),
        (b"\x1d", with(Char('5'), KeyModifiers::CONTROL)),
        ("é".as_bytes(), key(Char('é'))),
        ("李".as_bytes(), key(Char('李'))),
        ("🏠".as_bytes(), key(Char('🏠'))),
        (b"\x1b[A", key(Up)),
        (b"\x1bOB", key(Down)),
        (b"\x1b[1;5D", with(Left, KeyModifiers::CONTROL)),
        (b"\x1b[H", key(Home)),
        (b"\x1b[4~", key(End)),
        (b"\x1b[5~", key(PageUp)),
        (b"\x1b[Z", with(BackTab, KeyModifiers::SHIFT)),
        (b"\x1bOP", key(F(1))),
        (b"\x1b[15;2~", with(F(5), KeyModifiers::SHIFT)),
        (b"\x1b[[C", key(F(3))),
        (b"\x1b\x1b[A", with(Up, KeyModifiers::ALT)),
        (b"\x1bj", with(Char('j'), KeyModifiers::ALT)),
        (b"\x1b[27;5;106~", with(Char('j'), KeyModifiers::CONTROL)),
        (b"\x1b[106;5u", with(Char('j'), KeyModifiers::CONTROL)),
        (b"\x1b[13u", key(Enter)),
        (b"\x1b[200~b \x1b[A q\n\x1b[201~", Event::Paste("b \x1b[A q\n".to_owned())),
        (
            b"\x1b[<0;12;7M",
            Event::Mouse(crossterm::event::MouseEvent {
                kind: MouseEventKind::Down(MouseButton::Left),
                column: 11,
                row: 6,
                modifiers: KeyModifiers::NONE,
            }),
        ),
    ]
}

/// What a terminal does, with the time between its reads.
#[derive(Default)]
struct Terminal {
    parser: Parser,
    now: u64,
}

impl Terminal {
    /// Reads these bytes after so many milliseconds.
    fn read(&mut self, after: u64, bytes: &[u8]) {
        let mut left = after;
        while let Some(patience) = self.parser.patience().filter(|patience| *patience <= left) {
            left -= patience;
            self.now += patience;
            self.parser.quiet();
        }
        self.now += left;
        self.parser.advance(bytes, self.now);
    }

    /// The events so far, after a pause.
    fn events(&mut self) -> Vec<Event> {
        self.read(10 * QUIET, b"");
        self.happened()
    }

    fn happened(&mut self) -> Vec<Event> {
        std::iter::from_fn(|| self.parser.next_event()).collect()
    }
}

fn read_at_once(bytes: &[u8]) -> Vec<Event> {
    let mut terminal = Terminal::default();
    terminal.read(0, bytes);
    terminal.events()
}

#[test]
fn keys_are_what_terminals_send_for_them() {
    for (bytes, wanted) in keys() {
        assert_eq!(read_at_once(bytes), [wanted], "{:?}", bytes.escape_ascii().to_string());
    }
}

/// Milliseconds between two reads: in time, a little late, and as late as a link that stalls.
const PAUSES: [u64; 6] = [5, 31, 99, 101, 400, 1_100];

#[test]
fn no_report_is_a_key_at_once_or_split_anywhere_or_with_any_pause() {
    for report in REPORTS {
        let name = report.escape_ascii().to_string();
        assert_eq!(read_at_once(report), [], "{name}");
        for (split, pause) in (1..report.len()).flat_map(|at| PAUSES.map(|pause| (at, pause))) {
            let mut terminal = Terminal::default();
            terminal.read(0, &report[..split]);
            terminal.read(pause, &report[split..]);
            let mut events = terminal.events();
            // A lone escape is the key, and what looks like a single key cannot be told from one.
            events.retain(|event| *event != key(KeyCode::Esc));
            let is_small = pause > 30 && is_one_key(&report[split..]);
            assert!(events.is_empty() || is_small, "{name} at {split} after {pause}: {events:?}");
        }
    }
}

#[test]
fn the_end_of_a_paste_is_never_a_key_however_late_it_is() {
    for (first, rest) in [
        (&b"\x1b[200~BK89421"[..], &b"q\x1b[201~"[..]),
        (b"\x1b[200~BK8", b"d\x1b[201~"),
        (b"\x1b[200~BK8\x1b[20", b"1~"),
        (b"\x1b[200~BK8\x1b", b"[201~"),
        (b"\x1b[200~BK8", b"\x1b[201~"),
    ] {
        for pause in PAUSES {
            let mut terminal = Terminal::default();
            terminal.read(0, first);
            terminal.read(pause, rest);
            terminal.read(pause, b"j");
            let mut events = terminal.events();
            assert_eq!(events.pop(), Some(key(KeyCode::Char('j'))), "{first:?} {rest:?}");
            assert!(events.iter().all(|event| matches!(event, Event::Paste(_))), "{events:?}");
        }
    }
}

#[test]
fn keys_that_are_let_go_or_pressed_with_a_foreign_modifier_are_none() {
    for bytes in
        [&b"\x1b[1;1:3B"[..], b"\x1b[3;1:3~", b"\x1b[106;1:3u", b"\x1b[100;9u", b"\x1b[1;9A"]
    {
        assert_eq!(read_at_once(bytes), [], "{:?}", bytes.escape_ascii().to_string());
    }
    let down = [key(KeyCode::Down)];
    assert_eq!(read_at_once(b"\x1b[1;1:1B"), down);
    assert_eq!(read_at_once(b"\x1b[1;65B"), down, "caps lock is on");
}

#[test]
fn a_string_whose_rest_is_late_is_still_no_key() {
    let mut terminal = Terminal::default();
    terminal.read(0, b"\x1bP>|WezTerm 2024");
    terminal.read(400, b"0203-110809-5046fc22\x1b\\");
    terminal.read(400, b"j");
    assert_eq!(terminal.events(), [key(KeyCode::Char('j'))]);
    terminal.read(0, b"\x1b]11;rgb:1e1e/1e1e/2e2e");
    terminal.read(400, b"\x1b\\");
    assert_eq!(terminal.events(), []);
    for part in [&b"\x1b]10;rgb:1e1e"[..], b"\x1b", b"\\"] {
        terminal.read(400, part);
    }
    assert_eq!(terminal.events(), [key(KeyCode::Esc)], "it cannot be told from the key");
    for part in [&b"\x1b[200~BK8\x1b[20"[..], b"1", b"~"] {
        terminal.read(400, part);
    }
    assert_eq!(terminal.events(), [Event::Paste("BK8".to_owned())]);
    let mut terminal = Terminal::default();
    terminal.read(0, b"\x1b[?2026");
    terminal.read(400, b";2$y");
    assert_eq!(terminal.events(), []);
}

#[test]
fn a_lone_escape_is_the_key_after_30_ms_and_an_arrow_split_before_is_an_arrow() {
    let mut terminal = Terminal::default();
    terminal.read(0, b"\x1b");
    terminal.read(29, b"[A");
    assert_eq!(terminal.happened(), [key(KeyCode::Up)]);
    terminal.read(0, b"\x1b");
    terminal.read(31, b"j");
    assert_eq!(terminal.happened(), [key(KeyCode::Esc), key(KeyCode::Char('j'))]);
    // Later than any terminal, but on a link that stalls: never `[` and `A` as keys.
    for (rest, meant) in [(&b"[A"[..], KeyCode::Up), (b"OP", KeyCode::F(1))] {
        terminal.read(0, b"\x1b");
        terminal.read(200, rest);
        assert_eq!(terminal.happened(), [key(KeyCode::Esc), key(meant)]);
    }
    // Keys pressed much later are keys, even if they arrive together.
    terminal.read(0, b"\x1b");
    terminal.read(15_000, b"[5");
    assert_eq!(terminal.happened().len(), 3);
    // Keys typed quickly after an escape are keys.
    terminal.read(0, b"\x1b");
    terminal.read(200, b"Paris");
    assert_eq!(terminal.happened().len(), 6);
    for (bytes, pressed) in [(&b"\x1b\x1b"[..], 2), (b"\x1b\x1b\x1b\x1b\x1b", 5)] {
        assert_eq!(read_at_once(bytes), vec![key(KeyCode::Esc); pressed]);
    }
}

#[test]
fn a_paste_in_pieces_is_pasted_and_nothing_of_it_is_a_key() {
    let mut terminal = Terminal::default();
    terminal.read(0, b"\x1b[200~BK1");
    terminal.read(20, b"23456\x1b[20");
    terminal.read(20, b"1~q");
    let pasted = Event::Paste("BK123456".to_owned());
    assert_eq!(terminal.events(), [pasted, key(KeyCode::Char('q'))]);
    let mut terminal = Terminal::default();
    terminal.read(0, b"\x1b[200~first line of a text ");
    terminal.read(500, b"q and its second one");
    terminal.read(500, b"\x1b[201~");
    terminal.read(0, b"j");
    let texts = ["first line of a text ", "q and its second one"];
    let mut wanted: Vec<Event> = texts.map(|text| Event::Paste(text.to_owned())).to_vec();
    wanted.push(key(KeyCode::Char('j')));
    assert_eq!(terminal.events(), wanted);
}

#[test]
fn what_never_ends_costs_no_memory_and_no_key() {
    for begin in [&b"\x1b]52;c;"[..], b"\x1bP", b"\x1b_", b"\x1b[200~", b"\x1b["] {
        let mut terminal = Terminal::default();
        terminal.read(0, begin);
        for _ in 0..500 {
            terminal.read(1, &[b'5'; LONGEST_READ]);
        }
        let held = format!("{:?}", terminal.parser).len();
        assert!(held < 500_000, "{held} bytes for {begin:?}");
        terminal.read(QUIET, b"j");
        let events = terminal.events();
        assert_eq!(events.last(), Some(&key(KeyCode::Char('j'))), "{begin:?}");
        assert!(events.len() <= 2);
    }
}

#[test]
fn a_key_that_is_held_while_a_string_has_no_end_acts_within_a_second() {
    let mut terminal = Terminal::default();
    terminal.read(0, b"\x1b]11;rgb:");
    for _ in 0..60 {
        terminal.read(33, b"j");
    }
    assert!(terminal.events().len() >= 25);
}

/// Bytes that a terminal may send, biased to those that mean something.
fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    let telling =
        proptest::sample::select(&b"\x1b\x1b\x1b[]OPX^_\\\x07\x18;?<>$~uM0123Aj\x9b\xc3"[..]);
    proptest::collection::vec(prop_oneof![telling, any::<u8>()], 0..60)
}

proptest! {
    #[test]
    fn keys_between_reports_are_the_keys_however_the_bytes_are_split(
        parts in proptest::collection::vec((any::<bool>(), 0usize..1_000), 1..20),
        sizes in proptest::collection::vec(1usize..12, 1..40),
    ) {
        let keys = keys();
        let mut bytes = Vec::new();
        let mut wanted = Vec::new();
        for (is_key, which) in parts {
            if is_key {
                let (sent, event) = &keys[which % keys.len()];
                bytes.extend_from_slice(sent);
                wanted.push(event.clone());
            } else {
                bytes.extend_from_slice(REPORTS[which % REPORTS.len()]);
            }
        }
        let mut terminal = Terminal::default();
        let mut sizes = sizes.into_iter().cycle();
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            let (read, left) = rest.split_at(sizes.next().unwrap().min(rest.len()));
            terminal.read(5, read);
            rest = left;
        }
        prop_assert_eq!(terminal.events(), wanted);
    }

    #[test]
    fn after_any_bytes_and_a_tenth_of_a_second_the_next_key_works(
        reads in proptest::collection::vec((0u64..120, any_bytes()), 0..12),
    ) {
        let mut terminal = Terminal::default();
        for (after, bytes) in reads {
            terminal.read(after, &bytes);
        }
        terminal.read(QUIET, b"");
        terminal.happened();
        for (sent, wanted) in keys() {
            terminal.read(QUIET, sent);
            if matches!(wanted, Event::Key(_)) {
                terminal.read(QUIET, b"");
                prop_assert_eq!(terminal.happened(), [wanted]);
            }
        }
    }
}

#[test]
fn the_answer_for_the_background_is_light_or_dark_and_anything_else_is_none() {
    let answer = |bytes: &[u8]| {
        let mut parser = Parser::default();
        parser.advance(bytes, 0);
        (parser.take_is_light(), parser.next_event())
    };
    for (bytes, is_light) in [
        (&b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\"[..], Some(true)),
        (b"\x1b]11;rgb:fd/f6/e3\x07", Some(true)),
        (b"\x1b]11;rgba:1e/1e/1e/ff\x07", Some(false)),
        (b"\x1b]11;rgb:0000/0000/0000\x1b\\", Some(false)),
        (b"\x1b]11;rgb:0/2b2b/36\x1b\\", Some(false)),
        (b"\x1b]11;rgb:ffff/ffff\x07", None),
        (b"\x1b]11;rgb:fffff/ffff/ffff\x07", None),
        (b"\x1b]11;rgb:ffffff/0/0\x07", None),
        (b"\x1b]11;rgb:fffffff/0/0\x07", None),
        (b"\x1b]11;rgb:ffffffffffffffffffffffff/0/0\x07", None),
        (b"\x1b]11;rgb:+fff/ffff/ffff\x07", None),
        (b"\x1b]11;rgb://\x07", None),
        (b"\x1b]11;#ffffff\x07", None),
        (b"\x1b]10;rgb:ffff/ffff/ffff\x07", None),
        (b"\x1bP11;rgb:ffff/ffff/ffff\x1b\\", None),
    ] {
        assert_eq!(answer(bytes), (is_light, None), "{}", bytes.escape_ascii());
    }
    // In two reads with a wait between, wherever it is cut: no key is pressed by its rest.
    let whole = b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\";
    for cut in 3..whole.len() {
        let mut parser = Parser::default();
        parser.advance(&whole[..cut], 0);
        parser.quiet();
        parser.advance(&whole[cut..], 200);
        assert_eq!((parser.take_is_light(), parser.next_event()), (Some(true), None), "{cut}");
    }
    let flood = [&b"\x1b]11;rgb:"[..], &b"f".repeat(90_000), b"/ffff/ffff\x07"].concat();
    assert_eq!(answer(&flood).0, None);
}
