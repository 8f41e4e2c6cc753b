//! Gate, expander, ducker: curves, times, and what the attack cuts off.

use super::common::excess_db;
use crate::common::{RATE_HZ, RATES, covered_ms, gains_db, khz, largest, spec};
use crate::figure::{Axis, Curve, Figure, Panel};
use crate::page::Page;
use anyhow::Result;
use dsp_core::Frame;
use dsp_core::Stage;
use dsp_core::dynamics::gate::{Gate, Lookahead, Mode, Settings};
use plumb_canvas::paper::{AMBER, BLUE, GREEN, OLIVE, PINK, RED, TEAL, VIOLET};
use plumb_signals::{both, level_db, rms_db, silence, sine, square};

fn on(mode: Mode) -> Settings {
    Settings { on: true, mode, threshold_db: -40.0, range_db: 40.0, ..Settings::default() }
}

fn gated(settings: Settings, input: &[Frame], sample_rate_hz: f64) -> Vec<Frame> {
    let mut gate = Gate::new(settings);
    gate.prepare(spec(sample_rate_hz));
    let mut out = input.to_vec();
    gate.process(&mut out, None);
    out
}

/// Gains at the end of steps through levels, a quarter of a second each.
fn stairs(settings: Settings, levels: impl Iterator<Item = f64>) -> Vec<[f64; 2]> {
    let levels: Vec<f64> = levels.collect();
    let x: Vec<f64> = levels.iter().flat_map(|db| square(1000.0, *db, 0.25, RATE_HZ)).collect();
    let gains = gains_db(&x, &gated(settings, &both(&x), RATE_HZ));
    let ends = gains.chunks(RATE_HZ as usize / 4).map(|step| step[step.len() - 1]);
    levels.into_iter().zip(ends).map(|(level, gain)| [level, gain]).collect()
}

fn curves(page: &mut Page) -> Result<()> {
    page.say(
        "A 1 kHz square wave rises from −80 to −10 dBFS in steps of half a dB, a quarter of a second each, and falls \
         again; shown is the gain at the end of each step. Threshold −40 dBFS, range 40 dB, hysteresis 6 dB. A gate \
         opens at the threshold and closes 6 dB below; this hysteresis loop prevents chatter. Dashed: the formula.",
    );
    let up = || (0..=140).map(|n| f64::from(n) / 2.0 - 80.0);
    let quick = |mode| Settings { release_ms: 5.0, hysteresis_db: 6.0, ..on(mode) };
    let mut loops = Panel::new("gate and ducker: gain, dB", 220.0, [-45.0, 5.0], 10.0);
    for (name, mode, color, color_down) in [("gate", Mode::Gate, BLUE, AMBER), ("ducker", Mode::Duck, GREEN, RED)] {
        let way = stairs(quick(mode), up().chain(up().rev()));
        let (rising, falling) = way.split_at(141);
        loops = loops.with(Curve::new(color, rising.to_vec()).named(format!("{name}, climbing")));
        loops = loops.with(Curve::new(color_down, falling.to_vec()).named(format!("{name}, falling")));
    }
    let mut expand = Panel::new("expander: gain, dB", 260.0, [-45.0, 5.0], 10.0);
    let (mut rows, mut laws) = (Vec::new(), Vec::new());
    for (name, ratio, knee_db, color) in [
        ("1.5:1, knee 6 dB", 1.5, 6.0, VIOLET),
        ("2:1, hard", 2.0, 0.0, TEAL),
        ("2:1, knee 30 dB", 2.0, 30.0, OLIVE),
        ("4:1, knee 12 dB", 4.0, 12.0, PINK),
    ] {
        let way = stairs(Settings { ratio, knee_db, ..quick(Mode::Expand) }, up().chain(up().rev()));
        let law = |level_db: f64| -((ratio - 1.0) * excess_db(-40.0 - level_db, knee_db)).min(40.0);
        let worst = largest(way.iter().map(|[level_db, gain_db]| gain_db - law(*level_db)));
        rows.push([name.to_owned(), format!("{worst:.5} dB")]);
        expand = expand.with(Curve::new(color, way[..141].to_vec()).named(name));
        laws.push(Curve::truth(up().map(|level_db| [level_db, law(level_db)]).collect()));
    }
    let expand = laws.into_iter().fold(expand, Panel::with);
    let axis = Axis::linear("level, dBFS", -80.0, -10.0, 10.0);
    page.picture(
        "gate",
        "Gain of gate, ducker and expander against the level",
        &Figure::new(axis, vec![loops, expand]),
    )?;
    page.table(["expander", "largest error against the formula, both ways"], &rows);
    Ok(())
}

