//! The running phase modes: latency, fades, block sizes, hostile input.

use super::*;
use crate::Stage;
use crate::eq::band::{Band, Shape, Target};
use crate::eq::cascade::Settings;
use core::f64::consts::TAU;

const RATE_HZ: f64 = 48_000.0;
const MODES: [Mode; 4] = [Mode::Matched, Mode::Linear4k, Mode::Linear8k, Mode::Linear16k];

fn bell(freq_hz: f64, gain_db: f64) -> Band {
    Band { gain_db, q: 1.0, ..Band::flat(Shape::Bell, freq_hz) }
}

fn spec(sample_rate_hz: f64) -> Spec {
    Spec::new(sample_rate_hz, 4096, 2).unwrap()
}

fn running<const N: usize>(mode: Mode, bands: [Band; N], rate_hz: f64) -> Phase<N> {
    let mut phase = Phase::new(mode, &Settings::of(bands));
    phase.prepare(spec(rate_hz));
    phase
}

fn noise(seed: u64, frames: usize) -> Vec<Frame> {
    plumb_signals::Noise::new(seed).stereo(-12.0, frames)
}

/// Complex gain of a run of a sine from where it is steady, seen `delay` frames later.
fn gain(out: &[Frame], input: &[Frame], lane: usize, freq_hz: f64, delay: usize) -> [f64; 2] {
    let project = |x: &[Frame], lane: usize, from: usize, late: usize| {
        (0..24_000).fold([0.0; 2], |[re, im], n| {
            let (s, c) = (TAU * freq_hz * n as f64 / RATE_HZ).sin_cos();
            let x = x[from + n + late][lane];
            [re + x * c, im - x * s]
        })
    };
    let (a, b) = (project(out, lane, 24_000, delay), project(input, 0, 24_000, 0));
    let power = b[0] * b[0] + b[1] * b[1];
    [(a[0] * b[0] + a[1] * b[1]) / power, (a[1] * b[0] - a[0] * b[1]) / power]
}

/// Half a second of a sine on the left, and as much more for the latency.
fn sine(freq_hz: f64) -> Vec<Frame> {
    let frames = 48_000 + Mode::Linear16k.latency_frames();
    (0..frames).map(|n| [(TAU * freq_hz * n as f64 / RATE_HZ).sin() * 0.25, 0.0]).collect()
}

#[test]
fn linear_modes_give_every_target_its_analogue_level_after_exactly_the_latency() {
    let linear = |mode: &&Mode| !mode.runs_cascade();
    for mode in MODES.iter().filter(linear) {
        for target in [Target::Stereo, Target::Left, Target::Mid, Target::Side] {
            let bands = [Band { target, ..bell(1000.0, 9.0) }, Band { target: Target::Right, ..bell(3000.0, -6.0) }];
            for freq_hz in [1000.0, 3000.0] {
                let level = |band: &Band| {
                    let response = band.prototype_response(freq_hz);
                    matrix::on(band.target, response.re.hypot(response.im).into())
                };
                let expected = matrix::times(&level(&bands[1]), &level(&bands[0]));
                let input = sine(freq_hz);
                let mut out = input.clone();
                let mut phase = running(*mode, bands, RATE_HZ);
                phase.process(&mut out);
                for (lane, row) in expected.iter().enumerate() {
                    let [re, im] = gain(&out, &input, lane, freq_hz, phase.latency_frames());
                    let off = (re - row[0].re).abs();
                    assert!(off < 1e-4 && im.abs() < 1e-6, "{mode:?} {target:?} {freq_hz} Hz: {re} {im}");
                }
            }
        }
    }
}

#[test]
fn the_cascade_and_its_correction_are_the_analogue_filter_after_exactly_the_latency() {
    for freq_hz in [1000.0, 11_000.0, 19_000.0] {
        let bands = [bell(12_000.0, 9.0)];
        let input = sine(freq_hz);
        let mut out = input.clone();
        let mut cascade = cascade::Eq::new(Settings::of(bands));
        let mut phase = running(Mode::Matched, bands, RATE_HZ);
        cascade.prepare(spec(RATE_HZ));
        cascade.process(&mut out, None);
        phase.process(&mut out);
        let [re, im] = gain(&out, &input, 0, freq_hz, phase.latency_frames());
        let expected = bands[0].prototype_response(freq_hz);
        assert!((re - expected.re).abs() < 1e-4 && (im - expected.im).abs() < 1e-4, "{re} {im} {expected:?}");
    }
}

#[test]
fn output_does_not_depend_on_the_blocks_while_bands_move() {
    for mode in [Mode::Matched, Mode::Linear4k] {
        let play = |blocks: &[usize]| {
            let mut phase = running(mode, [bell(500.0, 6.0)], RATE_HZ);
            let mut out = noise(1, 12_000);
            for (n, piece) in out.chunks_mut(3000).enumerate() {
                phase.set(mode, &Settings::of([bell(500.0, 6.0 - 3.0 * n as f64)]));
                let mut rest = piece;
                for len in blocks.iter().cycle() {
                    let (block, later) = rest.split_at_mut(rest.len().min(*len));
                    phase.process(block);
                    rest = later;
                    if rest.is_empty() {
                        break;
                    }
                }
            }
            out
        };
        let whole = play(&[3000]);
        for cut in [&[1][..], &[7, 64], &[512], &[1000, 3]] {
            assert!(play(cut) == whole, "{mode:?}, blocks of {cut:?}");
        }
    }
}

