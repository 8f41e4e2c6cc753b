//! The four panels of the plot.

use super::analysis::{Findings, TRUE_PEAK_LIMITS_DBTP, TRUE_PEAK_TOLERANCE_DB};
use super::judge::hz;
use super::panel::{AMBER, BLUE, DIM, GREEN, GRID, LARGE, LEFT, PALE, Panel, RED, RIGHT, SMALL, TEXT};
use super::services::Service;
use super::text::time;
use dsp_core::meter::overview::Bin;
use dsp_core::units::{gain_to_db, power_to_db};
use plumb_canvas::{Anchor, Canvas, Color};

/// Smallest distance between line names, in pixels.
const NAME_PITCH: f32 = 21.0;
/// Gap between the waveforms of two channels, in pixels, with room for the labels of both scales.
const LANE_GAP: f32 = 22.0;
/// Ends of the spectrum, in Hz: the audible range.
const SPECTRUM_HZ: [f64; 2] = [20.0, 20_000.0];
/// Points of the spectrum per octave, and the bandwidth of each in octaves.
const POINTS_PER_OCTAVE: f64 = 24.0;
const SMOOTHING_OCTAVES: f64 = 1.0 / 6.0;
/// Span of the spectrum's scale, in dB.
const SPECTRUM_DB: f64 = 90.0;
/// Labelled frequencies.
const NAMED_HZ: [f64; 10] = [20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10_000.0, 20_000.0];

/// The x coordinate of a column.
fn x(column: usize, columns: usize) -> f32 {
    Panel::x((column as f64 + 0.5) / columns.max(1) as f64)
}

/// Peak and RMS of each channel over time.
pub(super) fn waveform(canvas: &mut Canvas, top: f32, height: f32, findings: &Findings, columns: &[Bin]) -> Panel {
    let whole = Panel::new(top, height, 0.0, 1.0);
    let names = [("peak", PALE), ("RMS", BLUE), ("at or over full scale", RED)];
    let lanes = findings.channels;
    let lane_height = (height - LANE_GAP * (lanes - 1) as f32) / lanes as f32;
    for lane in 0..lanes {
        let panel = Panel::new(top + (lane_height + LANE_GAP) * lane as f32, lane_height, -1.0, 1.0);
        let title = if lane == 0 { "Waveform" } else { "" };
        panel.frame(canvas, title, if lane == 0 { &names } else { &[] }, 1.0);
        for (at, bin) in columns.iter().enumerate() {
            let x = x(at, columns.len());
            let mut bar = |low: f64, high: f64, color| {
                canvas.rect([x - 0.5, panel.y(high) - 0.5], [x + 0.5, panel.y(low) + 0.5], color);
            };
            let over = bin.max[lane] >= findings.full_scale || bin.min[lane] <= -findings.full_scale;
            bar(bin.min[lane], bin.max[lane], PALE);
            let rms = (bin.energy[lane] / bin.frames.max(1) as f64).sqrt();
            bar(-rms, rms, BLUE);
            if over {
                canvas.rect([x - 1.0, panel.top()], [x + 1.0, panel.top() + 5.0], RED);
            }
        }
        if lanes == 2 {
            let name = ["left", "right"][lane];
            canvas.text([RIGHT + 12.0, panel.y(0.0)], SMALL, Anchor::Left, DIM, name);
        }
    }
    whole
}

/// The columns' values as a line, interrupted where they are below the scale.
fn curve(canvas: &mut Canvas, panel: &Panel, values: &[f64], width: f32, color: Color) {
    let mut points = Vec::new();
    for (at, value) in values.iter().enumerate() {
        if *value >= panel.low() {
            points.push([x(at, values.len()), panel.y(*value)]);
        } else if !points.is_empty() {
            canvas.line(&points, width, color);
            points.clear();
        }
    }
    canvas.line(&points, width, color);
}