/// Attack, hold and release in ms from silence to a loud square wave and back.
fn measured(settings: Settings, sample_rate_hz: f64) -> [Option<f64>; 3] {
    let Settings { attack_ms, hold_ms, release_ms, .. } = settings;
    let loud = square(100.0, -20.0, attack_ms * 0.03 + 0.02, sample_rate_hz);
    let mut gate = Gate::new(settings);
    gate.prepare(spec(sample_rate_hz));
    // Nothing to divide by in silence: take the reduction that the gate reports.
    let mut shares = |signal: &[f64]| -> Vec<f64> {
        let each = |frame| {
            gate.process(&mut [frame], None);
            let share = gate.reduction_db() / settings.range_db;
            if settings.mode == Mode::Duck { share } else { 1.0 - share }
        };
        both(signal).into_iter().map(each).collect()
    };
    let opened = shares(&loud);
    let closed = shares(&silence((hold_ms + 2.0 * release_ms) / 1000.0, sample_rate_hz));
    let held = closed.iter().position(|share| *share < 1.0);
    let release = held.and_then(|held| covered_ms(&closed[held..], 1.0, 0.0, sample_rate_hz));
    let held_ms = held.map(|frames| frames as f64 / sample_rate_hz * 1000.0);
    [covered_ms(&opened, 0.0, 1.0, sample_rate_hz), held_ms, release]
}

fn times(page: &mut Page) {
    page.say(
        "A 100 Hz square wave starts and stops: attack to 63 %, hold, and release to 63 % from there, set and measured \
         in ms. The hold of the expander is a window of sixteen parts, accurate to half a part.",
    );
    let mut rows = Vec::new();
    for (name, mode) in [("gate", Mode::Gate), ("expander", Mode::Expand), ("ducker", Mode::Duck)] {
        for (attack_ms, hold_ms, release_ms) in [(0.5, 30.0, 50.0), (10.0, 100.0, 150.0)] {
            let set = Settings { attack_ms, hold_ms, release_ms, ratio: f64::INFINITY, ..on(mode) };
            let cells = RATES.map(|rate_hz| {
                let text = measured(set, rate_hz).map(|ms| ms.map_or("never".to_owned(), |ms| format!("{ms:.2}")));
                text.join(" / ")
            });
            let [a, b, c, d] = cells;
            rows.push([name.to_owned(), format!("{attack_ms} / {hold_ms} / {release_ms}"), a, b, c, d]);
        }
    }
    let heads = RATES.map(khz);
    let [a, b, c, d] = heads.each_ref().map(String::as_str);
    page.table(["", "set", a, b, c, d], &rows);
}

/// Silence, then a drum: 1 kHz that begins at its peak and decays.
fn drum() -> Vec<f64> {
    let mut drum = silence(0.1, RATE_HZ);
    let hit = sine(1000.0, 0.0, 0.2, RATE_HZ);
    drum.extend(hit.iter().enumerate().map(|(n, x)| (x + 0.2) * 0.5 * (-(n as f64) / 2400.0).exp()));
    drum
}

fn lookahead(page: &mut Page) -> Result<()> {
    page.say(
        "A drum after silence through a closed gate, attack 0.5 ms, range 40 dB, latency removed: the level of its \
         first frame and of its first 2 ms, relative to the input.",
    );
    let x = drum();
    let front = (0.1 * RATE_HZ) as usize;
    let window = |from: usize| (from - 48)..(from + 240);
    let ms = |n: usize| n as f64 / RATE_HZ * 1000.0 - 1.0;
    let curve = |y: &[f64], from| y[window(from)].iter().enumerate().map(|(n, y)| [ms(n), *y]).collect::<Vec<_>>();
    let mut panel = Panel::new("onset of the drum", 260.0, [-0.5, 0.7], 0.2);
    let mut rows = Vec::new();
    for (name, ahead, color) in
        [("no lookahead", Lookahead::Off, RED), ("1 ms", Lookahead::Ms1, AMBER), ("5 ms", Lookahead::Ms5, BLUE)]
    {
        let mut input = both(&x);
        input.extend([[0.0; 2]; 480]);
        let out = gated(Settings { lookahead: ahead, attack_ms: 0.5, ..on(Mode::Gate) }, &input, RATE_HZ);
        let late = ahead.frames(RATE_HZ);
        let y: Vec<f64> = out.iter().map(|frame| frame[0]).collect();
        let lost = level_db(y[front + late] / x[front]);
        let first = rms_db(&y[front + late..][..96]) - rms_db(&x[front..][..96]);
        rows.push([name.to_owned(), format!("{late} frames"), format!("{lost:.3} dB"), format!("{first:.3} dB")]);
        panel = panel.with(Curve::new(color, curve(&y, front + late)).named(name));
    }
    panel = panel.with(Curve::truth(curve(&x, front)).named("the drum"));
    page.table(["", "latency", "first frame", "first 2 ms"], &rows);
    let figure = Figure::new(Axis::linear("time, ms", -1.0, 5.0, 1.0), vec![panel]);
    page.picture("drum", "Onset of a drum through a gate", &figure)
}

pub(super) fn part(page: &mut Page) -> Result<()> {
    page.part("Gate, expander, ducker");
    curves(page)?;
    times(page);
    lookahead(page)
}
