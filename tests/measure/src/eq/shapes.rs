//! Every shape as curves: level, phase and group delay, with the analogue ones on top.

use super::bands::{band, over};
use crate::common::{RATE_HZ, spaced};
use crate::figure::{Axis, Curve, Figure, Panel};
use crate::page::Page;
use anyhow::Result;
use dsp_core::Choice;
use dsp_core::eq::band::{Band, Shape};
use dsp_core::eq::slope::Slope;
use dsp_core::filter::response::Response;
use plumb_canvas::paper::COLORS;
use std::f64::consts::TAU;

/// Points of a curve.
const POINTS: usize = 600;
/// Half the distance, as a share of the frequency, over which the phase's slope is taken.
const NEAR: f64 = 1e-4;

/// Level in dB, phase in degrees without jumps, and group delay in ms of something.
fn curves(response: impl Fn(f64) -> Response) -> [Vec<[f64; 2]>; 3] {
    let [mut level, mut phase, mut delay] = [const { Vec::new() }; 3];
    // From the end at which less happens to the phase, so that it starts near zero.
    let turn = |hz: f64| over(response(hz * 1.02), response(hz)).phase_rad().abs();
    let mut all: Vec<f64> = spaced(20.0, 20_000.0, POINTS).collect();
    if turn(20.0) > turn(19_500.0) {
        all.reverse();
    }
    let mut last: Option<(Response, f64)> = None;
    for hz in all {
        let now = response(hz);
        let phase_rad = match last {
            Some((before, phase_rad)) => phase_rad + over(now, before).phase_rad(),
            None => now.phase_rad(),
        };
        last = Some((now, phase_rad));
        let slope = over(response(hz * (1.0 + NEAR)), response(hz * (1.0 - NEAR))).phase_rad();
        level.push([hz, now.gain_db()]);
        phase.push([hz, phase_rad.to_degrees()]);
        delay.push([hz, -slope / (TAU * 2.0 * NEAR * hz) * 1000.0]);
    }
    [level, phase, delay]
}

/// What a picture shows, and the scales it needs.
struct Shown {
    name: &'static str,
    title: &'static str,
    bands: Vec<(String, Band)>,
    level_db: ([f64; 2], f64),
    phase_deg: ([f64; 2], f64),
    delay_ms: ([f64; 2], f64),
}

impl Shown {
    fn figure(&self) -> Figure {
        let scales =
            [("level, dB", self.level_db), ("phase, degrees", self.phase_deg), ("group delay, ms", self.delay_ms)];
        let mut panels = scales.map(|(title, (ends, step))| Panel::new(title, 190.0, ends, step)).to_vec();
        let count = self.bands.len();
        for (index, ((name, band), color)) in self.bands.iter().zip(COLORS).enumerate() {
            let curve = band.curve(RATE_HZ);
            let (ours, truth) = (curves(|hz| curve.response(hz)), curves(|hz| band.prototype_response(hz)));
            for (which, (panel, (ours, truth))) in panels.iter_mut().zip(ours.into_iter().zip(truth)).enumerate() {
                let (mut ours, mut truth) = (Curve::new(color, ours), Curve::truth(truth));
                if which == 0 {
                    ours = ours.named(name.clone());
                    truth = if index + 1 == count { truth.named("analogue") } else { truth };
                }
                *panel = panel.clone().with(ours).with(truth);
            }
        }
        Figure::new(Axis::hz(20.0, 20_000.0), panels)
    }
}

fn gains(shape: Shape, freq_hz: f64, q: f64) -> Vec<(String, Band)> {
    [-12.0, -6.0, 6.0, 12.0].map(|gain_db| (format!("{gain_db:+} dB"), band(shape, freq_hz, gain_db, q))).to_vec()
}

fn qs(shape: Shape, freq_hz: f64, gain_db: f64, qs: [f64; 3]) -> Vec<(String, Band)> {
    qs.map(|q| (format!("Q {q}"), band(shape, freq_hz, gain_db, q))).to_vec()
}

fn slopes(shape: Shape, freq_hz: f64) -> Vec<(String, Band)> {
    let one =
        |(slope, text): (&Slope, &&str)| ((*text).to_owned(), Band { slope: *slope, ..Band::flat(shape, freq_hz) });
    Slope::ALL.iter().zip(Slope::TEXTS).map(one).collect()
}

