//! Stands between a client and the sandbox, and remembers what went over the wire.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

/// A request and its answer, the names of headers in lower case.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) body: Vec<u8>,
}

impl Exchange {
    fn of(request: &str, answer: &[u8]) -> Self {
        let (line, headers) = head(request);
        let [method, target, _] = words(line);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let (line, answered) = head(std::str::from_utf8(&answer[..end]).unwrap());
        let content_type = answered.into_iter().find(|(name, _)| name == "content-type");
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
            status: words(line)[1].parse().unwrap(),
            content_type: content_type.map(|(_, value)| value).unwrap_or_default(),
            body: answer[end + 4..].to_vec(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

fn head(text: &str) -> (&str, Vec<(String, String)>) {
    let (line, rest) = text.split_once("\r\n").unwrap();
    let pairs = rest.lines().filter_map(|line| line.split_once(':'));
    (line, pairs.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())).collect())
}

fn words(line: &str) -> [&str; 3] {
    let words: Vec<&str> = line.splitn(3, ' ').collect();
    words.try_into().unwrap()
}

pub(crate) struct Recorder {
    port: u16,
    seen: UnboundedReceiver<Exchange>,
    task: JoinHandle<()>,
}

impl Recorder {
    /// Stands before the server with this base URL.
    pub(crate) async fn before(base: &str) -> Self {
        let server = base.split('/').nth(2).unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, seen) = unbounded_channel();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(relay(stream, server.clone(), sender.clone()));
            }
        });
        Self { port, seen, task }
    }

    /// A base URL of the server, by way of this recorder.
    pub(crate) fn by_way(&self, base: &str) -> String {
        let path: Vec<&str> = base.split('/').skip(3).collect();
        format!("http://127.0.0.1:{}/{}", self.port, path.join("/"))
    }

    /// What was exchanged since this was last asked.
    pub(crate) fn take(&mut self) -> Vec<Exchange> {
        std::iter::from_fn(|| self.seen.try_recv().ok()).collect()
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One request without a body, and its answer neither compressed nor followed by another.
async fn relay(mut client: TcpStream, server: String, seen: UnboundedSender<Exchange>) {
    let mut asked = Vec::new();
    while !asked.ends_with(b"\r\n\r\n") {
        if client.read_buf(&mut asked).await.unwrap_or(0) == 0 {
            return;
        }
    }
    let asked = String::from_utf8(asked).unwrap();
    let own =
        |line: &&str| !line.to_lowercase().starts_with("accept-encoding:") && !line.is_empty();
    let lines: Vec<&str> = asked.lines().filter(own).collect();
    let mut server = TcpStream::connect(server).await.unwrap();
    let sent = format!("{}\r\nConnection: close\r\n\r\n", lines.join("\r\n"));
    server.write_all(sent.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).await.unwrap();
    seen.send(Exchange::of(&asked, &answer)).unwrap();
    client.write_all(&answer).await.unwrap();
}
