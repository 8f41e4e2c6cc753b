//! Low cut and high cut in front of a detector, 12 dB per octave each, with their corners gliding.
//!
//! At its open end (10 Hz, 20 kHz) a cut is bypassed: the key passes bit for bit and nothing is computed.

use crate::filter::pairwise::Pairwise;
use crate::filter::prototype::{Prototype, Shape};
use crate::filter::section::Section;
use crate::filter::svf::Coeffs;
use crate::smooth::{CONTROL_FRAMES, Smoothed};
use crate::{Frame, Range};
use std::f64::consts::FRAC_1_SQRT_2;

/// Low cut in front of a detector, 12 dB per octave; 10 Hz is none.
pub const KEY_LOW_CUT_HZ: Range = Range::log(10.0, 20.0, 500.0, "Hz");
/// High cut in front of a detector, 12 dB per octave; 20 kHz is none.
pub const KEY_HIGH_CUT_HZ: Range = Range::log(500.0, 20_000.0, 20_000.0, "Hz");

/// Butterworth: no bump in front of the detector.
const Q: f64 = FRAC_1_SQRT_2;

/// Both cuts in series, designed anew every [`CONTROL_FRAMES`] while their corners move.
#[derive(Clone, Copy, Debug)]
pub struct KeyFilter {
    low: Cut,
    high: Cut,
    sample_rate_hz: f64,
    /// Whether the control grid has begun.
    begun: bool,
}

impl KeyFilter {
    /// Settled on its corners, which lie within [`KEY_LOW_CUT_HZ`] and [`KEY_HIGH_CUT_HZ`].
    #[must_use]
    pub fn new(low_cut_hz: f64, high_cut_hz: f64, sample_rate_hz: f64) -> Self {
        Self {
            low: Cut::new(Shape::LowCut, low_cut_hz, KEY_LOW_CUT_HZ.min, sample_rate_hz),
            high: Cut::new(Shape::HighCut, high_cut_hz, KEY_HIGH_CUT_HZ.max, sample_rate_hz),
            sample_rate_hz,
            begun: false,
        }
    }

    /// Learns the rate; `reset` has to follow.
    pub fn prepare(&mut self, sample_rate_hz: f64) {
        self.sample_rate_hz = sample_rate_hz;
        self.low.log2_hz.prepare(sample_rate_hz);
        self.high.log2_hz.prepare(sample_rate_hz);
    }

    /// Settles on its corners and forgets the past; the control grid begins here.
    pub fn reset(&mut self) {
        self.settle();
        self.forget();
        self.begun = false;
    }

    /// Jumps to its corners; the control grid and the past stay.
    pub fn settle(&mut self) {
        for cut in [&mut self.low, &mut self.high] {
            cut.log2_hz.reset();
            cut.design(self.sample_rate_hz);
        }
    }

    /// Forgets the past.
    pub fn forget(&mut self) {
        self.low.filter.forget();
        self.high.filter.forget();
    }

    /// New corners to glide to.
    pub fn set(&mut self, low_cut_hz: f64, high_cut_hz: f64) {
        for (cut, freq_hz) in [(&mut self.low, low_cut_hz), (&mut self.high, high_cut_hz)] {
            if freq_hz != cut.target_hz {
                cut.target_hz = freq_hz;
                cut.log2_hz.set(freq_hz.log2());
            }
        }
    }

    /// A control tick, every [`CONTROL_FRAMES`]: designs anew what moves. The first after a reset only begins the grid.
    #[inline]
    pub fn control(&mut self) {
        if core::mem::replace(&mut self.begun, true) {
            self.low.control(self.sample_rate_hz);
            self.high.control(self.sample_rate_hz);
        }
    }

    /// Whether both cuts are bypassed.
    #[inline]
    #[must_use]
    pub fn is_open(&self) -> bool {
        !(self.low.present || self.high.present)
    }

    /// Filters a run in place.
    #[inline(always)]
    pub fn filter(&mut self, key: &mut [Frame]) {
        for cut in [&mut self.low, &mut self.high] {
            if cut.present {
                cut.filter.process(key, &mut []);
            }
        }
    }
}

