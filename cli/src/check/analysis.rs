//! Runs all meters of a check over one file.

use crate::audio_in::{AudioIn, Word};
use crate::error::Error;
use crate::progress::Progress;
use dsp_core::Frame;
use dsp_core::meter::average_spectrum::{AverageSpectrum, SpectrumAverager};
use dsp_core::meter::bit_depth::{self, BitDepthMeter};
use dsp_core::meter::clipping::{self, ClipDetector, Criterion};
use dsp_core::meter::overview::{Bin, Overview};
use dsp_core::meter::programme::{ProgrammeMeter, Summary};
use dsp_core::meter::silence::SilenceDetector;
use dsp_core::meter::true_peak_overs::{self, TruePeakOvers};
use std::path::Path;

/// Levels above which true peaks are counted, in dBTP: where converters clip, and the headroom encoders need.
pub(super) const TRUE_PEAK_LIMITS_DBTP: [f64; 2] = [0.0, -1.0];
/// Tolerance of a true-peak reading, in dB: a limiter at −1 dBTP may read this much over.
pub(super) const TRUE_PEAK_TOLERANCE_DB: f64 = 0.05;

/// The meters' findings about a file.
#[derive(Debug)]
pub(super) struct Findings {
    pub(super) file: String,
    pub(super) sample_rate_hz: u32,
    pub(super) channels: usize,
    pub(super) frames: u64,
    pub(super) word: Word,
    /// Magnitude from which a sample counts as an over.
    pub(super) full_scale: f64,
    pub(super) summary: Summary,
    pub(super) overs: clipping::Summary,
    pub(super) clipped: clipping::Summary,
    pub(super) peaks: true_peak_overs::Summary,
    /// Silent frames at the start and the end; `None` if all is silent.
    pub(super) silent: Option<[u64; 2]>,
    pub(super) spectrum: AverageSpectrum,
    /// `None` unless the samples are integers read exactly.
    pub(super) word_use: Option<bit_depth::Summary>,
    /// Readings over time, if needed for a plot.
    pub(super) bins: Vec<Bin>,
}

impl Findings {
    /// Time of a frame.
    pub(super) fn seconds(&self, frames: u64) -> f64 {
        frames as f64 / f64::from(self.sample_rate_hz)
    }
}

/// The meters.
struct Meters {
    programme: ProgrammeMeter,
    overs: ClipDetector,
    clip: ClipDetector,
    places: TruePeakOvers,
    silence: SilenceDetector,
    spectrum: SpectrumAverager,
    word: Option<BitDepthMeter>,
    overview: Option<Overview>,
}

impl Meters {
    fn new(input: &AudioIn, with_overview: bool) -> Self {
        let exact_bits = input.word().exact_bits();
        let mut meters = Self {
            programme: ProgrammeMeter::default(),
            overs: ClipDetector::new(Criterion::Over(full_scale(input.word()))),
            clip: ClipDetector::new(Criterion::FlatTop),
            places: TruePeakOvers::new(TRUE_PEAK_LIMITS_DBTP.map(|limit| limit + TRUE_PEAK_TOLERANCE_DB)),
            silence: SilenceDetector::default(),
            spectrum: SpectrumAverager::default(),
            word: exact_bits.map(BitDepthMeter::new),
            overview: with_overview.then(Overview::default),
        };
        let spec = input.spec();
        meters.programme.prepare(spec);
        meters.overs.prepare(spec);
        meters.clip.prepare(spec);
        meters.places.prepare(spec);
        meters.spectrum.prepare(spec);
        meters.word.iter_mut().for_each(|word| word.prepare(spec));
        meters.overview.iter_mut().for_each(|overview| overview.prepare(spec));
        meters
    }

    fn process(&mut self, block: &[Frame]) {
        self.programme.process(block);
        self.overs.process(block);
        self.clip.process(block);
        self.places.process(block);
        self.silence.process(block);
        self.spectrum.process(block);
        self.word.iter_mut().for_each(|word| word.process(block));
        self.overview.iter_mut().for_each(|overview| overview.process(block));
    }
}

/// The largest value of an integer format; 1 for all others.
fn full_scale(word: Word) -> f64 {
    word.exact_bits().map_or(1.0, |bits| 1.0 - 2_f64.powi(1 - bits as i32))
}

/// Reads a whole file; returns findings and warnings.
pub(super) fn analyse(path: &Path, with_overview: bool, progress: &Progress) -> Result<(Findings, Vec<String>), Error> {
    let mut file_progress = progress.file(path);
    let mut input = AudioIn::open(path)?;
    file_progress.length(input.sample_rate_hz(), input.expected_frames());
    let mut meters = Meters::new(&input, with_overview);
    input.read_all(|block| {
        meters.process(block);
        file_progress.advance(block.len());
    })?;
    let findings = Findings {
        file: path.display().to_string(),
        sample_rate_hz: input.sample_rate_hz(),
        channels: input.spec().channels,
        frames: meters.programme.frames(),
        word: input.word(),
        full_scale: full_scale(input.word()),
        summary: meters.programme.summary(),
        overs: meters.overs.summary(),
        clipped: meters.clip.summary(),
        peaks: meters.places.summary(),
        silent: meters.silence.head_and_tail(),
        spectrum: meters.spectrum.average(),
        word_use: meters.word.map(|word| word.summary()),
        bins: meters.overview.map(|overview| overview.bins()).unwrap_or_default(),
    };
    Ok((findings, input.warnings()))
}
