//! A spectrum analyser for displays. It reads a [`SignalTap`], so the audio thread only copies frames, and only while the
//! tap is being read.
//!
//! The reader does the rest: it windows the last frames, averages their power spectra over time, maps them to points evenly
//! spaced in octaves, smooths them, and limits the speed at which levels fall.
//!
//! A full-scale sine reads 0 dBFS at any size. The window is F. J. Harris, "On the use of windows for harmonic analysis
//! with the discrete Fourier transform", 1978: four terms, side lobes of −92 dB.

mod points;
mod settings;
#[cfg(test)]
mod tests;
mod trace;

pub use settings::{AnalyserChannel, FftSize, Settings, Smoothing, Speed, TILT_DB_PER_OCT};

use super::fft::WindowedFft;
use super::tap::{SignalTap, TapReader};
use crate::Frame;
use crate::frame::to_mid_side;
use core::f64::consts::TAU;
use points::Mapping;
use std::sync::Arc;
use trace::Trace;

/// Frequency at which the tilt is 0 dB.
const TILT_CENTRE_HZ: f64 = 1000.0;
/// Longest transform.
const MAX_FRAMES: usize = 16_384;
/// Time without frames after which the host has stopped: silence follows.
const STOPPED_S: f64 = 0.25;
/// Longest credible time between two updates.
const MAX_ELAPSED_S: f64 = 1.0;

/// Computes the spectrum of the signal at a tap.
pub struct SpectrumAnalyser {
    reader: TapReader,
    settings: Settings,
    sample_rate_hz: f64,
    /// The last frames, oldest first: enough for the longest transform, and those since the last update.
    recent: Vec<Frame>,
    /// The same at the moment of freezing, for another size or channel of that moment.
    frozen: Vec<Frame>,
    /// Whether the average starts with the next windows.
    fresh: bool,
    fft: WindowedFft,
    /// Power of a bin for a windowed sine of 0 dBFS.
    full_scale: f64,
    /// Powers of the bins: of this update, and averaged.
    power: Vec<f64>,
    average: Vec<f64>,
    mapping: Mapping,
    frequencies: Vec<f64>,
    tilt_db: Vec<f64>,
    levels_db: Vec<f64>,
    trace: Trace,
    without_frames_s: f64,
}