#[test]
fn flat_is_a_delay_bit_for_bit_and_the_mode_waits_for_reset() {
    let flat = Settings::of([Band::flat(Shape::Bell, 1000.0)]);
    let mut phase = Phase::new(Mode::Zero, &flat);
    phase.prepare(spec(RATE_HZ));
    let input = noise(2, 30_000);
    for mode in MODES {
        phase.set(mode, &flat);
        assert_ne!(phase.pending_latency_frames(), phase.latency_frames());
        phase.reset();
        let delay = phase.latency_frames();
        assert_eq!((delay, phase.pending_latency_frames()), (mode.latency_frames(), delay));
        assert!(delay <= phase.max_latency_frames() && (mode != Mode::Matched || delay <= 512));
        let mut out = input.clone();
        phase.process(&mut out);
        assert!(out[delay..] == input[..input.len() - delay], "{mode:?}");
        eprintln!("{mode:?}: {delay} frames");
    }
}

#[test]
fn reset_equals_new() {
    for mode in MODES {
        let mut fresh = noise(3, 20_000);
        running(mode, [bell(200.0, 9.0)], RATE_HZ).process(&mut fresh);
        let mut used = running(Mode::Linear8k, [bell(90.0, -9.0)], RATE_HZ);
        used.process(&mut noise(4, 7777));
        used.set(mode, &Settings::of([bell(200.0, 9.0)]));
        used.process(&mut noise(4, 3333));
        used.reset();
        let mut out = noise(3, 20_000);
        used.process(&mut out);
        assert!(out == fresh, "{mode:?}");
    }
}

#[test]
fn a_change_is_faded_without_a_click() {
    // A 1 kHz tone while a band takes 12 dB off: what lies above 3 kHz is the change's own, and a click's would be wide.
    for mode in [Mode::Linear4k, Mode::Linear16k] {
        let mut phase = running(mode, [bell(1000.0, 0.0)], RATE_HZ);
        let sine = |n: usize| [(TAU * 1000.0 * n as f64 / RATE_HZ).sin() * 0.5; 2];
        let mut out: Vec<Frame> = (0..65_536).map(sine).collect();
        phase.process(&mut out[..30_000]);
        phase.set(mode, &Settings::of([bell(1000.0, -12.0)]));
        phase.process(&mut out[30_000..]);
        let settled = &out[60_000..];
        let after = settled.iter().fold(0.0_f64, |most, frame| most.max(frame[0].abs()));
        let mut above = out[20_000..].to_vec();
        for _ in 0..2 {
            let mut high = cascade::Eq::new(Settings::of(
                [Band { slope: crate::eq::slope::Slope::Db12, ..Band::flat(Shape::LowCut, 6000.0) }; 4],
            ));
            high.prepare(spec(RATE_HZ));
            high.process(&mut above, None);
        }
        let most = above[4000..].iter().fold(0.0_f64, |most, frame| most.max(frame[0].abs()));
        let most_db = crate::units::gain_to_db(most);
        eprintln!("{mode:?}: {:.2} dB at the end, {most_db:.1} dBFS of a click", crate::units::gain_to_db(after / 0.5));
        assert!((crate::units::gain_to_db(after / 0.5) + 12.0).abs() < 0.05);
        assert!(most_db < -90.0);
    }
}

#[test]
fn hostile_settings_and_input_stay_finite_at_every_rate() {
    for rate_hz in [8000.0, 44_100.0, 192_000.0, 768_000.0] {
        for mode in [Mode::Matched, Mode::Linear4k] {
            for shape in [Shape::Bell, Shape::HighShelf, Shape::LowCut, Shape::HighCut, Shape::Notch, Shape::Tilt] {
                let targets = [Target::Stereo, Target::Left, Target::Mid];
                let bands = targets.map(|target| {
                    let slope = crate::eq::slope::Slope::Db96;
                    Band { gain_db: 30.0, q: 25.0, target, slope, ..Band::flat(shape, 30_000.0) }
                });
                let mut phase = running(mode, bands, rate_hz);
                let mut out = vec![[f64::NAN, f64::INFINITY]; 700];
                phase.process(&mut out);
                let mut more = noise(5, 8000);
                phase.process(&mut more);
                assert!(out.iter().chain(&more).flatten().all(|x| x.is_finite()), "{mode:?} {shape:?} {rate_hz}");
            }
        }
    }
}

#[test]
fn the_designer_designs_and_the_audio_fades() {
    let bands = [bell(1000.0, 6.0)];
    let (mut phase, designer) = Phase::with_designer(Mode::Linear4k, &Settings::of(bands));
    phase.prepare(spec(RATE_HZ));
    for gain_db in [-6.0, 3.0, 0.0, 9.0] {
        let bands = [bell(1000.0, gain_db)];
        phase.set(Mode::Linear4k, &Settings::of(bands));
        for _ in 0..40 {
            phase.process(&mut noise(6, 512));
            designer.run_once();
        }
        let mut inline = running(Mode::Linear4k, bands, RATE_HZ);
        let (mut one, mut other) = (noise(7, 20_000), noise(7, 20_000));
        phase.process(&mut one);
        inline.process(&mut other);
        let off = one[8192..].iter().zip(&other[8192..]).fold(0.0_f64, |most, (a, b)| most.max((a[0] - b[0]).abs()));
        assert!(off < 1e-12, "at {gain_db} dB off by {off}");
    }
    assert!(!designer.is_closed());
    drop(phase);
    designer.work_until_closed();
}

/// A copy without the designer would design on the audio thread. If [`Phase`] were `Clone`, both implementations would
/// apply and this would not compile.
#[test]
fn a_running_equaliser_cannot_be_cloned() {
    trait AmbiguousIfClone<A> {
        fn check() {}
    }
    impl<T> AmbiguousIfClone<()> for T {}
    impl<T: Clone> AmbiguousIfClone<u8> for T {}
    <Phase<1> as AmbiguousIfClone<_>>::check();
    <crate::chain::master::MasterBus as AmbiguousIfClone<_>>::check();
}
