//! Distortion, noise, and artefacts of moving controls.

use super::bands::{at, band, bell, eight};
use crate::common::{RATE_HZ, left};
use crate::figure::{Axis, Curve, Figure, Panel};
use crate::page::Page;
use crate::reference::{Biquad, Kind};
use crate::spectrum::{Spectrum, residue_db, windowed};
use anyhow::{Context, Result};
use dsp_core::eq::band::Band;
use dsp_core::eq::band::{self as ranges, Shape};
use dsp_core::eq::cascade::Settings;
use dsp_core::eq::slope::Slope;
use dsp_core::{Frame, Stage};
use plumb_canvas::paper::{AMBER, BLUE, GREEN, RED};
use plumb_signals::{both, rms_db, sine, tone_db};

/// As a host passes it on.
fn in_32_bit(block: &mut [Frame]) {
    block.iter_mut().flatten().for_each(|x| *x = f64::from(*x as f32));
}

/// A second of 997 Hz at −1 dBFS through eight bands, once all has settled.
fn through_eight(is_32_bit: bool) -> Vec<f64> {
    let mut block = both(&sine(997.0, -1.0, 3.0, RATE_HZ));
    if is_32_bit {
        in_32_bit(&mut block);
    }
    at(Settings::of(eight()), RATE_HZ).process(&mut block, None);
    if is_32_bit {
        in_32_bit(&mut block);
    }
    left(&block[2 * RATE_HZ as usize..])
}

fn distortion(page: &mut Page) -> Result<()> {
    page.say(
        "A 997 Hz sine at −1 dBFS through the eight bands above. Everything but the sine (distortion, hum and noise \
         over the whole spectrum), relative to it:",
    );
    let [inside, outside] = [false, true].map(through_eight);
    let [a, b] = [&inside, &outside].map(|y| format!("{:.1} dB", residue_db(y, 997.0, RATE_HZ) - rms_db(y)));
    page.table(
        ["where", "THD+N"],
        &[["inside, in 64 bit".to_owned(), a], ["as the host hears it, in and out in 32 bit".to_owned(), b]],
    );
    let levels = |y: &[f64]| -> Result<Vec<[f64; 2]>> {
        Ok(Spectrum::new(y, RATE_HZ).context("a spectrum of a second")?.levels(20.0, 23_900.0, 500))
    };
    let panel = Panel::new("level, dBFS; a second, 1 Hz to a bin, no window", 300.0, [-360.0, 0.0], 60.0)
        .with(Curve::new(AMBER, levels(&outside)?).named("in and out in 32 bit"))
        .with(Curve::new(BLUE, levels(&inside)?).named("in 64 bit"));
    page.picture(
        "purity",
        "Spectrum of a sine through eight bands",
        &Figure::new(Axis::hz(20.0, 24_000.0), vec![panel]),
    )?;
    page.say("No harmonics are visible. The second curve adds the rounding to the sample format of the host.");
    Ok(())
}

fn noise(page: &mut Page) {
    const FAST_HZ: f64 = 192_000.0;
    page.say(
        "The hardest case for rounding is a narrow bell in the bass at a high sample rate: 20 Hz, +12 dB, Q 10 at 192 \
         kHz, with a 100 Hz sine at −1 dBFS. The residual of one second without the sine:",
    );
    let mut block = both(&sine(100.0, -1.0, 9.0, FAST_HZ));
    let mut biquad = Biquad::new(Kind::Bell, 20.0, 12.0, 10.0, FAST_HZ);
    let plain: Vec<f64> = block.iter().map(|frame| biquad.tick(*frame)[0]).collect();
    at(Settings::of([bell(20.0, 12.0, 10.0)]), FAST_HZ).process(&mut block, None);
    // 25 time constants of 320 ms.
    let settled = (8.0 * FAST_HZ) as usize;
    let text = |y: &[f64]| format!("{:.1} dBFS", residue_db(&y[settled..], 100.0, FAST_HZ));
    page.table(
        ["filter", "noise"],
        &[
            ["ours".to_owned(), text(&left(&block))],
            ["a plain biquad in 64 bit (transposed direct form II)".to_owned(), text(&plain)],
        ],
    );
}

