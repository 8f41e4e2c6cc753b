//! The eight bands that equalisers are timed with, here and by `cargo xtask bench`.

use dsp_core::eq::band::{Band, Shape};

/// A band that is on, for stereo.
pub(crate) fn band(shape: Shape, freq_hz: f64, gain_db: f64, q: f64) -> Band {
    Band { gain_db, q, ..Band::flat(shape, freq_hz) }
}

/// Low cut 30 Hz, low shelf 100 Hz +3 dB, bells 250 Hz −2, 800 Hz +2, 2.5 kHz −3, 6 kHz +2, high shelf 8 kHz +3, high
/// cut 18 kHz.
pub(crate) fn eight() -> [Band; 8] {
    [
        band(Shape::LowCut, 30.0, 0.0, 0.707),
        band(Shape::LowShelf, 100.0, 3.0, 0.707),
        band(Shape::Bell, 250.0, -2.0, 1.0),
        band(Shape::Bell, 800.0, 2.0, 1.0),
        band(Shape::Bell, 2500.0, -3.0, 1.0),
        band(Shape::Bell, 6000.0, 2.0, 1.0),
        band(Shape::HighShelf, 8000.0, 3.0, 0.707),
        band(Shape::HighCut, 18_000.0, 0.0, 0.707),
    ]
}
