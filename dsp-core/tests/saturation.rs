//! Saturation allocates nothing, at any factor, while everything moves.

use dsp_core::Stage;
use dsp_core::saturation::{Curve, Factor, Saturation, Settings};
use dsp_core::{Choice, Spec};
use plumb_signals::{Noise, assert_no_alloc};

#[test]
fn saturation_allocates_nothing_while_everything_moves() {
    let mut frames = Noise::new(3).stereo(0.0, 48_000);
    let mut saturation = Saturation::new(Settings::default());
    saturation.prepare(Spec::new(48_000.0, 512, 2).unwrap());
    assert_no_alloc(|| {
        for (n, block) in frames.chunks_mut(371).enumerate() {
            saturation.set(Settings {
                on: n % 7 != 0,
                curve: Curve::ALL[n % 4],
                drive_db: (n % 25) as f64,
                tone_db: (n % 13) as f64 - 6.0,
                mix_pct: (n % 3) as f64 * 50.0,
                oversampling: Factor::ALL[n / 20 % 4],
            });
            if n % 20 == 0 {
                saturation.reset();
            }
            saturation.process(block, None);
        }
    });
}
