//! A bell at the top of the spectrum, the usual comparison of equalisers.

use super::bands::bell;
use crate::common::{khz, spaced};
use crate::figure::{Axis, Curve, Figure, Panel};
use crate::page::Page;
use anyhow::Result;
use dsp_core::filter::prototype::{Prototype, Shape};
use dsp_core::filter::svf::Coeffs;
use plumb_canvas::paper::{AMBER, BLUE, RED};

const FREQ_HZ: f64 = 16_000.0;
const GAIN_DB: f64 = 12.0;
const Q: f64 = 1.414;
const RATES_HZ: [f64; 2] = [48_000.0, 44_100.0];

/// Gain in dB of ours, of the usual digital filter, and of the analogue one.
fn gains_db(rate_hz: f64) -> impl Fn(f64) -> [f64; 3] {
    let band = bell(FREQ_HZ, GAIN_DB, Q);
    let ours = band.curve(rate_hz);
    let usual = Coeffs::design(Prototype { gain_db: GAIN_DB, ..Prototype::new(Shape::Bell, FREQ_HZ, Q) }, rate_hz);
    move |hz| [ours.gain_db_at(hz), usual.gain_db_at(hz, rate_hz), band.prototype_response(hz).gain_db()]
}

pub(super) fn part(page: &mut Page) -> Result<()> {
    page.part("A bell at 16 kHz");
    page.say(&format!(
        "A bell of {GAIN_DB:+} dB at 16 kHz, Q {Q}. The usual digital filter (the bilinear transform of every \
         cookbook) squeezes the whole spectrum below Nyquist: its upper slope is too steep and its bell too narrow \
         (cramping). Ours is fitted to the analogue curve, without latency and without oversampling. The largest error \
         from 20 Hz to 20 kHz:"
    ));
    let (mut rows, mut panels) = (Vec::new(), Vec::new());
    let mut errors = Panel::new("gain relative to the analogue bell, dB", 240.0, [-0.15, 0.15], 0.05);
    for (index, (rate_hz, color)) in RATES_HZ.into_iter().zip([BLUE, AMBER]).enumerate() {
        let at = gains_db(rate_hz);
        let worst = |which: usize| {
            let errors = spaced(20.0, 20_000.0, 2000).map(|hz| (at(hz)[which] - at(hz)[2]).abs());
            errors.fold(0.0, f64::max)
        };
        rows.push([khz(rate_hz), format!("{:.3} dB", worst(0)), format!("{:.2} dB", worst(1))]);
        let top_hz = 24_000.0_f64.min(0.4999 * rate_hz);
        let curve = |which: usize| spaced(2000.0, top_hz, 400).map(|hz| [hz, at(hz)[which]]).collect::<Vec<_>>();
        let analogue = spaced(2000.0, 24_000.0, 400).map(|hz| [hz, at(hz)[2]]).collect();
        let curves = [Curve::new(RED, curve(1)), Curve::new(BLUE, curve(0)), Curve::truth(analogue)];
        let names = ["the usual digital bell", "ours", "analogue"];
        let panel = Panel::new(format!("gain at {}, dB", khz(rate_hz)), 260.0, [-1.0, 13.0], 3.0);
        panels.push(
            curves
                .into_iter()
                .zip(names)
                .fold(panel, |panel, (curve, name)| panel.with(if index == 0 { curve.named(name) } else { curve })),
        );
        let error = spaced(2000.0, top_hz, 800).map(|hz| [hz, at(hz)[0] - at(hz)[2]]).collect();
        errors = errors.with(Curve::new(color, error).named(khz(rate_hz)));
    }
    page.table(["sample rate", "ours", "the usual one"], &rows);
    let axis = || Axis::hz(2000.0, 24_000.0);
    page.picture(
        "top",
        "The bell at both rates: ours, the usual one, and the analogue one",
        &Figure::new(axis(), panels),
    )?;
    page.say("The same, magnified a hundred times: only the difference between ours and the analogue bell.");
    page.picture("top-error", "Difference between ours and the analogue bell", &Figure::new(axis(), vec![errors]))?;
    page.say(
        "The fit ends at 20 kHz: above, no filter without oversampling can follow, and nobody hears the difference.",
    );
    Ok(())
}
