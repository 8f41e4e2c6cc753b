//! Digital silence at the head and tail of a programme.

use crate::{Frame, frame::sanitise, units::db_to_gain};

/// Largest sample of silence, in dBFS: below the noise of a quiet recording, above the end of a reverb tail.
pub const SILENCE_DBFS: f64 = -60.0;

/// Finds the first and the last frame that are not silent.
#[derive(Clone, Debug)]
pub struct SilenceDetector {
    floor: f64,
    frames: u64,
    sound: Option<(u64, u64)>,
}

impl Default for SilenceDetector {
    fn default() -> Self {
        Self { floor: db_to_gain(SILENCE_DBFS), frames: 0, sound: None }
    }
}

impl SilenceDetector {
    /// Reads a block.
    pub fn process(&mut self, block: &[Frame]) {
        for frame in block {
            let [l, r] = sanitise(*frame);
            if l.abs().max(r.abs()) > self.floor {
                let first = self.sound.map_or(self.frames, |(first, _)| first);
                self.sound = Some((first, self.frames));
            }
            self.frames += 1;
        }
    }

    /// Silent frames before the first and after the last one that is not; `None` if all are silent.
    #[must_use]
    pub fn head_and_tail(&self) -> Option<[u64; 2]> {
        self.sound.map(|(first, last)| [first, self.frames - 1 - last])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_and_tail_are_exact_to_the_frame() {
        let mut silence = SilenceDetector::default();
        silence.process(&[[0.000_9, -0.000_9]; 500]);
        assert_eq!(silence.head_and_tail(), None);
        silence.process(&[[0.0, 0.001_1], [0.0; 2], [-0.5, 0.0]]);
        assert_eq!(silence.head_and_tail(), Some([500, 0]));
        silence.process(&[[f64::NAN; 2]; 70]);
        assert_eq!(silence.head_and_tail(), Some([500, 70]));
    }
}