/// One of the two cuts.
#[derive(Clone, Copy, Debug)]
struct Cut {
    shape: Shape,
    log2_hz: Smoothed,
    /// The corner it glides to.
    target_hz: f64,
    /// The corner at which there is no cut.
    open_log2_hz: f64,
    present: bool,
    filter: Pairwise<1>,
}

impl Cut {
    fn new(shape: Shape, freq_hz: f64, open_hz: f64, sample_rate_hz: f64) -> Self {
        let (log2_hz, open_log2_hz) = (Smoothed::new(freq_hz.log2()), open_hz.log2());
        let filter = Pairwise::of(design(shape, freq_hz, sample_rate_hz));
        Self { shape, log2_hz, target_hz: freq_hz, open_log2_hz, present: freq_hz != open_hz, filter }
    }

    /// A control tick.
    fn control(&mut self, sample_rate_hz: f64) {
        if !self.log2_hz.is_settled() {
            self.log2_hz.skip(CONTROL_FRAMES);
            self.design(sample_rate_hz);
        }
    }

    fn design(&mut self, sample_rate_hz: f64) {
        let log2_hz = self.log2_hz.value();
        self.present = log2_hz != self.open_log2_hz;
        if self.present {
            self.filter.set_section(design(self.shape, log2_hz.exp2(), sample_rate_hz));
        } else {
            // Nothing of the past is heard when it returns.
            self.filter.forget();
        }
    }
}

fn design(shape: Shape, freq_hz: f64, sample_rate_hz: f64) -> Section {
    Section::of(Coeffs::design(Prototype::new(shape, freq_hz, Q), sample_rate_hz))
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumb_signals::{Noise, both, sine, tone_db};

    const RATE_HZ: f64 = 48_000.0;

    fn through(filter: &mut KeyFilter, input: &[Frame]) -> Vec<Frame> {
        let mut out = input.to_vec();
        for run in out.chunks_mut(CONTROL_FRAMES) {
            filter.control();
            filter.filter(run);
        }
        out
    }

    fn at(low_cut_hz: f64, high_cut_hz: f64) -> KeyFilter {
        let mut filter = KeyFilter::new(low_cut_hz, high_cut_hz, 8_000.0);
        filter.prepare(RATE_HZ);
        filter.reset();
        filter
    }

    #[test]
    fn cuts_three_decibels_at_its_corners_and_twelve_more_per_octave() {
        for (low_hz, high_hz, freq_hz, expected_db) in [
            (200.0, 20_000.0, 200.0, -3.010),
            // 10·log(1 + 2⁴), 10·log(1 + 4⁴): Butterworth, an octave and two below.
            (200.0, 20_000.0, 100.0, -12.304),
            (200.0, 20_000.0, 50.0, -24.099),
            (10.0, 500.0, 500.0, -3.010),
            (10.0, 500.0, 1_000.0, -12.304),
            (100.0, 1_000.0, 316.228, -0.086),
        ] {
            let input: Vec<f64> = sine(freq_hz, 0.0, 1.5, RATE_HZ);
            let out = through(&mut at(low_hz, high_hz), &both(&input));
            let left: Vec<f64> = out[24_000..].iter().map(|frame| frame[0]).collect();
            let db = tone_db(&left, freq_hz, RATE_HZ);
            // 0.05 dB: the bilinear transform's bend at 1 kHz and 48 kHz.
            assert!((db - expected_db).abs() < 0.05, "{low_hz}…{high_hz} at {freq_hz}: {db}, expected {expected_db}");
        }
    }

    #[test]
    fn open_ends_leave_every_bit_also_after_a_move() {
        let noise = Noise::new(1).stereo(0.0, 4_000);
        let mut filter = at(10.0, 20_000.0);
        assert!(filter.is_open());
        assert_eq!(through(&mut filter, &noise), noise);
        filter.set(300.0, 800.0);
        assert_ne!(through(&mut filter, &noise), noise);
        assert!(!filter.is_open());
        filter.set(10.0, 20_000.0);
        through(&mut filter, &noise);
        assert!(filter.is_open());
        assert_eq!(through(&mut filter, &noise), noise);
    }
}
