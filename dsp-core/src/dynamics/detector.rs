//! Peak level of each channel in dB, without ripple, and how the channels share it.
//!
//! The instantaneous |x| of a steady tone ripples at twice its frequency; smoothed by attack and release the ripple
//! becomes gain modulation, which is distortion. So the level is the largest |x| of a short window: from half a
//! period on, a steady tone has a constant level and a steady gain. A rise is seen at once, a fall when the window has
//! passed it: the owner shortens its release by [`Detector::hold_ms`], so that 63 % still take its time. The window is
//! stored as the peaks of a few equal parts; its length is exact to half a part.
//!
//! The level moves only when a new peak comes or a part leaves, so the logarithm is rarely taken.

use super::reduction::Detect;
use crate::Frame;
use crate::simd::decibel::gains_to_db;
use crate::units::ms_to_frames;

/// Parts of the window: enough for a length within 3 %, few enough to search.
const PARTS: usize = 16;
/// Mean length of the window in parts: the part being filled is half full on average.
const MEAN_PARTS: f64 = PARTS as f64 + 0.5;

/// Share of the release that the window takes: enough for half a period of all but the lowest notes, little enough that
/// a release still looks like an exponential.
const WINDOW_OF_RELEASE: f64 = 1.0 / 8.0;
/// Longest window: half a period of 20 Hz.
const MAX_WINDOW_MS: f64 = 25.0;

/// The window for a release, of which it is a part.
pub(crate) fn window_ms(release_ms: f64) -> f64 {
    (release_ms * WINDOW_OF_RELEASE).min(MAX_WINDOW_MS)
}

/// Frames compared at once where a level rises.
const GLANCE: usize = 8;

/// Largest |x| of the two channels.
#[inline(always)]
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
    /// A detector at the floor, with a window of about `window_ms`.
    #[must_use]
    pub fn new(window_ms: f64, sample_rate_hz: f64) -> Self {
        let part_frames = part_frames(window_ms, sample_rate_hz);
        Self { held: [0.0; 2], filling: [0.0; 2], parts: [[0.0; 2]; PARTS], oldest: 0, part_frames, left: part_frames }
    }

    /// Forgets the past.
    pub fn reset(&mut self) {
        self.held = [0.0; 2];
        self.filling = [0.0; 2];
        self.parts = [[0.0; 2]; PARTS];
        self.oldest = 0;
        self.left = self.part_frames;
    }

    /// Changes the window from the next frame on; the past stays.
    pub fn set_window(&mut self, window_ms: f64, sample_rate_hz: f64) {
        self.part_frames = part_frames(window_ms, sample_rate_hz);
        self.left = self.left.min(self.part_frames);
    }

    /// How long a peak is held, on average.
    #[must_use]
    pub fn hold_ms(&self, sample_rate_hz: f64) -> f64 {
        f64::from(self.part_frames) * MEAN_PARTS / sample_rate_hz * 1000.0
    }

    /// Processes one frame; returns whether the levels may have moved.
    #[inline(always)]
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

    /// Processes the first frames of `key` that certainly leave the levels as they are, and returns their number: all up
    /// to the next part or the end, or a multiple of [`GLANCE`].
    #[inline(always)]
    fn pass_over(&mut self, key: &[Frame]) -> usize {
        let key = &key[..key.len().min(self.left as usize - 1)];
        let now = peak(key);
        if now[0] <= self.held[0] && now[1] <= self.held[1] {
            self.pass(now, key.len());
            return key.len();
        }
        for (n, glance) in key.chunks(GLANCE).enumerate() {
            let now = peak(glance);
            if now[0] > self.held[0] || now[1] > self.held[1] {
                return n * GLANCE;
            }
            self.pass(now, glance.len());
        }
        key.len()
    }

    /// Whether the next frame begins another part, when the levels may fall.
    #[inline(always)]
    fn is_at_part(&self) -> bool {
        self.left == 1
    }

    #[inline(always)]
    fn pass(&mut self, now: Frame, frames: usize) {
        self.filling = max(self.filling, now);
        self.left -= frames as u32;
    }

    /// Largest |x| of each channel in the window.
    #[inline(always)]
    pub(crate) fn held(&self) -> Frame {
        self.held
    }

    /// Replaces the oldest part by the filled one and finds the largest again.
    fn next_part(&mut self) -> bool {
        self.parts[self.oldest] = self.filling;
        self.oldest = (self.oldest + 1) % PARTS;
        self.filling = [0.0; 2];
        self.left = self.part_frames;
        let before = self.held;
        self.held = self.parts.iter().fold([0.0; 2], |peak, part| max(peak, *part));
        self.held != before
    }

    /// Level of each channel in dB, at least [`crate::units::FLOOR_DB`]. With a link of 0 each has its own, with 1 both have the
    /// louder one's, in between that share of the way.
    #[inline(always)]
    #[must_use]
    pub fn levels_db(&self, link: f64) -> Frame {
        linked(self.own_levels_db(), link)
    }

    /// Level of each channel in dB, at least [`crate::units::FLOOR_DB`].
    #[inline(always)]
    pub(crate) fn own_levels_db(&self) -> Frame {
        gains_to_db(self.held)
    }
}

