//! Open or closed: a threshold with hysteresis and hold.
//!
//! It compares |x| of the louder channel directly: no level needs to be computed.

use crate::Frame;
use crate::dynamics::detector::{louder, peak};
use crate::dynamics::reduction::Detect;

/// Open or closed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Trigger {
    opens_above: f64,
    closes_below: f64,
    hold_frames: u32,
    is_open: bool,
    /// Frames since the level was last above the closing threshold.
    below_frames: u32,
}

impl Trigger {
    /// Closed, without thresholds yet.
    pub(super) const fn new() -> Self {
        Self { opens_above: 0.0, closes_below: 0.0, hold_frames: 0, is_open: false, below_frames: 0 }
    }

    /// New thresholds, as linear magnitudes.
    pub(super) fn aim(&mut self, opens_above: f64, closes_below: f64) {
        (self.opens_above, self.closes_below) = (opens_above, closes_below);
    }

    /// Another hold.
    pub(super) fn set_hold(&mut self, frames: u32) {
        self.hold_frames = frames;
    }

    /// Opens or closes it, with the whole hold ahead.
    pub(super) fn put(&mut self, open: bool) {
        (self.is_open, self.below_frames) = (open, 0);
    }

    /// Whether it is open.
    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    #[inline(always)]
    fn until_it_opens(&mut self, key: &[Frame]) -> usize {
        if loudest(key) <= self.opens_above {
            return key.len();
        }
        let at = key.iter().position(|frame| louder(*frame) > self.opens_above).unwrap_or(key.len());
        self.put(true);
        at
    }

    #[inline(always)]
    fn until_it_closes(&mut self, key: &[Frame]) -> usize {
        if self.below_frames as usize + key.len() >= self.hold_frames as usize {
            return key.iter().position(|frame| !self.tick(louder(*frame))).unwrap_or(key.len());
        }
        // It stays open; only how long the level has been low at the end counts.
        let is_above = |frame: &Frame| louder(*frame) > self.closes_below;
        let last = if loudest(key) > self.closes_below { key.iter().rposition(is_above) } else { None };
        self.below_frames = match last {
            Some(at) => (key.len() - 1 - at) as u32,
            None => self.below_frames + key.len() as u32,
        };
        key.len()
    }

    /// Looks at one more |x|; says whether it is open.
    #[inline]
    fn tick(&mut self, level: f64) -> bool {
        if level > self.closes_below {
            self.below_frames = 0;
            self.is_open |= level > self.opens_above;
        } else if self.is_open {
            self.below_frames += 1;
            self.is_open = self.below_frames < self.hold_frames;
        }
        self.is_open
    }
}

impl Detect for Trigger {
    type Level = bool;

    #[inline(always)]
    fn until_move(&mut self, key: &[Frame], _: bool) -> usize {
        if self.is_open { self.until_it_closes(key) } else { self.until_it_opens(key) }
    }

    #[inline(always)]
    fn level(&self) -> bool {
        self.is_open
    }
}

/// Largest |x| of both channels.
#[inline(always)]
fn loudest(key: &[Frame]) -> f64 {
    louder(peak(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumb_signals::Noise;

    #[test]
    fn many_at_once_are_one_after_the_other() {
        let (mut opened, mut closed) = (0, 0);
        for (opens_above, closes_below, hold_frames) in [(0.8, 0.7, 3), (0.9, 0.9, 1), (0.95, 0.5, 40), (0.99, 0.2, 7)]
        {
            let (mut one, mut many) = (Trigger::new(), Trigger::new());
            for trigger in [&mut one, &mut many] {
                trigger.aim(opens_above, closes_below);
                trigger.set_hold(hold_frames);
            }
            // Loud and quiet by turns, so that it opens and closes.
            let noise = Noise::new(3).stereo(0.0, 20_000).into_iter().enumerate();
            let key: Vec<Frame> = noise.map(|(n, f)| if n / 50 % 2 == 0 { f } else { f.map(|x| 0.3 * x) }).collect();
            for part in key.chunks(29) {
                let states: Vec<bool> = part.iter().map(|frame| one.tick(louder(*frame))).collect();
                let (mut at, mut seen) = (0, Vec::new());
                while at < part.len() {
                    let before = many.is_open();
                    let frames = many.until_move(&part[at..], false);
                    seen.extend(std::iter::repeat_n(before, frames));
                    at += frames;
                    if at < part.len() {
                        assert_ne!(many.is_open(), before);
                        *if before { &mut closed } else { &mut opened } += 1;
                        seen.push(many.is_open());
                        at += 1;
                    }
                }
                assert_eq!(seen, states);
                assert_eq!(one.is_open, many.is_open);
            }
        }
        assert!(opened > 100 && closed > 100, "{opened}, {closed}");
    }
}
