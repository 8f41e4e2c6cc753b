//! Cost.

use super::bands::{at, eight};
use crate::common::RATE_HZ;
use crate::page::Page;
use crate::reference::ns_of_eight;
use crate::timing::ns_per_frame;
use anyhow::Result;
use dsp_core::eq::cascade::Settings;
use dsp_core::eq::dynamic;
use dsp_core::eq::phase::{Mode, Phase};
use dsp_core::{Spec, Stage};

/// Block sizes of hosts.
const BLOCKS: [usize; 2] = [64, 512];

/// Nanoseconds per frame at each size of block.
fn costs() -> [(&'static str, [f64; 2]); 5] {
    let all = Settings::of(eight());
    let mut dynamic = all;
    dynamic.bands[3].dynamic = dynamic::Settings { on: true, range_db: -12.0, ..dynamic::Settings::STATIC };
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
    let reference = BLOCKS.map(ns_of_eight);
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
        "Time for one stereo frame at 48 kHz, the least of 300 runs, and how many instances fill one core. Nanoseconds \
         depend on the machine and the run; what counts is the ratio to eight plain cookbook biquads (transposed \
         direct form II, 64 bit, both channels, as compiled) timed in the same run. That is the cost of eight bands of \
         the simplest equaliser, with the wrong top octave.",
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
