//! Both whole chains through their public interface: nulls, block invariance, recovery, no allocation.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use dsp_core::chain::{channel, master};
use dsp_core::dynamics::{compressor, key::Key, lookahead::Lookahead, transient};
use dsp_core::saturation::{self, Factor};
use dsp_core::{Chain, Choice, Spec, dither, eq::cut::Slope, flush::FlushGuard, multiband};
use plumb_signals::{Noise, assert_no_alloc};

mod latency;
mod off;
mod order;
mod phases;
mod travel;

const RATE_HZ: f64 = 48_000.0;

/// A chain as these tests drive it.
trait Tested: Chain {
    /// Everything on and working hard.
    fn busy_settings() -> Self::Settings;
    /// The same, with every continuous setting at a place between 0 and 1 of its travel.
    fn swept(place: f64) -> Self::Settings;
    /// The same, bypassed or not.
    fn bypassed(on: bool) -> Self::Settings;

    /// Prepared, everything on and working hard.
    fn busy(rate_hz: f64, channels: usize) -> Self {
        prepared(Self::busy_settings(), rate_hz, channels)
    }
    /// Prepared, with default settings.
    fn idle(rate_hz: f64, channels: usize) -> Self {
        prepared(Self::Settings::default(), rate_hz, channels)
    }
}

fn prepared<C: Chain>(settings: C::Settings, rate_hz: f64, channels: usize) -> C {
    let mut chain = C::new(settings);
    chain.prepare(Spec::runnable(rate_hz, 16_384, channels).unwrap());
    chain
}

fn busy_strip() -> channel::Settings {
    let mut s = channel::Settings {
        input_trim_db: 6.0,
        polarity_invert: true,
        output_gain_db: -3.0,
        ..channel::Settings::default()
    };
    s.low_cut.on = true;
    s.low_cut.slope = Slope::Db96;
    s.high_cut.on = true;
    s.gate.on = true;
    s.compressor.on = true;
    s.compressor.key = Key::External;
    for (band, gain_db) in s.eq.bands.iter_mut().zip([6.0, -9.0, 4.0, 12.0]) {
        band.gain_db = gain_db;
    }
    s.gate.lookahead = Lookahead::Ms1;
    s.compressor.lookahead = Lookahead::Ms5;
    s.saturation = saturation::Settings {
        drive_db: 9.0,
        oversampling: Factor::X2,
        mix_pct: 70.0,
        ..saturation::Settings::default()
    };
    s.de_esser.on = true;
    s.transient = transient::Settings { on: true, attack_db: 6.0, sustain_db: -4.0, ..transient::Settings::default() };
    s.stereo.width_pct = 140.0;
    s.stereo.pan_pct = 30.0;
    s
}

fn busy_bus() -> master::Settings {
    let mut s = master::Settings::default();
    for (band, gain_db) in s.eq.bands.iter_mut().zip([3.0, -2.0, 2.0, -3.0, 2.0, 1.0, -1.0, 3.0]) {
        band.gain_db = gain_db;
    }
    s.compressor.on = true;
    s.multiband.on = true;
    s.multiband.band[1].mode = multiband::Mode::UpCompress;
    s.multiband.band[3].key = Key::External;
    s.de_esser.on = true;
    s.width_pct = 120.0;
    s.limiter.drive_db = 12.0;
    s.dither.depth = dither::Depth::Bits16;
    s.dither.shaping = dither::Shaping::Strong;
    s
}

