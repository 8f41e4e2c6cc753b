//! The synthetic test signals of EBU Tech 3341 (November 2023), table 1, cases 1–5 and 9–14, and of EBU Tech 3342,
//! table 1, cases 1–4: 1 kHz sines in both channels, a fresh meter for each. (6 needs five channels, 7 and 8 and the
//! last two of Tech 3342 are recorded programmes, 15–23 are the true-peak meter's.)

use dsp_core::Spec;
use dsp_core::meter::loudness::{LoudnessMeter, Readings};
use plumb_signals::{both, sine};

/// Tolerance of Tech 3341, in LU.
const LOUDNESS_LU: f64 = 0.1;
/// Tolerance of Tech 3342, in LU.
const RANGE_LU: f64 = 1.0;
/// Rates all cases run at.
const RATES: [f64; 2] = [44_100.0, 48_000.0];
/// Rates that some run at, to bound the time.
const MORE_RATES: [f64; 4] = [44_100.0, 48_000.0, 96_000.0, 192_000.0];
/// A level that stands for silence.
const SILENT: f64 = f64::NEG_INFINITY;

/// A meter and the signal it has heard.
struct Listener {
    meter: LoudnessMeter,
    rate: f64,
}

impl Listener {
    fn new(rate: f64) -> Self {
        let mut meter = LoudnessMeter::new();
        meter.prepare(Spec::new(rate, 8192, 2).expect("a rate within range"));
        Self { meter, rate }
    }

    /// Plays tones of (dBFS, seconds) and looks at the meter every 10 ms or so.
    fn play_and_look(&mut self, tones: &[(f64, f64)], mut look: impl FnMut(f64, &LoudnessMeter)) {
        let mut frames = 0;
        for &(level_dbfs, seconds) in tones {
            for block in both(&sine(1000.0, level_dbfs, seconds, self.rate)).chunks(441) {
                self.meter.process(block);
                frames += block.len();
                look(frames as f64 / self.rate, &self.meter);
            }
        }
    }

    fn play(&mut self, tones: &[(f64, f64)]) -> Readings {
        self.play_and_look(tones, |_, _| ());
        self.meter.readings()
    }
}

/// What a fresh meter shows after tones of (dBFS, seconds).
fn after(rate: f64, tones: &[(f64, f64)]) -> Readings {
    Listener::new(rate).play(tones)
}

#[expect(clippy::print_stdout, reason = "the measured numbers are part of the proof")]
fn check(case: &str, rate: f64, actual: f64, expected: f64, tolerance: f64) {
    println!("{case} at {rate} Hz: {actual:.3}, expected {expected:.1} ± {tolerance}");
    assert!((actual - expected).abs() <= tolerance, "{case} at {rate} Hz: {actual} instead of {expected}");
}

#[test]
fn case_1_and_2_steady_tones() {
    for rate in MORE_RATES {
        for (case, level) in [("1", -23.0), ("2", -33.0)] {
            let r = after(rate, &[(level, 20.0)]);
            check(&format!("case {case} M"), rate, r.momentary_lufs, level, LOUDNESS_LU);
            check(&format!("case {case} S"), rate, r.short_term_lufs, level, LOUDNESS_LU);
            check(&format!("case {case} I"), rate, r.integrated_lufs, level, LOUDNESS_LU);
        }
    }
}

#[test]
fn case_3_to_5_gates() {
    let cases: [(&str, &[(f64, f64)]); 3] = [
        ("case 3", &[(-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0)]),
        ("case 4", &[(-72.0, 10.0), (-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0), (-72.0, 10.0)]),
        ("case 5", &[(-26.0, 20.0), (-20.0, 20.1), (-26.0, 20.0)]),
    ];
    for rate in RATES {
        for (case, tones) in cases {
            check(case, rate, after(rate, tones).integrated_lufs, -23.0, LOUDNESS_LU);
        }
    }
}

