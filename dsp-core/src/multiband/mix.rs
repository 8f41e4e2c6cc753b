//! From a band's dynamics to the output: gain, width, mix, delta and solo, as four numbers.

use super::settings::Settings;
use crate::simd::F64x4;
use crate::units::{db_to_gain, pct_to_fraction};

/// Processed share, split share, straight, crossed.
pub(super) const NUMBERS: usize = 4;

/// Processed share, split share, and what of a channel goes to itself and to the other one.
pub(super) fn numbers(settings: &Settings, place: usize) -> [f64; NUMBERS] {
    if !settings.on {
        return [0.0, 1.0, 1.0, 0.0];
    }
    let band = &settings.band[place];
    let heard = if settings.is_heard(place) { 1.0 } else { 0.0 };
    let processed = if band.on { pct_to_fraction(settings.mix_pct) } else { 0.0 };
    let taken = if settings.delta { 1.0 } else { 0.0 };
    let width = pct_to_fraction(band.width_pct);
    [
        heard * processed * db_to_gain(band.gain_db),
        heard * (1.0 - processed - taken),
        0.5 * (1.0 + width),
        0.5 * (1.0 - width),
    ]
}

/// Mixes a frame as it was split and as the dynamics made it.
#[inline(always)]
pub(super) fn mixed<V: F64x4>(x: V, y: V, mix: &[V; NUMBERS]) -> V {
    let y = y.mul(mix[0]);
    x.mul_add(mix[1], y.mul_add(mix[2], y.channels_swapped().mul(mix[3])))
}
