//! What a compressor hears: the peak level of each channel in dB, without ripple, and how the channels share it.
//!
//! The instantaneous |x| of a steady tone ripples at twice its frequency; smoothed by attack and release the ripple
//! becomes gain modulation, which is distortion. So the level is the largest |x| of a short window: from half a
//! period on, a steady tone has a constant level and a steady gain. A rise is seen at once, a fall when the window has
//! passed over it: the owner makes its release shorter by [`Detector::hold_ms`], so that its 63 % stay in their time.
//! The window is kept as the peaks of a few equal parts; it is long or short by half a part.
//!
//! The level moves only when a new peak comes or a part leaves, so the logarithm is rarely taken.

use crate::Frame;
use crate::units::{FLOOR_DB, gain_to_db, ms_to_frames};

/// Parts of the window: its length is then uncertain by 3 %, and the parts are few enough to look through.
const PARTS: usize = 16;
/// Mean length of the window in parts: the part being filled is half full on average.
const MEAN_PARTS: f64 = PARTS as f64 + 0.5;

/// Largest |x| of the two channels.
#[inline]
#[must_use]
pub fn louder(frame: Frame) -> f64 {
    frame[0].abs().max(frame[1].abs())
}

/// Peak detector over a sliding window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detector {
    /// Largest |x| in the window.
    held: Frame,
    /// Largest |x| of the part being filled.
    filling: Frame,
    parts: [Frame; PARTS],
    oldest: usize,
    part_frames: u32,
    left: u32,
}

impl Detector {
    /// A detector that has heard nothing, with a window of about `window_ms`.
    #[must_use]
    pub fn new(window_ms: f64, sample_rate_hz: f64) -> Self {
        let part_frames = part_frames(window_ms, sample_rate_hz);
        Self { held: [0.0; 2], filling: [0.0; 2], parts: [[0.0; 2]; PARTS], oldest: 0, part_frames, left: part_frames }
    }

    /// Forgets what it heard.
    pub fn reset(&mut self) {
        self.held = [0.0; 2];
        self.filling = [0.0; 2];
        self.parts = [[0.0; 2]; PARTS];
        self.oldest = 0;
        self.left = self.part_frames;
    }

    /// Another window from the next frame on; what it heard stays.
    pub fn set_window(&mut self, window_ms: f64, sample_rate_hz: f64) {
        self.part_frames = part_frames(window_ms, sample_rate_hz);
        self.left = self.left.min(self.part_frames);
    }

    /// How long a peak is held, on average.
    #[must_use]
    pub fn hold_ms(&self, sample_rate_hz: f64) -> f64 {
        f64::from(self.part_frames) * MEAN_PARTS / sample_rate_hz * 1000.0
    }

    /// Listens to one frame; says whether the levels may have moved.
    #[inline]
    pub fn tick(&mut self, key: Frame) -> bool {
        let now = key.map(f64::abs);
        let rises = now[0] > self.held[0] || now[1] > self.held[1];
        if rises {
            self.held = max(self.held, now);
        }
        self.filling = max(self.filling, now);
        self.left -= 1;
        if self.left == 0 {
            return self.next_part() || rises;
        }
        rises
    }

    /// Puts the filled part in the oldest's place and looks for the largest anew.
    fn next_part(&mut self) -> bool {
        self.parts[self.oldest] = self.filling;
        self.oldest = (self.oldest + 1) % PARTS;
        self.filling = [0.0; 2];
        self.left = self.part_frames;
        let before = self.held;
        self.held = self.parts.iter().fold([0.0; 2], |peak, part| max(peak, *part));
        self.held != before
    }

    /// Level of each channel in dB, at least [`FLOOR_DB`]. With a link of 0 each has its own, with 1 both have the
    /// louder one's, in between that share of the way.
    #[inline]
    #[must_use]
    pub fn levels_db(&self, link: f64) -> Frame {
        if link >= 1.0 {
            return [level_db(louder(self.held)); 2];
        }
        let own_db = self.held.map(level_db);
        let loudest_db = own_db[0].max(own_db[1]);
        own_db.map(|own_db| own_db + link * (loudest_db - own_db))
    }
}

/// Length of a part of the window, at least a frame.
fn part_frames(window_ms: f64, sample_rate_hz: f64) -> u32 {
    (ms_to_frames(window_ms, sample_rate_hz) / MEAN_PARTS).round().max(1.0) as u32
}

#[inline]
fn level_db(gain: f64) -> f64 {
    gain_to_db(gain).max(FLOOR_DB)
}

#[inline]
fn max(a: Frame, b: Frame) -> Frame {
    [if a[0] > b[0] { a[0] } else { b[0] }, if a[1] > b[1] { a[1] } else { b[1] }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumb_signals::{both, sine};

    #[test]
    fn a_steady_tone_has_a_steady_level() {
        for rate in [44_100.0, 48_000.0, 96_000.0, 192_000.0] {
            for freq_hz in [50.0, 107.0, 997.0, 5003.0] {
                let mut detector = Detector::new(12.5, rate);
                for (n, x) in both(&sine(freq_hz, -7.0, 0.5, rate)).into_iter().enumerate() {
                    detector.tick(x);
                    if n as f64 > 0.02 * rate {
                        let [db, _] = detector.levels_db(0.0);
                        // 0.005 dB: at 5 kHz and 44.1 kHz the window's samples miss the crest by up to 2°.
                        assert!((db + 7.0).abs() < 0.005, "{freq_hz} Hz at {rate}: {db} at {n}");
                    }
                }
            }
        }
    }

    #[test]
    fn rises_at_once_and_falls_after_its_window() {
        let rate = 48_000.0;
        for lead in [0, 7, 23, 40] {
            let mut detector = Detector::new(12.5, rate);
            for _ in 0..lead {
                detector.tick([0.0; 2]);
            }
            assert!(detector.tick([0.5, -0.25]));
            assert_eq!(detector.levels_db(0.0), [gain_to_db(0.5), gain_to_db(0.25)]);
            let held = (1..).find(|_| detector.tick([0.0; 2]) && detector.levels_db(0.0) == [FLOOR_DB; 2]);
            let expected = detector.hold_ms(rate) / 1000.0 * rate;
            let half_part = f64::from(detector.part_frames) / 2.0;
            assert!((f64::from(held.unwrap()) - expected).abs() <= half_part + 1.0, "{held:?}, {expected}");
        }
    }

    #[test]
    fn link_goes_from_own_to_louder() {
        let mut detector = Detector::new(10.0, 48_000.0);
        detector.tick([1.0, 0.1]);
        // 1e-12 dB: rounding of numbers near 20.
        for (link, right_db) in [(0.0, -20.0), (0.25, -15.0), (0.5, -10.0), (1.0, 0.0)] {
            let [left, right] = detector.levels_db(link);
            assert!(left.abs() < 1e-12 && (right - right_db).abs() < 1e-12, "{link}: {left} {right}");
        }
    }

    #[test]
    fn silence_is_at_the_floor_and_reset_equals_new() {
        let mut detector = Detector::new(10.0, 48_000.0);
        assert_eq!(detector.levels_db(0.5), [FLOOR_DB; 2]);
        for _ in 0..100 {
            detector.tick([0.5; 2]);
        }
        detector.reset();
        assert_eq!(detector, Detector::new(10.0, 48_000.0));
    }
}
