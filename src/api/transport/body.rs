//! The body of a reply: read piece by piece up to a limit, and unpacked as one sound stream.

use std::io::{ErrorKind, Read};

use bytes::{Bytes, BytesMut};
use flate2::bufread::GzDecoder;
use reqwest::Response;
use reqwest::header::CONTENT_ENCODING;

use super::TransportError;
use super::classify::classify;

/// Bytes of a body, packed and unpacked (reliability, "HTTP").
const LARGEST: usize = 8 * 1024 * 1024;

/// Reads the body and unpacks it; stops at the limit, whatever its length was said to be.
pub(super) async fn read(response: &mut Response) -> Result<Bytes, TransportError> {
    let packing = response.headers().get(CONTENT_ENCODING).cloned();
    let body = received(response).await?;
    match packing.as_ref().map(|packing| packing.as_bytes().to_ascii_lowercase()).as_deref() {
        None | Some(b"" | b"identity") => Ok(body),
        Some(b"gzip" | b"x-gzip") if body.is_empty() => Ok(body),
        Some(b"gzip" | b"x-gzip") => unpacked(&body),
        Some(_) => Err(TransportError::Garbled),
    }
}

async fn received(response: &mut Response) -> Result<Bytes, TransportError> {
    let declared = response.content_length().and_then(|length| usize::try_from(length).ok());
    if declared.is_some_and(|length| length > LARGEST) {
        return Err(TransportError::TooLarge);
    }
    let mut body = BytesMut::with_capacity(declared.unwrap_or(0));
    loop {
        match response.chunk().await {
            Ok(None) => return Ok(body.freeze()),
            Ok(Some(piece)) if body.len() + piece.len() <= LARGEST => {
                body.extend_from_slice(&piece);
            }
            Ok(Some(_)) => return Err(TransportError::TooLarge),
            Err(error) => return Err(classify(&error, TransportError::Truncated)),
        }
    }
}

/// Unpacks gzip. What follows its end, or is missing before it, is refused: part of an answer that
/// looks whole would be taken for all of it.
fn unpacked(packed: &[u8]) -> Result<Bytes, TransportError> {
    let mut body = Vec::new();
    let mut left = packed;
    let most = LARGEST as u64 + 1;
    while !left.is_empty() {
        let is_first = left.len() == packed.len();
        let mut stream = GzDecoder::new(left).take(most - body.len() as u64);
        stream.read_to_end(&mut body).map_err(|error| {
            let is_cut = is_first && error.kind() == ErrorKind::UnexpectedEof;
            if is_cut { TransportError::Truncated } else { TransportError::Garbled }
        })?;
        if body.len() > LARGEST {
            return Err(TransportError::TooLarge);
        }
        left = stream.into_inner().into_inner();
    }
    Ok(body.into())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(text).unwrap();
        packer.finish().unwrap()
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
}
