//! Writing FLAC files: whole or not at all.

use crate::args::Bits;
use crate::audio_out::FLAC_ENDINGS;
use crate::beside;
use crate::error::Error;
use crate::quantise::Quantiser;
use flac_codec::encode::{FlacSampleWriter, Options};
use std::cell::RefCell;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use tempfile::NamedTempFile;

/// Highest rate that readers take, and with it FLAC's own.
const MAX_HZ: u32 = 655_350;

/// The file, in two hands: the coder keeps its own, and closes without telling whether the last bytes were written.
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

/// A FLAC file being written, beside its place.
pub(crate) struct FlacOut {
    file: Shared,
    coder: FlacSampleWriter<Shared>,
    path: PathBuf,
    quantiser: Quantiser,
    /// A block, interleaved.
    samples: Vec<i32>,
    empty: bool,
}

impl FlacOut {
    /// Begins a file that will be at `path` when finished; its samples are integers.
    pub(crate) fn create(path: &Path, word: Bits, channels: usize, sample_rate_hz: u32) -> Result<Self, Error> {
        let file = beside::create(path, "FLAC", &FLAC_ENDINGS)?;
        if sample_rate_hz > MAX_HZ {
            return Err(Error::file(path, format!("{sample_rate_hz} Hz; expected up to {MAX_HZ} Hz in a FLAC file")));
        }
        let file = Shared(Rc::new(RefCell::new(BufWriter::new(file))));
        let channels = u8::try_from(channels).unwrap_or(u8::MAX);
        let options = Options::default().no_padding();
        let coder = FlacSampleWriter::new(file.clone(), options, sample_rate_hz, word.integer_bits(), channels, None)
            .map_err(|error| failed(path, error))?;
        let (path, quantiser) = (path.to_owned(), Quantiser::new(word));
        Ok(Self { file, coder, path, quantiser, samples: Vec::new(), empty: true })
    }

    /// Appends frames, one slice per channel, all equally long.
    pub(crate) fn write(&mut self, channels: &[&[f32]]) -> Result<(), Error> {
        self.samples.clear();
        for n in 0..channels.first().map_or(0, |channel| channel.len()) {
            self.samples.extend(channels.iter().map(|channel| self.quantiser.nearest(channel[n])));
        }
        self.empty &= self.samples.is_empty();
        self.coder.write(&self.samples).map_err(|error| failed(&self.path, error))
    }

    /// Completes the file and moves it to its place. Tells how many samples were clipped.
    pub(crate) fn finish(self) -> Result<u64, Error> {
        let Self { file, coder, path, quantiser, empty, .. } = self;
        if empty {
            return Err(Error::file(&path, "no frames to write; expected one or more in a FLAC file"));
        }
        coder.finalize().map_err(|error| failed(&path, error))?;
        // The coder has gone, and its hand with it.
        let Some(file) = Rc::into_inner(file.0) else {
            return Err(Error::file(&path, "the coder holds on to the file"));
        };
        let file = file.into_inner().into_inner().map_err(|error| Error::write(&path, error.into_error()))?;
        beside::keep(file, &path)?;
        Ok(quantiser.clipped())
    }
}

fn failed(path: &Path, error: flac_codec::Error) -> Error {
    match error {
        flac_codec::Error::Io(error) => Error::write(path, error),
        error => Error::file(path, error.to_string()),
    }
}
