//! The programme that every job plays: bursts of pink noise over a tone, never silent, so that gates open and close,
//! compressors move and limiters limit.
//!
//! Pink noise by P. Kellet's filter; 70 % of it is common to both channels. Bursts every 0.64 s rise in 3 ms and decay
//! over 120 ms, with accents of 0, −6, −3 and −9 dB over a floor of −60 dB; the tone is 110 Hz at −30 dBFS. Peaks
//! lie near −1 dBFS.

use dsp_core::Frame;
use std::f64::consts::TAU;

/// Time between bursts, in seconds.
const BEAT_S: f64 = 0.64;
/// Levels of the bursts, in turn.
const ACCENTS: [f64; 4] = [1.0, 0.5, 0.708, 0.355];
/// Frames per turn at 48 kHz: four bursts, and a multiple of every block size.
pub(crate) const TURN_FRAMES_48K: usize = 122_880;

/// A programme, as frames and as a host's channels.
#[derive(Clone, Debug)]
pub(crate) struct Programme {
    pub(crate) frames: Vec<Frame>,
    pub(crate) left: Vec<f32>,
    pub(crate) right: Vec<f32>,
}

impl Programme {
    /// A number of turns.
    pub(crate) fn new(turns: usize, rate_hz: f64) -> Self {
        let frames = noise(turns * turn_frames(rate_hz), rate_hz);
        let channel = |lane: usize| frames.iter().map(|frame| frame[lane] as f32).collect::<Vec<_>>();
        let (left, right) = (channel(0), channel(1));
        // Hosts pass 32-bit samples: use the same numbers everywhere.
        let frames = left.iter().zip(&right).map(|(l, r)| [f64::from(*l), f64::from(*r)]).collect();
        Self { frames, left, right }
    }

    /// One turn; starts over behind the last.
    pub(crate) fn turn(&self, index: usize, rate_hz: f64) -> Piece<'_> {
        let len = turn_frames(rate_hz);
        self.piece(index % (self.frames.len() / len).max(1) * len, len)
    }

    /// An excerpt.
    pub(crate) fn piece(&self, from: usize, len: usize) -> Piece<'_> {
        let range = from..from + len;
        Piece { frames: &self.frames[range.clone()], left: &self.left[range.clone()], right: &self.right[range] }
    }
}

/// An excerpt of a programme.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<'a> {
    pub(crate) frames: &'a [Frame],
    pub(crate) left: &'a [f32],
    pub(crate) right: &'a [f32],
}

/// Frames per turn.
pub(crate) fn turn_frames(rate_hz: f64) -> usize {
    (TURN_FRAMES_48K as f64 * rate_hz / 48_000.0) as usize
}

fn noise(count: usize, rate_hz: f64) -> Vec<Frame> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut white = || {
        // Xorshift (G. Marsaglia, "Xorshift RNGs", 2003).
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.cast_signed() as f64 / i64::MAX as f64
    };
    let mut pink = [[0.0; 7]; 3];
    let frame = |n: usize| {
        let [common, left, right] = pink.each_mut().map(|filter| kellet(filter, white()));
        let t = n as f64 / rate_hz;
        let beat = (t / BEAT_S).floor();
        let since = t - BEAT_S * beat;
        let shape = if since < 0.003 { since / 0.003 } else { (-(since - 0.003) / 0.12).exp() };
        let level = 0.16 * (ACCENTS[beat as usize % 4] * shape + 0.001);
        let tone = 0.0316 * (TAU * (110.0 * t).fract()).sin();
        [left, right].map(|own| level * (0.7 * common + 0.5 * own) + tone)
    };
    (0..count).map(frame).collect()
}

/// Kellet's filter: white noise to pink.
fn kellet(q: &mut [f64; 7], white: f64) -> f64 {
    const POLES: [(f64, f64); 6] = [
        (0.998_86, 0.055_517_9),
        (0.993_32, 0.075_075_9),
        (0.969_00, 0.153_852_0),
        (0.866_50, 0.310_485_6),
        (0.550_00, 0.532_952_2),
        (-0.7616, -0.016_898_0),
    ];
    let mut sum = q[6] + 0.5362 * white;
    for (state, (pole, share)) in q.iter_mut().zip(POLES) {
        *state = pole * *state + share * white;
        sum += *state;
    }
    q[6] = 0.115_926 * white;
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_loud_stays_below_full_scale_and_is_never_silent() {
        let programme = Programme::new(1, 48_000.0);
        let peak = programme.frames.iter().flatten().fold(0.0_f64, |peak, x| peak.max(x.abs()));
        assert!((0.5..1.0).contains(&peak), "{peak}");
        let quiet =
            programme.frames.chunks(64).map(|block| block.iter().flatten().fold(0.0_f64, |p, x| p.max(x.abs())));
        assert!(quiet.fold(f64::INFINITY, f64::min) > 1e-3);
    }
}
