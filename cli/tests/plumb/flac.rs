//! `plumb render` to FLAC: bit-identical to a WAV of the same word length, complete, with the right checksum.

use crate::support::{Channels, Kind, ffmpeg, noise, plumb, quiet, readings, rejected, rendered, stderr, write_wav};
use tempfile::{TempDir, tempdir};

/// Renders `in.wav` to WAV and FLAC at a word length and asserts that both hold the same samples.
fn same_as_wav(folder: &TempDir, bits: &str, what: &str) -> Channels {
    quiet(folder, &["render", "channel-strip", "in.wav", "wav.wav", "--bits", bits]);
    quiet(folder, &["render", "channel-strip", "in.wav", "out.flac", "--bits", bits]);
    // Reading verifies the checksum.
    quiet(folder, &["render", "channel-strip", "out.flac", "back.wav", "--bits", bits]);
    let (wav, back) = (rendered(folder, "wav.wav"), rendered(folder, "back.wav"));
    assert_eq!((wav.rate, wav.bits), (back.rate, back.bits), "{what}");
    assert!(wav.channels == back.channels, "{what}");
    back.channels
}

#[test]
fn every_rate_word_length_and_channel_count_is_bit_exact() {
    let folder = tempdir().unwrap();
    let all = [(1, 16), (2, 16), (1, 24), (2, 24)];
    let whole = [44_100, 192_000].into_iter().flat_map(|rate| all.map(|(channels, bits)| (rate, channels, bits)));
    // Rates with a code in the frame header, and rates without one.
    let others = [(8000, 1, 24), (11_025, 2, 16), (48_000, 1, 16), (96_000, 2, 24), (176_400, 2, 16), (384_000, 1, 24)];
    for (rate, channels, bits) in whole.chain(others) {
        // One block and part of another.
        let input = noise(u64::from(rate), channels, 6001);
        write_wav(&folder, "in.wav", Kind::Int(bits), rate, &input);
        let what = format!("{rate} Hz, {channels} channels, {bits} bit");
        assert!(same_as_wav(&folder, &bits.to_string(), &what) == input, "{what}");
        let reading = &readings(&folder, &["out.flac"])[0];
        assert_eq!((&reading["sample_rate_hz"], &reading["frames"]), (&rate.into(), &6001.into()), "{what}");
    }
}

#[test]
fn signals_that_are_hard_to_compress_are_bit_exact() {
    let folder = tempdir().unwrap();
    let most = 1.0 - 2_f64.powi(-23);
    let by = |f: &dyn Fn(usize) -> f64| (0..9000).map(f).collect::<Vec<f64>>();
    let loud = full_scale_noise(9000);
    for (name, left, right) in [
        ("silence", by(&|_| 0.0), by(&|_| 0.0)),
        ("full scale, opposite channels", by(&|_| most), by(&|_| -1.0)),
        (
            "alternating full scale",
            by(&|n| if n % 2 == 0 { most } else { -1.0 }),
            by(&|n| if n % 2 == 0 { -1.0 } else { most }),
        ),
        ("noise at full scale", loud.clone(), loud.iter().rev().copied().collect()),
        ("one step", by(&|n| if n == 5000 { most } else { 0.0 }), by(&|n| if n < 5000 { 0.0 } else { -1.0 })),
        ("a sine", by(&|n| (n as f64 * 0.01).sin() * most), by(&|n| (n as f64 * 0.01).cos() * most)),
    ] {
        write_wav(&folder, "in.wav", Kind::Int(24), 48_000, &[left, right]);
        same_as_wav(&folder, "24", name);
    }
}

/// Noise that uses all 24 bits.
fn full_scale_noise(frames: usize) -> Vec<f64> {
    let mut noise = plumb_signals::Noise::new(9);
    (0..frames).map(|_| (noise.tick() * 8_388_607.0).round() / 8_388_608.0).collect()
}