/// Lowest and highest that `value` shows from `from_s` on.
fn steadiness(rate: f64, tones: &[(f64, f64)], from_s: f64, value: fn(&LoudnessMeter) -> f64) -> (f64, f64) {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    Listener::new(rate).play_and_look(tones, |seconds, meter| {
        if seconds >= from_s {
            (low, high) = (low.min(value(meter)), high.max(value(meter)));
        }
    });
    (low, high)
}

#[test]
fn case_9_short_term_stays_constant() {
    let tones = [(-20.0, 1.34), (-30.0, 1.66)].repeat(5);
    for rate in MORE_RATES {
        let (low, high) = steadiness(rate, &tones, 3.0, LoudnessMeter::short_term_lufs);
        check("case 9 lowest S", rate, low, -23.0, LOUDNESS_LU);
        check("case 9 highest S", rate, high, -23.0, LOUDNESS_LU);
    }
}

#[test]
fn case_10_short_term_of_a_3_s_tone_wherever_it_begins() {
    for rate in RATES {
        for i in 0..20 {
            let r = after(rate, &[(SILENT, f64::from(i) * 0.15), (-23.0, 3.0), (SILENT, 1.0)]);
            check(&format!("case 10-{i} max S"), rate, r.max_short_term_lufs, -23.0, LOUDNESS_LU);
        }
    }
}

#[test]
fn case_11_short_term_of_growing_3_s_tones_in_one_run() {
    for rate in RATES {
        let mut listener = Listener::new(rate);
        for i in 0..20 {
            let (level, offset) = (f64::from(i) - 38.0, f64::from(i) * 0.15);
            let r = listener.play(&[(SILENT, offset), (level, 3.0), (SILENT, 3.0 - offset)]);
            check(&format!("case 11-{i} max S"), rate, r.max_short_term_lufs, level, LOUDNESS_LU);
        }
    }
}

#[test]
fn case_12_momentary_stays_constant() {
    let tones = [(-20.0, 0.18), (-30.0, 0.22)].repeat(25);
    for rate in MORE_RATES {
        let (low, high) = steadiness(rate, &tones, 1.0, LoudnessMeter::momentary_lufs);
        check("case 12 lowest M", rate, low, -23.0, LOUDNESS_LU);
        check("case 12 highest M", rate, high, -23.0, LOUDNESS_LU);
    }
}

#[test]
fn case_13_momentary_of_a_400_ms_tone_wherever_it_begins() {
    for rate in MORE_RATES {
        for i in 0..20 {
            let r = after(rate, &[(SILENT, f64::from(i) * 0.02), (-23.0, 0.4), (SILENT, 1.0)]);
            check(&format!("case 13-{i} max M"), rate, r.max_momentary_lufs, -23.0, LOUDNESS_LU);
        }
    }
}

#[test]
fn case_14_momentary_of_growing_400_ms_tones_in_one_run() {
    for rate in MORE_RATES {
        let mut listener = Listener::new(rate);
        for i in 0..20 {
            let (level, offset) = (f64::from(i) - 38.0, f64::from(i) * 0.02);
            let r = listener.play(&[(SILENT, offset), (level, 0.4), (SILENT, 0.4 - offset)]);
            check(&format!("case 14-{i} max M"), rate, r.max_momentary_lufs, level, LOUDNESS_LU);
        }
    }
}

#[test]
fn tech_3342_loudness_range() {
    let cases: [(&str, &[f64], f64); 4] = [
        ("3342 case 1", &[-20.0, -30.0], 10.0),
        ("3342 case 2", &[-20.0, -15.0], 5.0),
        ("3342 case 3", &[-40.0, -20.0], 20.0),
        ("3342 case 4", &[-50.0, -35.0, -20.0, -35.0, -50.0], 15.0),
    ];
    for rate in RATES {
        for (case, levels, expected) in cases {
            let tones: Vec<_> = levels.iter().map(|&level| (level, 20.0)).collect();
            check(case, rate, after(rate, &tones).range_lu, expected, RANGE_LU);
        }
    }
}
