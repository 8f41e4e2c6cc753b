//! What everybody else may use: plain biquads in 64 bit, sharing no code with the product.
//!
//! Source: R. Bristow-Johnson, "Cookbook formulae for audio equalizer biquad filter coefficients", run as a transposed
//! direct form II.

use crate::common::RATE_HZ;
use crate::timing::ns_per_frame;
use std::f64::consts::{FRAC_1_SQRT_2, TAU};

/// Kinds of filters.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Bell,
    LowShelf,
    HighShelf,
    LowCut,
    HighCut,
}

/// A filter and what it remembers of both channels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
    state: [[f64; 2]; 2],
}

impl Biquad {
    /// A filter at rest.
    pub(crate) fn new(kind: Kind, freq_hz: f64, gain_db: f64, q: f64, sample_rate_hz: f64) -> Self {
        let (sin, cos) = (TAU * freq_hz / sample_rate_hz).sin_cos();
        let amp = 10_f64.powf(gain_db / 40.0);
        let alpha = sin / (2.0 * q);
        let (up, down, root) = (amp + 1.0, amp - 1.0, 2.0 * amp.sqrt() * alpha);
        let (b, a) = match kind {
            Kind::Bell => {
                ([1.0 + alpha * amp, -2.0 * cos, 1.0 - alpha * amp], [1.0 + alpha / amp, -2.0 * cos, 1.0 - alpha / amp])
            }
            Kind::LowShelf => (
                [amp * (up - down * cos + root), 2.0 * amp * (down - up * cos), amp * (up - down * cos - root)],
                [up + down * cos + root, -2.0 * (down + up * cos), up + down * cos - root],
            ),
            Kind::HighShelf => (
                [amp * (up + down * cos + root), -2.0 * amp * (down + up * cos), amp * (up + down * cos - root)],
                [up - down * cos + root, 2.0 * (down - up * cos), up - down * cos - root],
            ),
            Kind::LowCut => {
                ([(1.0 + cos) / 2.0, -(1.0 + cos), (1.0 + cos) / 2.0], [1.0 + alpha, -2.0 * cos, 1.0 - alpha])
            }
            Kind::HighCut => {
                ([(1.0 - cos) / 2.0, 1.0 - cos, (1.0 - cos) / 2.0], [1.0 + alpha, -2.0 * cos, 1.0 - alpha])
            }
        };
        Self { b: b.map(|b| b / a[0]), a: [a[1] / a[0], a[2] / a[0]], state: [[0.0; 2]; 2] }
    }

    /// Filters a frame.
    #[inline]
    pub(crate) fn tick(&mut self, frame: [f64; 2]) -> [f64; 2] {
        let mut out = frame;
        for ((x, y), [s1, s2]) in frame.iter().zip(&mut out).zip(&mut self.state) {
            *y = self.b[0] * x + *s1;
            *s1 = self.b[1] * x - self.a[0] * *y + *s2;
            *s2 = self.b[2] * x - self.a[1] * *y;
        }
        out
    }
}

/// Eight bands as they may be found on a master.
fn eight() -> [Biquad; 8] {
    let biquad = |kind, freq_hz, gain_db, q| Biquad::new(kind, freq_hz, gain_db, q, RATE_HZ);
    [
        biquad(Kind::LowCut, 30.0, 0.0, FRAC_1_SQRT_2),
        biquad(Kind::LowShelf, 100.0, 3.0, FRAC_1_SQRT_2),
        biquad(Kind::Bell, 250.0, -2.0, 1.0),
        biquad(Kind::Bell, 800.0, 2.0, 1.0),
        biquad(Kind::Bell, 2500.0, -3.0, 1.0),
        biquad(Kind::Bell, 6000.0, 2.0, 1.0),
        biquad(Kind::HighShelf, 8000.0, 3.0, FRAC_1_SQRT_2),
        biquad(Kind::HighCut, 18_000.0, 0.0, FRAC_1_SQRT_2),
    ]
}

/// Nanoseconds per frame of eight of them in a row, in blocks of some frames: what costs are compared with.
pub(crate) fn ns_of_eight(frames: usize) -> f64 {
    let mut biquads = eight();
    ns_per_frame(frames, |_, block| {
        for frame in block {
            *frame = biquads.iter_mut().fold(*frame, |frame, biquad| biquad.tick(frame));
        }
    })
}