pub(super) fn part(page: &mut Page) -> Result<()> {
    page.part("Every shape: level, phase, group delay");
    page.say(
        "At 48 kHz. Coloured: ours; dashed: the analogue filter. The levels coincide. The phase is that of a filter \
         without latency: near Nyquist it turns a little more than the analogue one; the matched mode (below) corrects \
         this.",
    );
    let all = [
        Shown {
            name: "bells",
            title: "Bells at 3 kHz of +12 dB",
            bands: qs(Shape::Bell, 3000.0, 12.0, [0.5, 1.5, 6.0]),
            level_db: ([-1.0, 13.0], 3.0),
            phase_deg: ([-50.0, 50.0], 25.0),
            delay_ms: ([-0.2, 1.4], 0.4),
        },
        Shown {
            name: "high-bells",
            title: "Bells at 12 kHz",
            bands: gains(Shape::Bell, 12_000.0, 1.0),
            level_db: ([-13.0, 13.0], 6.0),
            phase_deg: ([-50.0, 50.0], 25.0),
            delay_ms: ([-0.06, 0.06], 0.02),
        },
        Shown {
            name: "low-shelves",
            title: "Low shelves at 200 Hz",
            bands: gains(Shape::LowShelf, 200.0, 0.707),
            level_db: ([-13.0, 13.0], 6.0),
            phase_deg: ([-50.0, 50.0], 25.0),
            delay_ms: ([-2.0, 2.0], 1.0),
        },
        Shown {
            name: "high-shelves",
            title: "High shelves at 8 kHz",
            bands: gains(Shape::HighShelf, 8000.0, 0.707),
            level_db: ([-13.0, 13.0], 6.0),
            phase_deg: ([-50.0, 50.0], 25.0),
            delay_ms: ([-0.06, 0.06], 0.02),
        },
        Shown {
            name: "tilts",
            title: "Tilts around 1 kHz",
            bands: gains(Shape::Tilt, 1000.0, 0.4),
            level_db: ([-7.0, 7.0], 3.0),
            phase_deg: ([-50.0, 50.0], 25.0),
            delay_ms: ([-0.4, 0.4], 0.2),
        },
        Shown {
            name: "low-cuts",
            title: "Low cuts at 100 Hz",
            bands: slopes(Shape::LowCut, 100.0),
            level_db: ([-60.0, 6.0], 12.0),
            phase_deg: ([0.0, 1440.0], 360.0),
            delay_ms: ([0.0, 30.0], 10.0),
        },
        Shown {
            name: "high-cuts",
            title: "High cuts at 10 kHz",
            bands: slopes(Shape::HighCut, 10_000.0),
            level_db: ([-60.0, 6.0], 12.0),
            phase_deg: ([-1440.0, 0.0], 360.0),
            delay_ms: ([0.0, 0.3], 0.1),
        },
        Shown {
            name: "notches",
            title: "Notches at 5 kHz",
            bands: qs(Shape::Notch, 5000.0, 0.0, [0.7, 3.0, 10.0]),
            level_db: ([-48.0, 6.0], 12.0),
            phase_deg: ([-100.0, 100.0], 50.0),
            delay_ms: ([0.0, 0.8], 0.2),
        },
        Shown {
            name: "band-passes",
            title: "Band passes at 5 kHz",
            bands: qs(Shape::BandPass, 5000.0, 0.0, [0.7, 3.0, 10.0]),
            level_db: ([-48.0, 6.0], 12.0),
            phase_deg: ([-135.0, 100.0], 45.0),
            delay_ms: ([0.0, 0.8], 0.2),
        },
        Shown {
            name: "all-passes",
            title: "All passes at 1 kHz",
            bands: qs(Shape::AllPass, 1000.0, 0.0, [0.5, 1.0, 3.0]),
            level_db: ([-1.0, 1.0], 0.5),
            phase_deg: ([-360.0, 0.0], 90.0),
            delay_ms: ([0.0, 2.5], 0.5),
        },
    ];
    for shown in all {
        page.say(&format!("{}:", shown.title));
        page.picture(shown.name, shown.title, &shown.figure())?;
    }
    Ok(())
}
