//! One sample per channel, and what is done to a frame before it may enter a processor.

/// Left and right, 64-bit. A mono signal travels in both lanes: every module keeps L = R as L = R.
pub type Frame = [f64; 2];

/// Largest magnitude that enters a processor: +100 dBFS. No real signal comes near; a runaway one upstream is
/// held here so that filters and envelopes are themselves again soon after it ends.
pub const LIMIT: f64 = 1e5;

/// A frame with NaN and infinities replaced (0, ±[`LIMIT`]) and magnitudes held to [`LIMIT`].
#[inline]
#[must_use]
pub fn sanitise(frame: Frame) -> Frame {
    frame.map(|x| if x.is_nan() { 0.0 } else { x.clamp(-LIMIT, LIMIT) })
}

/// [`sanitise`] over frames, several numbers at once.
#[inline(always)]
pub(crate) fn sanitise_all(frames: &mut [Frame]) {
    for x in frames.as_flattened_mut() {
        let held = if *x > LIMIT { LIMIT } else { *x };
        let held = if held < -LIMIT { -LIMIT } else { held };
        *x = if x.is_nan() { 0.0 } else { held };
    }
}

/// Left and right as mid and side, scaled so that encoding twice gives the frame back: m = (l + r)/2, s = (l − r)/2.
#[inline]
#[must_use]
pub fn to_mid_side([l, r]: Frame) -> Frame {
    [(l + r) * 0.5, (l - r) * 0.5]
}

/// Mid and side as left and right.
#[inline]
#[must_use]
pub fn from_mid_side([m, s]: Frame) -> Frame {
    [m + s, m - s]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_comes_in_is_finite() {
        assert_eq!(sanitise([f64::NAN, 1e300]), [0.0, LIMIT]);
        assert_eq!(sanitise([f64::NEG_INFINITY, -0.25]), [-LIMIT, -0.25]);
        let mut all: Vec<Frame> =
            [f64::NAN, 1e300, -1e6, f64::INFINITY, -f64::NAN, 0.5, -LIMIT].map(|x| [x, 1.0]).to_vec();
        let each: Vec<Frame> = all.iter().map(|frame| sanitise(*frame)).collect();
        sanitise_all(&mut all);
        assert_eq!(all, each);
    }

    #[test]
    fn mid_side_comes_back() {
        assert_eq!(from_mid_side(to_mid_side([0.75, -0.5])), [0.75, -0.5]);
        assert_eq!(to_mid_side([0.3, 0.3])[1], 0.0);
    }
}
