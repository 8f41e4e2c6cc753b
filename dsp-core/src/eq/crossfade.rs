//! A crossfade from one signal to another, exact at both ends.

use crate::Frame;
use crate::smooth::Smoothed;

/// Blends `from` into `to`, along a ramp from 0 (all `from`) to 1 (all `to`). At both ends the signal passes bit for bit,
/// wherever in a chunk the ramp arrives: so the output does not depend on how chunks are cut.
pub(super) fn crossfade(ramp: &mut Smoothed, from: &[Frame], to: &mut [Frame]) {
    for (to, from) in to.iter_mut().zip(from) {
        let t = ramp.tick();
        if t == 0.0 {
            *to = *from;
        } else if t != 1.0 {
            for ch in 0..2 {
                to[ch] = from[ch] + t * (to[ch] - from[ch]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_are_exact_to_the_sign_of_zero() {
        let (a, b) = ([[0.1, -0.0]; 960], [[1e9, -0.0]; 960]);
        let mut ramp = Smoothed::new(0.0);
        ramp.prepare(24_000.0); // 480 frames
        let mut out = b;
        crossfade(&mut ramp, &a, &mut out);
        assert_eq!(out.map(|f| f.map(f64::to_bits)), a.map(|f| f.map(f64::to_bits)));
        ramp.set(1.0);
        let mut out = b;
        crossfade(&mut ramp, &a, &mut out);
        assert_eq!(out[479..].len(), 481);
        assert!(out[479..].iter().zip(&b).all(|(x, y)| x.map(f64::to_bits) == y.map(f64::to_bits)));
        assert!((out[239][0] / (0.5e9 + 0.05) - 1.0).abs() < 1e-12, "half way at half time: rounding of 240 steps");
    }
}
