//! Prints what valora reaches, beside what it is to reach: `cargo bench --bench reach`. The release
//! binary in a pseudo-terminal of 160x45, real HTTP to a sandbox in a process of its own.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a failed measurement has no figure"
)]
#![expect(clippy::disallowed_methods, reason = "it measures time")]

#[path = "reach/build.rs"]
mod build;
#[path = "reach/client.rs"]
mod client;
#[path = "reach/customers.rs"]
mod customers;
#[path = "reach/far.rs"]
mod far;
#[path = "reach/hostile.rs"]
mod hostile;
#[path = "reach/search.rs"]
mod search;
#[path = "reach/server.rs"]
mod server;
#[path = "reach/terminal.rs"]
mod terminal;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use terminal::{Server, Terminal, median};
use valora::filter::ListQuery;
use valora::list::Spec;
use valora::list::shape::Shapes;
use valora::net::envelope;
use valora::net::request::Request;
use valora::net::transport::Reply;

/// One line of the table.
struct Line {
    what: &'static str,
    target: &'static str,
    measured: String,
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, mode, url, token] = arguments.as_slice()
        && mode == "client"
    {
        return client::run(url, token);
    }
    let mut lines = Vec::new();
    let mut add = |what, target, measured: String| {
        eprintln!("{what}: {measured}");
        lines.push(Line { what, target, measured });
    };
    let parts: [(&str, Part); 3] =
        [("customers", customers::measure), ("far", far::measure), ("build", build::measure)];
    if let Some((_, part)) = parts.iter().find(|(name, _)| arguments.iter().any(|it| it == name)) {
        return part(&mut add);
    }
    starts(&mut add);
    keys(&mut add);
    far::measure(&mut add);
    idle(&mut add);
    many_rows(&mut add);
    many_penalties(&mut add);
    hostile_pages(&mut add);
    customers::measure(&mut add);
    decode(&mut add);
    ends(&mut add);
    // It takes ten minutes.
    if !arguments.iter().any(|argument| argument == "no-build") {
        build::measure(&mut add);
    }
    println!("{}\n", machine());
    println!("| | to reach | measured | peers |\n|---|---|---|---|");
    for Line { what, target, measured } in lines {
        let peers = PEERS.iter().find(|(line, _)| what.starts_with(line));
        println!("| {what} | {target} | {measured} | {} |", peers.map_or("", |(_, peers)| peers));
    }
}

/// What others reach with a table of the same ten columns, by the beginning of the line; measured
/// once on such a machine, in the same terminal.
const PEERS: [(&str, &str); 7] = [
    (
        "rows on the screen, first",
        "less 6 ms · pspg 50 ms · csvlens 272 ms · visidata 314 ms (from a file)",
    ),
    (
        "bytes: cursor",
        "less 140 · pspg 675 · csvlens 503; page: less 4,500 · fzf 5,900 · csvlens 9,400",
    ),
    ("200 x down", "less 28 KB · pspg 123 KB · csvlens 1.47 MB and 301 ms CPU"),
    ("idle for 10 s with", "less 0 · csvlens 40 · visidata 0 · fzf 546 wake-ups"),
    ("sort 100,000", "tabiew 49 ms · pspg 181 ms · csvlens 253 ms · visidata 333 ms"),
    ("every later key", "fzf 16 ms · visidata 135 ms · csvlens 258 ms · hledger-ui 501 ms"),
    (
        "peak memory: 1,000",
        "100,000: less 2.6 MB · csvlens 17 MB · fzf 66 MB · tabiew 82 MB · visidata 125 MB",
    ),
];

/// What it was measured on.
fn machine() -> String {
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let processors = read("/proc/cpuinfo");
    let models = || processors.lines().filter_map(|line| line.strip_prefix("model name"));
    let model = models().next().map_or("", |model| model.trim_start_matches([' ', '\t', ':']));
    let release = read("/proc/sys/kernel/osrelease");
    format!("{} x {model}, Linux {}", models().count(), release.trim())
}

