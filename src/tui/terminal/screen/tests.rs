//! For any frames, the bytes make an emulator show the last one, whatever it showed before.

use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::style::{Color, Modifier, Style};

use crate::tui::terminal::screen::*;

const SIZE: (u16, u16) = (44, 12);

/// Letters on whose width every terminal agrees.
const PLAIN: [&str; 7] =
    ["BK100234", "EUR 1,234.50", "李小龍", "Zoë Łu", "▌ │·", "     ", "Ωя▲ 서"];
/// Letters on which they do not.
const CONTESTED: [&str; 5] =
    ["விஜய் குமார்", "प्रिया वर्मा", "ณัฐพร ศรีสุข", "👩‍👩‍👧‍🏳️‍🌈", "e\u{301}a\u{300}\u{301}"];
const COLORS: [Color; 7] = [
    Color::Reset,
    Color::Reset,
    Color::Cyan,
    Color::DarkGray,
    Color::White,
    Color::Indexed(208),
    Color::Rgb(1, 2, 3),
];
const MODIFIERS: [Modifier; 8] = [
    Modifier::empty(),
    Modifier::empty(),
    Modifier::BOLD,
    Modifier::DIM,
    Modifier::UNDERLINED,
    Modifier::REVERSED,
    Modifier::ITALIC,
    Modifier::BOLD.union(Modifier::ITALIC).union(Modifier::UNDERLINED),
];

/// A text somewhere on the screen: column, row, which text, letters, ground, modifier.
type Part = (u16, u16, usize, usize, usize, usize);

fn parts(texts: usize) -> impl Strategy<Value = Vec<Part>> {
    let part = (0..SIZE.0, 0..SIZE.1, 0..texts, 0usize..7, 0usize..7, 0usize..8);
    proptest::collection::vec(part, 0..40)
}

fn style(fg: usize, bg: usize, modifier: usize) -> Style {
    // Most cells have the terminal's own background.
    let bg = if bg < 5 { Color::Reset } else { COLORS[bg] };
    Style::new().fg(COLORS[fg]).bg(bg).add_modifier(MODIFIERS[modifier])
}

fn put(buffer: &mut Buffer, parts: &[Part], texts: &[&str]) {
    for (x, y, text, fg, bg, modifier) in parts {
        let room = usize::from(buffer.area.width - x);
        // The emulator takes bold and dim for one or the other.
        let style = style(*fg, *bg, *modifier);
        for reached in *x..buffer.area.width {
            buffer[(reached, *y)].modifier = Modifier::empty();
        }
        buffer.set_stringn(*x, *y, texts[text % texts.len()], room, style);
    }
    blank_split_wide_cells(buffer);
}

/// Rows of a table that was scrolled so far, with the cursor in a row.
fn table(buffer: &mut Buffer, top: u16, cursor: u16) {
    for y in 1..buffer.area.height - 1 {
        let row = top + y;
        let style = if y == cursor { Style::new().bold().cyan() } else { Style::new() };
        buffer.set_string(2, y, format!("BK{row:06}"), style);
        let name = PLAIN[usize::from(row) % PLAIN.len()];
        buffer.set_string(14, y, format!("{name} {}", u32::from(row) * 7919), Style::new());
        buffer.set_string(0, y, if y == cursor { "▌" } else { " " }, style);
    }
}

fn blank() -> Buffer {
    Buffer::empty(Rect::new(0, 0, SIZE.0, SIZE.1))
}

/// The bytes of each of these frames.
fn written(frames: &[Buffer]) -> Vec<Vec<u8>> {
    let mut terminal = Terminal::new(Screen::new(Vec::new(), SIZE)).unwrap();
    let each = frames.iter().map(|wanted| {
        let draw = |frame: &mut ratatui::Frame<'_>| frame.buffer_mut().clone_from(wanted);
        terminal.draw(draw).unwrap();
        std::mem::take(&mut terminal.backend_mut().out)
    });
    each.collect()
}

fn emulated(frames: &[Buffer]) -> vt100::Parser {
    let (columns, rows) = SIZE;
    let mut terminal = vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0);
    for bytes in written(frames) {
        terminal.process(&bytes);
    }
    terminal
}

fn color(color: Color) -> vt100::Color {
    let bright = |number: u8| vt100::Color::Idx(8 + number);
    match color {
        Color::Reset => vt100::Color::Default,
        Color::Cyan => vt100::Color::Idx(6),
        Color::DarkGray => bright(0),
        Color::White => bright(7),
        Color::Indexed(number) => vt100::Color::Idx(number),
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
        other => panic!("{other} is not drawn here"),
    }
}

