//! Transient shaper: what it does to a burst, at which levels, and to what rings.

use crate::common::{RATE_HZ, RATES, khz, largest, spec};
use crate::figure::{Axis, Curve, Figure, Panel};
use crate::page::Page;
use anyhow::Result;
use dsp_core::dynamics::transient::{Settings, TransientShaper};
use dsp_core::units::db_to_gain;
use dsp_core::{Frame, Stage};
use plumb_canvas::paper::{AMBER, BLUE, GREEN, RED};
use plumb_signals::{Noise, both, rms_db, sine};

fn on() -> Settings {
    Settings { on: true, clip_safe: false, ..Settings::default() }
}

fn shaped(settings: Settings, input: &[Frame], rate_hz: f64) -> Vec<Frame> {
    let mut shaper = TransientShaper::new(settings);
    shaper.prepare(spec(rate_hz));
    let mut out = input.to_vec();
    shaper.process(&mut out, None);
    out
}

/// Change of the RMS level of both channels between two frames.
fn change_db(input: &[Frame], out: &[Frame], from: usize, to: usize) -> f64 {
    rms_db(out[from..to].as_flattened()) - rms_db(input[from..to].as_flattened())
}

fn bursts(page: &mut Page) {
    page.say(
        "A burst of 200 ms at −20 dBFS, behind silence and over noise that is 20 dB softer; what its first 5 ms gain while \
         12 dB are set, up and down: the one that is furthest off.",
    );
    let mut rows = Vec::new();
    for rate_hz in RATES {
        let frames = |ms: f64| (ms * rate_hz / 1000.0) as usize;
        let cells = [None, Some(400.0), Some(1000.0), Some(5000.0)].map(|freq_hz| {
            let burst = match freq_hz {
                Some(freq_hz) => both(&sine(freq_hz, -20.0, 0.2, rate_hz)),
                None => Noise::new(1).stereo(-20.0, frames(200.0)),
            };
            let mut gains = Vec::new();
            for bed_db in [-200.0, -40.0] {
                let bed = Noise::new(2).stereo(bed_db, frames(300.0));
                let input = [&bed[..], &burst].concat();
                for attack_db in [-12.0, 12.0] {
                    let out = shaped(Settings { attack_db, ..on() }, &input, rate_hz);
                    gains.push(change_db(&input, &out, bed.len(), bed.len() + frames(5.0)).abs());
                }
            }
            let furthest = gains.into_iter().max_by(|a, b| (a - 12.0).abs().total_cmp(&(b - 12.0).abs()));
            format!("{:.2} dB", furthest.unwrap_or(0.0))
        });
        let [noise, low, middle, high] = cells;
        rows.push([khz(rate_hz), noise, low, middle, high]);
    }
    page.table(["rate", "noise", "400 Hz", "1 kHz", "5 kHz"], &rows);
}

/// Four hits of noise a second, which fall by 200 dB per second, over a floor 80 dB below them.
fn drums(level_db: f64) -> Vec<Frame> {
    let (gain, mut noise) = (db_to_gain(level_db), Noise::new(7));
    let level = |n: u32| gain * (db_to_gain(-200.0 * ((f64::from(n) / RATE_HZ + 0.1) % 0.25)) + 1e-4);
    (0..96_000).map(|n| [level(n) * noise.tick(), level(n) * noise.tick()]).collect()
}

fn levels(page: &mut Page) -> Result<()> {
    page.say(
        "Four hits of noise a second, which fall by 200 dB per second, and what each 5 ms of them gain: attack and sustain \
         up and down by 12 dB.",
    );
    let (input, window) = (drums(-20.0), 240);
    let curve = |settings: Settings, input: &[Frame]| -> Vec<f64> {
        let out = shaped(settings, input, RATE_HZ);
        (0..input.len() / window).map(|n| change_db(input, &out, n * window, (n + 1) * window)).collect()
    };
    let mut panel = Panel::new("gain, dB", 280.0, [-14.0, 14.0], 4.0);
    for (name, attack_db, sustain_db, color) in [
        ("attack +12 dB", 12.0, 0.0, RED),
        ("attack −12 dB", -12.0, 0.0, AMBER),
        ("sustain +12 dB", 0.0, 12.0, BLUE),
        ("sustain −12 dB", 0.0, -12.0, GREEN),
    ] {
        let gains_db = curve(Settings { attack_db, sustain_db, ..on() }, &input);
        let points = (0..100).map(|n| [n as f64 * 5.0 + 2.5, gains_db[200 + n]]).collect();
        panel = panel.with(Curve::new(color, points).named(name));
    }
    let axis = Axis::linear("time, ms (hits at 150 and 400)", 0.0, 500.0, 50.0);
    page.picture("transients", "What a transient shaper does to drums", &Figure::new(axis, vec![panel]))?;
    page.say(
        "The same at other levels, attack +9 dB and sustain −6 dB: how far the gain of any 5 ms is from that at 0 dBFS.",
    );
    let settings = Settings { attack_db: 9.0, sustain_db: -6.0, ..on() };
    let loud = curve(settings, &drums(0.0));
    let apart = |level_db: f64| {
        let apart = largest(curve(settings, &drums(level_db)).iter().zip(&loud).map(|(a, b)| a - b));
        [format!("{level_db} dBFS"), format!("{apart:.0e} dB")]
    };
    page.table(["level", "apart, at most"], &[-10.0, -20.0, -30.0, -40.0].map(apart));
    let mut loudest = [0.0; 2];
    for (loudest, clip_safe) in loudest.iter_mut().zip([false, true]) {
        let out = shaped(Settings { attack_db: 24.0, sustain_db: 24.0, clip_safe, ..on() }, &drums(-3.0), RATE_HZ);
        *loudest = plumb_signals::level_db(largest(out.into_flattened()));
    }
    let [free, safe] = loudest;
    page.say(&format!(
        "Hits that peak at −3 dBFS, attack and sustain +24 dB: the highest sample is at {free:+.1} dBFS, and at \
         {safe:+.2} dBFS with Clip-safe.",
    ));
    Ok(())
}

pub(super) fn part(page: &mut Page) -> Result<()> {
    page.part("Transient shaper");
    bursts(page);
    levels(page)
}
