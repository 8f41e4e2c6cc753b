//! Every readable format, intact and damaged. The encoders are ffmpeg's.

use crate::support::{Kind, ffmpeg, noise, plumb, quiet, readings, rejected, rendered, stderr, write_wav};
use plumb_signals::sine;
use tempfile::{TempDir, tempdir};

const RATE_HZ: u32 = 44_100;

/// Bytes of a file.
fn bytes(folder: &TempDir, name: &str) -> Vec<u8> {
    std::fs::read(folder.path().join(name)).unwrap()
}

fn write(folder: &TempDir, name: &str, bytes: &[u8]) {
    std::fs::write(folder.path().join(name), bytes).unwrap();
}

#[test]
fn every_wav_sample_format_reads_the_same() {
    let folder = tempdir().unwrap();
    // Values that 8 bits represent exactly.
    let input = vec![(0..999).map(|n| f64::from(n % 255 - 127) / 128.0).collect::<Vec<_>>(); 2];
    for kind in [Kind::Int(8), Kind::Int(16), Kind::Int(24), Kind::Int(32), Kind::Float(32), Kind::Float(64)] {
        write_wav(&folder, "in.wav", kind, RATE_HZ, &input);
        quiet(&folder, &["render", "channel-strip", "in.wav", "out.wav", "--bits", "32f"]);
        assert!(rendered(&folder, "out.wav").channels == input, "{kind:?}");
    }
}

#[test]
fn flac_is_bit_exact_with_and_without_an_appended_tag() {
    let folder = tempdir().unwrap();
    for (channels, bits, format) in [(1, 16, "s16"), (2, 16, "s16"), (2, 24, "s32")] {
        let input = noise(1, channels, 70_001);
        write_wav(&folder, "in.wav", Kind::Int(bits), RATE_HZ, &input);
        if !ffmpeg(&folder, "in.wav", "in.flac", &["-sample_fmt", format]) {
            return;
        }
        quiet(&folder, &["render", "channel-strip", "in.flac", "out.wav"]);
        let output = rendered(&folder, "out.wav");
        assert_eq!((output.bits, output.rate), (24, RATE_HZ));
        assert!(output.channels == input, "{channels} channels, {bits} bit");
        // An ID3v1 tag, as some taggers append.
        write(
            &folder,
            "tagged.flac",
            &[bytes(&folder, "in.flac"), [b"TAG".as_slice(), &[b' '; 125]].concat()].concat(),
        );
        quiet(&folder, &["render", "channel-strip", "tagged.flac", "out.wav"]);
        assert!(rendered(&folder, "out.wav").channels == input, "tagged");
    }
}

#[test]
fn damaged_flac_is_rejected_with_the_frame() {
    let folder = tempdir().unwrap();
    write_wav(&folder, "in.wav", Kind::Int(16), RATE_HZ, &noise(2, 2, 100_000));
    if !ffmpeg(&folder, "in.wav", "in.flac", &[]) {
        return;
    }
    let whole = bytes(&folder, "in.flac");
    write(&folder, "cut.flac", &whole[..whole.len() * 6 / 10]);
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 0x55;
    write(&folder, "flipped.flac", &flipped);
    let mut checksum = whole;
    checksum[30] ^= 1; // inside the MD5 of STREAMINFO, bytes 26 to 41
    write(&folder, "checksum.flac", &checksum);
    for (file, says) in [("cut.flac", "at frame "), ("flipped.flac", "at frame "), ("checksum.flac", "checksum")] {
        rejected(&folder, &["measure", file], file, &[says, "corrupt"]);
        rejected(&folder, &["render", "master-bus", file, "out.wav"], file, &[says]);
    }
}

/// Asserts that a file encoded by ffmpeg reads as ffmpeg decodes it: same length, same samples, no offset.
fn lossy_reads(name: &str, options: &[&str]) {
    let folder = tempdir().unwrap();
    let input = noise(6, 2, 88_200).into_iter().zip([440.0, 1000.0]);
    let input: Vec<Vec<f64>> = input
        .map(|(noise, hz)| {
            let tone = sine(hz, -12.0, 2.0, f64::from(RATE_HZ));
            noise.iter().zip(tone).map(|(noise, tone)| 0.1 * noise + tone).collect()
        })
        .collect();
    write_wav(&folder, "in.wav", Kind::Int(16), RATE_HZ, &input);
    if !ffmpeg(&folder, "in.wav", name, options) {
        return;
    }
    assert!(ffmpeg(&folder, name, "theirs.wav", &["-c:a", "pcm_f32le", "-bitexact"]));
    let theirs = rendered(&folder, "theirs.wav").channels;
    quiet(&folder, &["render", "channel-strip", name, "out.wav"]);
    let output = rendered(&folder, "out.wav");
    assert_eq!((output.bits, output.rate, output.channels.len()), (32, RATE_HZ, 2), "{name}");
    for ((ours, theirs), input) in output.channels.iter().zip(&theirs).zip(&input) {
        assert_eq!(
            (ours.len(), theirs.len()),
            (input.len(), input.len()),
            "{name}: encoder delay and padding are removed"
        );
        let off = ours.iter().zip(theirs).map(|(ours, theirs)| (ours - theirs).abs()).fold(0.0, f64::max);
        assert!(off < 1e-4, "{name}: off by {off}"); // two decoders in 32-bit floats
    }
    assert_eq!(readings(&folder, &[name])[0]["frames"], input[0].len());
}

