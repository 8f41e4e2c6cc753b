//! The synthetic test signals of EBU Tech 3341 (November 2023), table 1, cases 1–5 and 9–14, and of EBU Tech 3342, table
//! 1, cases 1–4: 1 kHz sines in both channels, a fresh meter for each.

use super::{RATES, khz, spec};
use crate::page::Page;
use dsp_core::meter::loudness::{LoudnessMeter, Readings};
use plumb_signals::{both, sine};

/// A level that stands for silence.
const SILENT: f64 = f64::NEG_INFINITY;

/// Tones of (dBFS, seconds).
type Tones = Vec<(f64, f64)>;

/// A meter, and a second of a 1 kHz sine to play to it.
struct Listener {
    meter: LoudnessMeter,
    second: Vec<f64>,
    rate_hz: f64,
}

impl Listener {
    fn new(rate_hz: f64) -> Self {
        let mut meter = LoudnessMeter::default();
        meter.prepare(spec(rate_hz));
        Self { meter, second: sine(1000.0, 0.0, 1.0, rate_hz), rate_hz }
    }

    /// Plays tones and reads the meter about every 10 ms.
    fn play(&mut self, tones: &Tones, mut read: impl FnMut(f64, &LoudnessMeter)) -> Readings {
        let mut heard = 0;
        for &(level_dbfs, seconds) in tones {
            let (gain, frames) = (10_f64.powf(level_dbfs / 20.0), (seconds * self.rate_hz).round() as usize);
            // 1 kHz: a second is whole periods, so that it loops.
            let tone: Vec<f64> = self.second.iter().map(|x| gain * x).collect();
            let block = both(&tone);
            let mut left = frames;
            while left > 0 {
                let at = (frames - left) % block.len();
                let count = left.min(441).min(block.len() - at);
                self.meter.process(&block[at..at + count]);
                heard += count;
                left -= count;
                read(heard as f64 / self.rate_hz, &self.meter);
            }
        }
        self.meter.readings()
    }
}

fn after(rate_hz: f64, tones: &Tones) -> Readings {
    Listener::new(rate_hz).play(tones, |_, _| ())
}

/// The largest error of pairs of reading and expected value.
fn worst(readings: impl IntoIterator<Item = (f64, f64)>) -> f64 {
    let off = readings.into_iter().map(|(reading, expected)| reading - expected);
    off.fold(0.0, |worst: f64, off| if off.abs() > worst.abs() { off } else { worst })
}

/// Largest error of a value against −23 LUFS from a time on.
fn steadiness(rate_hz: f64, tones: &Tones, from_s: f64, value: fn(&LoudnessMeter) -> f64) -> f64 {
    let mut readings = Vec::new();
    Listener::new(rate_hz).play(tones, |seconds, meter| {
        if seconds >= from_s {
            readings.push((value(meter), -23.0));
        }
    });
    worst(readings)
}

