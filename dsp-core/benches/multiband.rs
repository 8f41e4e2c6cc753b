//! What the multiband dynamics cost, in ns per stereo frame at 48 kHz.

mod support;

use dsp_core::Spec;
use dsp_core::Stage;
use dsp_core::dynamics::key::Key;
use dsp_core::multiband::{Bands, Mode, Multiband, Settings};
use dsp_core::saturation::Factor;
use plumb_signals::Noise;
use support::ns_per_frame;

const BLOCKS: [usize; 2] = [64, 512];

fn report(name: &str, settings: Settings, moved: impl Fn(usize) -> Option<Settings>) {
    for frames in BLOCKS {
        let mut multiband = Multiband::new(settings);
        multiband.prepare(Spec { sample_rate_hz: 48_000.0, max_frames: frames, channels: 2 });
        let key = Noise::new(2).stereo(-12.0, frames);
        let ns = ns_per_frame(frames, |index, block| {
            if let Some(moved) = moved(index) {
                multiband.set(moved);
            }
            multiband.process(block, Some(&key));
        });
        eprintln!("{name:36} {frames:4} frames: {ns:6.2} ns   gains {:.1?} dB", multiband.gains_db());
    }
}

/// The same with saturation in the bands from a place on.
fn saturated(mut settings: Settings, factor: Factor, place: usize) -> Settings {
    settings.oversampling = factor;
    settings.band[..4].iter_mut().skip(place).for_each(|band| band.saturation.on = true);
    settings
}

fn main() {
    let still = |name: &str, settings| report(name, settings, |_| None);
    let mut four = Settings { on: true, ..Settings::default() };
    for band in &mut four.band {
        (band.threshold_db, band.ratio) = (-50.0, 3.0);
    }
    still("four bands", four);
    still("off", Settings { on: false, ..four });
    still("two bands", Settings { bands: Bands::Two, ..four });
    still("three bands", Settings { bands: Bands::Three, ..four });
    still("five bands", Settings { bands: Bands::Five, ..four });
    let mut modes = four;
    for (band, mode) in modes.band.iter_mut().zip([Mode::Compress, Mode::Expand, Mode::UpCompress, Mode::UpExpand]) {
        (band.mode, band.width_pct, band.link_pct) = (mode, 130.0, 50.0);
    }
    still("four bands, all modes", modes);
    let mut keyed = four;
    keyed.band[0].key = Key::External;
    still("four bands, one keyed", keyed);
    let mut quick = four;
    quick.band.iter_mut().for_each(|band| (band.attack_ms, band.release_ms) = (0.05, 10.0));
    still("four bands, shortest times", quick);
    let saturated = |factor, place| saturated(four, factor, place);
    still("four bands, waiting for 4x", saturated(Factor::X4, 4));
    still("four bands, one saturated at 1x", saturated(Factor::X1, 3));
    still("four bands, all saturated at 1x", saturated(Factor::X1, 0));
    still("four bands, one saturated at 4x", saturated(Factor::X4, 3));
    still("four bands, all saturated at 4x", saturated(Factor::X4, 0));
    still("off, waiting for 4x", Settings { on: false, oversampling: Factor::X4, ..four });
    report("four bands, thresholds moving", four, |index| {
        let mut moved = four;
        moved.band.iter_mut().for_each(|band| band.threshold_db = if index % 2 == 0 { -30.0 } else { -40.0 });
        Some(moved)
    });
    let all = saturated(Factor::X4, 0);
    report("four bands, all at 4x, drives moving", all, |index| {
        let mut moved = all;
        moved.band.iter_mut().for_each(|band| band.saturation.drive_db = if index % 2 == 0 { 6.0 } else { 9.0 });
        Some(moved)
    });
    report("four bands, crossovers moving", four, |index| {
        let mut moved = four;
        moved.crossovers_hz = if index % 2 == 0 { [100.0, 800.0, 4000.0, 9e3] } else { [150.0, 1200.0, 7000.0, 1e4] };
        Some(moved)
    });
}
