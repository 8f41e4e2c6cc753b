//! Cost.

use crate::common::{RATE_HZ, spec};
use crate::page::Page;
use crate::reference::ns_of_eight;
use crate::timing::ns_per_frame;
use dsp_core::Frame;
use dsp_core::Stage;
use dsp_core::dynamics::{compressor, de_esser, gate};
use dsp_core::multiband::{self, Bands, Multiband};
use dsp_core::saturation::{Curve, Factor, Saturation};
use plumb_signals::Noise;

/// Block sizes of hosts.
const BLOCKS: [usize; 2] = [64, 512];
/// Frames of the material, a second or so; it goes round.
const FRAMES: usize = 1 << 15;

/// Bursts that decay over 80 ms, every 250 ms, over a bed that swells; both channels alike but not equal.
fn programme() -> Vec<Frame> {
    let noise = Noise::new(1).stereo(0.0, FRAMES);
    let level = |n: usize| {
        let (burst, swell) = ((n % 12_000) as f64 / 3840.0, n as f64 / FRAMES as f64);
        0.9 * (-burst).exp() + 0.1 * (1.0 + (std::f64::consts::TAU * swell).sin())
    };
    let frame = |(n, [l, r]): (usize, &Frame)| [level(n) * (0.8 * l + 0.2 * r), level(n) * (0.2 * l + 0.8 * r)];
    noise.iter().enumerate().map(frame).collect()
}

/// Least cost of a frame of the programme at each size of block.
fn costs(material: &[Frame], mut process: impl FnMut(&mut [Frame])) -> [f64; 2] {
    BLOCKS.map(|frames| {
        ns_per_frame(frames, |index, block| {
            let from = index * frames % FRAMES;
            block.copy_from_slice(&material[from..from + frames]);
            process(block);
        })
    })
}

/// A row: its name, nanoseconds at each size of block, and what they are meant not to exceed.
type Row = (&'static str, [f64; 2], Option<[f64; 2]>);

fn compressors(material: &[Frame]) -> Vec<Row> {
    use compressor::{Compressor, Detection, Settings, Style};
    let on = Settings { on: true, threshold_db: -24.0, ratio: 4.0, ..Settings::default() };
    let cost = |settings: Settings| {
        let mut compressor = Compressor::new(settings);
        compressor.prepare(spec(RATE_HZ));
        costs(material, |block| compressor.process(block, None))
    };
    vec![
        ("compressor, Clean", cost(on), Some([9.0, 8.0])),
        ("compressor, Bus", cost(Settings { style: Style::Bus, ..on }), None),
        ("compressor, Opto", cost(Settings { style: Style::Opto, ..on }), None),
        ("compressor, FET", cost(Settings { style: Style::Fet, ..on }), None),
        ("compressor, RMS", cost(Settings { detector: Detection::Rms, ..on }), None),
        ("compressor, not linked", cost(Settings { link_pct: 0.0, ..on }), None),
    ]
}

fn gates(material: &[Frame]) -> Vec<Row> {
    use gate::{Gate, Mode, Settings};
    let on = Settings { on: true, threshold_db: -20.0, release_ms: 50.0, ..Settings::default() };
    let cost = |settings: Settings| {
        let mut gate = Gate::new(settings);
        gate.prepare(spec(RATE_HZ));
        costs(material, |block| gate.process(block, None))
    };
    let mut de_esser = de_esser::DeEsser::new(de_esser::Settings { on: true, ..de_esser::Settings::default() });
    de_esser.prepare(spec(RATE_HZ));
    vec![
        ("gate", cost(on), Some([10.0, 9.0])),
        ("expander", cost(Settings { mode: Mode::Expand, ..on }), None),
        ("de-esser, split band", costs(material, |block| de_esser.process(block, None)), None),
    ]
}

fn multibands(material: &[Frame]) -> Vec<Row> {
    let cost = |bands: Bands| {
        let mut settings = multiband::Settings { on: true, bands, ..multiband::Settings::default() };
        settings.band.iter_mut().for_each(|band| (band.threshold_db, band.ratio) = (-50.0, 3.0));
        let mut multiband = Multiband::new(settings);
        multiband.prepare(spec(RATE_HZ));
        costs(material, |block| multiband.process(block, None))
    };
    vec![
        ("multiband, two bands", cost(Bands::Two), None),
        ("multiband, four bands", cost(Bands::Four), Some([80.0, 70.0])),
        ("multiband, five bands", cost(Bands::Five), None),
    ]
}

fn saturations(material: &[Frame]) -> Vec<Row> {
    use dsp_core::saturation::Settings;
    let cost = |curve: Curve, oversampling: Factor| {
        let mut saturation = Saturation::new(Settings { curve, oversampling, drive_db: 12.0, ..Settings::default() });
        saturation.prepare(spec(RATE_HZ));
        costs(material, |block| saturation.process(block, None))
    };
    let most = Some([40.0, 40.0]);
    vec![
        ("saturation, Tube, 1×", cost(Curve::Tube, Factor::X1), None),
        ("saturation, Tube, 4×", cost(Curve::Tube, Factor::X4), most),
        ("saturation, Tape, 4×", cost(Curve::Tape, Factor::X4), most),
        ("saturation, Transistor, 4×", cost(Curve::Transistor, Factor::X4), most),
        ("saturation, Clip, 4×", cost(Curve::Clip, Factor::X4), most),
        ("saturation, Tube, 8×", cost(Curve::Tube, Factor::X8), None),
    ]
}

pub(super) fn part(page: &mut Page) {
    page.part("Speed");
    page.say(
        "Time for one stereo frame at 48 kHz, the least of 300 runs, on bursts of noise over a swelling bed, so that \
         every stage works all the time. Nanoseconds depend on the machine and the run; what counts is the ratio to \
         eight plain cookbook biquads (transposed direct form II, 64 bit, both channels, as compiled) timed in the \
         same run. The last column is our limit on that machine, at each block size.",
    );
    let material = programme();
    let reference = BLOCKS.map(ns_of_eight);
    let all = [compressors(&material), gates(&material), multibands(&material), saturations(&material)];
    let cell = |ns: f64, reference: f64| {
        let instances = 1e9 / RATE_HZ / ns;
        format!("{ns:.1} ns, {:.2} of the biquads', {instances:.0} instances", ns / reference)
    };
    let rows: Vec<[String; 4]> = [("eight plain biquads, 64 bit", reference, None)]
        .into_iter()
        .chain(all.into_iter().flatten())
        .map(|(name, [small, large], most)| {
            let most = most.map_or_else(String::new, |[small, large]: [f64; 2]| format!("{small} / {large} ns"));
            [name.to_owned(), cell(small, reference[0]), cell(large, reference[1]), most]
        })
        .collect();
    page.table(["48 kHz", "blocks of 64", "blocks of 512", "at most"], &rows);
}
