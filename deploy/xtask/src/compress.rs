//! Compresses files once and for all: the relay only picks the one the browser accepts.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::layout::sha256;

/// brotli at its best; seconds for the large module, so the result is kept under the hash of what went in.
pub(crate) fn brotli(bytes: &[u8], cache: &Path) -> io::Result<Vec<u8>> {
    let kept = cache.join(format!("{}.br", sha256(bytes)));
    if let Ok(known) = fs::read(&kept) {
        return Ok(known);
    }
    let parameters = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &parameters)?;
    // Renamed into place: an interrupted build must not leave half a file under a name that promises the whole. Each
    // half has its own name, since two files of one content may be compressed at once.
    static HALVES: AtomicUsize = AtomicUsize::new(0);
    let number = HALVES.fetch_add(1, Ordering::Relaxed);
    let half = cache.join(format!("{}-{number}.half", std::process::id()));
    fs::write(&half, &compressed)?;
    fs::rename(&half, &kept)?;
    Ok(compressed)
}

/// gzip at its best, with no time and no name in its header: the same bytes every time.
pub(crate) fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn what_was_compressed_comes_back() {
        let cache = tempfile::tempdir().unwrap();
        let bytes = b"again and again and again".repeat(100);
        let mut back = Vec::new();
        let small = brotli(&bytes, cache.path()).unwrap();
        brotli::BrotliDecompress(&mut &small[..], &mut back).unwrap();
        assert_eq!(back, bytes);
        back.clear();
        flate2::read::GzDecoder::new(&gzip(&bytes).unwrap()[..]).read_to_end(&mut back).unwrap();
        assert_eq!(back, bytes);
        assert_eq!(gzip(&bytes).unwrap(), gzip(&bytes).unwrap());
    }

    #[test]
    fn a_kept_result_is_used_again() {
        let cache = tempfile::tempdir().unwrap();
        brotli(b"once", cache.path()).unwrap();
        fs::write(cache.path().join(format!("{}.br", sha256(b"once"))), "kept").unwrap();
        assert_eq!(brotli(b"once", cache.path()).unwrap(), b"kept");
    }
}