impl Tested for channel::ChannelStrip {
    fn busy_settings() -> channel::Settings {
        busy_strip()
    }
    fn bypassed(on: bool) -> channel::Settings {
        channel::Settings { bypass: on, ..busy_strip() }
    }
    fn swept(place: f64) -> channel::Settings {
        let mut s = busy_strip();
        s.low_cut.freq_hz = 20.0 + 900.0 * place;
        s.low_cut.slope = if place > 0.5 { Slope::Db18 } else { Slope::Db72 };
        s.high_cut.on = place > 0.3;
        s.gate.on = place < 0.7;
        s.compressor.threshold_db = -60.0 * place;
        s.compressor.ratio = 1.0 / (1.0 - place);
        s.eq.bands.iter_mut().for_each(|band| band.freq_hz = 20.0 + 20_000.0 * place);
        s.eq.bands[1].on = place > 0.5;
        s.order = channel::Order::from_code((place * 3.0) as usize * 17);
        s.compressor.style = compressor::Style::from_index((4.0 * place) as usize);
        s.saturation.on = place < 0.9;
        s.saturation.drive_db = 24.0 * place;
        s.de_esser.freq_hz = 2000.0 + 14_000.0 * place;
        s.transient.attack_db = 48.0 * place - 24.0;
        s.stereo.pan_pct = 200.0 * place - 100.0;
        s
    }
}

impl Tested for master::MasterBus {
    fn busy_settings() -> master::Settings {
        busy_bus()
    }
    fn bypassed(on: bool) -> master::Settings {
        master::Settings { bypass: on, ..busy_bus() }
    }
    fn swept(place: f64) -> master::Settings {
        let mut s = busy_bus();
        s.eq.bands.iter_mut().for_each(|band| band.q = 0.1 + 10.0 * place);
        s.compressor.attack_ms = 0.05 + 100.0 * place;
        s.multiband.on = place > 0.2;
        s.multiband.bands = multiband::Bands::from_index((4.0 * place) as usize);
        s.multiband.crossovers_hz[1] = 20.0 + 19_000.0 * place;
        s.de_esser.on = place < 0.6;
        s.order = master::Order::from_code((place * 3.0) as usize * 7);
        s.width_pct = 200.0 * place;
        s.limiter.drive_db = 30.0 * place;
        s.limiter.ceiling_db = -24.0 * place;
        s.limiter.on = place < 0.8;
        s
    }
}

fn channels(seed: u64, level_dbfs: f64, frames: usize) -> Vec<Vec<f32>> {
    let noise = Noise::new(seed).stereo(level_dbfs, frames);
    [0, 1].map(|lane| noise.iter().map(|frame| frame[lane] as f32).collect()).into()
}

/// Runs all of `input` through a chain in blocks of the given lengths, repeated.
fn run<C: Chain>(chain: &mut C, input: &[Vec<f32>], blocks: &[usize]) -> Vec<Vec<f32>> {
    let mut out = input.to_vec();
    let key = channels(9, -6.0, input[0].len());
    let (mut at, mut turn) = (0, 0);
    while at < out[0].len() {
        let len = blocks[turn % blocks.len()].min(out[0].len() - at);
        let mut main: Vec<&mut [f32]> = out.iter_mut().map(|c| &mut c[at..at + len]).collect();
        let key: Vec<Vec<f32>> = key.iter().map(|c| c[at..at + len].to_vec()).collect();
        chain.process(&mut main, Some(&key));
        (at, turn) = (at + len, turn + 1);
    }
    out
}

fn bits(channels: &[Vec<f32>]) -> Vec<Vec<u32>> {
    channels.iter().map(|c| c.iter().map(|x| x.to_bits()).collect()).collect()
}

fn blocks_do_not_matter<C: Tested>() {
    let input = channels(1, -6.0, 20_000);
    let whole = run(&mut C::busy(RATE_HZ, 2), &input, &[20_000]);
    for cut in [vec![1], vec![7], vec![64], vec![512], vec![1, 333, 64, 16_384]] {
        assert_eq!(bits(&run(&mut C::busy(RATE_HZ, 2), &input, &cut)), bits(&whole), "blocks of {cut:?}");
    }
}

#[test]
fn output_is_the_same_bit_for_bit_however_the_blocks_are_cut() {
    blocks_do_not_matter::<channel::ChannelStrip>();
    blocks_do_not_matter::<master::MasterBus>();
}

