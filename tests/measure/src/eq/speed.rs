//! What it costs.

use super::{RATE_HZ, at, eight};
use crate::page::Page;
use crate::reference::{Biquad, Kind};
use crate::timing::ns_per_frame;
use anyhow::Result;
use dsp_core::Spec;
use dsp_core::eq::cascade::Settings;
use dsp_core::eq::dynamic;
use dsp_core::eq::phase::{Mode, Phase};
use std::f64::consts::FRAC_1_SQRT_2;

/// Blocks that hosts use.
const BLOCKS: [usize; 2] = [64, 512];

/// The same eight bands as plain biquads.
fn plain() -> [Biquad; 8] {
    let biquad = |kind, freq_hz, gain_db, q| Biquad::new(kind, freq_hz, gain_db, q, RATE_HZ);
    [
        biquad(Kind::LowCut, 30.0, 0.0, FRAC_1_SQRT_2),
        biquad(Kind::LowShelf, 100.0, 3.0, FRAC_1_SQRT_2),
        biquad(Kind::Bell, 250.0, -2.0, 1.0),
        biquad(Kind::Bell, 800.0, 2.0, 1.0),
        biquad(Kind::Bell, 2500.0, -3.0, 1.0),
        biquad(Kind::Bell, 6000.0, 2.0, 1.0),
        biquad(Kind::HighShelf, 8000.0, 3.0, FRAC_1_SQRT_2),
        biquad(Kind::HighCut, 18_000.0, 0.0, FRAC_1_SQRT_2),
    ]
}

/// Nanoseconds per frame at each size of block.
fn costs() -> [(&'static str, [f64; 2]); 5] {
    let all = Settings::of(eight());
    let mut dynamic = all;
    dynamic.bands[3].dynamic = dynamic::Settings { on: true, range_db: -12.0, ..dynamic::Settings::STILL };
    let cascade = |settings: Settings<8>| {
        BLOCKS.map(|frames| {
            let mut eq = at(settings, RATE_HZ);
            ns_per_frame(frames, |_, block| eq.process(block, None))
        })
    };
    let phase = |mode: Mode| {
        BLOCKS.map(|frames| {
            let (mut eq, mut phase) = (at(all, RATE_HZ), Phase::new(mode, &all));
            phase.prepare(Spec { sample_rate_hz: RATE_HZ, max_frames: frames, channels: 2 });
            ns_per_frame(frames, |_, block| {
                if mode.runs_cascade() {
                    eq.process(block, None);
                }
                phase.process(block);
            })
        })
    };
    let reference = BLOCKS.map(|frames| {
        let mut biquads = plain();
        ns_per_frame(frames, |_, block| {
            for frame in block {
                *frame = biquads.iter_mut().fold(*frame, |frame, biquad| biquad.tick(frame));
            }
        })
    });
    [
        ("eight plain biquads, 64 bit", reference),
        ("eight bands", cascade(all)),
        ("eight bands, one of them dynamic", cascade(dynamic)),
        ("eight bands, matched", phase(Mode::Matched)),
        ("eight bands, linear 16k", phase(Mode::Linear16k)),
    ]
}

pub(super) fn part(page: &mut Page) -> Result<()> {
    page.part("Speed");
    page.say(
        "Time for one frame of stereo, the least of 300 runs, and how many instances of it would fill one core at 48 kHz. The \
         nanoseconds are those of one machine and differ from run to run; the ratio counts. It is to eight plain biquads of \
         the cookbook (transposed direct form II, 64 bit, both channels, as the compiler makes them), timed in the same \
         run: the least that eight bands of any equaliser without further ideas would cost, with the wrong top octave.",
    );
    let costs = costs();
    let [(_, reference), ..] = costs;
    let cell = |ns: f64, reference: f64| {
        let instances = 1e9 / RATE_HZ / ns;
        format!("{ns:.1} ns, {:.2} of the biquads', {instances:.0} instances", ns / reference)
    };
    let rows =
        costs.map(|(name, [small, large])| [name.to_owned(), cell(small, reference[0]), cell(large, reference[1])]);
    page.table(["48 kHz", "blocks of 64", "blocks of 512"], &rows);
    Ok(())
}
