//! A strip with nothing on and nobody looking does nothing at all; that is not heard, now or later.

use super::{RATE_HZ, bits, busy_strip, channels, run};
use dsp_core::Spec;
use dsp_core::chain::channel::{ChannelStrip, Settings};
use dsp_core::dynamics::{key::Key, lookahead::Lookahead};
use dsp_core::flush::FlushGuard;
use dsp_core::oversample::Factor;

/// Everything on that has no latency, so that the strip may rest before and after.
fn prompt() -> Settings {
    let mut settings = busy_strip();
    settings.gate.key = Key::External;
    (settings.gate.lookahead, settings.compressor.lookahead) = (Lookahead::Off, Lookahead::Off);
    settings.saturation.oversampling = Factor::X1;
    settings
}

#[test]
fn a_resting_strip_sounds_as_one_that_is_watched() {
    let _flush = FlushGuard::new();
    let strip = |watched: bool| {
        let mut strip = ChannelStrip::new(Settings::default());
        strip.prepare(Spec::new(RATE_HZ, 512, 2).unwrap());
        strip.watch(watched);
        strip
    };
    let (mut resting, mut watched) = (strip(false), strip(true));
    let gated = Settings { gate: prompt().gate, ..Settings::default() };
    let mut heard = 0;
    // Blocks that are no multiples of the control grid, so that it must keep time.
    for (settings, frames) in [
        (Settings::default(), 333),
        (prompt(), 24_001),
        (Settings::default(), 48_005),
        (gated, 9_999),
        (prompt(), 7_000),
    ] {
        let mut input = channels(1, -12.0, frames);
        input[0][7] = f32::NAN;
        input[1][8] = f32::INFINITY;
        let mut outputs = Vec::new();
        for strip in [&mut resting, &mut watched] {
            strip.set(settings);
            outputs.push(run(strip, &input, &[77, 256, 100, 512]));
        }
        assert!(outputs[0].iter().flatten().all(|x| x.is_finite()));
        // Not as an equation: a million numbers tell nobody anything.
        assert!(bits(&outputs[0]) == bits(&outputs[1]), "after {heard} settings that are heard");
        heard += usize::from(bits(&outputs[0]) != bits(&input));
    }
    assert!(heard >= 3);
}