/// What measures a part.
type Part = fn(Add<'_>);

/// Takes a line: what, the target, what was measured.
type Add<'a> = &'a mut dyn FnMut(&'static str, &'static str, String);

fn in_ms(time: Duration) -> String {
    let tenths = time.as_micros() / 100;
    format!("{}.{} ms", tenths / 10, tenths % 10)
}

fn times(count: usize, measure: impl FnMut() -> Duration) -> String {
    in_ms(median(std::iter::repeat_with(measure).take(count).collect()))
}

fn starts(add: Add<'_>) {
    let server = Server::start(&["--rows", "10000", "--limit", "0"]);
    let first = times(15, || Terminal::start(&server).time_to(b"Transactions"));
    add("first frame (chrome, empty table)", "15 ms", first);
    let rows = times(15, || Terminal::start(&server).time_to(b"row 1 of"));
    add("rows on the screen, first page over loopback HTTP", "40 ms", rows);
    // The one of this program answers nothing, so that the first frame above is that of such a one.
    let told = "0: valora queries it after that, and does not wait".to_owned();
    add("a terminal that answers no query: first frame later by", "20 ms", told);
    let demo = times(9, || Terminal::run(&["demo"], &[]).time_to(b"row 1 of"));
    add("rows on the screen of `demo`, with its server", "80 ms", demo);
}

fn keys(add: Add<'_>) {
    let server = Server::start(&["--rows", "10000", "--limit", "0"]);
    let mut terminal = Terminal::start(&server);
    terminal.wait_for(b"row 1 of");
    terminal.rest();
    for _ in 0..30 {
        terminal.press("\x1b[6~");
        terminal.rest();
    }
    for key in ["2", "1", "g"] {
        terminal.press(key);
        terminal.rest();
    }
    let mut each = |keys: &[&str], count: usize| {
        let pressed = keys.iter().cycle().take(count).map(|key| terminal.press(key));
        let (bytes, times): (Vec<_>, Vec<_>) = pressed.unzip();
        (median(bytes), in_ms(median(times)))
    };
    let cursor = each(&["j", "j", "k"], 60);
    let page = each(&["\x1b[6~"], 16);
    let tab = each(&["2", "1"], 20);
    let scroll = each(&["G", "g"], 2);
    assert!(scroll.0 > 0, "the table has more than a screen");
    let scrolled: Vec<_> = (0..80).map(|_| each(&["j"], 1).0).collect();
    let nothing = (each(&["g"], 1), each(&["k", "\x1b[1;5P"], 2)).1.0;
    let refresh: Vec<usize> = (0..5).map(|_| each(&["r"], 1).0).collect();
    add(
        "key to complete frame: cursor, page, loaded tab",
        "1 / 2.5 / 2.5 ms",
        format!("{} / {} / {}", cursor.1, page.1, tab.1),
    );
    add(
        "bytes: cursor move · scroll by one row · page · tab switch",
        "400 · 550 · 5,500 · 6,500",
        format!("{} · {} · {} · {}", cursor.0, median(scrolled), page.0, tab.0),
    );
    add(
        "bytes: a key that changes nothing, a refresh that changed nothing",
        "0",
        format!("{nothing}, {}", median(refresh)),
    );
    held(&mut terminal, add);
}

/// A key that is held down, at the rate at which keyboards repeat.
fn held(terminal: &mut Terminal, add: Add<'_>) {
    terminal.press("g");
    let before = terminal.processor_time();
    let (mut bytes, mut behind) = (0, Vec::new());
    for _ in 0..200 {
        let due = Instant::now() + Duration::from_millis(33);
        let (written, time) = terminal.press_within("j", Duration::from_millis(20));
        bytes += written;
        behind.push(time);
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
    }
    let spent = terminal.processor_time().saturating_sub(before);
    add(
        "200 x down held at 30 Hz over 10,000 rows",
        "80 KB, 2 ms behind, 230 ms CPU",
        format!(
            "{}.{} KB, {} behind, {} ms CPU",
            bytes / 1_000,
            bytes / 100 % 10,
            in_ms(median(behind)),
            spent.as_millis()
        ),
    );
}

fn idle(add: Add<'_>) {
    let server = Server::start(&["--limit", "0"]);
    let mut terminal = Terminal::start(&server);
    terminal.wait_for(b"row 1 of");
    terminal.rest();
    let (sleeps, spent) = (terminal.sleeps(), terminal.processor_time());
    std::thread::sleep(Duration::from_secs(10));
    let measured = format!(
        "{} wake-ups, {} bytes, {} ms CPU",
        terminal.sleeps_since(&sleeps),
        terminal.rest(),
        terminal.processor_time().saturating_sub(spent).as_millis()
    );
    add("idle for 10 s with rows on the screen", "0 wake-ups, 0 bytes, 0 CPU", measured);
}

/// All rows, fetched by pages without a pace by the same loop in a process of its own.
fn many_rows(add: Add<'_>) {
    let mut peaks = Vec::new();
    for rows in ["1000", "10000", "100000"] {
        let server = Server::start(&["--rows", rows, "--limit", "0"]);
        let mut terminal = Terminal::client(&server);
        terminal.wait_for(b"row 1 of");
        let took = fetch_all(&mut terminal);
        peaks.push(format!("{} MB", terminal.peak_kilobytes() / 1_000));
        if rows == "100000" {
            add("all 100,000 rows from the sandbox without a limit", "4 s", in_ms(took));
            sort_and_search(&mut terminal, add);
        }
    }
    let target = "12 · 15 · 40 MB";
    add("peak memory: 1,000 · 10,000 · 100,000 transactions", target, peaks.join(" · "));
}

/// The records with the most fields: all of 100,000 penalties.
fn many_penalties(add: Add<'_>) {
    const TOTAL: usize = 100_000;
    let row = |id: usize| {
        format!(
            r#"{{"id":"{id:08}-0000-4000-8000-{id:012}","booking_id":"BK{:06}","status":"notify","due_date":"2026-03-{:02}","amount":{},"amount_eur":{},"currency":"EUR","invoice_number":"PEN-2026-{id:06}","settled_booking":null,"final_amount":{},"original_booking_amount":{},"rate_to_eur":"1.0000000000","timestamp_notify":"2026-01-20T09:00:00Z","timestamp_paid":null,"timestamp_waived":null,"timestamp_settled":null,"cancelled_on":null,"link_view":"https://valora.spotahome.com/documents/{id}/view","link_download":"https://valora.spotahome.com/documents/{id}/download"}}"#,
            id * 7 % 900_000,
            id % 28 + 1,
            id * 31 % 90_000 + 500,
            id * 31 % 90_000 + 500,
            id * 17 % 60_000,
            id * 13 % 120_000,
        )
    };
    let url = server::answering(move |asked| {
        let (number, per_page) =
            (server::parameter(asked, "page"), server::parameter(asked, "per_page"));
        let first = (number - 1) * per_page;
        let rows: Vec<String> = (first..(first + per_page).min(TOTAL)).map(row).collect();
        server::page(&rows.join(","), number, per_page, TOTAL)
    });
    let mut terminal = Terminal::client_of(&url, "t");
    terminal.wait_for(b"row 1 of");
    terminal.rest();
    terminal.press("4");
    fetch_all(&mut terminal);
    let peak = format!("{} MB", terminal.peak_kilobytes() / 1_000);
    add("peak memory: 100,000 penalties with all their fields", "80 MB", peak);
}

fn fetch_all(terminal: &mut Terminal) -> Duration {
    terminal.rest();
    terminal.press("L");
    let began = Instant::now();
    terminal.type_keys("y");
    terminal.wait_for(b"are loaded.");
    let took = began.elapsed();
    terminal.rest();
    terminal.press("g");
    took
}

fn sort_and_search(terminal: &mut Terminal, add: Add<'_>) {
    let sorted = |terminal: &mut Terminal| {
        let each = (0..5).map(|_| {
            let (_, time) = terminal.press_within("S", Duration::from_millis(300));
            time
        });
        in_ms(median(each.collect()))
    };
    let by_text = sorted(terminal);
    terminal.press("l");
    terminal.press("l");
    let by_amount = sorted(terminal);
    let target = "20 · 50 ms";
    add(
        "sort 100,000 rows, frame included: by amount · by text",
        target,
        format!("{by_amount} · {by_text}"),
    );
    search::measure(terminal, add);
}

/// The pages of 8 MiB that cost most to take.
fn hostile_pages(add: Add<'_>) {
    let each = hostile::PAGES.map(|(name, rows)| {
        let longest = median((0..3).map(|_| hostile::longest_wait(&rows())).collect());
        format!("{name} {}", in_ms(longest))
    });
    let what = "longest wait of a key while a hostile page of 8 MiB arrives";
    add(what, "50 ms", each.join(" · "));
}

fn decode(add: Add<'_>) {
    let server = Server::start(&["--rows", "10000", "--limit", "0"]);
    let request = Request::List(ListQuery::new(Spec::named("transactions").unwrap()).page(1, 500));
    let body = server.get("transactions?page=1&per_page=500");
    let reply = Reply { status: 200, body: body.into(), ..Reply::default() };
    let time = times(51, || {
        let began = Instant::now();
        envelope::read(&request, &reply, &Shapes::default()).unwrap();
        began.elapsed()
    });
    add("decode one page of 500 rows (typed, extras kept)", "3 ms", time);
}

fn ends(add: Add<'_>) {
    let server = Server::start(&["--limit", "0"]);
    let mut each = Vec::new();
    for end in [None, Some(Signal::TERM), Some(Signal::HUP), Some(Signal::INT)] {
        let mut terminal = Terminal::start(&server);
        terminal.wait_for(b"row 1 of");
        terminal.rest();
        each.push(in_ms(terminal.end(end)));
    }
    add("quit, SIGTERM, SIGHUP, SIGINT", "20 ms", each.join(" · "));
}

impl Server {
    /// The body of the answer to a plain request.
    fn get(&self, path_and_query: &str) -> Vec<u8> {
        let (_, rest) = self.base_url.split_once("//").unwrap();
        let (host, base) = rest.split_once('/').unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        write!(
            stream,
            "GET /{}/{path_and_query} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\n\
             Accept: application/json\r\n\
             Connection: close\r\n\r\n",
            base.trim_end_matches('/'),
            self.token
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
        answer.split_off(head + 4)
    }
}