/// A sweep: its name, and what is set at each share of its way.
type Sweep = (&'static str, fn(f64) -> Band);

/// Controls, each swept over its range.
const SWEEPS: [Sweep; 9] = [
    ("gain of a bell", |t| bell(900.0, ranges::GAIN_DB.at_position(t), 1.0)),
    ("frequency of a bell of +12 dB, Q 1", |t| bell(ranges::FREQ_HZ.at_position(t), 12.0, 1.0)),
    ("frequency of a bell of +12 dB, Q 10", |t| bell(ranges::FREQ_HZ.at_position(t), 12.0, 10.0)),
    ("Q of a bell of +12 dB", |t| bell(700.0, 12.0, ranges::Q.at_position(t))),
    ("gain of a low shelf", |t| band(Shape::LowShelf, 500.0, ranges::GAIN_DB.at_position(t), 0.7)),
    ("gain of a high shelf", |t| band(Shape::HighShelf, 500.0, ranges::GAIN_DB.at_position(t), 0.7)),
    ("frequency of a low cut", |t| Band::flat(Shape::LowCut, ranges::FREQ_HZ.at_position(t))),
    ("frequency of a high cut, 96 dB/oct", |t| Band {
        slope: Slope::Db96,
        ..Band::flat(Shape::HighCut, ranges::FREQ_HZ.at_position(t))
    }),
    ("frequency of a notch", |t| band(Shape::Notch, ranges::FREQ_HZ.at_position(t), 0.0, 1.0)),
];

/// 400 ms of a −12 dBFS sine of 500 Hz; from 175 ms on, for 50 ms, a band is swept, told every 64 frames.
fn swept(path: fn(f64) -> Band) -> Vec<f64> {
    let mut eq = at(Settings::of([path(0.0)]), RATE_HZ);
    let sine = both(&sine(500.0, -12.0, 0.4, RATE_HZ));
    // The start of the sine is a click by itself and is left out. 400 ms are whole periods.
    eq.process(&mut sine.clone(), None);
    let mut block = sine;
    for (n, chunk) in block.chunks_mut(64).enumerate() {
        let share = (((n * 64) as f64 - 0.175 * RATE_HZ) / (0.05 * RATE_HZ)).clamp(0.0, 1.0);
        eq.set(Settings::of([path(share)]));
        eq.process(chunk, None);
    }
    left(&block)
}

fn splatter(page: &mut Page) -> Result<()> {
    page.say(
        "A control sweeps its range within 50 ms while a 500 Hz sine at −12 dBFS plays. A swelling sine stays near 500 \
         Hz; clicks and zipper noise are broadband. So: the loudest of twelve frequencies from 4 to 17 kHz.",
    );
    let far: Vec<f64> = (0..12).map(|n| 4000.0 * 1.14_f64.powi(n) + 13.0).collect();
    let rows = SWEEPS.map(|(name, path)| {
        let y = swept(path);
        let loudest = far.iter().map(|hz| tone_db(&y, *hz, RATE_HZ)).fold(f64::NEG_INFINITY, f64::max);
        [name.to_owned(), format!("{loudest:.1} dBFS")]
    });
    page.table(["what is swept", "splatter"], &rows);
    let mut panel = Panel::new("level, dBFS; 400 ms, Blackman–Harris window", 300.0, [-180.0, 0.0], 30.0);
    let still = swept(|_| bell(900.0, 6.0, 1.0));
    for (index, color) in [(2, RED), (1, AMBER), (0, BLUE)] {
        let (name, path) = SWEEPS[index];
        panel = panel.with(Curve::new(color, windowed(&swept(path), RATE_HZ)?).named(name));
    }
    panel = panel.with(Curve::new(GREEN, windowed(&still, RATE_HZ)?).named("nothing"));
    page.picture("splatter", "Spectra while controls are swept", &Figure::new(Axis::hz(20.0, 20_000.0), vec![panel]))?;
    page.say(
        "The narrow bell is loudest: as it passes the sine it picks it up and carries it along, a chirp, as an \
         analogue one would. It is audible, but not a click.",
    );
    Ok(())
}

pub(super) fn part(page: &mut Page) -> Result<()> {
    page.part("Purity");
    distortion(page)?;
    noise(page);
    splatter(page)
}
