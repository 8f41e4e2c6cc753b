//! `plumb render`: length, latency, word lengths, presets and output files.

use crate::support::{Kind, listing, noise, plumb, quiet, rendered, stderr, write_wav};
use plumb_signals::true_peak_db;
use tempfile::tempdir;

#[test]
fn the_strip_is_bit_transparent_at_its_defaults() {
    let folder = tempdir().unwrap();
    for channels in [1, 2] {
        for rate in [44_100, 96_000] {
            let input = noise(3, channels, 30_011);
            write_wav(&folder, "in.wav", Kind::Float(32), rate, &input);
            quiet(&folder, &["render", "channel-strip", "in.wav", "out.wav", "--bits", "32f"]);
            let output = rendered(&folder, "out.wav");
            assert_eq!((output.tag, output.bits, output.rate), (3, 32, rate));
            assert_eq!(output.fact, Some(30_011));
            assert!(output.channels == input, "{channels} channels at {rate} Hz");
        }
    }
}

#[test]
fn sixteen_and_twenty_four_bits_are_bit_exact() {
    let folder = tempdir().unwrap();
    // An odd number of 24-bit mono frames needs the padding byte.
    for (channels, frames) in [(1, 9999), (2, 10_000)] {
        let mut input = noise(4, channels, frames);
        input[0][..2].copy_from_slice(&[-1.0, 32_767.0 / 32_768.0]);
        for (bits, tag, format_bytes) in [(16, 1, 16), (24, 0xFFFE, 40)] {
            write_wav(&folder, "in.wav", Kind::Int(bits), 48_000, &input);
            quiet(&folder, &["render", "channel-strip", "in.wav", "out.wav", "--bits", &bits.to_string()]);
            let output = rendered(&folder, "out.wav");
            assert_eq!((output.tag, output.bits, output.format.len()), (tag, bits, format_bytes));
            assert!(output.channels == input, "{channels} channels, {bits} bit");
            if bits == 24 {
                // Valid bits, then the speakers: front centre for mono, front left and right for stereo.
                assert_eq!(output.format[18..20], 24_u16.to_le_bytes());
                assert_eq!(output.format[20..24], [4_u32, 3][channels - 1].to_le_bytes());
                assert_eq!(output.format[24..], *b"\x01\0\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71");
            }
        }
    }
}

#[test]
fn integers_are_rounded_to_nearest() {
    let folder = tempdir().unwrap();
    // Values between 16-bit steps.
    let input = vec![(-3000..3000).map(|n| f64::from(n) * 1.25 / 32_768.0 + 1.0 / 98_304.0).collect::<Vec<_>>()];
    write_wav(&folder, "in.wav", Kind::Float(32), 48_000, &input);
    quiet(&folder, &["render", "channel-strip", "in.wav", "out.wav", "--bits", "16"]);
    for (output, input) in rendered(&folder, "out.wav").channels[0].iter().zip(&input[0]) {
        // Half a step, plus the rounding of the input to 32 bits.
        assert!((output - input).abs() <= 0.5001 / 32_768.0, "{input} became {output}");
    }
}

#[test]
fn the_default_word_length_preserves_the_input() {
    let folder = tempdir().unwrap();
    let input = noise(5, 1, 1000);
    for (kind, bits) in
        [(Kind::Int(16), 24), (Kind::Int(24), 24), (Kind::Int(32), 32), (Kind::Float(32), 32), (Kind::Float(64), 32)]
    {
        write_wav(&folder, "in.wav", kind, 48_000, &input);
        quiet(&folder, &["render", "channel-strip", "in.wav", "out.wav"]);
        let output = rendered(&folder, "out.wav");
        assert_eq!(output.bits, bits, "{kind:?}");
        assert!(output.channels == input, "{kind:?}");
    }
}

