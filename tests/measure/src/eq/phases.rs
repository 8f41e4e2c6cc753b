//! The phase modes: impulses through everything, against the analogue filters.

use super::bands::{at, bell, eight, over};
use crate::common::{RATE_HZ, left, spaced};
use crate::figure::{Axis, Curve, Figure, Panel};
use crate::page::Page;
use crate::spectrum::Spectrum;
use anyhow::{Context, Result};
use dsp_core::eq::band::{Band, Target};
use dsp_core::eq::cascade::Settings;
use dsp_core::eq::phase::{Mode, Phase};
use dsp_core::filter::response::Response;
use dsp_core::{Choice, Frame, Spec, Stage};
use plumb_canvas::paper::{AMBER, BLUE, RED};
use std::f64::consts::TAU;

/// Frames that are looked at: all of the longest impulse response, and bins 0.4 Hz apart.
const FRAMES: usize = 1 << 17;
/// Below this level phase is inaudible.
const DEEP_DB: f64 = -48.0;

/// Everything that a mode does to an impulse, its latency taken off: frequency and complex gain.
fn responses<const N: usize>(mode: Mode, bands: [Band; N]) -> Result<Vec<(f64, Response)>> {
    let settings = Settings::of(bands);
    let mut phase = Phase::new(mode, &settings);
    phase.prepare(Spec { sample_rate_hz: RATE_HZ, max_frames: 4096, channels: 2 });
    let mut block: Vec<Frame> = vec![[0.0; 2]; FRAMES];
    block[0] = [1.0; 2];
    if mode.runs_cascade() {
        at(settings, RATE_HZ).process(&mut block, None);
    }
    phase.process(&mut block);
    let spectrum = Spectrum::new(&left(&block), RATE_HZ).context("a spectrum of an impulse")?;
    let latency = phase.latency_frames() as f64;
    let early = |(hz, [re, im]): (f64, [f64; 2])| {
        let (sin, cos) = (TAU * (hz * latency / RATE_HZ).fract()).sin_cos();
        (hz, Response { re, im }.then(Response { re: cos, im: sin }))
    };
    Ok(spectrum.bins(20.0, 20_000.0).map(early).collect())
}

/// How far a mode is off at a frequency: level in dB, phase in degrees. In a linear mode the right phase is none.
struct Off {
    hz: f64,
    level_db: f64,
    phase_deg: f64,
}

fn offs<const N: usize>(mode: Mode, bands: [Band; N]) -> Result<Vec<Off>> {
    let prototypes = bands.map(|band| band.prototypes());
    let analogue = |hz| prototypes.iter().map(|s| s.prototype_response(hz)).fold(Response::UNITY, Response::then);
    let off = |(hz, is): (f64, Response)| {
        let truth = analogue(hz);
        let level_db = is.gain_db() - truth.gain_db();
        let phase = if mode.runs_cascade() { over(is, truth) } else { is };
        (truth.gain_db() > DEEP_DB).then(|| Off { hz, level_db, phase_deg: phase.phase_rad().to_degrees() })
    };
    Ok(responses(mode, bands)?.into_iter().filter_map(off).collect())
}

fn worst(offs: &[Off], of: impl Fn(&Off) -> f64) -> f64 {
    offs.iter().map(|off| of(off).abs()).fold(0.0, f64::max)
}

/// A number that is either plain or very small.
fn small(value: f64) -> String {
    if value >= 0.001 { format!("{value:.3}") } else { format!("{value:.0e}") }
}

fn busy(page: &mut Page) -> Result<()> {
    page.say(&format!(
        "Eight bands: a low cut at 30 Hz, a low shelf of +3 dB at 100 Hz, bells of −2, +2, −3 and +2 dB at 250 Hz, 800 \
         Hz, 2.5 kHz and 6 kHz, a high shelf of +3 dB at 8 kHz and a high cut at 18 kHz, at {} kHz. The response to an \
         impulse, with the reported latency removed, is compared with the analogue filters: level and phase in the \
         matched mode and without latency; level, and zero phase, in the linear modes.",
        RATE_HZ / 1000.0
    ));
    let modes = [(Mode::Zero, RED), (Mode::Linear16k, AMBER), (Mode::Matched, BLUE)];
    let mut level = Panel::new("error in level, dB", 220.0, [-0.06, 0.06], 0.02);
    let mut phase = Panel::new("error in phase, degrees", 220.0, [-10.0, 60.0], 10.0);
    let mut rows = Vec::new();
    for (mode, color) in modes {
        let offs = offs(mode, eight())?;
        let name = Mode::TEXTS[mode.index()];
        rows.push([
            name.to_owned(),
            format!("{} frames, {:.1} ms", mode.latency_frames(), mode.latency_frames() as f64 / RATE_HZ * 1000.0),
            format!("{} dB", small(worst(&offs, |off| off.level_db))),
            format!("{}°", small(worst(&offs, |off| off.phase_deg))),
        ]);
        // As many as can be seen.
        let seen: Vec<&Off> =
            spaced(20.0, 20_000.0, 700).filter_map(|hz| offs.get(offs.partition_point(|off| off.hz < hz))).collect();
        let points = |of: fn(&Off) -> f64| seen.iter().map(|off| [off.hz, of(off)]).collect::<Vec<_>>();
        level = level.with(Curve::new(color, points(|off| off.level_db)).named(name));
        phase = phase.with(Curve::new(color, points(|off| off.phase_deg)));
    }
    page.table(["mode", "latency", "largest error in level", "largest error in phase"], &rows);
    let figure = Figure::new(Axis::hz(20.0, 20_000.0), vec![level, phase]);
    page.picture("phases", "Error in level and phase of the modes", &figure)
}

fn bass(page: &mut Page) -> Result<()> {
    page.say(
        "The limit of the linear modes: a narrow bell in the bass rings for longer than the impulse response lasts. \
         Largest error in level of a bell of +18 dB at 48 kHz, in dB; at 96 kHz the same taps last half as long, so \
         read the table at twice the frequency:",
    );
    let mut rows = Vec::new();
    for freq_hz in [40.0, 100.0, 400.0] {
        for q in [1.0, 3.0, 10.0] {
            let error = |mode| -> Result<String> {
                Ok(small(worst(&offs(mode, [Band { target: Target::Stereo, ..bell(freq_hz, 18.0, q) }])?, |off| {
                    off.level_db
                })))
            };
            let errors = [error(Mode::Linear4k)?, error(Mode::Linear8k)?, error(Mode::Linear16k)?];
            let [a, b, c] = errors;
            rows.push([format!("{freq_hz} Hz"), format!("{q}"), a, b, c]);
        }
    }
    page.table(["bell at", "Q", "Linear 4k", "Linear 8k", "Linear 16k"], &rows);
    page.say(
        "If an error is too large for you, use the matched mode or the one without latency: they ring as the analogue \
         filter does, for as long as it does. Every linear-phase filter also rings before the sound as much as after \
         it.",
    );
    Ok(())
}

pub(super) fn part(page: &mut Page) -> Result<()> {
    page.part("Phase");
    busy(page)?;
    bass(page)
}
