//! A loopback server of a few lines: it keeps what it was asked and writes the bytes it was given.

use std::time::Duration;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use valora::net::client::Client;
use valora::net::target::Target;
use valora::net::target::Token;

pub(crate) const TOKEN: &str = "vl_0123456789abcdefa1b2";

/// What the server does with a connection once it has read a request.
#[derive(Clone)]
pub(crate) enum Act {
    /// Writes these bytes and closes.
    Write(Vec<u8>),
    /// Closes with a reset.
    Reset,
    /// Writes these bytes, and then one byte after each such pause.
    Drip(Vec<u8>, Duration),
}

pub(crate) struct Server {
    pub(crate) port: u16,
    asked: UnboundedReceiver<String>,
}

impl Server {
    /// A server that does one act after another, the last one again and again.
    pub(crate) async fn new(acts: Vec<Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, asked) = unbounded_channel();
        tokio::spawn(serve(listener, acts, sender));
        Self { port, asked }
    }

    pub(crate) async fn saying(reply: impl Into<Vec<u8>>) -> Self {
        Self::new(vec![Act::Write(reply.into())]).await
    }

    pub(crate) fn client(&self) -> Client {
        client(&format!("http://127.0.0.1:{}/api/v1/c", self.port))
    }

    /// The head of the next request that came.
    pub(crate) async fn asked(&mut self) -> String {
        self.asked.recv().await.unwrap()
    }

    pub(crate) fn was_asked_more(&mut self) -> bool {
        self.asked.try_recv().is_ok()
    }
}

pub(crate) fn client(base: &str) -> Client {
    Client::new(Target::new(base, Token::new(TOKEN).unwrap()).unwrap()).unwrap()
}

/// A whole reply with a length.
pub(crate) fn reply(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{headers}\r\n{body}").into_bytes()
}

async fn serve(listener: TcpListener, acts: Vec<Act>, sender: UnboundedSender<String>) {
    let mut acts = acts.into_iter().peekable();
    while let Ok((mut stream, _)) = listener.accept().await {
        let Some(head) = read_head(&mut stream).await else { continue };
        let _ = sender.send(head);
        let act = acts.next().unwrap();
        if acts.peek().is_none() {
            acts = vec![act.clone()].into_iter().peekable();
        }
        tokio::spawn(perform(act, stream));
    }
}

/// A server that gives one reply to each request and ends no connection; returns its base URL and
/// how many connections were made.
pub(crate) async fn kept_alive(reply: Vec<u8>) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            let reply = reply.clone();
            tokio::spawn(async move {
                while read_head(&mut stream).await.is_some() {
                    stream.write_all(&reply).await.unwrap();
                }
            });
        }
    });
    (base, connections)
}

async fn perform(act: Act, mut stream: TcpStream) {
    match act {
        Act::Write(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Act::Reset => stream.set_zero_linger().unwrap(),
        Act::Drip(bytes, pause) => {
            let mut written = stream.write_all(&bytes).await;
            while written.is_ok() {
                tokio::time::sleep(pause).await;
                written = stream.write_all(b" ").await;
            }
        }
    }
}

async fn read_head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    String::from_utf8(head).ok()
}