#[test]
fn latency_is_compensated() {
    let folder = tempdir().unwrap();
    const FRAMES: usize = 20_000;
    for at in [0, 7777, FRAMES - 1] {
        let mut input = vec![vec![0.0; FRAMES]; 2];
        input[0][at] = 0.25;
        input[1][at] = -0.25;
        write_wav(&folder, "in.wav", Kind::Float(32), 48_000, &input);
        for (product, set) in [
            ("channel-strip", "bypass=0"),
            ("master-bus", "limiter_lookahead_ms=0.1"),
            ("master-bus", "limiter_lookahead_ms=20"),
            ("master-bus", "limiter_on=0"),
            ("master-bus", "bypass=1"),
        ] {
            quiet(&folder, &["render", product, "in.wav", "out.wav", "--set", set]);
            let output = rendered(&folder, "out.wav");
            for (output, input) in output.channels.iter().zip(&input) {
                assert_eq!(output.len(), FRAMES, "{product} {set}");
                // 1e-6: the idle limiter may round, but not shift.
                let off = output.iter().zip(input).map(|(o, i)| (o - i).abs()).fold(0.0, f64::max);
                assert!(off <= 1e-6, "{product} {set}, impulse at {at}: off by {off}");
            }
        }
    }
}

#[test]
fn files_shorter_than_the_latency_keep_their_length() {
    let folder = tempdir().unwrap();
    for (frames, bits) in [(0, "16"), (0, "24"), (0, "32f"), (1, "24"), (17, "32f")] {
        let input = noise(6, 2, frames);
        write_wav(&folder, "in.wav", Kind::Int(16), 48_000, &input);
        for product in ["channel-strip", "master-bus"] {
            quiet(&folder, &["render", product, "in.wav", "out.wav", "--bits", bits]);
            assert_eq!(rendered(&folder, "out.wav").channels, input, "{product}, {frames} frames");
        }
        quiet(&folder, &["measure", "out.wav"]);
    }
}

#[test]
fn a_preset_applies_before_set() {
    let folder = tempdir().unwrap();
    let input = noise(7, 1, 4000);
    write_wav(&folder, "in.wav", Kind::Float(32), 48_000, &input);
    let preset =
        r#"{"plumb_preset":1,"product":"channel-strip","values":{"output_gain_db":-6,"polarity_invert":"On"}}"#;
    std::fs::write(folder.path().join("p.json"), preset).unwrap();
    let gain = |args: &[&str]| {
        quiet(&folder, &[&["render", "channel-strip", "in.wav", "out.wav"], args].concat());
        let output = rendered(&folder, "out.wav").channels.remove(0);
        let power = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
        power(&output, &input[0]) / power(&input[0], &input[0])
    };
    let db = |db: f64| 10_f64.powf(db / 20.0);
    for (args, expected) in [
        (&[][..], 1.0),
        (&["--preset", "p.json"], -db(-6.0)),
        (&["--set", "output_gain_db=-12", "--preset", "p.json"], -db(-12.0)),
        (&["--preset", "p.json", "--set", "output_gain_db=3", "--set", "output_gain_db=-20 dB"], -db(-20.0)),
        (&["--preset", "p.json", "--set", "polarity_invert=off", "--set=output_gain_db=0,5"], db(0.5)),
    ] {
        // 1e-6: samples are 32-bit floats.
        assert!((gain(args) / expected - 1.0).abs() < 1e-6, "{args:?}: {}", gain(args));
    }
}

#[test]
fn clipping_is_reported_and_floats_keep_overs() {
    let folder = tempdir().unwrap();
    let input = vec![vec![0.75, -0.75, 0.25, 0.5, -0.5]];
    write_wav(&folder, "in.wav", Kind::Float(32), 48_000, &input);
    let args = ["render", "channel-strip", "in.wav", "out.wav", "--set", "output_gain_db=6.020599913279624"];
    for bits in ["16", "24"] {
        let output = plumb(&folder, &[&args[..], &["--bits", bits]].concat());
        assert_eq!(output.status.code(), Some(0));
        let said = stderr(&output);
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(said.starts_with("plumb: out.wav: warning: ") && said.contains("clipped"), "{said}");
        let samples = &rendered(&folder, "out.wav").channels[0];
        assert!(samples[0] > 0.999 && samples[0] < 1.0 && samples[1] == -1.0, "{samples:?}");
        assert!((samples[2] - 0.5).abs() < 1e-4, "{samples:?}");
    }
    quiet(&folder, &[&args[..], &["--bits", "32f"]].concat());
    assert!((rendered(&folder, "out.wav").channels[0][0] - 1.5).abs() < 1e-6);
}

