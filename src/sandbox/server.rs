//! The server: accepts connections and sends replies.

use std::convert::Infallible;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::{BodyExt, Full, Limited};
use hyper::Response;
use hyper::body::Incoming;
use hyper::header::ACCEPT_ENCODING;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use super::fault::Reply;
use super::raw_reply::{Step, play};
use super::reply::HttpReply;
use super::site::{Site, header};

const BACKLOG: u32 = 1_024;
const SMALL: usize = 1024;
const LARGEST_BODY: usize = 64 * 1024;
const ABSENCE: Duration = Duration::from_secs(2);

/// Serves until the task is aborted; the connections end with it.
pub(super) async fn run(mut listener: TcpListener, site: Arc<Site>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = site.leaving.notified() => {
                connections.shutdown().await;
                listener = absent(listener, &site).await;
            }
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve(stream, Arc::clone(&site)));
                }
                // Probably out of file descriptors: try again later.
                Err(_) => sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Closes the port for some time, or until the fault ends, and then binds the same port again.
async fn absent(listener: TcpListener, site: &Site) -> TcpListener {
    let Ok(address) = listener.local_addr() else { return listener };
    drop(listener);
    let until = Instant::now() + ABSENCE;
    loop {
        match bound(address) {
            Ok(socket) => {
                tokio::select! {
                    () = sleep_until(until) => {}
                    () = site.healed.notified() => {}
                }
                if let Ok(listener) = socket.listen(BACKLOG) {
                    return listener;
                }
            }
            // An earlier connection still lingers.
            Err(_) => sleep(Duration::from_millis(20)).await,
        }
    }
}

fn bound(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// Serves one connection. A raw reply takes over the stream from the HTTP server, which keeps waiting.
async fn serve(stream: TcpStream, site: Arc<Site>) {
    drop(stream.set_nodelay(true));
    let (hand_over, mut raw_replies) = mpsc::channel::<Vec<Step>>(1);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let (site, hand_over) = (Arc::clone(&site), hand_over.clone());
        async move {
            let (parts, body) = request.into_parts();
            // Only the check of a tax number has a body; a longer body counts as empty.
            let body = Limited::new(body, LARGEST_BODY).collect().await;
            let body = body.map(http_body_util::Collected::to_bytes).unwrap_or_default();
            let request = hyper::Request::from_parts(parts, body);
            match site.reply(&request).await {
                Reply::Http(reply) => Ok::<_, Infallible>(respond(reply, &request)),
                Reply::Raw(steps) => {
                    drop(hand_over.send(steps).await);
                    std::future::pending().await
                }
            }
        }
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let steps = tokio::select! {
        // An error here means that the client disconnected early.
        _ended = &mut connection => return,
        Some(steps) = raw_replies.recv() => steps,
    };
    drop(play(steps, connection.into_parts().io.into_inner()).await);
}

fn respond(reply: HttpReply, request: &hyper::Request<Bytes>) -> Response<Full<Bytes>> {
    let mut response =
        Response::builder().status(reply.status).header("Content-Type", reply.content_type);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    let accepts = header(request, ACCEPT_ENCODING).split(',').any(|one| one.trim() == "gzip");
    let packed = (accepts && reply.body.len() > SMALL).then(|| gzip(&reply.body)).flatten();
    if packed.is_some() {
        response = response.header("Content-Encoding", "gzip").header("Vary", "Accept-Encoding");
    }
    // Fails only for an invalid header, and all headers here are valid.
    response.body(Full::from(packed.unwrap_or(reply.body))).unwrap_or_default()
}

fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}
