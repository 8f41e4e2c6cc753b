//! The byte stream that the decoders read. Hides the ID3v1 tag that some taggers append to FLAC files, which the FLAC
//! reader would take for part of the last frame, and checks Ogg files for damage, which the Ogg reader does not.

use crate::ogg_check::{self, Damage};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use symphonia::core::io::MediaSource;

/// Length of an ID3v1 tag, the last bytes of a file.
const ID3V1_BYTES: u64 = 128;
/// Its first bytes.
const ID3V1_MARK: &[u8; 3] = b"TAG";

/// A file without its ID3v1 tag.
pub(crate) struct Source {
    file: File,
    at: u64,
    /// End of the audio; unknown for a pipe.
    end: Option<u64>,
    damage: Option<Damage>,
}

impl Source {
    /// Opens the whole file, or a FLAC file without its tag.
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

    /// Where an Ogg file is damaged.
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
