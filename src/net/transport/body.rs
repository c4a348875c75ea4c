//! The body of a reply: read in pieces up to a limit, and decompressed as one valid stream.

use std::io::{ErrorKind, Read};

use bytes::Bytes;
use flate2::bufread::GzDecoder;
use memmap2::MmapMut;
use reqwest::Response as HttpResponse;
use reqwest::header::CONTENT_ENCODING;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::spawn_blocking;

use crate::domain::watched::watched;
use crate::net::transport::TransportError;
use crate::net::transport::classify::classify;

/// The maximum bytes of a body, compressed and decompressed.
const LARGEST: usize = 8 * 1024 * 1024;
/// Bytes beyond which a body is larger than usual pages. Only one such body is in memory at a time.
const LARGE: usize = 1024 * 1024;
const PIECE: usize = 64 * 1024;
/// Compressed bytes from which a body is decompressed outside the async threads: it can take seconds.
const ASIDE: usize = 64 * 1024;
/// The maximum gzip streams in one body; servers send one.
const MOST_MEMBERS: usize = 16;

static LARGE_BODIES: Semaphore = Semaphore::const_new(1);

pub(in crate::net) async fn read(response: &mut HttpResponse) -> Result<Bytes, TransportError> {
    let packing = response.headers().get(CONTENT_ENCODING).cloned();
    let body = received(response).await?;
    match packing.as_ref().map(|packing| packing.as_bytes().to_ascii_lowercase()).as_deref() {
        None | Some(b"" | b"identity") => Ok(body.finish()),
        Some(b"gzip" | b"x-gzip") if body.as_ref().is_empty() => Ok(body.finish()),
        Some(b"gzip" | b"x-gzip") => Ok(unpacked(body).await?.finish()),
        Some(_) => Err(TransportError::Garbled),
    }
}

#[derive(Debug, Default)]
struct Body {
    bytes: Vec<u8>,
    large: Option<LargeBody>,
    turn: Option<SemaphorePermit<'static>>,
}

/// Mapped, not allocated, so that it is freed at once: an allocator would keep it for each thread.
#[derive(Debug)]
struct LargeBody {
    memory: MmapMut,
    length: usize,
    turn: Option<SemaphorePermit<'static>>,
}

impl LargeBody {
    fn extend(&mut self, piece: &[u8]) {
        let end = self.length + piece.len();
        if let Some(place) = self.memory.get_mut(self.length..end) {
            place.copy_from_slice(piece);
            self.length = end;
        }
    }
}

impl AsRef<[u8]> for LargeBody {
    fn as_ref(&self) -> &[u8] {
        self.memory.get(..self.length).unwrap_or_default()
    }
}

impl Body {
    async fn push(&mut self, piece: &[u8]) -> Result<(), TransportError> {
        let length = self.as_ref().len() + piece.len();
        if length > LARGEST {
            return Err(TransportError::TooLarge);
        }
        if length > LARGE && self.large.is_none() {
            let turn = match self.turn.take() {
                None => LARGE_BODIES.acquire().await.ok(),
                turn => turn,
            };
            // A system that cannot map 8 MiB has no room for such a body.
            let memory = MmapMut::map_anon(LARGEST).map_err(|_full| TransportError::TooLarge)?;
            let mut large = LargeBody { memory, length: 0, turn };
            large.extend(&std::mem::take(&mut self.bytes));
            self.large = Some(large);
        }
        match &mut self.large {
            Some(large) => large.extend(piece),
            None => self.bytes.extend_from_slice(piece),
        }
        Ok(())
    }

    fn finish(self) -> Bytes {
        self.large.map_or_else(|| self.bytes.into(), Bytes::from_owner)
    }
}

impl AsRef<[u8]> for Body {
    fn as_ref(&self) -> &[u8] {
        self.large.as_ref().map_or(&self.bytes, AsRef::as_ref)
    }
}

async fn received(response: &mut HttpResponse) -> Result<Body, TransportError> {
    let declared = response.content_length().and_then(|length| usize::try_from(length).ok());
    if declared.is_some_and(|length| length > LARGEST) {
        return Err(TransportError::TooLarge);
    }
    let bytes = Vec::with_capacity(declared.unwrap_or(0).min(LARGE));
    let mut body = Body { bytes, ..Body::default() };
    loop {
        match response.chunk().await {
            Ok(None) => return Ok(body),
            Ok(Some(piece)) => body.push(&piece).await?,
            Err(error) => return Err(classify(&error, TransportError::Truncated)),
        }
    }
}

/// Decompresses a body. Rejects a truncated stream and trailing bytes.
async fn unpacked(packed: Body) -> Result<Body, TransportError> {
    if packed.as_ref().len() < ASIDE {
        return unpacked_here(packed).await;
    }
    let runtime = Handle::current();
    let work = spawn_blocking(move || watched(|| runtime.block_on(unpacked_here(packed))));
    work.await.unwrap_or(Err(TransportError::Garbled))
}