/// A case: name, expected value, tolerance, and our error at a rate.
type Case = (&'static str, &'static str, &'static str, fn(f64) -> f64);

const CASES: [Case; 15] = [
    ("3341-1, steady tone: M, S, I", "−23", "0.1", |rate| steady(rate, -23.0)),
    ("3341-2, steady tone: M, S, I", "−33", "0.1", |rate| steady(rate, -33.0)),
    ("3341-3, relative gate: I", "−23", "0.1", |rate| {
        after(rate, &vec![(-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0)]).integrated_lufs + 23.0
    }),
    ("3341-4, both gates: I", "−23", "0.1", |rate| {
        let tones = vec![(-72.0, 10.0), (-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0), (-72.0, 10.0)];
        after(rate, &tones).integrated_lufs + 23.0
    }),
    ("3341-5, three levels: I", "−23", "0.1", |rate| {
        after(rate, &vec![(-26.0, 20.0), (-20.0, 20.1), (-26.0, 20.0)]).integrated_lufs + 23.0
    }),
    ("3341-9, S stays constant", "−23", "0.1", |rate| {
        steadiness(rate, &[(-20.0, 1.34), (-30.0, 1.66)].repeat(5), 3.0, LoudnessMeter::short_term_lufs)
    }),
    ("3341-10, 3 s at any onset (20): max S", "−23", "0.1", |rate| {
        at_any_onset(rate, 3.0, 0.15, |readings| readings.max_short_term_lufs)
    }),
    ("3341-11, growing 3 s in one run (20): max S", "−38 to −19", "0.1", |rate| {
        growing(rate, 3.0, 0.15, |readings| readings.max_short_term_lufs)
    }),
    ("3341-12, M stays constant", "−23", "0.1", |rate| {
        steadiness(rate, &[(-20.0, 0.18), (-30.0, 0.22)].repeat(25), 1.0, LoudnessMeter::momentary_lufs)
    }),
    ("3341-13, 400 ms at any onset (20): max M", "−23", "0.1", |rate| {
        at_any_onset(rate, 0.4, 0.02, |readings| readings.max_momentary_lufs)
    }),
    ("3341-14, growing 400 ms in one run (20): max M", "−38 to −19", "0.1", |rate| {
        growing(rate, 0.4, 0.02, |readings| readings.max_momentary_lufs)
    }),
    ("3342-1, two levels: range", "10 LU", "1", |rate| range(rate, &[-20.0, -30.0]) - 10.0),
    ("3342-2, two levels: range", "5 LU", "1", |rate| range(rate, &[-20.0, -15.0]) - 5.0),
    ("3342-3, two levels: range", "20 LU", "1", |rate| range(rate, &[-40.0, -20.0]) - 20.0),
    ("3342-4, five levels: range", "15 LU", "1", |rate| range(rate, &[-50.0, -35.0, -20.0, -35.0, -50.0]) - 15.0),
];

fn steady(rate_hz: f64, level: f64) -> f64 {
    let Readings { momentary_lufs, short_term_lufs, integrated_lufs, .. } = after(rate_hz, &vec![(level, 20.0)]);
    worst([momentary_lufs, short_term_lufs, integrated_lufs].map(|reading| (reading, level)))
}

/// A tone at 20 different onsets, each with a fresh meter.
fn at_any_onset(rate_hz: f64, length_s: f64, step_s: f64, value: fn(&Readings) -> f64) -> f64 {
    let tones = |i: i32| vec![(SILENT, f64::from(i) * step_s), (-23.0, length_s), (SILENT, 1.0)];
    worst((0..20).map(|i| (value(&after(rate_hz, &tones(i))), -23.0)))
}

/// 20 tones, each 1 dB louder and later than the one before, with one meter.
fn growing(rate_hz: f64, length_s: f64, step_s: f64, value: fn(&Readings) -> f64) -> f64 {
    let mut listener = Listener::new(rate_hz);
    worst((0..20).map(|i| {
        let (level, offset) = (f64::from(i) - 38.0, f64::from(i) * step_s);
        let tones = vec![(SILENT, offset), (level, length_s), (SILENT, length_s - offset)];
        (value(&listener.play(&tones, |_, _| ())), level)
    }))
}

fn range(rate_hz: f64, levels: &[f64]) -> f64 {
    after(rate_hz, &levels.iter().map(|level| (*level, 20.0)).collect()).range_lu
}

pub(super) fn part(page: &mut Page) {
    page.part("The cases of EBU Tech 3341 and 3342");
    page.say(
        "All synthetic cases for two channels (6 needs five; 7, 8 and the last two of Tech 3342 are recorded programmes): \
         1 kHz sines in both channels, a fresh meter for each. The table shows the error of the reading in LU; where there \
         are several readings, the largest.",
    );
    let mut rows = Vec::new();
    for (name, expected, tolerance, off) in CASES {
        let [a, b, c, d] = RATES.map(|rate_hz| format!("{:+.3}", off(rate_hz)));
        rows.push([name.to_owned(), expected.to_owned(), format!("± {tolerance}"), a, b, c, d]);
    }
    let heads = RATES.map(khz);
    let [a, b, c, d] = heads.each_ref().map(String::as_str);
    page.table(["case", "expected, LUFS", "allowed", a, b, c, d], &rows);
}