/// Sets at fixed frames, with the blocks between cut in two ways.
fn moves_do_not_depend_on_blocks<C: Tested>() {
    let input = channels(2, -6.0, 24_000);
    let play = |cut: &[usize]| {
        let mut chain = C::busy(RATE_HZ, 2);
        let pieces = (0..24).map(|n| {
            chain.set(C::swept(f64::from(n) / 24.0));
            let piece: Vec<Vec<f32>> = input.iter().map(|c| c[n as usize * 1000..][..1000].to_vec()).collect();
            run(&mut chain, &piece, cut)
        });
        pieces.flat_map(|piece| bits(&piece)).collect::<Vec<_>>()
    };
    assert_eq!(play(&[1000]), play(&[13, 1, 200]));
}

#[test]
fn moving_settings_sound_the_same_however_the_blocks_are_cut() {
    moves_do_not_depend_on_blocks::<channel::ChannelStrip>();
    moves_do_not_depend_on_blocks::<master::MasterBus>();
}

fn bypass_is_a_clickless_delay<C: Tested>() {
    let mut chain = C::busy(RATE_HZ, 2);
    let delay = chain.latency_frames();
    chain.set(C::bypassed(true));
    chain.reset();
    let input = channels(3, -12.0, 30_000);
    let out = run(&mut chain, &input, &[480]);
    for (out, input) in out.iter().zip(&input) {
        assert_eq!(out[delay..], input[..input.len() - delay], "bypassed is not bit-exact after {delay} frames");
    }
    // A quiet 50 Hz tone while bypass is switched: no step larger than the tone itself makes, either side included.
    let tone: Vec<f32> = plumb_signals::sine(50.0, -20.0, 1.0, RATE_HZ).iter().map(|x| *x as f32).collect();
    chain.reset();
    let (mut largest, mut last) = (0.0_f32, 0.0_f32);
    for (n, block) in tone.chunks(100).enumerate() {
        chain.set(C::bypassed(n % 100 < 50));
        let out = run(&mut chain, &[block.to_vec(), block.to_vec()], &[100]);
        for x in &out[0] {
            // The tone's own start, up to the latency of either path, is no click of the bypass.
            if n > 20 {
                largest = largest.max((x - last).abs());
            }
            last = *x;
        }
    }
    // Wet is up to 20 dB louder than the tone (its own steps 0.0007): a click would step by about the tone's 0.1.
    assert!(largest < 0.02, "stepped by {largest}");
}

#[test]
fn bypass_is_bit_exact_after_the_latency_and_does_not_click() {
    bypass_is_a_clickless_delay::<channel::ChannelStrip>();
    bypass_is_a_clickless_delay::<master::MasterBus>();
}

fn idle_is_a_bit_exact_delay<C: Tested>() {
    for count in [1, 2] {
        let mut chain = C::idle(RATE_HZ, count);
        let input = channels(4, -20.0, 20_000)[..count].to_vec();
        let out = run(&mut chain, &input, &[64]);
        let delay = chain.latency_frames();
        for (out, input) in out.iter().zip(&input) {
            assert_eq!(out[delay..], input[..input.len() - delay], "{count} channels");
        }
    }
}

#[test]
fn default_settings_leave_every_bit_as_it_is() {
    idle_is_a_bit_exact_delay::<channel::ChannelStrip>();
    idle_is_a_bit_exact_delay::<master::MasterBus>();
}

fn recovers<C: Tested>(rate_hz: f64) {
    let _flush = FlushGuard::new();
    let second = rate_hz as usize;
    let good = channels(5, -20.0, second + 4096);
    let mut clean = C::busy(rate_hz, 2);
    clean.reset();
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e10, 1e-40, f32::MAX] {
        let mut chain = C::busy(rate_hz, 2);
        let out = run(&mut chain, &[vec![bad; 256], vec![-bad; 256]], &[64]);
        assert!(out.iter().flatten().all(|x| x.is_finite()), "{bad} at {rate_hz} Hz came through");
        let out = run(&mut chain, &good, &[512]);
        assert!(out.iter().flatten().all(|x| x.is_finite()));
        let reference = run(&mut C::busy(rate_hz, 2), &good, &[512]);
        let level =
            |x: &[Vec<f32>]| plumb_signals::rms_db(&x[0][second..].iter().map(|x| f64::from(*x)).collect::<Vec<_>>());
        // Within a second it is as loud as one that never met the bad input; noise over 85 ms is steady to 0.5 dB.
        let off = level(&out) - level(&reference);
        assert!(off.abs() < 0.5, "{bad} at {rate_hz} Hz: still {off:+.2} dB off after a second");
    }
}

