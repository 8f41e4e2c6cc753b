//! How near a moving band stays to the curve that it has when it is settled.

use super::bands::{at, band};
use crate::common::{khz, left, spaced};
use crate::page::Page;
use dsp_core::Stage;
use dsp_core::eq::band::{Band, Shape};
use dsp_core::eq::cascade::Settings;
use dsp_core::eq::slope::Slope;
use dsp_core::filter::matched::Terms;
use dsp_core::filter::svf::Coeffs;
use plumb_signals::{both, sine, tone_db};

const RATES_HZ: [f64; 5] = [44_100.0, 48_000.0, 88_200.0, 96_000.0, 192_000.0];
/// Deeper than this, in dB, a difference does not count.
const DEEP_DB: f64 = -40.0;

/// What is searched.
struct Range {
    freqs_hz: [f64; 2],
    gain_db: f64,
    qs: &'static [f64],
}

const USUAL_QS: &[f64] = &[0.3, 0.5, 0.707, 1.0, 1.4, 2.0, 3.0, 4.0, 6.0, 10.0];

const USUAL: Range = Range { freqs_hz: [20.0, 16_000.0], gain_db: 12.0, qs: USUAL_QS };
const WIDE: Range = Range { freqs_hz: [20.0, 20_000.0], gain_db: 18.0, qs: USUAL_QS };
const ENDS: Range = Range { freqs_hz: [10.0, 30_000.0], gain_db: 30.0, qs: &[0.025, 0.1, 0.3, 0.707, 2.0, 10.0, 25.0] };

/// Largest difference in dB between the moving and the settled filters of a band, from 20 Hz to 20 kHz.
fn worst_db(band: &Band, rate_hz: f64) -> f64 {
    let mut terms = Terms::new(band.freq_hz, rate_hz);
    let specs = band.prototypes().sections(rate_hz);
    let filters: Vec<[Coeffs; 2]> = specs.map(|spec| [spec.design(rate_hz), spec.approximate(&mut terms)]).collect();
    let near = spaced(band.freq_hz * 0.7, band.freq_hz * 1.43, 40);
    let all = spaced(20.0, 20_000.0, 80).chain(near).filter(|hz| (20.0..=20_000.0).contains(hz));
    let error = |hz| {
        let [settled, moving] = [0, 1].map(|n| filters.iter().map(|pair| pair[n].gain_db_at(hz, rate_hz)).sum::<f64>());
        if settled > DEEP_DB { (moving - settled).abs() } else { 0.0 }
    };
    all.map(error).fold(0.0, f64::max)
}

fn worst_of(shape: Shape, slope: Slope, range: &Range, rate_hz: f64) -> f64 {
    let gains_db = [-1.0, -0.5, -0.08, 0.001, 0.2, 0.7, 1.0].map(|share| share * range.gain_db);
    let gains_db = if shape.has_gain() { &gains_db[..] } else { &[0.0] };
    let mut worst = 0.0_f64;
    for freq_hz in spaced(range.freqs_hz[0], range.freqs_hz[1], 40) {
        for &q in range.qs {
            for &gain_db in gains_db {
                worst = worst.max(worst_db(&Band { slope, ..band(shape, freq_hz, gain_db, q) }, rate_hz));
            }
        }
    }
    worst
}

fn table(page: &mut Page, range: &Range) {
    let rows = [
        ("bell", Shape::Bell, Slope::Db12),
        ("low and high shelf, tilt", Shape::HighShelf, Slope::Db12),
        ("low cut, 6 dB/oct", Shape::LowCut, Slope::Db6),
        ("low cut, 12 dB/oct", Shape::LowCut, Slope::Db12),
        ("low cut, 96 dB/oct", Shape::LowCut, Slope::Db96),
        ("high cut, 6 dB/oct", Shape::HighCut, Slope::Db6),
        ("high cut, 12 dB/oct", Shape::HighCut, Slope::Db12),
        ("high cut, 96 dB/oct", Shape::HighCut, Slope::Db96),
        ("notch", Shape::Notch, Slope::Db12),
        ("band pass", Shape::BandPass, Slope::Db12),
    ];
    let rows = rows.map(|(name, shape, slope)| {
        let [a, b, c, d, e] = RATES_HZ.map(|rate_hz| format!("{:.2}", worst_of(shape, slope, range, rate_hz)));
        [name.to_owned(), a, b, c, d, e]
    });
    let [a, b, c, d, e] = RATES_HZ.map(khz);
    page.table(["largest difference, dB", a.as_str(), &b, &c, &d, &e], &rows);
}

