//! Readings of the meter bridge for whole signals.

use super::super::loudness_history::Excerpt;
use super::*;
use crate::meter::readings::Readings as _;
use crate::units::db_to_gain;
use plumb_signals::{Noise, both, sine};

const RATE_HZ: f64 = 48_000.0;

fn prepared(rate_hz: f64, channels: usize) -> MeterBridge {
    let mut bridge = MeterBridge::default();
    bridge.prepare(Spec { sample_rate_hz: rate_hz, max_frames: 4096, channels });
    bridge
}

fn measured(frames: &[Frame], rate_hz: f64, cut: usize) -> Readings {
    let mut bridge = prepared(rate_hz, 2);
    frames.chunks(cut).for_each(|block| bridge.process(block));
    bridge.readings()
}

/// A tone with a click every two seconds.
fn clicks(click: f64, seconds: f64) -> Vec<Frame> {
    let mut frames = both(&sine(1000.0, -20.0, seconds, RATE_HZ));
    frames.iter_mut().skip(1000).step_by(96_000).for_each(|frame| *frame = [click; 2]);
    frames
}

#[test]
fn a_tone_reads_the_ratios_of_a_sine() {
    let reading = measured(&both(&sine(1000.0, -20.0, 30.0, RATE_HZ)), RATE_HZ, 512);
    eprintln!(
        "PLR {:.3}, PSR {:.3}, min {:.3}, DR {:.3}",
        reading.plr_lu(),
        reading.psr_lu,
        reading.min_psr_lu,
        reading.dr_db
    );
    // In both channels its loudness is its peak: 3 dB of crest factor, less 3 dB of two channels; 0.02: K-weighting at 1 kHz.
    for ratio in [reading.psr_lu, reading.min_psr_lu] {
        assert!(ratio.abs() < 0.02, "{reading:?}");
    }
    // Where a tone begins, what lies between its samples overshoots by 0.1 dB.
    assert!((0.0..0.15).contains(&reading.plr_lu()), "{reading:?}");
    // AES-17: a sine's RMS is its peak, of which a sample at 48 kHz is within 0.02 dB.
    assert!(reading.dr_db.abs() < 0.02, "{reading:?}");
}

#[test]
fn clicks_raise_the_peak_ratios_and_psr_forgets_them() {
    let reading = measured(&clicks(1.0, 30.0), RATE_HZ, 512);
    // A click is its own true peak, and a sample of a tone that it replaces: 0.1 dB of loudness in 3 s.
    for ratio in [reading.plr_lu(), reading.psr_lu, reading.min_psr_lu] {
        assert!((ratio - 20.0).abs() < 0.2, "{reading:?}");
    }
    assert!((reading.dr_db - 20.0).abs() < 0.2, "{reading:?}");
    let mut bridge = prepared(RATE_HZ, 2);
    bridge.process(&clicks(1.0, 4.0));
    let tone = both(&sine(1000.0, -20.0, 3.2, RATE_HZ));
    bridge.process(&tone);
    let after = bridge.readings();
    assert!(after.psr_lu.abs() < 0.05 && (after.plr_lu() - 20.0).abs() < 0.3, "{after:?}");
    assert!(after.min_psr_lu <= after.psr_lu && after.min_psr_lu > -0.05, "{after:?}");
}

#[test]
fn psr_equals_that_of_three_seconds_alone() {
    // Noise whose level wanders, against meters that only ever see three seconds.
    let (mut frames, mut level) = (Noise::new(3).stereo(-6.0, 48_000 * 8), Noise::new(4));
    for chunk in frames.chunks_mut(7000) {
        let gain = db_to_gain(-12.0 + 12.0 * level.tick());
        chunk.iter_mut().for_each(|frame| *frame = frame.map(|x| x * gain));
    }
    let mut bridge = prepared(RATE_HZ, 2);
    for (n, step) in frames.chunks(4800).enumerate() {
        bridge.process(step);
        if n % 13 == 0 && n >= 30 {
            let mut true_peak = TruePeakMeter::default();
            true_peak.process(&frames[4800 * (n - 29) - 2400..4800 * (n + 1)]);
            let expected = true_peak.max_dbtp() - bridge.readings().loudness.short_term_lufs;
            // The fresh meter also takes the 50 ms before.
            assert!((bridge.readings().psr_lu - expected).abs() < 0.2, "{n}: {} {expected}", bridge.readings().psr_lu);
        }
    }
}

