//! Runs the command, writes its inputs and reads its outputs, sharing no code with it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// Samples by channel.
pub(crate) type Channels = Vec<Vec<f64>>;

/// Runs `plumb` in a folder.
pub(crate) fn plumb(folder: &TempDir, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_plumb")).args(args).current_dir(folder).output().unwrap()
}

/// Runs `plumb`, which must succeed with nothing on standard error; returns its output.
pub(crate) fn quiet(folder: &TempDir, args: &[&str]) -> String {
    let output = plumb(folder, args);
    assert_eq!(stderr(&output), "", "{args:?}");
    assert_eq!(output.status.code(), Some(0), "{args:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Standard error of a run.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Runs `plumb`, which must fail with exit code 2, print nothing but one line that starts with the subject and contains
/// `says`, and change no file.
pub(crate) fn rejected(folder: &TempDir, args: &[&str], subject: &str, says: &[&str]) {
    let before = listing(folder);
    let output = plumb(folder, args);
    let text = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {text}");
    assert!(output.stdout.is_empty(), "{args:?}");
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.starts_with(&format!("plumb: {subject}: ")), "{text}");
    for say in says {
        assert!(text.contains(say), "{text:?} does not contain {say:?}");
    }
    assert_eq!(listing(folder), before, "{args:?}");
}

/// Names and contents of all files in a folder.
pub(crate) fn listing(folder: &TempDir) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.map(|path| (path.clone(), std::fs::read(path).unwrap_or_default())).collect();
    files.sort();
    files
}

/// The readings of `plumb measure --json`.
pub(crate) fn readings(folder: &TempDir, files: &[&str]) -> Vec<serde_json::Value> {
    serde_json::from_str(&quiet(folder, &[&["measure", "--json"], files].concat())).unwrap()
}

/// Sample format of a test file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Int(u16),
    Float(u16),
}