impl std::fmt::Debug for SpectrumAnalyser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SpectrumAnalyser").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl SpectrumAnalyser {
    /// An analyser of a tap, silent at first.
    #[must_use]
    pub fn new(tap: Arc<SignalTap>, settings: Settings) -> Self {
        let mut analyser = Self {
            sample_rate_hz: tap.sample_rate_hz(),
            reader: TapReader::new(tap),
            settings,
            recent: vec![[0.0; 2]; MAX_FRAMES],
            frozen: Vec::new(),
            fresh: true,
            fft: WindowedFft::new(window(settings.size.frames())),
            full_scale: 1.0,
            power: Vec::new(),
            average: Vec::new(),
            mapping: Mapping::new(&[], 1.0, settings.smoothing),
            frequencies: Vec::new(),
            tilt_db: Vec::new(),
            levels_db: Vec::new(),
            trace: Trace::default(),
            without_frames_s: 0.0,
        };
        analyser.build();
        analyser
    }

    /// New settings. Another size, channel or smoothing restarts from the last frames; another tilt only turns the trace.
    pub fn set(&mut self, settings: Settings) {
        let old = std::mem::replace(&mut self.settings, settings);
        if (settings.size, settings.channel, settings.smoothing) != (old.size, old.channel, old.smoothing) {
            self.build();
        }
        if settings.tilt_db_per_oct != old.tilt_db_per_oct {
            self.set_tilt();
        }
        if settings.freeze && !old.freeze {
            self.frozen.clone_from(&self.recent);
        }
        if !settings.peak_hold {
            self.trace.clear_peaks();
        }
    }

    /// Everything that depends on size, smoothing and rate.
    fn build(&mut self) {
        let frames = self.settings.size.frames();
        if self.fft.len() != frames {
            self.fft = WindowedFft::new(window(frames));
        }
        self.full_scale = (self.fft.window.iter().sum::<f64>() / 2.0).powi(2);
        self.power = vec![0.0; frames / 2 + 1];
        self.average = vec![0.0; frames / 2 + 1];
        self.frequencies = points::frequencies(self.sample_rate_hz / 2.0);
        self.mapping = Mapping::new(&self.frequencies, self.sample_rate_hz / frames as f64, self.settings.smoothing);
        self.trace.clear(self.frequencies.len());
        self.fresh = true;
        self.set_tilt();
    }

    fn set_tilt(&mut self) {
        let db_per_oct = TILT_DB_PER_OCT.clamp(self.settings.tilt_db_per_oct);
        self.tilt_db = self.frequencies.iter().map(|hz| db_per_oct * (hz / TILT_CENTRE_HZ).log2()).collect();
    }

    /// Analyses the frames since the last update, `elapsed_s` ago. Returns whether the levels have changed.
    pub fn update(&mut self, elapsed_s: f64) -> bool {
        let elapsed_s = if elapsed_s.is_nan() { 0.0 } else { elapsed_s.clamp(0.0, MAX_ELAPSED_S) };
        let rate = self.reader.tap().sample_rate_hz();
        if rate != self.sample_rate_hz {
            self.sample_rate_hz = rate;
            self.build();
        }
        let before = self.recent.len();
        self.reader.read(&mut self.recent);
        self.without_frames_s = if self.recent.len() > before { 0.0 } else { self.without_frames_s + elapsed_s };
        if self.without_frames_s > STOPPED_S {
            self.recent.resize(before + (elapsed_s * rate) as usize, [0.0; 2]);
        }
        let new = self.recent.len() - before;
        let changed = match (self.settings.freeze, self.fresh) {
            (false, _) => self.analyse(new, elapsed_s),
            (true, true) => {
                std::mem::swap(&mut self.recent, &mut self.frozen);
                let changed = self.analyse(0, 0.0);
                std::mem::swap(&mut self.recent, &mut self.frozen);
                changed
            }
            (true, false) => false,
        };
        self.recent.drain(..self.recent.len() - MAX_FRAMES);
        changed
    }

    /// Adds windows over the `new` last frames, overlapping by at least half, to average and trace. Returns whether the
    /// levels have changed.
    fn analyse(&mut self, new: usize, elapsed_s: f64) -> bool {
        let frames = self.settings.size.frames();
        let windows = new.div_ceil(frames / 2).max(1);
        self.power.fill(0.0);
        for n in 1..=windows {
            let end = self.recent.len() - new + new * n / windows;
            self.add_power(end - frames..end, 1.0 / (windows as f64 * self.full_scale));
        }
        let keep = if self.fresh { 0.0 } else { (-elapsed_s / self.settings.speed.average_s()).exp() };
        self.fresh = false;
        for (average, power) in self.average.iter_mut().zip(&self.power) {
            *average = power + keep * (*average - power);
        }
        self.mapping.levels_db(&self.average, &mut self.levels_db);
        let fall_db = self.settings.speed.decay_db_per_s() * elapsed_s;
        self.trace.update(&self.levels_db, fall_db, self.settings.peak_hold)
    }

    fn add_power(&mut self, range: std::ops::Range<usize>, weight: f64) {
        let frames = &self.recent[range];
        let lanes: &[fn(&Frame) -> f64] = match self.settings.channel {
            AnalyserChannel::Stereo => &[|x| x[0], |x| x[1]],
            AnalyserChannel::Left => &[|x| x[0]],
            AnalyserChannel::Right => &[|x| x[1]],
            AnalyserChannel::Mid => &[|x| to_mid_side(*x)[0]],
            AnalyserChannel::Side => &[|x| to_mid_side(*x)[1]],
        };
        for lane in lanes {
            let weight = weight / lanes.len() as f64;
            for (power, bin) in self.power.iter_mut().zip(self.fft.bins(frames.iter().map(lane))) {
                *power += weight * bin.norm_sqr();
            }
        }
    }

    /// Frequencies of the points, evenly spaced in octaves from 10 Hz to 30 kHz or Nyquist.
    #[must_use]
    pub fn frequencies(&self) -> &[f64] {
        &self.frequencies
    }

    /// Levels of the points in dBFS, tilted; at least −200 dB before the tilt.
    pub fn levels_db(&self) -> impl Iterator<Item = f64> {
        self.trace.levels_db.iter().zip(&self.tilt_db).map(|(level_db, tilt_db)| level_db + tilt_db)
    }

    /// Held peaks of the points, as [`levels_db`](Self::levels_db).
    pub fn peaks_db(&self) -> impl Iterator<Item = f64> {
        self.trace.peaks_db.iter().zip(&self.tilt_db).map(|(level_db, tilt_db)| level_db + tilt_db)
    }

    /// Clears the held peaks.
    pub fn clear_peaks(&mut self) {
        self.trace.clear_peaks();
    }
}

/// The four-term window.
fn window(frames: usize) -> Vec<f64> {
    const TERMS: [f64; 4] = [0.358_75, -0.488_29, 0.141_28, -0.011_68];
    let at = |n: usize| {
        let phase = TAU * n as f64 / frames as f64;
        TERMS.iter().enumerate().map(|(k, term)| term * (k as f64 * phase).cos()).sum()
    };
    (0..frames).map(at).collect()
}