#[test]
fn bad_input_stays_finite_and_is_forgotten_within_a_second() {
    for rate_hz in [8_000.0, 48_000.0, 192_000.0] {
        recovers::<channel::ChannelStrip>(rate_hz);
        recovers::<master::MasterBus>(rate_hz);
    }
}

fn runs_at_any_rate<C: Tested>() {
    for rate_hz in [1_234.5, 8_000.0, 22_050.0, 44_100.0, 96_000.0, 176_400.0, 768_000.0, 1_234_567.0] {
        for count in [1, 2] {
            let mut chain = C::busy(rate_hz, count);
            let out = run(&mut chain, &channels(6, 0.0, 20_000)[..count], &[16_384, 1]);
            assert!(out.iter().flatten().all(|x| x.is_finite() && x.abs() < 100.0), "{rate_hz} Hz, {count} channels");
        }
    }
}

#[test]
fn runs_from_8_to_768_khz_mono_and_stereo() {
    runs_at_any_rate::<channel::ChannelStrip>();
    runs_at_any_rate::<master::MasterBus>();
}

fn allocates_nothing<C: Tested>(readings: impl Fn(&C)) {
    let mut chain = C::busy(RATE_HZ, 2);
    let mut audio = channels(7, 0.0, 64 * 400);
    let key = channels(8, -10.0, 64);
    let [left, right] = &mut audio[..] else { unreachable!() };
    for (n, (l, r)) in left.chunks_mut(64).zip(right.chunks_mut(64)).enumerate() {
        let mut main = [l, r];
        assert_no_alloc(|| {
            chain.set(C::swept(n as f64 / 400.0));
            chain.process(&mut main, Some(&key));
            readings(&chain);
            if n % 100 == 99 {
                chain.reset();
            }
        });
    }
}

#[test]
fn nothing_is_allocated_while_every_setting_moves() {
    allocates_nothing::<channel::ChannelStrip>(|chain| _ = chain.readings());
    allocates_nothing::<master::MasterBus>(|chain| _ = chain.readings());
}

fn reset_is_new<C: Tested>() {
    let input = channels(10, -3.0, 10_000);
    let fresh = run(&mut C::busy(RATE_HZ, 2), &input, &[64]);
    let mut used = C::busy(RATE_HZ, 2);
    run(&mut used, &channels(11, 0.0, 30_000), &[64]);
    used.reset();
    assert_eq!(bits(&run(&mut used, &input, &[64])), bits(&fresh));
}

#[test]
fn reset_equals_new() {
    reset_is_new::<channel::ChannelStrip>();
    reset_is_new::<master::MasterBus>();
}

#[test]
fn a_mono_strip_is_the_left_of_a_stereo_one_without_pan() {
    let input = channels(12, -6.0, 10_000);
    let mut settings = busy_strip();
    settings.stereo = dsp_core::stereo::Settings::default();
    settings.compressor.key = Key::Internal;
    let play = |count: usize, audio: &[Vec<f32>]| {
        let mut chain = channel::ChannelStrip::new(settings);
        chain.prepare(Spec::new(RATE_HZ, 512, count).unwrap());
        run(&mut chain, audio, &[512])
    };
    let mono = play(1, &input[..1]);
    let stereo = play(2, &[input[0].clone(), input[0].clone()]);
    assert_eq!(bits(&mono)[0], bits(&stereo)[0]);
    assert_eq!(stereo[0], stereo[1], "left equals right in, so left equals right out");
}
