//! Cost of the equaliser, in ns per stereo frame at 48 kHz.

#[path = "support/bands.rs"]
mod bands;
mod support;

use bands::eight;
use dsp_core::Spec;
use dsp_core::Stage;
use dsp_core::eq::band::Target;
use dsp_core::eq::cascade::{Eq, Settings};
use dsp_core::eq::dynamic;
use dsp_core::eq::slope::Slope;
use support::ns_per_frame;

const BLOCKS: [usize; 2] = [64, 512];

fn report<const N: usize>(name: &str, settings: Settings<N>, moved: impl Fn(usize) -> Option<Settings<N>>) {
    for frames in BLOCKS {
        let mut eq = Eq::new(settings);
        eq.prepare(Spec { sample_rate_hz: 48_000.0, max_frames: frames, channels: 2 });
        let ns = ns_per_frame(frames, |index, block| {
            if let Some(moved) = moved(index) {
                eq.set(moved);
            }
            eq.process(block, None);
        });
        eprintln!("{name:32} {frames:4} frames: {ns:6.2} ns");
    }
}

fn main() {
    let still = |name: &str, settings| report(name, settings, |_| None);
    let all = Settings::of(eight());
    still("eight bands", all);
    still("all off", Settings { on: false, ..all });
    still("eight bands, gain corrected", Settings { auto_gain: true, ..all });
    let mut sides = all;
    sides.bands[3].target = Target::Mid;
    sides.bands[5].target = Target::Side;
    still("eight bands, two on mid and side", sides);
    let mut steep = all;
    steep.bands[0].slope = Slope::Db96;
    steep.bands[7].slope = Slope::Db96;
    still("eight bands, two of 96 dB/oct", steep);
    let mut dynamic = all;
    dynamic.bands[3].dynamic = dynamic::Settings { on: true, range_db: -12.0, ..dynamic::Settings::STATIC };
    still("eight bands, one dynamic", dynamic);
    let [_, a, b, c, d, ..] = eight();
    let four = Settings::of([a, b, c, d]);
    report("four bands", four, |_| None);
    report("eight bands, one gain moving", all, |index| {
        let mut moved = all;
        moved.bands[3].gain_db = if index % 2 == 0 { 6.0 } else { -6.0 };
        Some(moved)
    });
    report("eight bands, one frequency moving", all, |index| {
        let mut moved = all;
        moved.bands[3].freq_hz = if index % 2 == 0 { 400.0 } else { 1600.0 };
        Some(moved)
    });
}
