//! The filters of [`super::peaks`].
//!
//! The midpoint between two samples is Σ x(t−k) (−1)^k / (π s) with s = k + ½ their distance. Cut off after 32 samples on
//! either side, it reads everything but the last octaves below Nyquist; after 256 samples nearly everything, at eight times
//! the cost. With the spectrum reversed, that is with every other sign changed, the difference between the two filters is
//! w(s) / (π s) with a slow w: a narrow low-pass around 0 Hz, which runs at a quarter of the rate with a quarter of the
//! taps. That is a sixteenth of the work, and the filters to the low rate and back are short.
//!
//! Sources: J. F. Kaiser, "Nonrecursive digital filter design using the I0-sinh window function" (ISCAS 1974);
//! Y. Neuvo, D. Cheng-Yu, S. K. Mitra, "Interpolated finite impulse response filters" (IEEE Trans. ASSP 32, 1984).

use super::fir::LANES;
use super::kaiser::bessel_i0;
use core::f64::consts::PI;
use std::sync::LazyLock;

/// Frames per low-rate frame.
pub(super) const STEP: usize = 4;
/// Taps of the short filter.
pub(super) const SHORT: usize = 64;
/// Half the taps of the long filter, at the low rate.
pub(super) const LONG_HALF: usize = 64;
/// Taps per phase of the low-passes to the low rate and back.
pub(super) const PASS: usize = 7;
/// Taps on either side of a quarter point, at twice the rate.
pub(super) const QUARTER: usize = 4;

/// Kaiser window of the short filter: −72 dB.
const SHORT_BETA: f64 = 7.0;
/// Of the long one: −50 dB, but as steep as possible.
const LONG_BETA: f64 = 4.5;
/// Of the low-passes and of the quarter points: −70 and −60 dB.
const PASS_BETA: f64 = 6.8;
const QUARTER_BETA: f64 = 5.4;

/// All taps, oldest sample first.
#[derive(Clone, Debug)]
pub(super) struct Kernels {
    pub(super) short: Vec<f32>,
    /// To the low rate, each for both channels, by the frame's place among its four; the signs reverse the spectrum.
    pub(super) down: [[f32; LANES]; PASS],
    pub(super) long: Vec<f32>,
    /// Back from it, by the output frame's place; the signs reverse it again.
    pub(super) up: [[f32; LANES]; PASS],
    /// Of a quarter point, nearest first, each for both sides.
    pub(super) quarter: [f32; QUARTER],
    /// No point exceeds the largest sample by more than this factor.
    pub(super) bound: f64,
    /// No quarter point exceeds the largest of the points around it by more than this factor.
    pub(super) quarter_bound: f64,
    /// Nor does it exceed the larger of its neighbours by more than this part of the largest curvature around it: its
    /// difference from their mean is a filter of the curvatures.
    pub(super) quarter_curvature: f64,
}

/// Kaiser's window at `s` from its middle, 0 from `reach` on.
fn kaiser(s: f64, reach: f64, beta: f64) -> f64 {
    let inside = 1.0 - (s / reach).powi(2);
    if inside > 0.0 { bessel_i0(beta * inside.sqrt()) / bessel_i0(beta) } else { 0.0 }
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { (PI * x).sin() / (PI * x) }
}

/// Shared by all readers, designed by the first.
static KERNELS: LazyLock<Kernels> = LazyLock::new(Kernels::design);

impl Kernels {
    /// The shared ones. Designs them on first use: not for the audio thread.
    pub(super) fn shared() -> &'static Self {
        &KERNELS
    }

    pub(super) fn design() -> Self {
        let short: Vec<f64> = (0..SHORT)
            .map(|k| SHORT as f64 / 2.0 - 0.5 - k as f64)
            .map(|s| sinc(s) * kaiser(s, SHORT as f64 / 2.0, SHORT_BETA))
            .collect();
        let reach = (STEP * LONG_HALF) as f64;
        let tail =
            |s: f64| (kaiser(s, reach, LONG_BETA) - kaiser(s, SHORT as f64 / 2.0, SHORT_BETA)) / (PI * s) * STEP as f64;
        let long: Vec<f64> =
            (0..2 * LONG_HALF).rev().map(|k| tail(STEP as f64 * (k as f64 - LONG_HALF as f64 + 0.5))).collect();
        // Either low-pass, in the order of time; it cuts half way between 0 Hz and the low rate.
        let pass = |len: usize, sum: f64| {
            let middle = (len - 1) as f64 / 2.0;
            let at = |k: usize| {
                let s = k as f64 - middle;
                sinc(s / STEP as f64) * kaiser(s, len as f64 / 2.0, PASS_BETA)
            };
            let taps: Vec<f64> = (0..len).map(at).collect();
            let scale = sum / taps.iter().sum::<f64>();
            taps.into_iter().map(|tap| tap * scale).chain([0.0]).collect::<Vec<_>>()
        };
        let (down, up) = (pass(STEP * PASS, 1.0), pass(STEP * PASS - 1, STEP as f64));
        let sign = |place: usize| if place.is_multiple_of(2) { 1.0 } else { -1.0 };
        let phase = |taps: &[f64], k: usize, first: usize, place: usize| {
            (taps[STEP * (PASS - 1 - k) + first] * sign(place)) as f32
        };
        let lanes = |at: &dyn Fn(usize, usize) -> f32| -> [[f32; LANES]; PASS] {
            core::array::from_fn(|k| core::array::from_fn(|lane| at(k, lane / 2)))
        };
        let quarter: [f64; QUARTER] = core::array::from_fn(|k| {
            let s = k as f64 + 0.5;
            sinc(s) * kaiser(s, QUARTER as f64, QUARTER_BETA)
        });
        let scale = 0.5 / quarter.iter().sum::<f64>();
        let size = |taps: &[f64]| taps.iter().map(|tap| tap.abs()).sum::<f64>();
        let quarter_bound = 2.0 * scale * size(&quarter);
        let quarter_curvature = size(&by_curvature(&quarter.map(|tap| tap * scale)));
        let most = size(&short) + size(&down) * size(&long) * STEP as f64;
        Self {
            short: short.iter().map(|tap| *tap as f32).collect(),
            down: lanes(&|k, place| phase(&down, k, STEP - 1 - place, place)),
            long: long.iter().map(|tap| *tap as f32).collect(),
            up: lanes(&|k, place| phase(&up, k, place, place)),
            quarter: quarter.map(|tap| (tap * scale) as f32),
            bound: most.max(1.0) * quarter_bound,
            quarter_bound,
            quarter_curvature,
        }
    }
}

/// What a point half way between others, by `taps` for either side, nearest first, adds to the mean of the two nearest, as a
/// filter of curvatures (1, −2, 1). The division leaves no rest: both filters are symmetric and sum to 1.
fn by_curvature(taps: &[f64; QUARTER]) -> [f64; 2 * QUARTER - 2] {
    let rest: [f64; 2 * QUARTER] = core::array::from_fn(|k| {
        let distance = if k < QUARTER { QUARTER - 1 - k } else { k - QUARTER };
        taps[distance] - if distance == 0 { 0.5 } else { 0.0 }
    });
    let mut curvatures = [0.0; 2 * QUARTER - 2];
    let (mut last, mut last_but_one) = (0.0, 0.0);
    for (curvature, rest) in curvatures.iter_mut().zip(rest) {
        *curvature = rest + 2.0 * last - last_but_one;
        (last_but_one, last) = (last, *curvature);
    }
    curvatures
}
