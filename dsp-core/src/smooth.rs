//! Ramps that keep a parameter from clicking; owned by the sound, never by host parameters.

use crate::units::ms_to_frames;

/// Time of every parameter ramp: long enough not to click, short enough to feel at once.
pub const RAMP_MS: f64 = 20.0;

/// Frames between two looks at moving parameters where looking is dear (filter design). Counted from `reset`, not
/// from a block's start, so that the output does not depend on how the host cuts the blocks.
pub const CONTROL_FRAMES: usize = 32;

/// From 1 on, as numbers: so that several frames of a ramp are found at once.
const COUNT: [f64; CONTROL_FRAMES] = {
    let (mut count, mut n) = ([0.0; CONTROL_FRAMES], 0);
    while n < CONTROL_FRAMES {
        count[n] = (n + 1) as f64;
        n += 1;
    }
    count
};

/// A value that goes to its target in a straight line over [`RAMP_MS`], and rests there exactly.
///
/// Feed it what should move evenly: dB for gains, log2 for frequencies, a fraction for mixes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Smoothed {
    value: f64,
    target: f64,
    step: f64,
    left: u32,
    ramp_frames: u32,
}

impl Smoothed {
    /// At rest on `value`, with a ramp of no length until [`Smoothed::prepare`].
    #[must_use]
    pub fn new(value: f64) -> Self {
        Self { value, target: value, step: 0.0, left: 0, ramp_frames: 1 }
    }

    /// Learns the sample rate and rests on the target.
    pub fn prepare(&mut self, sample_rate_hz: f64) {
        self.ramp_frames = ms_to_frames(RAMP_MS, sample_rate_hz).round().max(1.0) as u32;
        self.reset();
    }

    /// Jumps to the target.
    pub fn reset(&mut self) {
        self.value = self.target;
        self.left = 0;
    }

    /// Sets out for a new target from where it is; nothing happens when it is the old one.
    pub fn set(&mut self, target: f64) {
        if target == self.target {
            return;
        }
        self.target = target;
        self.left = self.ramp_frames;
        self.step = (target - self.value) / f64::from(self.ramp_frames);
    }

    /// Goes one frame further and returns the value there.
    #[inline]
    pub fn tick(&mut self) -> f64 {
        if self.left > 0 {
            self.left -= 1;
            self.value = self.before_target(f64::from(self.left));
        }
        self.value
    }

    /// Goes `frames` further at once and returns the value there, to the bit what as many ticks would.
    pub fn skip(&mut self, frames: usize) -> f64 {
        let frames = u32::try_from(frames).unwrap_or(u32::MAX).min(self.left);
        if frames > 0 {
            self.left -= frames;
            self.value = self.before_target(f64::from(self.left));
        }
        self.value
    }

    /// Goes as many frames further as `values` takes, and notes the value at each: to the bit what as many ticks would.
    #[inline]
    pub fn run(&mut self, values: &mut [f64]) {
        if self.left == 0 {
            values.fill(self.value);
            return;
        }
        self.along(values, |value, now| *value = now);
    }

    /// Goes as many frames further as there are items, and shows each of them the value there: to the bit what as many
    /// ticks would. No frame waits for the one before.
    #[inline(always)]
    pub fn along<T>(&mut self, items: &mut [T], each: impl Fn(&mut T, f64)) {
        let mut left = f64::from(self.left);
        for items in items.chunks_mut(COUNT.len()) {
            for (item, n) in items.iter_mut().zip(COUNT) {
                let left = left - n;
                each(item, self.before_target(if left > 0.0 { left } else { 0.0 }));
            }
            left -= COUNT.len() as f64;
        }
        self.skip(items.len());
    }

    /// So many frames before it arrives. Counted from the end, so that no roundings gather and the end is exact.
    #[inline(always)]
    fn before_target(&self, frames: f64) -> f64 {
        self.target - self.step * frames
    }

    /// Where it is now.
    #[inline]
    #[must_use]
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Where it is going, or rests.
    #[inline]
    #[must_use]
    pub fn target(&self) -> f64 {
        self.target
    }

    /// How far it goes each frame while it moves.
    #[inline]
    #[must_use]
    pub fn slope(&self) -> f64 {
        self.step
    }

    /// Frames before it rests on its target.
    #[inline]
    #[must_use]
    pub fn frames_left(&self) -> usize {
        self.left as usize
    }

    /// Whether it rests on its target.
    #[inline]
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.left == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moving() -> Smoothed {
        let mut smoothed = Smoothed::new(-6.0);
        smoothed.prepare(48_000.0);
        smoothed.set(3.0);
        smoothed
    }

    #[test]
    fn arrives_exactly_after_its_time_in_equal_steps() {
        let mut smoothed = moving();
        let frames = 960; // 20 ms at 48 kHz
        let mut before = smoothed.value();
        for frame in 1..=frames {
            let now = smoothed.tick();
            assert!((now - before - 9.0 / 960.0).abs() < 1e-11, "frame {frame}: {before} to {now}");
            before = now;
        }
        assert_eq!(smoothed.value(), 3.0);
        assert!(smoothed.is_settled());
    }

    #[test]
    fn skipping_is_ticking() {
        let (mut one, mut many) = (moving(), moving());
        for _ in 0..100 {
            many.tick();
        }
        assert!((one.skip(100) - many.value()).abs() < 1e-12);
        assert_eq!(one.skip(100_000), 3.0);
        assert!(one.is_settled());
    }

    #[test]
    fn running_is_ticking_to_the_bit() {
        let (mut one, mut many) = (moving(), moving());
        for frames in [1, 32, 7, 0, 900, 31, 5] {
            let mut values = vec![0.0; frames];
            many.run(&mut values);
            values.iter().enumerate().for_each(|(n, value)| assert_eq!(*value, one.tick(), "frame {n} of {frames}"));
            assert_eq!(one, many);
        }
        assert!(one.is_settled());
    }

    #[test]
    fn the_same_target_again_does_not_move_it() {
        let mut smoothed = Smoothed::new(1.0);
        smoothed.prepare(48_000.0);
        smoothed.set(1.0);
        assert!(smoothed.is_settled());
    }
}
