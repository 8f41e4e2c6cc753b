//! A peak that falls and a mean square, of both channels, some frames at a time: one after the other, each frame would
//! wait for the last one's result.
//!
//! After k frames the peak p is max(p·fᵏ, x₀·fᵏ⁻¹, …, xₖ₋₁), and the mean square m is m·gᵏ + (1 − g)·Σ xⱼ²·gᵏ⁻¹⁻ʲ. Frames
//! are taken in groups counted from the reset; what is left of one waits, so that nothing depends on how blocks are cut.

use crate::Frame;
use crate::frame::sanitise;

/// Frames of a group.
const GROUP: usize = 8;

/// The two levels of both channels.
#[derive(Clone, Debug)]
pub(super) struct Ballistics {
    /// Powers of the factors of one frame, lowest first.
    falls: [f64; GROUP + 1],
    keeps: [f64; GROUP + 1],
    /// What counts as silence, as a gain: below it both become zero, so that no denormal stays behind.
    floor: f64,
    /// Behind the last whole group.
    peak: Frame,
    mean_square: Frame,
    /// Magnitudes of the frames since.
    waiting: [Frame; GROUP],
    count: usize,
    /// Sums of squares of the whole groups, and of what was taken of them before.
    energy: Frame,
    taken: Frame,
}

impl Ballistics {
    /// At rest; `fall` and `keep` are the factors of one frame.
    pub(super) fn new(fall: f64, keep: f64, floor: f64) -> Self {
        let powers = |factor: f64| core::array::from_fn(|power| factor.powi(power as i32));
        Self {
            falls: powers(fall),
            keeps: powers(keep),
            floor,
            peak: [0.0; 2],
            mean_square: [0.0; 2],
            waiting: [[0.0; 2]; GROUP],
            count: 0,
            energy: [0.0; 2],
            taken: [0.0; 2],
        }
    }

    /// Forgets the past.
    pub(super) fn reset(&mut self) {
        (self.peak, self.mean_square, self.count) = ([0.0; 2], [0.0; 2], 0);
        (self.energy, self.taken) = ([0.0; 2], [0.0; 2]);
    }

    /// Reads a block, and says how large its largest magnitudes are.
    pub(super) fn process(&mut self, block: &[Frame]) -> Frame {
        let mut largest = [0.0; 2];
        let (begun, rest) = block.split_at(block.len().min((GROUP - self.count) % GROUP));
        self.wait(begun, &mut largest);
        let (groups, last) = rest.as_chunks::<GROUP>();
        for group in groups {
            for (size, frame) in self.waiting.iter_mut().zip(group) {
                *size = sanitise(*frame).map(f64::abs);
            }
            self.close(&mut largest);
        }
        self.wait(last, &mut largest);
        largest
    }

    /// Takes less than a group.
    fn wait(&mut self, frames: &[Frame], largest: &mut Frame) {
        for frame in frames {
            let size = sanitise(*frame).map(f64::abs);
            for lane in 0..2 {
                largest[lane] = f64::max(largest[lane], size[lane]);
            }
            self.waiting[self.count] = size;
            self.count += 1;
        }
        if self.count == GROUP {
            self.close(largest);
        }
    }

    /// Takes a whole group up.
    fn close(&mut self, largest: &mut Frame) {
        for size in &self.waiting {
            for lane in 0..2 {
                largest[lane] = f64::max(largest[lane], size[lane]);
            }
        }
        (self.peak, self.mean_square) = self.after(&self.waiting);
        let energy = energy(&self.waiting);
        self.energy = [0, 1].map(|lane| self.energy[lane] + energy[lane]);
        self.count = 0;
    }

    /// Both levels after some frames more.
    #[inline]
    fn after(&self, sizes: &[Frame]) -> (Frame, Frame) {
        let count = sizes.len();
        let mut peak = self.peak.map(|peak| peak * self.falls[count]);
        let mut power = [0.0; 2];
        let weights = self.falls[..count].iter().zip(&self.keeps[..count]).rev();
        for (size, (fall, keep)) in sizes.iter().zip(weights) {
            for lane in 0..2 {
                peak[lane] = f64::max(peak[lane], size[lane] * fall);
                power[lane] += size[lane] * size[lane] * keep;
            }
        }
        let mean = [0, 1].map(|lane| self.mean_square[lane] * self.keeps[count] + (1.0 - self.keeps[1]) * power[lane]);
        let heard = |x: f64, floor: f64| if x < floor { 0.0 } else { x };
        (peak.map(|peak| heard(peak, self.floor)), mean.map(|mean| heard(mean, self.floor * self.floor)))
    }

    /// Sums of squares since the last call, or since `reset`.
    pub(super) fn take_energy(&mut self) -> Frame {
        let waiting = energy(&self.waiting[..self.count]);
        let sums = [0, 1].map(|lane| self.energy[lane] + waiting[lane] - self.taken[lane]);
        (self.energy, self.taken) = ([0.0; 2], waiting);
        sums
    }

    /// The peaks, falling, and the mean squares.
    pub(super) fn levels(&self) -> (Frame, Frame) {
        self.after(&self.waiting[..self.count])
    }
}

fn energy(sizes: &[Frame]) -> Frame {
    sizes.iter().fold([0.0; 2], |sum, size| [0, 1].map(|lane| sum[lane] + size[lane] * size[lane]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumb_signals::Noise;

    #[test]
    fn groups_are_what_frame_by_frame_would_be() {
        let (fall, keep) = (0.999, 0.99);
        let mut grouped = Ballistics::new(fall, keep, 0.0);
        let (mut peak, mut mean) = (0.0_f64, 0.0);
        for (n, frame) in Noise::new(3).stereo(0.0, 1000).into_iter().enumerate() {
            let size = frame[1].abs();
            peak = f64::max(peak * fall, size);
            mean = size * size + keep * (mean - size * size);
            grouped.process(&[frame]);
            let (peaks, means) = grouped.levels();
            // Rounding of a thousand steps.
            assert!((peaks[1] - peak).abs() < 1e-13 && (means[1] - mean).abs() < 1e-13, "frame {n}");
        }
    }

    #[test]
    fn energy_is_of_what_came_since_it_was_taken() {
        let mut grouped = Ballistics::new(0.999, 0.99, 0.0);
        for frames in [3, 8, 1, 5, 16, 0, 7] {
            grouped.process(&vec![[2.0, 1.0]; frames]);
            assert_eq!(grouped.take_energy(), [4.0 * frames as f64, frames as f64], "{frames} frames");
        }
    }
}