/// Whether the emulator shows this buffer, letters and styles.
fn assert_shows(terminal: &vt100::Parser, wanted: &Buffer) {
    let columns = usize::from(wanted.area.width);
    for (y, row) in (0u16..).zip(wanted.content.chunks(columns)) {
        for (x, cell) in (0u16..).zip(glyph::letters(row)) {
            let here = terminal.screen().cell(y, x).unwrap();
            let Some(cell) = cell else {
                assert!(here.is_wide_continuation(), "{x},{y} is the half of a letter");
                continue;
            };
            let shown = if here.has_contents() { here.contents() } else { " " };
            assert_eq!(shown, cell.symbol(), "{x},{y}");
            let has = |modifier| cell.modifier.contains(modifier);
            let attributes = (here.underline(), here.inverse(), here.bgcolor());
            let expected = (has(Modifier::UNDERLINED), has(Modifier::REVERSED), color(cell.bg));
            assert_eq!(attributes, expected, "{x},{y} {cell:?}");
            let is_seen = cell.symbol() != " " || attributes.0 || attributes.1;
            if is_seen {
                let ink = (here.bold(), here.dim(), here.italic(), here.fgcolor());
                let modifiers = [Modifier::BOLD, Modifier::DIM, Modifier::ITALIC].map(has);
                let expected = (modifiers[0], modifiers[1], modifiers[2], color(cell.fg));
                assert_eq!(ink, expected, "{x},{y} {cell:?}");
            }
        }
    }
}

proptest! {
    #[test]
    fn the_bytes_lead_from_any_frame_to_any_other(
        frames in proptest::collection::vec(parts(PLAIN.len()), 1..5)
    ) {
        let frames: Vec<Buffer> = frames.iter().map(|parts| {
            let mut frame = blank();
            put(&mut frame, parts, &PLAIN);
            frame
        }).collect();
        assert_shows(&emulated(&frames), frames.last().unwrap());
    }

    #[test]
    fn a_table_that_moves_is_whole_whatever_lies_around_it(
        moves in proptest::collection::vec((0u16..24, 0u16..14), 2..6), around in parts(PLAIN.len())
    ) {
        let frames: Vec<Buffer> = moves.iter().map(|(top, cursor)| {
            let mut frame = blank();
            table(&mut frame, *top, *cursor);
            put(&mut frame, &around[..around.len().min(5)], &PLAIN);
            frame
        }).collect();
        assert_shows(&emulated(&frames), frames.last().unwrap());
    }

    /// The emulator takes every character by itself, as some terminals do.
    #[test]
    fn nothing_is_left_of_an_earlier_frame(
        earlier in parts(CONTESTED.len()), later in parts(CONTESTED.len())
    ) {
        let frame = |parts: &[Part]| {
            let mut frame = blank();
            // Near the right edge, such a terminal continues in the next line.
            let parts: Vec<Part> = parts.iter().take(8).map(|part| (part.0 / 2, part.1, part.2, part.3, part.4, part.5)).collect();
            put(&mut frame, &parts, &CONTESTED);
            frame
        };
        let (earlier, later) = (frame(&earlier), frame(&later));
        let shown = |frames: &[Buffer]| -> Vec<String> {
            let contents = emulated(frames).screen().contents();
            contents.lines().map(|line| line.trim_end().to_owned()).collect()
        };
        prop_assert_eq!(shown(&[earlier.clone(), blank()]), shown(&[blank()]));
        prop_assert_eq!(shown(&[earlier, later.clone()]), shown(&[later]));
    }
}

/// Letters that terminals count differently, one code point each: a half-width mark, a keycap's
/// parts, emoji of several years, letters that Unicode 16 made wide, jamo, marks without a base.
const COUNTED_DIFFERENTLY: &str = "\u{FF9E}\u{FF9F}\u{20E3}\u{FE0F}\u{1F3E0}\u{1FAE9}\u{1F6D8}\u{231A}\u{2615}\u{2630}\u{4DC0}\u{1160}\u{0301}\u{0E31}\u{0903}\u{2E3B}\u{FDFD}\u{0600}\u{1F1EA}";

#[test]
fn a_terminal_that_counts_a_letter_otherwise_keeps_nothing_of_the_record_before() {
    let frame = |letter: char, amount: &str| {
        let mut frame = blank();
        for y in 0..SIZE.1 {
            frame.set_string(0, y, format!("BK{y:04}"), Style::new());
            frame.set_string(8, y, format!("Ana{letter}Ruiz {letter}"), Style::new());
            frame.set_string(24, y, format!("{amount:>12} EUR"), Style::new());
        }
        blank_split_wide_cells(&mut frame);
        frame
    };
    for letter in COUNTED_DIFFERENTLY.chars() {
        let frames = [('u', "1,234,567.89"), (letter, "5.00"), ('u', ""), (letter, "98,765.43")]
            .map(|(letter, amount)| frame(letter, amount));
        // What a terminal takes the letter for: nothing, one cell, two cells.
        for counted in ["", "x", "李"] {
            let shown = |frames: &[Buffer]| {
                let (columns, rows) = SIZE;
                let mut terminal =
                    vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0);
                for bytes in written(frames) {
                    let text = String::from_utf8(bytes).unwrap();
                    terminal.process(text.replace(letter, counted).as_bytes());
                }
                terminal.screen().contents()
            };
            let name = format!("{letter:?} as {counted:?}");
            assert_eq!(shown(&frames), shown(&frames[3..]), "{name}");
            assert_eq!(shown(&frames).matches("   98,765.43 EUR").count(), 12, "{name}");
        }
    }
}

