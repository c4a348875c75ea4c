//! Raw bytes on a connection, for replies that an HTTP server would never send.

use std::io;
use std::time::Duration;

use flate2::{Compress, Compression, Crc, FlushCompress};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const DRIP: Duration = Duration::from_millis(200);

pub(super) enum Step {
    Send(Vec<u8>),
    Repeat(Vec<u8>, u64),
    Drip(Vec<u8>),
    Hang,
    Reset,
}

/// Performs the steps and closes the connection. Fails if the client disconnected.
pub(super) async fn play(steps: Vec<Step>, mut stream: TcpStream) -> io::Result<()> {
    for step in steps {
        match step {
            Step::Send(bytes) => stream.write_all(&bytes).await?,
            Step::Repeat(bytes, times) => {
                for _ in 0..times {
                    stream.write_all(&bytes).await?;
                }
            }
            Step::Drip(bytes) => {
                for byte in bytes {
                    stream.write_all(&[byte]).await?;
                    tokio::time::sleep(DRIP).await;
                }
            }
            Step::Hang => while stream.read(&mut [0; 512]).await? > 0 {},
            Step::Reset => return stream.set_zero_linger(),
        }
    }
    // Closing with unread input would reset the connection; a GET leaves no unread input.
    stream.shutdown().await
}

pub(super) fn head(framing: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{framing}\r\n\r\n").into_bytes()
}

pub(super) fn head_of(length: usize) -> Vec<u8> {
    head(&format!("Content-Length: {length}\r\nConnection: close"))
}

pub(super) fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

/// Decompresses to `mib` MiB. Repeats one flushed MiB of spaces, to need little memory.
pub(super) fn bomb(mib: u16) -> Vec<Step> {
    let open = br#"{"message":"Retrieved successfully.","data":[]"#;
    let blanks = vec![b' '; 1 << 20];
    let block = deflate(&blanks, FlushCompress::Full);
    let middle = crc(&blanks);
    let mut sum = crc(open);
    for _ in 0..mib {
        sum.combine(&middle);
    }
    sum.combine(&crc(b"}"));
    let front =
        [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255], &*deflate(open, FlushCompress::Full)].concat();
    let end = deflate(b"}", FlushCompress::Finish);
    let end = [&*end, &sum.sum().to_le_bytes(), &sum.amount().to_le_bytes()].concat();
    let length = front.len() + block.len() * usize::from(mib) + end.len();
    let framing =
        format!("Content-Encoding: gzip\r\nContent-Length: {length}\r\nConnection: close");
    vec![
        Step::Send(head(&framing)),
        Step::Send(front),
        Step::Repeat(block, mib.into()),
        Step::Send(end),
    ]
}

fn crc(bytes: &[u8]) -> Crc {
    let mut sum = Crc::new();
    sum.update(bytes);
    sum
}

/// Raw deflate of `bytes`, independent of preceding data.
fn deflate(bytes: &[u8], flush: FlushCompress) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 100 + 1024);
    // The capacity is enough for spaces and short texts, so one call compresses everything.
    let done = Compress::new(Compression::best(), false).compress_vec(bytes, &mut out, flush);
    if done.is_err() {
        out.clear();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Step, bomb};

    #[test]
    fn a_bomb_is_sound_gzip_to_its_last_byte() {
        let mut packed = Vec::new();
        for step in bomb(3).into_iter().skip(1) {
            match step {
                Step::Repeat(bytes, times) => {
                    packed.extend(bytes.repeat(usize::try_from(times).unwrap()));
                }
                Step::Send(bytes) => packed.extend(bytes),
                _ => panic!("a bomb is only sent"),
            }
        }
        let mut text = String::new();
        let mut decoder = flate2::read::GzDecoder::new(&packed[..]);
        std::io::Read::read_to_string(&mut decoder, &mut text).unwrap();
        assert!(text.starts_with(r#"{"message""#) && text.len() > 3 << 20);
        assert!(text.ends_with(" }") && packed.len() < 8000);
    }
}
