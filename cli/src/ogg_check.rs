//! Integrity check of Ogg files: every page up to the last is present and has the right checksum. The reader silently
//! skips a bad page, which would shift the audio after it.
//!
//! Source: RFC 3533, section 6 (pages), and its generator polynomial 0x04C11DB7.

use std::collections::HashMap;
use std::io::{self, Read};

/// The first bytes of a page.
const MARK: &[u8; 4] = b"OggS";
/// Length of a page header before the segment table.
const HEADER_BYTES: usize = 27;
/// Flag of a stream's first page, in byte 5.
const FIRST: u8 = 2;
/// Flag of a stream's last page, in byte 5.
const LAST: u8 = 4;
/// Granule position of a page on which no packet ends.
const NO_POSITION: u64 = u64::MAX;

/// The first damage in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Damage {
    /// Frames before it.
    pub(crate) frame: u64,
    /// What is wrong.
    pub(crate) how: &'static str,
}

/// Checks an Ogg file from its start to its last page; ignores anything after that.
pub(crate) fn damage(mut file: impl Read) -> io::Result<Option<Damage>> {
    let mut expected: HashMap<u32, u32> = HashMap::new();
    let mut frame = 0;
    loop {
        let Some(page) = page(&mut file)? else { return Ok(Some(Damage { frame, how: "the file ends" })) };
        if !page.starts_with(MARK) || checksum(&page) != u32_at(&page, 22) {
            return Ok(Some(Damage { frame, how: "a page has the wrong checksum" }));
        }
        let (stream, sequence, flags) = (u32_at(&page, 14), u32_at(&page, 18), page[5]);
        if flags & FIRST == 0 && expected.get(&stream) != Some(&sequence) {
            return Ok(Some(Damage { frame, how: "a page is missing" }));
        }
        expected.insert(stream, sequence.wrapping_add(1));
        let position = u64::from(u32_at(&page, 6)) | u64::from(u32_at(&page, 10)) << 32;
        if position != NO_POSITION {
            frame = position;
        }
        if flags & LAST != 0 {
            expected.remove(&stream);
            if expected.is_empty() {
                return Ok(None);
            }
        }
    }
}

/// The next page, or whatever bytes are in its place; `None` if the file ends within it.
fn page(file: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut page = Vec::new();
    file.take(HEADER_BYTES as u64).read_to_end(&mut page)?;
    let Some(&segments) = page.get(HEADER_BYTES - 1) else { return Ok(None) };
    let header = HEADER_BYTES + usize::from(segments);
    file.take(u64::from(segments)).read_to_end(&mut page)?;
    let body: usize = page[HEADER_BYTES..].iter().map(|len| usize::from(*len)).sum();
    file.take(body as u64).read_to_end(&mut page)?;
    Ok(Some(page).filter(|page| page.len() == header + body))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let mut four = [0; 4];
    four.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(four)
}

/// CRC remainders of every byte.
const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut rest = (byte as u32) << 24;
        let mut bit = 0;
        while bit < 8 {
            rest = if rest & 0x8000_0000 == 0 { rest << 1 } else { rest << 1 ^ 0x04C1_1DB7 };
            bit += 1;
        }
        table[byte] = rest;
        byte += 1;
    }
    table
};

/// CRC of a page, with its checksum field taken as zero.
fn checksum(page: &[u8]) -> u32 {
    page.iter().enumerate().fold(0, |rest: u32, (at, byte)| {
        let byte = if (22..26).contains(&at) { 0 } else { *byte };
        rest << 8 ^ TABLE[usize::from((rest >> 24) as u8 ^ byte)]
    })
}