/// Momentary, short-term and integrated loudness, and the services' targets.
pub(super) fn loudness(
    canvas: &mut Canvas,
    top: f32,
    height: f32,
    findings: &Findings,
    columns: &[Bin],
    services: &[Service],
) -> Panel {
    let summary = &findings.summary;
    let integrated = summary.integrated_lufs;
    let high = (summary.max_momentary_lufs.max(-6.0) / 6.0).ceil() * 6.0;
    let low = if integrated.is_finite() { ((integrated - 15.0) / 6.0).floor() * 6.0 } else { -36.0 };
    let panel = Panel::new(top, height, low.min(-30.0).max(high - 72.0), high);
    let title = "Loudness, LUFS";
    let names = [("momentary (400 ms)", PALE), ("short-term (3 s)", BLUE), ("integrated", GREEN), ("targets", AMBER)];
    panel.frame(canvas, title, &names, 6.0);
    let values = |value: fn(&Bin) -> f64| columns.iter().map(value).collect::<Vec<_>>();
    curve(canvas, &panel, &values(|bin| bin.momentary_lufs), 1.2, PALE);
    curve(canvas, &panel, &values(|bin| bin.short_term_lufs), 2.5, BLUE);
    let mut lines = targets(services);
    lines.retain(|(target, _, _)| *target > panel.low() && *target < high);
    if integrated.is_finite() {
        lines.push((integrated, format!("{integrated:.1} integrated"), GREEN));
    }
    lines.sort_by(|a, b| b.0.total_cmp(&a.0));
    named_lines(canvas, &panel, &lines);
    panel
}

/// Each target once, with the names of the services that share it.
fn targets(services: &[Service]) -> Vec<(f64, String, Color)> {
    let mut lines: Vec<(f64, Vec<&str>)> = Vec::new();
    for service in services {
        let Some(target) = service.target_lufs else { continue };
        match lines.iter_mut().find(|(other, _)| *other == target) {
            Some((_, names)) => names.push(&service.name),
            None => lines.push((target, vec![&service.name])),
        }
    }
    let text = |target: f64, names: &[&str]| match names {
        [first, rest @ ..] if !rest.is_empty() => format!("{target} {first} + {} more", rest.len()),
        names => format!("{target} {}", names.concat()),
    };
    lines.iter().map(|(target, names)| (*target, text(*target, names), AMBER)).collect()
}

/// Horizontal lines, highest first, dashed for targets, with their names to the right, spread where they would overlap.
fn named_lines(canvas: &mut Canvas, panel: &Panel, lines: &[(f64, String, Color)]) {
    let mut names_y: Vec<f32> = lines.iter().map(|(value, _, _)| panel.y(*value)).collect();
    for at in 1..names_y.len() {
        names_y[at] = names_y[at].max(names_y[at - 1] + NAME_PITCH);
    }
    // Names pushed out at the bottom push the others back up.
    let mut limit = panel.bottom();
    for name_y in names_y.iter_mut().rev() {
        *name_y = name_y.min(limit);
        limit = *name_y - NAME_PITCH;
    }
    for ((value, name, color), name_y) in lines.iter().zip(names_y) {
        let y = panel.y(*value);
        match *color {
            AMBER => canvas.dashed(&[[LEFT, y], [RIGHT, y]], 1.2, AMBER),
            color => canvas.line(&[[LEFT, y], [RIGHT, y]], 2.0, color),
        }
        canvas.line(&[[RIGHT, y], [RIGHT + 20.0, name_y]], 1.0, *color);
        let name = canvas.fitting(SMALL, name, Panel::MARGIN - 30.0);
        canvas.text([RIGHT + 25.0, name_y], SMALL, Anchor::Left, *color, &name);
    }
}