impl Detect for Detector {
    type Level = Frame;

    /// After a move it is faster to process the next frames one by one.
    #[inline(always)]
    fn until_move(&mut self, key: &[Frame], after_one: bool) -> usize {
        let (mut at, mut singly) = (0, if after_one { GLANCE } else { 0 });
        while at < key.len() {
            if singly == 0 {
                at += self.pass_over(&key[at..]);
                singly = if self.is_at_part() { 1 } else { GLANCE };
            }
            let end = key.len().min(at + singly);
            while at < end {
                if self.tick(key[at]) {
                    return at;
                }
                at += 1;
            }
            singly = 0;
        }
        at
    }

    #[inline(always)]
    fn level(&self) -> Frame {
        self.own_levels_db()
    }
}

/// Levels in dB as both channels share them: each its own with a link of 0, the louder one's with 1.
#[inline(always)]
pub(crate) fn linked(own_db: Frame, link: f64) -> Frame {
    let loudest_db = own_db[0].max(own_db[1]);
    if link >= 1.0 {
        return [loudest_db; 2];
    }
    own_db.map(|own_db| own_db + link * (loudest_db - own_db))
}

/// Length of a part of the window, at least a frame.
fn part_frames(window_ms: f64, sample_rate_hz: f64) -> u32 {
    (ms_to_frames(window_ms, sample_rate_hz) / MEAN_PARTS).round().max(1.0) as u32
}

/// Largest |x| of each channel.
#[inline(always)]
pub(super) fn peak(key: &[Frame]) -> Frame {
    // Four at a time, so that no comparison waits for the one before.
    let (fours, rest) = key.as_chunks::<4>();
    let mut peaks = [[0.0; 2]; 4];
    for four in fours {
        for (peak, frame) in peaks.iter_mut().zip(four) {
            *peak = max(frame.map(f64::abs), *peak);
        }
    }
    let rest = rest.iter().fold([0.0; 2], |peak, frame| max(frame.map(f64::abs), peak));
    peaks.iter().fold(rest, |peak, other| max(*other, peak))
}

#[inline(always)]
fn max(a: Frame, b: Frame) -> Frame {
    [if a[0] > b[0] { a[0] } else { b[0] }, if a[1] > b[1] { a[1] } else { b[1] }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{FLOOR_DB, gain_to_db};
    use plumb_signals::{Noise, both, sine};

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
            let levels_db = detector.levels_db(0.0);
            assert!((0..2).all(|ch| (levels_db[ch] - gain_to_db([0.5, 0.25][ch])).abs() < 1e-11), "{levels_db:?}");
            let held = (1..).find(|_| detector.tick([0.0; 2]) && detector.held() == [0.0; 2]);
            let expected = detector.hold_ms(rate) / 1000.0 * rate;
            let half_part = f64::from(detector.part_frames) / 2.0;
            assert!((f64::from(held.unwrap()) - expected).abs() <= half_part + 1.0, "{held:?}, {expected}");
        }
    }

    #[test]
    fn passing_over_frames_is_listening_to_each() {
        let noise = Noise::new(1).stereo(0.0, 20_000);
        let (mut one, mut many) = (Detector::new(5.0, 48_000.0), Detector::new(5.0, 48_000.0));
        let mut passed = 0;
        for key in noise.chunks(23) {
            key.iter().for_each(|frame| _ = one.tick(*frame));
            let mut at = 0;
            while at < key.len() {
                let frames = many.pass_over(&key[at..]);
                passed += frames;
                at += frames;
                if at < key.len() {
                    many.tick(key[at]);
                    at += 1;
                }
            }
            assert_eq!(one, many);
        }
        assert!(passed > 10_000, "{passed}");
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
        // 1e-11 dB: the fast logarithm's.
        assert!(detector.levels_db(0.5).iter().all(|db| (db - FLOOR_DB).abs() < 1e-11));
        for _ in 0..100 {
            detector.tick([0.5; 2]);
        }
        detector.reset();
        assert_eq!(detector, Detector::new(10.0, 48_000.0));
    }
}
