//! Design of the impulse response.
//!
//! Frequency sampling: the wanted response on a grid much finer than the taps resolve, transformed to time; its middle
//! is kept and its ends are windowed. What is longer than the taps (a narrow band in the bass) is lost; the tests say
//! how much.

use super::matrix::{Matrix, UNITY, on, times};
use super::mode::Mode;
use super::request::DesignRequest;
use crate::filter::convolve::{Geometry, Kernel, Taps};
use core::f64::consts::PI;
use realfft::RealFftPlanner;
use realfft::num_complex::Complex;

/// Points of the grid per tap.
const OVERSAMPLING: usize = 4;
/// Fewest points of the grid: the correction is short, but its phase has to be unwrapped.
const MIN_POINTS: usize = 8192;
/// Highest frequency at which the response is the analogue one, in Hz and relative to Nyquist, whichever is lower.
const TOP_HZ: f64 = 20_000.0;
const TOP_OF_NYQUIST: f64 = 0.95;
/// Largest gain of the correction, ±60 dB: beyond, one of two filters is silent.
const MAX_CORRECTION: f64 = 1e3;
/// Part of the taps, at each end, that the window fades.
const FADED: f64 = 0.05;

/// The kernel for a request that is not flat; none in a mode without one. Allocates.
pub(super) fn kernel<const N: usize>(request: &DesignRequest<N>) -> Option<Kernel> {
    let geometry = request.mode.geometry()?;
    Some(Kernel::new(geometry, &taps(request, geometry)))
}

/// The impulse responses.
pub(super) fn taps<const N: usize>(request: &DesignRequest<N>, geometry: Geometry) -> Taps {
    let points = (OVERSAMPLING * geometry.taps()).max(MIN_POINTS);
    let grid: Vec<f64> = (0..=points / 2).map(|k| k as f64 * request.sample_rate_hz / points as f64).collect();
    let response = if request.mode == Mode::Matched { correction(request, &grid) } else { linear(request, &grid) };
    let cell = |row: usize, column: usize| to_taps(&response, row, column, geometry);
    if request.is_same() {
        Taps::Same(cell(0, 0))
    } else {
        Taps::Matrix([[cell(0, 0), cell(0, 1)], [cell(1, 0), cell(1, 1)]])
    }
}

/// Levels of the analogue filters, without their phases.
fn linear<const N: usize>(request: &DesignRequest<N>, grid: &[f64]) -> Vec<Matrix> {
    let nyquist_hz = request.sample_rate_hz / 2.0;
    let at = |freq_hz: &f64| {
        let freq_hz = bent(*freq_hz, TOP_OF_NYQUIST * nyquist_hz, nyquist_hz);
        request.bands().fold(UNITY, |so_far, band| {
            let response = band.prototypes().prototype_response(freq_hz);
            times(&on(band.target, Complex::new(response.re.hypot(response.im), 0.0)), &so_far)
        })
    };
    grid.iter().map(at).collect()
}

/// What turns the filters of the cascade into the analogue ones.
///
/// With the filters' product I and the analogue product P, what follows the cascade has to be P I⁻¹: band by band,
/// C ← c I C I⁻¹ with c the band's own ratio. Where the bands' matrices commute, I C I⁻¹ is C.
fn correction<const N: usize>(request: &DesignRequest<N>, grid: &[f64]) -> Vec<Matrix> {
    let nyquist_hz = request.sample_rate_hz / 2.0;
    let top_hz = TOP_HZ.min(TOP_OF_NYQUIST * nyquist_hz);
    let mut all = vec![UNITY; grid.len()];
    for band in request.bands() {
        let (mut phase, mut last) = (0.0, Complex::new(1.0, 0.0));
        let (prototypes, curve) = (band.prototypes(), band.prototypes().curve(request.sample_rate_hz));
        for (k, (freq_hz, so_far)) in grid.iter().zip(&mut all).enumerate() {
            // At 0 Hz many filters are silent; their ratio is not.
            let near_hz = bent(freq_hz.max(grid[1] * 1e-3), top_hz, nyquist_hz);
            let (p, i) = (prototypes.prototype_response(near_hz), curve.response(near_hz));
            let (p, i) = (Complex::new(p.re, p.im), Complex::new(i.re, i.im));
            let ratio = p / i;
            let ratio = if ratio.is_finite() && ratio.norm() > 0.0 { ratio } else { last };
            // A filter that inverts the polarity at 0 Hz inverts it in both.
            phase = if k == 0 { ratio.arg() } else { phase + (ratio / last).arg() };
            last = ratio;
            let own = Complex::from_polar(
                ratio.norm().clamp(1.0 / MAX_CORRECTION, MAX_CORRECTION),
                phase * (1.0 - rise(*freq_hz, top_hz, nyquist_hz)),
            );
            let gain = if i.is_finite() && i.norm() > 1e-6 { i } else { Complex::new(1.0, 0.0) };
            let turned = times(&times(&on(band.target, gain), so_far), &on(band.target, gain.inv()));
            *so_far = times(&on(band.target, own), &turned);
        }
    }
    all
}

/// From 0 at `from` to 1 at `to`, with all its derivatives.
fn rise(x: f64, from: f64, to: f64) -> f64 {
    let t = (x - from) / (to - from);
    if t <= 0.0 {
        0.0
    } else if t >= 1.0 {
        1.0
    } else {
        1.0 / (1.0 + (1.0 / t - 1.0 / (1.0 - t)).exp())
    }
}

/// A frequency unchanged up to `top_hz`, then compressed so that Nyquist maps half way there: a response that arrives
/// flat at Nyquist has no corner there.
fn bent(freq_hz: f64, top_hz: f64, nyquist_hz: f64) -> f64 {
    if freq_hz <= top_hz {
        return freq_hz;
    }
    let width = nyquist_hz - top_hz;
    let t = ((freq_hz - top_hz) / width).min(1.0);
    top_hz + width * 0.5 * (t + (PI * t).sin() / PI)
}

/// One cell of the response as taps, its time zero at the centre.
fn to_taps(response: &[Matrix], row: usize, column: usize, geometry: Geometry) -> Vec<f64> {
    let points = 2 * (response.len() - 1);
    let mut bins: Vec<Complex<f64>> = response.iter().map(|cell| cell[row][column] / points as f64).collect();
    for end in [0, points / 2] {
        bins[end].im = 0.0;
    }
    let symmetric = bins.iter().all(|bin| bin.im == 0.0);
    let inverse = RealFftPlanner::new().plan_fft_inverse(points);
    let mut time = inverse.make_output_vec();
    // It can only fail on lengths and on ends that are not real.
    let done = inverse.process(&mut bins, &mut time);
    debug_assert!(done.is_ok());
    let (before, after) = (geometry.centre(), geometry.taps() - geometry.centre());
    (0..geometry.taps())
        .map(|n| {
            let lag = n.abs_diff(before);
            let reach = if n < before { before } else { after };
            let edge = ((lag as f64 / reach as f64 - (1.0 - FADED)) / FADED).clamp(0.0, 1.0);
            let window = 0.5 + 0.5 * (PI * edge).cos();
            // Symmetric to the bit: the transform rounds both sides differently.
            let place = if symmetric { lag } else { (n + points - before) % points };
            time[place] * window
        })
        .collect()
}

#[cfg(test)]
mod tests;
