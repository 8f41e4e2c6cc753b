//! Writing FLAC files, atomically.

use crate::args::Bits;
use crate::atomic_file;
use crate::error::Error;
use crate::quantise::Quantiser;
use flac_codec::encode::{FlacSampleWriter, Options};
use std::cell::RefCell;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use tempfile::NamedTempFile;

/// File name endings.
pub(crate) const ENDINGS: [&str; 1] = ["flac"];
/// Highest sample rate of the format, and of readers.
const MAX_HZ: u32 = 655_350;

/// The file, shared with the enencoder, which closes its handle without reporting errors in the last bytes.
#[derive(Clone)]
struct Shared(Rc<RefCell<BufWriter<NamedTempFile>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.borrow_mut().flush()
    }
}

impl Seek for Shared {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.borrow_mut().seek(to)
    }
}

/// A FLAC file being written to a temporary file.
pub(crate) struct FlacOut {
    file: Shared,
    encoder: FlacSampleWriter<Shared>,
    path: PathBuf,
    quantiser: Quantiser,
    /// An interleaved block.
    samples: Vec<i32>,
    empty: bool,
}

impl FlacOut {
    /// Creates a file of integer samples that appears at `path` when finished.
    pub(crate) fn create(path: &Path, word: Bits, channels: usize, sample_rate_hz: u32) -> Result<Self, Error> {
        let file = atomic_file::create(path, "FLAC", &ENDINGS)?;
        if sample_rate_hz > MAX_HZ {
            return Err(Error::file(
                path,
                format!("sample rate {sample_rate_hz} Hz; expected up to {MAX_HZ} Hz for FLAC"),
            ));
        }
        let file = Shared(Rc::new(RefCell::new(BufWriter::new(file))));
        let channels = u8::try_from(channels).unwrap_or(u8::MAX);
        let options = Options::default().no_padding();
        let encoder = FlacSampleWriter::new(file.clone(), options, sample_rate_hz, word.integer_bits(), channels, None)
            .map_err(|error| failed(path, error))?;
        let (path, quantiser) = (path.to_owned(), Quantiser::new(word));
        Ok(Self { file, encoder, path, quantiser, samples: Vec::new(), empty: true })
    }

    /// Appends frames: one slice per channel, of equal length.
    pub(crate) fn write(&mut self, channels: &[&[f32]]) -> Result<(), Error> {
        self.samples.clear();
        for n in 0..channels.first().map_or(0, |channel| channel.len()) {
            self.samples.extend(channels.iter().map(|channel| self.quantiser.nearest(channel[n])));
        }
        self.empty &= self.samples.is_empty();
        self.encoder.write(&self.samples).map_err(|error| failed(&self.path, error))
    }

    /// Completes the file and renames it into place. Returns the number of clipped samples.
    pub(crate) fn finish(self) -> Result<u64, Error> {
        let Self { file, encoder, path, quantiser, empty, .. } = self;
        if empty {
            return Err(Error::file(&path, "no frames to write; expected at least one for FLAC"));
        }
        encoder.finalize().map_err(|error| failed(&path, error))?;
        // The enencoder is gone, and its handle with it.
        let Some(file) = Rc::into_inner(file.0) else {
            return Err(Error::file(&path, "the enencoder still holds the file"));
        };
        let file = file.into_inner().into_inner().map_err(|error| Error::write(&path, error.into_error()))?;
        atomic_file::commit(file, &path)?;
        Ok(quantiser.clipped())
    }
}

fn failed(path: &Path, error: flac_codec::Error) -> Error {
    match error {
        flac_codec::Error::Io(error) => Error::write(path, error),
        error => Error::file(path, error.to_string()),
    }
}
