//! A server that answers whatever the measurement wants, as fast as it can.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

/// Starts it; `answer` makes a body of the path and query that are asked. Gives its base URL.
pub(crate) fn answering(answer: impl Fn(&str) -> Arc<str> + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            let answer = Arc::clone(&answer);
            std::thread::spawn(move || serve(&stream, &*answer));
        }
    });
    url
}

fn serve(mut stream: &TcpStream, answer: &impl Fn(&str) -> Arc<str>) {
    let mut lines = BufReader::new(stream).lines();
    while let Some(Ok(request)) = lines.next() {
        while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
        let body = answer(request.split(' ').nth(1).unwrap_or_default());
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length:";
        if write!(stream, "{head} {}\r\n\r\n{body}", body.len()).is_err() {
            return;
        }
    }
}

/// One page of a list.
pub(crate) fn page(rows: &str, number: usize, per_page: usize, total: usize) -> Arc<str> {
    let last = total.div_ceil(per_page);
    let (from, to) = ((number - 1) * per_page + 1, (number * per_page).min(total));
    format!(
        r#"{{"message":"","pagination":{{"total":{total},"per_page":{per_page},"current_page":{number},"last_page":{last},"from":{from},"to":{to}}},"data":[{rows}]}}"#
    )
    .into()
}

/// The number that a parameter of a query has.
pub(crate) fn parameter(path_and_query: &str, name: &str) -> usize {
    let query = path_and_query.split_once('?').map_or("", |(_, query)| query);
    let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    value.and_then(|value| value.parse().ok()).unwrap_or(1)
}