#[test]
fn ogg_vorbis_is_read_without_offset() {
    lossy_reads("in.ogg", &["-c:a", "libvorbis", "-q:a", "7"]);
}

#[test]
fn mp3_is_read_without_offset() {
    lossy_reads("in.mp3", &["-c:a", "libmp3lame", "-b:a", "192k"]);
}

#[test]
fn tags_and_junk_around_an_mp3_are_ignored_and_truncation_is_reported() {
    let folder = tempdir().unwrap();
    write_wav(&folder, "in.wav", Kind::Int(16), RATE_HZ, &noise(3, 1, 100_000));
    let options = ["-c:a", "libmp3lame", "-b:a", "128k", "-id3v2_version", "3", "-metadata", "title=Plumb"];
    if !ffmpeg(&folder, "in.wav", "in.mp3", &options) {
        return;
    }
    let whole = bytes(&folder, "in.mp3");
    assert_eq!(&whole[..3], b"ID3");
    write(&folder, "tagged.mp3", &[whole.as_slice(), b"TAG", &[b' '; 125]].concat());
    write(&folder, "junk.mp3", &[whole.as_slice(), &[0; 700], b"junk behind the end"].concat());
    for file in ["in.mp3", "tagged.mp3", "junk.mp3"] {
        assert_eq!(readings(&folder, &[file])[0]["frames"], 100_000, "{file}");
    }
    write(&folder, "cut.mp3", &whole[..whole.len() / 2]);
    let output = plumb(&folder, &["measure", "cut.mp3"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let said = stderr(&output);
    assert!(said.starts_with("plumb: cut.mp3: warning: contains only "), "{said}");
    assert!(said.contains("of 100000 frames") && said.lines().count() == 1, "{said}");
}

#[test]
fn damaged_ogg_is_rejected_with_the_frame_and_trailing_junk_ignored() {
    let folder = tempdir().unwrap();
    write_wav(&folder, "in.wav", Kind::Int(16), RATE_HZ, &noise(7, 2, 400_000));
    if !ffmpeg(&folder, "in.wav", "in.ogg", &["-c:a", "libvorbis", "-q:a", "5"]) {
        return;
    }
    let whole = bytes(&folder, "in.ogg");
    write(&folder, "junk.ogg", &[whole.as_slice(), b"junk behind the end"].concat());
    for file in ["in.ogg", "junk.ogg"] {
        assert_eq!(readings(&folder, &[file])[0]["frames"], 400_000);
    }
    let middle = whole.len() / 2;
    let mut flipped = whole.clone();
    flipped[middle] ^= 0x55;
    write(&folder, "flipped.ogg", &flipped);
    write(&folder, "cut.ogg", &whole[..whole.len() * 6 / 10]);
    // One page removed.
    let mark = |from: usize| from + whole[from..].windows(4).position(|bytes| bytes == b"OggS").unwrap();
    let page = mark(middle);
    write(&folder, "gap.ogg", &[&whole[..page], &whole[mark(page + 4)..]].concat());
    for (file, says) in
        [("flipped.ogg", "wrong checksum"), ("cut.ogg", "the file ends"), ("gap.ogg", "a page is missing")]
    {
        rejected(&folder, &["measure", file], file, &["truncated at frame ", says, "expected"]);
        rejected(&folder, &["render", "channel-strip", file, "out.wav"], file, &[says]);
    }
}

#[test]
fn an_mp3_without_a_length_is_read_to_its_end() {
    let folder = tempdir().unwrap();
    write_wav(&folder, "in.wav", Kind::Int(16), RATE_HZ, &noise(4, 2, 100_000));
    if !ffmpeg(&folder, "in.wav", "in.mp3", &["-c:a", "libmp3lame", "-q:a", "2", "-write_xing", "0"]) {
        return;
    }
    let frames = readings(&folder, &["in.mp3"])[0]["frames"].as_u64().unwrap();
    // Delay and padding are unknown, so everything is kept, in whole MP3 frames.
    assert!((100_000..104_000).contains(&frames) && frames.is_multiple_of(1152), "{frames}");
}

#[test]
fn formats_are_detected_whatever_the_file_name() {
    let folder = tempdir().unwrap();
    write_wav(&folder, "in.mp3", Kind::Int(16), RATE_HZ, &noise(5, 1, 1000));
    assert_eq!(readings(&folder, &["in.mp3"])[0]["frames"], 1000);
}