#[test]
fn letters_that_valora_draws_with_are_settled_and_those_that_terminals_count_differently_are_not() {
    let is_contested = |letter: char| {
        let mut cell = Cell::default();
        cell.set_char(letter);
        glyph::is_contested(&cell)
    };
    for letter in "▌│─┌┐└┘├┤▼▲▽△…‹›·✓✗→←≥≤█▄▏éÑłŽüßаяΩ李서ガｶ€£’“–—•".chars()
    {
        assert!(!is_contested(letter), "{letter}");
    }
    for letter in COUNTED_DIFFERENTLY.chars() {
        assert!(is_contested(letter), "{letter:?}");
    }
}

#[test]
fn the_same_frame_again_is_nothing_at_all() {
    let mut frame = blank();
    table(&mut frame, 0, 3);
    let bytes = written(&[frame.clone(), frame.clone(), frame]);
    assert_eq!(bytes.iter().map(Vec::is_empty).collect::<Vec<_>>(), [false, true, true]);
}

#[test]
fn a_row_scrolled_by_the_terminal_costs_itself_and_the_cursor() {
    for (top, cursor) in [(1, SIZE.1 - 2), (7, 5)] {
        let (mut before, mut after) = (blank(), blank());
        table(&mut before, top, cursor);
        table(&mut after, top + 1, cursor);
        let bytes = written(&[before.clone(), after.clone(), before]);
        let text = |at: usize| String::from_utf8_lossy(&bytes[at]).into_owned();
        assert!(text(1).contains("r\x1b[S\x1b[r"), "{:?}", text(1));
        assert!(text(2).contains("r\x1b[T\x1b[r"), "{:?}", text(2));
        assert!(bytes[1].len() < 120 && bytes[2].len() < 120, "{:?}", [text(1), text(2)]);
    }
}

#[test]
fn only_large_frames_carry_the_marks_of_a_synchronised_update() {
    let (mut small, mut large) = (blank(), blank());
    small.set_string(0, 0, "small", Style::new());
    (0..SIZE.1).for_each(|y| large.set_string(0, y, "x".repeat(44), Style::new()));
    let bytes = written(&[small, large]);
    assert_eq!(bytes[0], b"\x1b[Hsmall");
    assert!(bytes[1].starts_with(BEGIN.as_bytes()) && bytes[1].ends_with(END.as_bytes()));
}

#[test]
fn the_cursor_is_shown_where_something_is_typed_and_hidden_again() {
    let mut terminal = Terminal::new(Screen::new(Vec::new(), SIZE)).unwrap();
    terminal.draw(|frame| frame.set_cursor_position((3, 4))).unwrap();
    assert_eq!(std::mem::take(&mut terminal.backend_mut().out), b"\x1b[5;4H\x1b[?25h");
    terminal.draw(|frame| frame.set_cursor_position((3, 4))).unwrap();
    assert_eq!(std::mem::take(&mut terminal.backend_mut().out), b"");
    terminal.draw(|_| {}).unwrap();
    assert_eq!(std::mem::take(&mut terminal.backend_mut().out), b"\x1b[?25l");
}

#[test]
fn a_terminal_that_claims_to_be_enormous_is_drawn_in_part() {
    let screen = Screen::new(Vec::new(), (60_000, 60_000));
    assert_eq!((screen.shown.area.width, screen.shown.area.height), LARGEST);
    assert_eq!(clamp_size((80, 24)), (80, 24));
    for size in [(0, 0), (1, 1), (0, 9)] {
        let mut terminal = Terminal::new(Screen::new(Vec::new(), size)).unwrap();
        terminal.draw(|frame| blank_split_wide_cells(frame.buffer_mut())).unwrap();
    }
}

#[test]
fn a_popup_over_half_a_wide_letter_has_its_border() {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 9, 1));
    buffer.set_string(0, 0, "李小龍", Style::new());
    buffer.set_string(3, 0, "│", Style::new());
    buffer.set_string(8, 0, "李", Style::new());
    blank_split_wide_cells(&mut buffer);
    let symbols: Vec<_> = buffer.content.iter().map(Cell::symbol).collect();
    assert_eq!(symbols, ["李", " ", " ", "│", "龍", " ", " ", " ", " "]);
}