/// The bytes of a plain WAV file.
pub(crate) fn wav_bytes(kind: Kind, rate: u32, channels: &[Vec<f64>]) -> Vec<u8> {
    let (tag, bits) = match kind {
        Kind::Int(bits) => (1_u16, bits),
        Kind::Float(bits) => (3, bits),
    };
    let align = bits / 8 * channels.len() as u16;
    let mut data = Vec::new();
    for n in 0..channels[0].len() {
        for channel in channels {
            match kind {
                Kind::Float(32) => data.extend((channel[n] as f32).to_le_bytes()),
                Kind::Float(_) => data.extend(channel[n].to_le_bytes()),
                Kind::Int(8) => data.push((channel[n] * 128.0 + 128.0) as u8),
                Kind::Int(_) => {
                    let value = (channel[n] * 2_f64.powi(i32::from(bits) - 1)).round() as i32;
                    data.extend(&value.to_le_bytes()[..usize::from(bits / 8)]);
                }
            }
        }
    }
    let mut bytes = Vec::new();
    bytes.extend(b"RIFF");
    bytes.extend((36 + data.len() as u32).to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    bytes.extend(16_u32.to_le_bytes());
    bytes.extend(tag.to_le_bytes());
    bytes.extend((channels.len() as u16).to_le_bytes());
    bytes.extend(rate.to_le_bytes());
    bytes.extend((rate * u32::from(align)).to_le_bytes());
    bytes.extend(align.to_le_bytes());
    bytes.extend(bits.to_le_bytes());
    bytes.extend(b"data");
    bytes.extend((data.len() as u32).to_le_bytes());
    bytes.extend(data);
    bytes
}

/// Writes a plain WAV file.
pub(crate) fn write_wav(folder: &TempDir, name: &str, kind: Kind, rate: u32, channels: &[Vec<f64>]) {
    std::fs::write(folder.path().join(name), wav_bytes(kind, rate, channels)).unwrap();
}

/// A parsed WAV file.
#[derive(Debug)]
pub(crate) struct Wav {
    pub(crate) tag: u16,
    pub(crate) rate: u32,
    pub(crate) bits: u16,
    /// Frames according to the `fact` chunk.
    pub(crate) fact: Option<u32>,
    /// Body of the `fmt ` chunk.
    pub(crate) format: Vec<u8>,
    pub(crate) channels: Channels,
}

/// Reads a WAV file strictly: sizes must match to the last byte.
pub(crate) fn read_wav(path: &Path) -> Wav {
    let bytes = std::fs::read(path).unwrap();
    let u16_at = |bytes: &[u8], at: usize| u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap());
    let u32_at = |bytes: &[u8], at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    assert_eq!((&bytes[..4], &bytes[8..12]), (b"RIFF".as_slice(), b"WAVE".as_slice()));
    assert_eq!(u32_at(&bytes, 4) as usize + 8, bytes.len(), "RIFF size");
    let (mut at, mut format, mut fact, mut data) = (12, Vec::new(), None, None);
    while at < bytes.len() {
        let (name, size) = (&bytes[at..at + 4], u32_at(&bytes, at + 4) as usize);
        let body = &bytes[at + 8..at + 8 + size];
        match name {
            b"fmt " => format = body.to_vec(),
            b"fact" => fact = Some(u32_at(body, 0)),
            b"data" => data = Some(body.to_vec()),
            other => panic!("unexpected chunk {other:?}"),
        }
        at += 8 + size.next_multiple_of(2);
    }
    assert_eq!(at, bytes.len(), "padding");
    let (tag, count, bits) = (u16_at(&format, 0), usize::from(u16_at(&format, 2)), u16_at(&format, 14));
    assert_eq!(u16_at(&format, 12), bits / 8 * count as u16, "block align");
    assert_eq!(u32_at(&format, 8), u32_at(&format, 4) * u32::from(u16_at(&format, 12)), "bytes per second");
    let mut channels = vec![Vec::new(); count];
    for (n, sample) in data.unwrap().chunks_exact(usize::from(bits / 8)).enumerate() {
        channels[n % count].push(match (tag, bits) {
            (3 | 0xFFFE, 32) => f64::from(f32::from_le_bytes(sample.try_into().unwrap())),
            (1 | 0xFFFE, 16) => f64::from(i16::from_le_bytes(sample.try_into().unwrap())) / 32_768.0,
            (0xFFFE, 24) => f64::from(i32::from_le_bytes([0, sample[0], sample[1], sample[2]])) / 2_147_483_648.0,
            other => panic!("unexpected format {other:?}"),
        });
    }
    Wav { tag, rate: u32_at(&format, 4), bits, fact, format, channels }
}

/// Reads a rendered file.
pub(crate) fn rendered(folder: &TempDir, name: &str) -> Wav {
    read_wav(&folder.path().join(name))
}

/// Noise that 16 and 24 bits and 32-bit floats all represent exactly.
pub(crate) fn noise(seed: u64, channels: usize, frames: usize) -> Channels {
    let mut noise = plumb_signals::Noise::new(seed);
    let mut sample = || (noise.tick() * 16_000.0).round() / 32_768.0;
    (0..channels).map(|_| (0..frames).map(|_| sample()).collect()).collect()
}

/// Reports a skipped test on standard error, bypassing the test harness: one line, `SKIPPED <test>: <why>`.
pub(crate) fn skipped(why: &str) {
    let thread = std::thread::current();
    let _ = writeln!(std::io::stderr(), "SKIPPED {}: {why}", thread.name().unwrap_or("?"));
}

/// Converts a file with ffmpeg; returns false and reports the test as skipped if there is none.
pub(crate) fn ffmpeg(folder: &TempDir, from: &str, to: &str, options: &[&str]) -> bool {
    let args = [&["-v", "error", "-y", "-i", from], options, &[to]].concat();
    match Command::new("ffmpeg").args(args).current_dir(folder).output() {
        Ok(output) => {
            assert!(output.status.success(), "{}", stderr(&output));
            true
        }
        Err(_) => {
            skipped("no ffmpeg");
            false
        }
    }
}
