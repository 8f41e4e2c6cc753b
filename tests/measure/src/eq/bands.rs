//! Bands, and the equaliser that runs them.

use dsp_core::eq::band::{Band, Shape};
use dsp_core::eq::cascade::{Eq, Settings};
use dsp_core::filter::response::Response;
use dsp_core::{Spec, Stage};
use std::f64::consts::FRAC_1_SQRT_2;

/// A band that is on.
pub(super) fn band(shape: Shape, freq_hz: f64, gain_db: f64, q: f64) -> Band {
    Band { gain_db, q, ..Band::flat(shape, freq_hz) }
}

/// A bell.
pub(super) fn bell(freq_hz: f64, gain_db: f64, q: f64) -> Band {
    band(Shape::Bell, freq_hz, gain_db, q)
}

/// A typical setting on a master: eight bands, none of them flat.
pub(super) fn eight() -> [Band; 8] {
    [
        band(Shape::LowCut, 30.0, 0.0, FRAC_1_SQRT_2),
        band(Shape::LowShelf, 100.0, 3.0, FRAC_1_SQRT_2),
        bell(250.0, -2.0, 1.0),
        bell(800.0, 2.0, 1.0),
        bell(2500.0, -3.0, 1.0),
        bell(6000.0, 2.0, 1.0),
        band(Shape::HighShelf, 8000.0, 3.0, FRAC_1_SQRT_2),
        band(Shape::HighCut, 18_000.0, 0.0, FRAC_1_SQRT_2),
    ]
}

/// A settled equaliser.
pub(super) fn at<const N: usize>(settings: Settings<N>, sample_rate_hz: f64) -> Eq<N> {
    let mut eq = Eq::new(settings);
    eq.prepare(Spec { sample_rate_hz, max_frames: 4096, channels: 2 });
    eq
}

/// One response over another.
pub(super) fn over(a: Response, b: Response) -> Response {
    let power = b.re * b.re + b.im * b.im;
    a.then(Response { re: b.re / power, im: -b.im / power })
}
