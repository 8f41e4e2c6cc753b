//! A file as the readers get it: without the tag that some taggers append to a FLAC, which its reader would take for
//! a piece of the last frame; and whether an Ogg file is whole, which its reader does not ask.

use crate::ogg_check::{self, Damage};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use symphonia::core::io::MediaSource;

/// Length of an ID3v1 tag, always the last bytes of a file.
const ID3V1_BYTES: u64 = 128;
/// What it begins with.
const ID3V1_MARK: &[u8; 3] = b"TAG";
/// A file up to its tag.
pub(crate) struct Source {
    file: File,
    at: u64,
    /// Where the audio ends; unknown for a pipe.
    end: Option<u64>,
    damage: Option<Damage>,
}

impl Source {
    /// The whole file, or all of a FLAC but its tag.
    pub(crate) fn new(mut file: File) -> io::Result<Self> {
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Ok(Self { file, at: 0, end: None, damage: None });
        }
        let len = metadata.len();
        let mut mark = Vec::new();
        (&mut file).take(4).read_to_end(&mut mark)?;
        let (mut tag, mut damage) = (0, None);
        if mark == b"OggS" {
            file.rewind()?;
            damage = ogg_check::damage(BufReader::new(&mut file))?;
        } else if (mark == b"fLaC" || mark.starts_with(b"ID3")) && has_tag(&mut file, len)? {
            tag = ID3V1_BYTES;
        }
        file.rewind()?;
        Ok(Self { file, at: 0, end: Some(len - tag), damage })
    }

    /// Where it is an Ogg file that is not whole.
    pub(crate) fn damage(&self) -> Option<Damage> {
        self.damage
    }
}

fn has_tag(file: &mut File, len: u64) -> io::Result<bool> {
    let Some(at) = len.checked_sub(ID3V1_BYTES) else { return Ok(false) };
    let mut mark = [0; 3];
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(&mut mark)?;
    Ok(mark == *ID3V1_MARK)
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.end.map_or(u64::MAX, |end| end.saturating_sub(self.at));
        let len = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let read = self.file.read(&mut buffer[..len])?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Source {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match (to, self.end) {
            (SeekFrom::End(offset), Some(end)) => SeekFrom::Start(end.saturating_add_signed(offset)),
            _ => to,
        };
        self.at = self.file.seek(to)?;
        Ok(self.at)
    }
}

impl MediaSource for Source {
    fn is_seekable(&self) -> bool {
        self.end.is_some()
    }

    fn byte_len(&self) -> Option<u64> {
        self.end
    }
}