#[test]
fn block_size_changes_nothing_and_reset_equals_new() {
    for rate_hz in [11_025.0, 44_100.0] {
        let frames = Noise::new(5).stereo(-3.0, (7.0 * rate_hz) as usize);
        let whole = measured(&frames, rate_hz, frames.len());
        assert!(whole.dr_db.is_finite() && whole.psr_lu.is_finite(), "{whole:?}");
        for cut in [1, 7, 64, 4096] {
            assert_eq!(measured(&frames, rate_hz, cut), whole, "{rate_hz} Hz, {cut}");
        }
        let mut bridge = prepared(rate_hz, 2);
        bridge.process(&Noise::new(6).stereo(6.0, 100_000));
        bridge.reset();
        bridge.process(&frames);
        assert_eq!(bridge.readings(), whole, "{rate_hz} Hz");
    }
}

#[test]
fn a_pause_leaves_no_trace_in_the_measurement() {
    let (tone, noise) = (both(&sine(1000.0, -20.0, 7.0, RATE_HZ)), Noise::new(7).stereo(0.0, 200_000));
    let mut bridge = prepared(RATE_HZ, 2);
    let history = Arc::new(LoudnessHistory::default());
    bridge.record_history(Arc::clone(&history));
    bridge.process(&tone);
    let before = bridge.readings();
    bridge.pause(true);
    bridge.process(&noise);
    let paused = bridge.readings();
    assert!(
        paused.loudness.momentary_lufs > -10.0 && paused.peak_dbfs[0] > -3.0,
        "momentary readings go on: {paused:?}"
    );
    assert_eq!(paused.stopped(), before.stopped());
    bridge.pause(false);
    assert_eq!(bridge.readings().stopped(), before.stopped());
    bridge.process(&tone);
    let after = bridge.readings();
    assert!((after.true_peak_dbtp + 20.0).abs() < 0.15 && after.plr_lu().abs() < 0.15, "{after:?}");
    assert!(after.dr_db.abs() < 0.02 && (-0.1..0.1).contains(&after.min_psr_lu), "{after:?}");
    assert!((history.length_s() - 14.0).abs() < 0.35, "{}", history.length_s());
    bridge.pause(true);
    bridge.reset_measurement();
    assert_eq!((bridge.readings().stopped(), history.length_s()), (Readings::SILENCE, 0.0), "reset works in a pause");
}

#[test]
fn the_history_records_the_loudness() {
    let mut bridge = prepared(RATE_HZ, 2);
    let history = Arc::new(LoudnessHistory::default());
    bridge.record_history(Arc::clone(&history));
    bridge.process(&both(&sine(1000.0, -23.0, 5.0, RATE_HZ)));
    let mut seen = Excerpt::default();
    history.read(60.0, &mut seen);
    assert_eq!(seen.points.len(), 50);
    assert_eq!(seen.points[2].momentary_lufs, f32::NEG_INFINITY);
    assert!((seen.points[3].momentary_lufs + 23.0).abs() < 0.1, "{:?}", seen.points[3]);
    assert_eq!(seen.points[28].short_term_lufs, f32::NEG_INFINITY);
    assert!((seen.points[29].short_term_lufs + 23.0).abs() < 0.1, "{:?}", seen.points[29]);
}

#[test]
fn nothing_is_allocated_for_any_input() {
    let mut frames = Noise::new(9).stereo(0.0, 48_000 * 4);
    frames[7] = [f64::NAN, f64::INFINITY];
    let mut bridge = prepared(RATE_HZ, 2);
    bridge.record_history(Arc::new(LoudnessHistory::default()));
    plumb_signals::assert_no_alloc(|| {
        for paused in [false, true, false] {
            bridge.pause(paused);
            frames.chunks(512).for_each(|block| bridge.process(block));
            core::hint::black_box(bridge.readings());
        }
        bridge.reset();
    });
    bridge.process(&frames);
    let reading = bridge.readings();
    assert!(reading.dr_db.is_finite() && reading.psr_lu.is_finite() && reading.plr_lu().is_finite(), "{reading:?}");
}

#[test]
fn mono_counts_once() {
    let mut bridge = prepared(RATE_HZ, 1);
    bridge.process(&both(&sine(1000.0, -20.0, 7.0, RATE_HZ)));
    let reading = bridge.readings();
    // One channel has 3 dB less loudness than two, and the same peak; DR is a ratio of the channel to itself.
    assert!((reading.psr_lu - 3.01).abs() < 0.02 && reading.dr_db.abs() < 0.02, "{reading:?}");
}