async fn unpacked_here(mut packed: Body) -> Result<Body, TransportError> {
    let turn = packed.large.as_mut().and_then(|large| large.turn.take());
    let mut body = Body { turn, ..Body::default() };
    let packed = packed.as_ref();
    let mut left = packed;
    let mut piece = vec![0; PIECE];
    for member in 0..MOST_MEMBERS {
        if left.is_empty() {
            return Ok(body);
        }
        let mut stream = GzDecoder::new(left);
        loop {
            let count = stream.read(&mut piece).map_err(|error| {
                let is_cut = member == 0 && error.kind() == ErrorKind::UnexpectedEof;
                if is_cut { TransportError::Truncated } else { TransportError::Garbled }
            })?;
            if count == 0 {
                break;
            }
            body.push(piece.get(..count).unwrap_or_default()).await?;
        }
        left = stream.into_inner();
    }
    if left.is_empty() { Ok(body) } else { Err(TransportError::Garbled) }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::io::Write;
    use std::sync::mpsc::channel;
    use std::task::Poll;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use tokio::runtime::Builder;

    use super::*;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(text).unwrap();
        packer.finish().unwrap()
    }

    fn unpacked(packed: &[u8]) -> Result<Bytes, TransportError> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let packed = Body { bytes: packed.to_vec(), ..Body::default() };
        runtime.block_on(super::unpacked(packed)).map(Body::finish)
    }

    #[tokio::test]
    async fn memory_for_a_large_body_is_had_once_and_until_its_bytes_are_dropped() {
        let piece = vec![b' '; LARGE / 2];
        let (mut first, mut second) = (Body::default(), Body::default());
        for _ in 0..3 {
            first.push(&piece).await.unwrap();
        }
        for _ in 0..2 {
            second.push(&piece).await.unwrap();
        }
        let first = first.finish();
        let mut one_more = Box::pin(second.push(&piece));
        let soon = std::time::Duration::from_millis(50);
        assert!(tokio::time::timeout(soon, &mut one_more).await.is_err(), "two are large");
        let part = first.slice(..10);
        drop(first);
        assert!(tokio::time::timeout(soon, &mut one_more).await.is_err(), "a part is still used");
        drop(part);
        one_more.await.unwrap();
        assert_eq!(second.finish().len(), 3 * LARGE / 2);
    }

    #[test]
    fn a_stream_is_whole_and_ends_where_the_body_ends() {
        let whole = packed(b"{\"data\":[]}");
        assert_eq!(unpacked(&whole).unwrap(), "{\"data\":[]}");
        assert_eq!(
            unpacked(&[packed(b"{\"data\""), packed(b":[]}")].concat()).unwrap(),
            "{\"data\":[]}"
        );
        for behind in [&b"garbage behind the end"[..], b"{", &[0; 20]] {
            let packed = [&whole, behind].concat();
            assert_eq!(unpacked(&packed), Err(TransportError::Garbled), "{behind:?}");
        }
        assert_eq!(unpacked(&whole[..whole.len() - 1]), Err(TransportError::Truncated));
        assert_eq!(unpacked(b"plain text, longer than a header"), Err(TransportError::Garbled));
        assert_eq!(unpacked(&packed(&vec![b' '; LARGEST + 1])), Err(TransportError::TooLarge));
        assert_eq!(unpacked(&packed(&vec![b' '; LARGEST])).unwrap().len(), LARGEST);
    }

    #[test]
    fn a_body_of_more_streams_than_any_server_sends_is_refused_at_once() {
        let streams = |count: usize| [packed(b"[1]"), packed(b"").repeat(count - 1)].concat();
        assert_eq!(unpacked(&streams(MOST_MEMBERS)).unwrap(), "[1]");
        assert_eq!(unpacked(&streams(MOST_MEMBERS + 1)), Err(TransportError::Garbled));
    }

    #[test]
    fn a_packed_body_that_is_no_usual_page_leaves_the_async_thread_to_others() {
        let bytes: Vec<u8> = (0..2 * ASIDE).map(|_| fastrand::u8(..)).collect();
        let packed = Body { bytes: packed(&bytes), ..Body::default() };
        assert!(packed.bytes.len() > ASIDE);
        let one_thread = Builder::new_current_thread().max_blocking_threads(1).build().unwrap();
        one_thread.block_on(async {
            // Occupies the only blocking thread, so that nothing is unpacked before the first poll.
            let (release, blocked) = channel::<()>();
            let blocking = spawn_blocking(move || blocked.recv());
            let mut work = Box::pin(super::unpacked(packed));
            let is_aside = poll_fn(|context| Poll::Ready(work.as_mut().poll(context).is_pending()));
            assert!(is_aside.await, "it was unpacked where others wait");
            release.send(()).unwrap();
            blocking.await.unwrap().unwrap();
            assert_eq!(work.await.unwrap().finish(), bytes);
        });
    }
}