/// True peak of the louder channel over time.
pub(super) fn true_peaks(canvas: &mut Canvas, top: f32, height: f32, findings: &Findings, columns: &[Bin]) -> Panel {
    let max = findings.summary.true_peak_dbtp;
    // A quiet file extends the scale to just below its loudest peak.
    let low = if max.is_finite() { ((max - 9.0) / 6.0).floor() * 6.0 } else { 0.0 }.clamp(-120.0, -18.0);
    let high = ((max + 0.5) / 3.0).ceil().clamp(1.0, 30.0) * 3.0;
    let panel = Panel::new(top, height, low, high);
    let names = [("below -1", BLUE), ("over -1", AMBER), ("over 0", RED)];
    let step = [3.0, 6.0, 12.0].into_iter().find(|step| (high - low) / step <= 9.0).unwrap_or(24.0);
    panel.frame(canvas, "True peak, dBTP", &names, step);
    let [over_0, over_minus_1] = TRUE_PEAK_LIMITS_DBTP.map(|limit| limit + TRUE_PEAK_TOLERANCE_DB);
    for (at, bin) in columns.iter().enumerate() {
        let peak = gain_to_db(bin.true_peak[0].max(bin.true_peak[1]));
        let color = match peak {
            peak if peak > over_0 => RED,
            peak if peak > over_minus_1 => AMBER,
            _ => BLUE,
        };
        let x = x(at, columns.len());
        canvas.rect([x - 0.5, panel.y(peak)], [x + 0.5, panel.bottom()], color);
    }
    for (limit, color) in [(0.0, RED), (-1.0, AMBER)] {
        panel.level(canvas, limit, color);
    }
    if let Some(worst) = findings.peaks.highest {
        let text = format!("{:+.2} at {}", worst.level_dbtp, time(findings.seconds(worst.at_frame)));
        canvas.text([RIGHT + 12.0, panel.y(worst.level_dbtp)], SMALL, Anchor::Left, TEXT, &text);
    }
    panel
}

/// Average spectrum of mid and side.
pub(super) fn spectrum(canvas: &mut Canvas, top: f32, height: f32, findings: &Findings) {
    let [first_hz, last_hz] = SPECTRUM_HZ;
    let end_hz = last_hz.min(findings.spectrum.nyquist_hz() / 2_f64.powf(SMOOTHING_OCTAVES / 2.0));
    let points = ((end_hz / first_hz).log2() * POINTS_PER_OCTAVE) as usize;
    let half = 2_f64.powf(SMOOTHING_OCTAVES / 2.0);
    let levels: Vec<(f64, [f64; 2])> = (0..=points)
        .map(|n| first_hz * 2_f64.powf(n as f64 / POINTS_PER_OCTAVE))
        .map(|centre| (centre, findings.spectrum.power_between(centre / half, centre * half).map(power_to_db)))
        .collect();
    let max = levels.iter().fold(-90.0_f64, |max, (_, level)| max.max(level[0]).max(level[1]));
    let high = (max / 6.0).ceil() * 6.0;
    let panel = Panel::new(top, height, high - SPECTRUM_DB, high);
    let mono = [("mono", BLUE)];
    let stereo = [("mid", BLUE), ("side", AMBER)];
    let names: &[_] = if findings.channels == 1 { &mono } else { &stereo };
    panel.frame(canvas, "Average spectrum, dBFS in 1/6 octave", names, 12.0);
    let fraction = |hz: f64| (hz / first_hz).log2() / (last_hz / first_hz).log2();
    for named in NAMED_HZ {
        let x = Panel::x(fraction(named));
        canvas.line(&[[x, panel.top()], [x, panel.bottom()]], 1.0, GRID);
        canvas.text([x, panel.bottom() + 18.0], SMALL, Anchor::Middle, DIM, &hz(named));
    }
    for (lane, color) in [BLUE, AMBER].into_iter().enumerate().take(names.len()) {
        let visible = levels.iter().filter(|(_, level)| level[lane] > high - SPECTRUM_DB);
        let points: Vec<_> = visible.map(|(hz, level)| [Panel::x(fraction(*hz)), panel.y(level[lane])]).collect();
        if let (0, [first, .., last]) = (lane, points.as_slice()) {
            let baseline = [[last[0], panel.bottom()], [first[0], panel.bottom()]];
            canvas.area(&[points.as_slice(), &baseline].concat(), Color(92, 160, 240, 50));
        }
        canvas.line(&points, 2.2, color);
    }
    if levels.iter().all(|(_, level)| level.iter().all(|level| *level <= high - SPECTRUM_DB)) {
        let middle = [(LEFT + RIGHT) / 2.0, (panel.top() + panel.bottom()) / 2.0];
        canvas.text(middle, LARGE, Anchor::Middle, DIM, "silence");
    }
}