#[test]
fn a_file_may_be_its_own_output() {
    let folder = tempdir().unwrap();
    let input = noise(8, 2, 50_000);
    write_wav(&folder, "in.wav", Kind::Int(24), 48_000, &input);
    quiet(&folder, &["render", "channel-strip", "in.wav", "in.wav", "--set", "polarity_invert=on"]);
    let inverted: Vec<Vec<f64>> = input.iter().map(|channel| channel.iter().map(|x| -x).collect()).collect();
    assert!(rendered(&folder, "in.wav").channels == inverted);
    assert_eq!(listing(&folder).len(), 1, "a temporary file was left behind");
}

#[cfg(unix)]
#[test]
fn the_output_has_the_permissions_of_any_new_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempdir().unwrap();
    write_wav(&folder, "in.wav", Kind::Int(16), 48_000, &noise(9, 1, 10));
    quiet(&folder, &["render", "channel-strip", "in.wav", "out.wav"]);
    let mode = |name: &str| folder.path().join(name).metadata().unwrap().permissions().mode();
    assert_eq!(mode("out.wav"), mode("in.wav"));
}

#[test]
fn rendering_is_deterministic() {
    let folder = tempdir().unwrap();
    write_wav(&folder, "in.wav", Kind::Int(16), 48_000, &noise(10, 2, 60_000));
    let args =
        |out| ["render", "master-bus", "in.wav", out, "--set", "limiter_drive_db=9", "--set", "dither_depth=16 bit"];
    quiet(&folder, &args("a.wav"));
    quiet(&folder, &args("b.wav"));
    let files = listing(&folder);
    assert!(files[0].1 == files[1].1);
}

/// The ceiling is −1 dBTP; EBU Tech 3341 allows a true-peak meter 0.2 dB, and so the limiter that relies on one.
#[test]
fn a_driven_master_bus_holds_its_ceiling() {
    let folder = tempdir().unwrap();
    // Noise falling 12 dB per octave above 1 kHz: like music, it has almost nothing in the top octave, where a meter
    // with 4× oversampling misses peaks.
    let mut input = noise(11, 2, 96_000);
    for channel in &mut input {
        let mut poles = [0.0; 2];
        for x in channel.iter_mut() {
            for pole in &mut poles {
                *pole += 0.123 * (*x - *pole);
                *x = *pole;
            }
        }
        let peak = channel.iter().fold(0.0_f64, |peak, x| peak.max(x.abs()));
        channel.iter_mut().for_each(|x| *x *= 0.5 / peak);
    }
    write_wav(&folder, "in.wav", Kind::Float(32), 48_000, &input);
    quiet(&folder, &["render", "master-bus", "in.wav", "out.wav", "--set", "limiter_drive_db=12", "--bits", "24"]);
    let peaks: Vec<_> =
        rendered(&folder, "out.wav").channels.iter().map(|channel| true_peak_db(channel, 4000)).collect();
    println!("true peak {peaks:?} dBTP");
    assert!(peaks.iter().all(|peak| *peak <= -0.8), "{peaks:?}");
    assert!(peaks.iter().any(|peak| *peak >= -3.0), "{peaks:?}: the driven limiter should approach its ceiling");
}

#[test]
fn dither_reduces_the_word_length() {
    let folder = tempdir().unwrap();
    write_wav(&folder, "in.wav", Kind::Float(32), 48_000, &noise(12, 2, 20_000).map_all(|x| x * 0.333));
    let on_16_bits = |depth: &str| {
        let set = format!("dither_depth={depth}");
        quiet(&folder, &["render", "master-bus", "in.wav", "out.wav", "--bits", "24", "--set", &set]);
        rendered(&folder, "out.wav").channels.iter().flatten().all(|x| (x * 32_768.0).fract() == 0.0)
    };
    assert!(on_16_bits("16 bit"));
    assert!(!on_16_bits("off"));
}

/// Maps every sample.
trait MapAll {
    fn map_all(self, f: impl Fn(f64) -> f64) -> Self;
}

impl MapAll for crate::support::Channels {
    fn map_all(mut self, f: impl Fn(f64) -> f64) -> Self {
        self.iter_mut().flatten().for_each(|x| *x = f(*x));
        self
    }
}