/// A fader or a knob that moves slowly: its name, and the band after so many seconds.
type Move = (&'static str, fn(f64) -> Band);

const MOVES: [Move; 8] = [
    ("gain of a bell at 100 Hz", |s| band(Shape::Bell, 100.0, 6.0 + 0.2 * s, 1.0)),
    ("gain of a bell at 1 kHz", |s| band(Shape::Bell, 1000.0, -6.0 + 0.2 * s, 1.0)),
    ("frequency of a bell at 9 kHz, Q 4", |s| band(Shape::Bell, 9000.0 * (0.01 * s).exp2(), 12.0, 4.0)),
    ("gain and frequency of a bell at 15 kHz", |s| band(Shape::Bell, 15_000.0 * (0.01 * s).exp2(), 9.0 - 0.2 * s, 1.0)),
    ("gain of a low shelf at 100 Hz", |s| band(Shape::LowShelf, 100.0, 6.0 + 0.2 * s, 0.707)),
    ("gain of a high shelf at 8 kHz", |s| band(Shape::HighShelf, 8000.0, 6.0 + 0.2 * s, 0.707)),
    ("frequency of a low cut at 80 Hz", |s| band(Shape::LowCut, 80.0 * (0.01 * s).exp2(), 0.0, 0.707)),
    ("frequency of a high cut at 12 kHz", |s| band(Shape::HighCut, 12_000.0 * (0.01 * s).exp2(), 0.0, 0.707)),
];

/// Largest difference in dB from the settled curve, of sines that play while the band moves.
fn played_db(path: fn(f64) -> Band, rate_hz: f64) -> f64 {
    let tones = [0.25, 0.5, 0.9, 1.0, 1.1, 2.0].map(|share| (share * path(0.0).freq_hz).clamp(30.0, 20_000.0));
    let error = tones.map(|tone_hz| {
        let mut eq = at(Settings::of([path(0.0)]), rate_hz);
        let mut block = both(&sine(tone_hz, 0.0, 0.4, rate_hz));
        let seconds = |frames: usize| frames as f64 / rate_hz;
        for (n, chunk) in block.chunks_mut(64).enumerate() {
            eq.set(Settings::of([path(seconds(64 * n))]));
            eq.process(chunk, None);
        }
        // The second half, compared with the curve in its middle; a ramp is 10 ms late on average.
        let half = block.len() / 2;
        let settled = path(seconds(half + half / 2) - 0.01).gain_db_at(tone_hz, rate_hz);
        (tone_db(&left(&block[half..]), tone_hz, rate_hz) - settled).abs()
    });
    error.into_iter().fold(0.0, f64::max)
}

pub(super) fn part(page: &mut Page) {
    page.part("Bands that move");
    page.say(&format!(
        "While frequency, gain or Q move, a band's filters are designed in closed form, at a tenth of the cost of the fit that \
         settled bands have. The largest difference in level between the two, anywhere from 20 Hz to 20 kHz where the band \
         lets more than {DEEP_DB} dB through; bands from 20 Hz to 16 kHz, at Qs from 0.3 to 10 and gains within ±12 dB:"
    ));
    table(page, &USUAL);
    page.say("From 20 Hz to 20 kHz, at the same Qs and gains within ±18 dB:");
    table(page, &WIDE);
    page.say(
        "And to the ends of all ranges: 10 Hz to 30 kHz, Q 0.025 to 25, ±30 dB. The largest are filters wider than the \
         spectrum, at frequencies near half the sample rate and beyond:",
    );
    table(page, &ENDS);
    page.say(
        "As it plays: a control moves slowly, as in automation, where filters are interpolated between designs; sines around \
         the band go through, and their level is compared with the settled curve at that moment.",
    );
    let rows = MOVES.map(|(name, path)| {
        let [a, b, c, d, e] = RATES_HZ.map(|rate_hz| format!("{:.3}", played_db(path, rate_hz)));
        [name.to_owned(), a, b, c, d, e]
    });
    let [a, b, c, d, e] = RATES_HZ.map(khz);
    page.table(["largest difference, dB", a.as_str(), &b, &c, &d, &e], &rows);
}