#[test]
fn files_of_any_length_are_bit_exact() {
    let folder = tempdir().unwrap();
    for frames in [1, 2, 31, 4095, 4096, 4097, 8192] {
        write_wav(&folder, "in.wav", Kind::Int(16), 44_100, &noise(3, 2, frames));
        let back = same_as_wav(&folder, "16", &format!("{frames} frames"));
        assert_eq!(back[0].len(), frames);
    }
    // Readers, ours included, reject a FLAC file without audio.
    write_wav(&folder, "in.wav", Kind::Int(16), 44_100, &noise(3, 2, 0));
    rejected(
        &folder,
        &["render", "channel-strip", "in.wav", "none.flac"],
        "none.flac",
        &["no frames", "expected at least one"],
    );
}

#[test]
fn it_is_smaller_than_a_wav() {
    let folder = tempdir().unwrap();
    let bytes = |name: &str| folder.path().join(name).metadata().unwrap().len() as f64;
    // Noise falling 6 dB per octave above 400 Hz, like music, at several levels and word lengths.
    for (level, bits, most) in [(0.5, "16", 0.75), (0.5, "24", 0.84), (0.01, "24", 0.61)] {
        let mut input = full_scale_noise(96_000);
        input.iter_mut().fold(0.0, |last: f64, x| {
            *x = last + 0.05 * (*x * level - last);
            *x
        });
        write_wav(
            &folder,
            "in.wav",
            Kind::Float(32),
            48_000,
            &[input.clone(), input.iter().map(|x| 0.9 * x).collect()],
        );
        same_as_wav(&folder, bits, "music");
        let share = bytes("out.flac") / bytes("wav.wav");
        println!("level {level}, {bits} bit: {share:.3} of the WAV");
        assert!(share < most, "level {level}, {bits} bit: {share}");
    }
}

#[test]
fn another_decoder_reads_the_same() {
    let folder = tempdir().unwrap();
    for (rate, channels) in [(44_100, 2), (192_000, 1), (192_000, 2)] {
        let input = noise(5, channels, 20_000);
        write_wav(&folder, "in.wav", Kind::Int(16), rate, &input);
        quiet(&folder, &["render", "channel-strip", "in.wav", "out.flac", "--bits", "16"]);
        if !ffmpeg(&folder, "out.flac", "theirs.wav", &["-bitexact"]) {
            return;
        }
        let theirs = rendered(&folder, "theirs.wav");
        assert_eq!(theirs.rate, rate);
        assert!(theirs.channels == input, "{rate} Hz, {channels} channels");
    }
}

#[test]
fn floats_become_24_bits_and_clipping_is_reported() {
    let folder = tempdir().unwrap();
    write_wav(&folder, "in.wav", Kind::Float(32), 48_000, &[vec![0.5, 1.5, -2.0, 0.25]]);
    let output = plumb(&folder, &["render", "channel-strip", "in.wav", "out.flac"]);
    assert!(stderr(&output).starts_with("plumb: out.flac: warning: 2 samples clipped"), "{}", stderr(&output));
    quiet(&folder, &["render", "channel-strip", "out.flac", "back.wav"]);
    assert_eq!(rendered(&folder, "back.wav").channels, [[0.5, 1.0 - 2_f64.powi(-23), -1.0, 0.25]]);
}

#[test]
fn a_flac_may_be_its_own_output() {
    let folder = tempdir().unwrap();
    let input = noise(6, 2, 10_000);
    write_wav(&folder, "in.wav", Kind::Int(16), 48_000, &input);
    quiet(&folder, &["render", "channel-strip", "in.wav", "song.flac"]);
    quiet(&folder, &["render", "channel-strip", "song.flac", "song.flac", "--set", "output_gain_db=-6.0206"]);
    quiet(&folder, &["render", "channel-strip", "song.flac", "back.wav"]);
    let back = rendered(&folder, "back.wav").channels;
    assert!(back[0].iter().zip(&input[0]).all(|(back, x)| (back - 0.5 * x).abs() < 1e-5));
}
