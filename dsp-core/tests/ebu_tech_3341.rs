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
/// Rates of all cases.
const RATES: [f64; 2] = [44_100.0, 48_000.0];
/// Rates of the quicker cases.
const MORE_RATES: [f64; 4] = [44_100.0, 48_000.0, 96_000.0, 192_000.0];
/// A level that stands for silence.
const SILENT: f64 = f64::NEG_INFINITY;

/// A meter and its rate.
struct Listener {
    meter: LoudnessMeter,
    rate: f64,
}

impl Listener {
    fn new(rate: f64) -> Self {
        let mut meter = LoudnessMeter::default();
        meter.prepare(Spec::new(rate, 8192, 2).expect("a rate within range"));
        Self { meter, rate }
    }

    /// Plays tones of (dBFS, seconds) and reads the meter about every 10 ms.
    fn play_and_read(&mut self, tones: &[(f64, f64)], mut read: impl FnMut(f64, &LoudnessMeter)) {
        let mut frames = 0;
        for &(level_dbfs, seconds) in tones {
            for block in both(&sine(1000.0, level_dbfs, seconds, self.rate)).chunks(441) {
                self.meter.process(block);
                frames += block.len();
                read(frames as f64 / self.rate, &self.meter);
            }
        }
    }

    fn play(&mut self, tones: &[(f64, f64)]) -> Readings {
        self.play_and_read(tones, |_, _| ());
        self.meter.readings()
    }
}

/// Readings of a fresh meter after tones of (dBFS, seconds).
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
fn case_3_to_5_gated_loudness() {
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

/// Lowest and highest reading of `value` from `from_s` on.
fn steadiness(rate: f64, tones: &[(f64, f64)], from_s: f64, value: fn(&LoudnessMeter) -> f64) -> (f64, f64) {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    Listener::new(rate).play_and_read(tones, |seconds, meter| {
        if seconds >= from_s {
            (low, high) = (low.min(value(meter)), high.max(value(meter)));
        }
    });
    (low, high)
}

#[test]
fn case_9_and_12_readings_stay_constant() {
    let short_term = [(-20.0, 1.34), (-30.0, 1.66)].repeat(5);
    let momentary = [(-20.0, 0.18), (-30.0, 0.22)].repeat(25);
    for rate in MORE_RATES {
        for (case, (low, high)) in [
            ("9", steadiness(rate, &short_term, 3.0, LoudnessMeter::short_term_lufs)),
            ("12", steadiness(rate, &momentary, 1.0, LoudnessMeter::momentary_lufs)),
        ] {
            check(&format!("case {case} lowest"), rate, low, -23.0, LOUDNESS_LU);
            check(&format!("case {case} highest"), rate, high, -23.0, LOUDNESS_LU);
        }
    }
}

/// A tone that begins at 20 different times, each with a fresh meter.
fn check_at_any_onset(case: &str, rate: f64, length_s: f64, step_s: f64, value: fn(&Readings) -> f64) {
    for i in 0..20 {
        let r = after(rate, &[(SILENT, f64::from(i) * step_s), (-23.0, length_s), (SILENT, 1.0)]);
        check(&format!("case {case}-{i}"), rate, value(&r), -23.0, LOUDNESS_LU);
    }
}

/// 20 tones, each 1 dB louder and later than the one before, with one meter.
fn check_growing(case: &str, rate: f64, length_s: f64, step_s: f64, value: fn(&Readings) -> f64) {
    let mut listener = Listener::new(rate);
    for i in 0..20 {
        let (level, offset) = (f64::from(i) - 38.0, f64::from(i) * step_s);
        let r = listener.play(&[(SILENT, offset), (level, length_s), (SILENT, length_s - offset)]);
        check(&format!("case {case}-{i}"), rate, value(&r), level, LOUDNESS_LU);
    }
}

#[test]
fn case_10_and_11_maximum_short_term_of_3_s_tones() {
    for rate in RATES {
        check_at_any_onset("10", rate, 3.0, 0.15, |r| r.max_short_term_lufs);
        check_growing("11", rate, 3.0, 0.15, |r| r.max_short_term_lufs);
    }
}

#[test]
fn case_13_and_14_maximum_momentary_of_400_ms_tones() {
    for rate in MORE_RATES {
        check_at_any_onset("13", rate, 0.4, 0.02, |r| r.max_momentary_lufs);
        check_growing("14", rate, 0.4, 0.02, |r| r.max_momentary_lufs);
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
