//! `plumb check`: each verdict on a signal made for it, the JSON, and the plot.

use crate::support::{Channels, Kind, ffmpeg, listing, noise, plumb, quiet, rejected, stderr, write_wav};
use plumb_signals::{Noise, sine};
use serde_json::Value;
use tempfile::{TempDir, tempdir};

const RATE_HZ: u32 = 44_100;

/// Writes and checks a file.
fn checked_as(kind: Kind, rate: u32, channels: &[Vec<f64>]) -> Value {
    let folder = tempdir().unwrap();
    write_wav(&folder, "a.wav", kind, rate, channels);
    report(&folder, &["a.wav"])
}

fn checked(channels: &[Vec<f64>]) -> Value {
    checked_as(Kind::Float(32), RATE_HZ, channels)
}

fn report(folder: &TempDir, args: &[&str]) -> Value {
    let reports: Value = serde_json::from_str(&quiet(folder, &[&["check", "--json"], args].concat())).unwrap();
    reports[0].clone()
}

/// The check with an id.
fn line<'a>(report: &'a Value, id: &str) -> &'a Value {
    report["checks"].as_array().unwrap().iter().find(|check| check["id"] == id).unwrap_or_else(|| panic!("no {id}"))
}

/// Verdicts of checks by id.
fn verdicts<'a>(report: &'a Value, ids: &[&str]) -> Vec<&'a str> {
    ids.iter().map(|id| line(report, id)["verdict"].as_str().unwrap()).collect()
}

fn service<'a>(report: &'a Value, name: &str) -> &'a Value {
    report["services"].as_array().unwrap().iter().find(|service| service["name"] == name).unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

/// Noise with the spectrum of music, a mix without faults: uncorrelated for `width` 1, mono for 0.
fn music(seconds: f64, level: f64, width: f64) -> Channels {
    let mut noise = Noise::new(21);
    let mut low = [[0.0; 3]; 2];
    let mut channels = vec![Vec::new(), Vec::new()];
    for _ in 0..(seconds * f64::from(RATE_HZ)) as usize {
        let mut band = [0.0; 2];
        for (low, band) in low.iter_mut().zip(&mut band) {
            // Falls 6 dB per octave above 800 Hz and 12 dB above 2 kHz; nothing below 40 Hz.
            low[0] += 0.11 * (level * noise.tick() - low[0]);
            low[1] += 0.3 * (low[0] - low[1]);
            low[2] += 0.006 * (low[1] - low[2]);
            *band = low[1] - low[2];
        }
        let (mid, side) = ((band[0] + band[1]) / 2.0, width * (band[0] - band[1]) / 2.0);
        channels[0].push(mid + side);
        channels[1].push(mid - side);
    }
    channels
}

#[test]
fn json_is_an_array_of_objects_with_these_keys() {
    let keys = |value: &Value| {
        let mut keys: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
        keys.sort_unstable();
        keys.join(" ")
    };
    let folder = tempdir().unwrap();
    write_wav(&folder, "a.wav", Kind::Int(16), RATE_HZ, &noise(1, 2, 9000));
    write_wav(&folder, "b.wav", Kind::Float(32), 48_000, &noise(1, 1, 0));
    let reports: Value = serde_json::from_str(&quiet(&folder, &["check", "--json", "a.wav", "b.wav"])).unwrap();
    assert_eq!((&reports[0]["file"], &reports[1]["file"]), (&"a.wav".into(), &"b.wav".into()));
    for report in reports.as_array().unwrap() {
        assert_eq!(
            keys(report),
            "channels checks file frames loudness mono_loss_octaves sample_rate_hz services verdict verdicts word"
        );
        assert_eq!(keys(&report["verdicts"]), "cd ends peaks stereo streaming vinyl");
        assert_eq!(
            keys(&report["loudness"]),
            "integrated_lufs loudness_range_lu max_momentary_lufs max_short_term_lufs plr_lu"
        );
        for check in report["checks"].as_array().unwrap() {
            assert_eq!(keys(check), "at_s bound detail group id limit name unit value verdict", "{check}");
        }
        for octave in report["mono_loss_octaves"].as_array().unwrap() {
            assert_eq!(keys(octave), "centre_hz level_db loss_db");
        }
        for service in report["services"].as_array().unwrap() {
            assert_eq!(
                keys(service),
                "date detail gain_db name note peak_limit_dbtp source target_lufs true_peak_after_dbtp turns_up verdict \
                 wanted_db"
            );
        }
    }
    let help = quiet(&folder, &["check", "--help"]);
    for check in reports[0]["checks"].as_array().unwrap() {
        let id = check["id"].as_str().unwrap();
        assert!(help.contains(id), "the help does not mention {id}");
    }
    assert!(help.contains("Exit status"));
}

#[test]
fn a_clean_file_has_no_problem() {
    let report = checked(&music(8.0, 1.5, 0.2));
    let text = report.to_string();
    assert_eq!(report["verdict"], "ok", "{text}");
    assert!(!report["checks"].as_array().unwrap().iter().any(|check| check["verdict"] == "problem"), "{text}");
}

#[test]
fn overs_and_clipping_are_reported_with_their_time() {
    let mut channels = vec![sine(100.0, -6.0, 2.0, f64::from(RATE_HZ)); 2];
    // A plateau of twelve samples at full scale in the right channel, after one second.
    channels[1][RATE_HZ as usize..][..12].fill(32_767.0 / 32_768.0);
    let report = checked_as(Kind::Int(16), RATE_HZ, &channels);
    for id in ["samples_over", "clipped_runs"] {
        let line = line(&report, id);
        assert_eq!((&line["verdict"], &line["at_s"]), (&"problem".into(), &1.0.into()), "{line}");
        assert_eq!(line["detail"], "longest 12 samples right", "{line}");
    }
    assert_eq!(line(&report, "samples_over")["value"], 12.0);
    assert_eq!((&line(&report, "clipped_runs")["value"], &report["verdict"]), (&1.0.into(), &"problem".into()));
    // One sample is a note; a float above full scale is a problem; below full scale is ok.
    for (x, kind, verdict) in
        [(32_767.0 / 32_768.0, Kind::Int(16), "note"), (1.01, Kind::Float(32), "problem"), (0.99, Kind::Int(16), "ok")]
    {
        channels[1][RATE_HZ as usize..][..12].fill(0.0);
        channels[1][RATE_HZ as usize] = x;
        let report = checked_as(kind, RATE_HZ, &channels);
        assert_eq!(verdicts(&report, &["samples_over", "clipped_runs"]), [verdict, "ok"], "{x}");
    }
}

#[test]
fn inter_sample_peaks_are_counted() {
    // fs/4 at 45°: the samples are 3 dB below the peaks.
    for (level_dbfs, expected) in
        [(-2.0, ["ok", "ok", "ok"]), (-0.5, ["note", "ok", "note"]), (1.0, ["problem", "problem", "note"])]
    {
        let mut tone = sine(f64::from(RATE_HZ) / 4.0, level_dbfs, 1.0, f64::from(RATE_HZ));
        let len = tone.len() as f64;
        for (n, x) in tone.iter_mut().enumerate() {
            *x *= (std::f64::consts::PI * n as f64 / len).sin();
        }
        let report = checked(&[tone]);
        let peak = line(&report, "true_peak_dbtp");
        assert!((number(&peak["value"]) - level_dbfs).abs() < 0.1, "{peak}"); // the meter's tolerance
        assert!((number(&peak["at_s"]) - 0.5).abs() < 0.05, "{peak}"); // the top of the taper is flat
        assert_eq!(
            verdicts(&report, &["true_peak_dbtp", "peaks_over_0_dbtp", "peaks_over_minus_1_dbtp"]),
            expected,
            "{level_dbfs}"
        );
        assert_eq!(verdicts(&report, &["sample_peak_dbfs", "samples_over"]), ["ok", "ok"]);
    }
}

#[test]
fn dc_limits_are_minus_60_and_minus_40() {
    for (dc, verdict) in [(0.0005, "ok"), (0.005, "note"), (-0.05, "problem")] {
        let report = checked(&[sine(100.0, -12.0, 1.0, f64::from(RATE_HZ)).iter().map(|x| x + dc).collect()]);
        assert_eq!(verdicts(&report, &["dc_offset_dbfs"]), [verdict], "{dc}");
    }
}

#[test]
fn opposite_phase_is_a_problem_and_mono_is_ok() {
    let ids = ["min_correlation", "mean_correlation", "mono_loss_db", "mono_loss_octave_db"];
    let wide = music(4.0, 1.0, 1.0);
    let opposite = vec![wide[0].clone(), wide[0].iter().map(|x| -x).collect::<Vec<_>>()];
    assert_eq!(verdicts(&checked(&opposite), &ids), ["problem"; 4]);
    let loss = &line(&checked(&opposite), "mono_loss_db")["value"].clone();
    assert!(loss.is_null(), "everything cancels: {loss}");
    for same in [vec![wide[0].clone()], vec![wide[0].clone(), wide[0].clone()]] {
        let report = checked(&same);
        assert_eq!(verdicts(&report, &ids), ["ok"; 4]);
        assert_eq!(line(&report, "mono_loss_db")["value"], 0.0);
        let detail = line(&report, "min_correlation")["detail"].as_str().unwrap().to_owned();
        assert_eq!(detail, ["mono", "both channels are identical"][same.len() - 1]);
    }
    let unrelated = checked(&wide);
    assert!((number(&line(&unrelated, "mono_loss_db")["value"]) - 3.0).abs() < 0.5, "{unrelated}");
}

#[test]
fn an_octave_out_of_phase_is_named() {
    let mut channels = vec![sine(125.0, -20.0, 3.0, f64::from(RATE_HZ)); 2];
    channels[1].iter_mut().for_each(|x| *x = -*x);
    for channel in &mut channels {
        for (x, other) in channel.iter_mut().zip(sine(2000.0, -12.0, 3.0, f64::from(RATE_HZ))) {
            *x += other;
        }
    }
    let report = checked(&channels);
    let worst = line(&report, "mono_loss_octave_db");
    assert_eq!((&worst["verdict"], &worst["detail"]), (&"problem".into(), &"at 125 Hz".into()), "{worst}");
    assert_eq!(verdicts(&report, &["mono_loss_db", "vinyl_low_side_db"]), ["ok", "problem"]);
    let octaves = report["mono_loss_octaves"].as_array().unwrap();
    let of = |hz: f64| octaves.iter().find(|octave| octave["centre_hz"] == hz).unwrap();
    assert!(number(&of(125.0)["loss_db"]) > 20.0 && number(&of(2000.0)["loss_db"]) < 0.1, "{octaves:?}");
}

#[test]
fn vinyl_needs_narrow_bass_and_moderate_treble() {
    let tone = |hz: f64, level: f64| sine(hz, level, 3.0, f64::from(RATE_HZ));
    for (side_db, verdict) in [(-20.0, "ok"), (-9.0, "note"), (-3.0, "problem")] {
        let (mid, side) = (tone(80.0, -12.0), tone(80.0, -12.0 + side_db));
        // Side delayed by a quarter period, which keeps the channels equally loud.
        let late: Vec<f64> = side.iter().skip(138).copied().collect();
        let channels = [1.0, -1.0].map(|sign| mid.iter().zip(&late).map(|(m, s)| m + sign * s).collect::<Vec<_>>());
        let report = checked(&channels);
        let line = line(&report, "vinyl_low_side_db");
        assert_eq!(line["verdict"], verdict, "{line}");
        assert!((number(&line["value"]) - side_db).abs() < 0.2, "{line}"); // 138 frames are not quite a quarter
    }
    for (top_db, verdict) in [(-40.0, "ok"), (-25.0, "note"), (-10.0, "problem")] {
        let sum: Vec<f64> =
            tone(500.0, -12.0).iter().zip(tone(17_000.0, -12.0 + top_db)).map(|(low, high)| low + high).collect();
        let report = checked(&[sum]);
        assert_eq!(verdicts(&report, &["vinyl_top_db"]), [verdict], "{top_db}");
    }
}

/// A tone fading out, quantised to 16 bits with or without triangular dither.
fn faded(dithered: bool) -> Vec<f64> {
    let mut noise = Noise::new(31);
    let tone = sine(220.0, -50.0, 4.0, f64::from(RATE_HZ));
    let len = tone.len() as f64;
    let fade = tone.iter().enumerate().map(|(n, x)| x * 10_f64.powf(-3.0 * n as f64 / len));
    fade.map(|x| {
        let dither = 0.5 * (noise.tick() + noise.tick());
        (x * 32_768.0 + if dithered { dither } else { 0.0 }).round() / 32_768.0
    })
    .collect()
}

#[test]
fn missing_dither_and_unused_bits_are_detected() {
    let ids = ["cd_rate_hz", "cd_bits", "bits_used", "lowest_bit"];
    for (dithered, verdict) in [(true, "ok"), (false, "note")] {
        let report = checked_as(Kind::Int(16), 44_100, &[faded(dithered)]);
        assert_eq!(verdicts(&report, &ids), ["ok", "ok", "ok", verdict]);
        let report = checked_as(Kind::Int(24), 48_000, &[faded(dithered)]);
        assert_eq!(verdicts(&report, &ids), ["note", "note", "note", verdict]);
        assert_eq!(line(&report, "bits_used")["value"], 16.0);
        assert_eq!(line(&report, "bits_used")["detail"], "the lowest 8 are unused");
    }
    let float = checked(&[faded(true)]);
    assert_eq!(verdicts(&float, &["cd_bits"]), ["note"]);
    assert!(!float["checks"].as_array().unwrap().iter().any(|check| check["id"] == "lowest_bit"));
}

#[test]
fn silence_is_detected_at_the_ends_and_throughout() {
    let rate = RATE_HZ as usize;
    let tone = sine(440.0, -12.0, 1.0, f64::from(RATE_HZ));
    let report = checked(&[[vec![0.0; 2 * rate], tone, vec![0.0; 6 * rate]].concat()]);
    assert_eq!(verdicts(&report, &["silence_start_s", "silence_end_s"]), ["note", "note"]);
    assert!((number(&line(&report, "silence_start_s")["value"]) - 2.0).abs() < 1e-3);
    for silence in [vec![0.0; rate], vec![]] {
        let report = checked(&[silence]);
        assert_eq!(report["verdict"], "problem");
        assert_eq!(line(&report, "silence_start_s")["detail"], "silence throughout");
        assert_eq!(report["loudness"]["integrated_lufs"], "-inf");
        assert!(report["services"].as_array().unwrap().iter().all(|service| service["true_peak_after_dbtp"].is_null()));
    }
}

/// A 1 kHz sine in both channels, whose loudness equals its peak level (EBU Tech 3341), after a short burst at
/// another level.
fn tone_and_burst(level_dbfs: f64, peak_dbfs: f64) -> Channels {
    let mut tone = sine(1000.0, level_dbfs, 10.0, f64::from(RATE_HZ));
    let burst = sine(1000.0, peak_dbfs, 0.002, f64::from(RATE_HZ));
    tone[..burst.len()].copy_from_slice(&burst);
    vec![tone.clone(), tone]
}

#[test]
fn services_apply_gain_within_the_true_peak_limit() {
    // Spotify's own example: −20 LUFS with a true peak of −5 dBTP is turned up to −16 LUFS only.
    let report = checked(&tone_and_burst(-20.0, -5.0));
    let spotify = service(&report, "Spotify");
    assert!((number(&spotify["gain_db"]) - 4.0).abs() < 0.15, "{spotify}"); // the meters' tolerances
    assert_eq!(spotify["verdict"], "note");
    assert_eq!(service(&report, "TIDAL")["gain_db"], 0.0);
    assert!(service(&report, "Deezer")["gain_db"].is_null());
    assert_eq!(service(&report, "Deezer")["turns_up"], "unknown");
    // Loud files are turned down everywhere, and Spotify's true-peak limit is lower.
    let report = checked(&tone_and_burst(-8.0, -1.5));
    let spotify = service(&report, "Spotify");
    assert!((number(&spotify["gain_db"]) + 6.0).abs() < 0.15, "{spotify}");
    assert_eq!((&spotify["verdict"], &spotify["peak_limit_dbtp"]), (&"note".into(), &(-2.0).into()));
    assert_eq!(service(&report, "TIDAL")["verdict"], "ok");
    for service in report["services"].as_array().unwrap() {
        assert!(!service["date"].as_str().unwrap().is_empty() && !service["source"].as_str().unwrap().is_empty());
    }
}

#[test]
fn services_can_be_replaced() {
    let folder = tempdir().unwrap();
    write_wav(&folder, "a.wav", Kind::Float(32), RATE_HZ, &tone_and_burst(-20.0, -20.0));
    let json = r#"{"services": [{"name": "Ours", "target_lufs": -18, "turns_up": "yes"}]}"#;
    std::fs::write(folder.path().join("ours.json"), json).unwrap();
    let report = report(&folder, &["a.wav", "--services", "ours.json"]);
    assert_eq!(report["services"].as_array().unwrap().len(), 1);
    assert!((number(&service(&report, "Ours")["gain_db"]) - 2.0).abs() < 0.1, "{report}");
    for (json, says) in [
        ("[", "expected streaming services in JSON"),
        (r#"{"services": [{"name": "x", "target_lufs": -14, "turns_up": "up"}]}"#, "expected"),
        (r#"{"services": [{"name": "x", "target_lufs": 14, "turns_up": "no"}]}"#, "target 14 LUFS of x; expected"),
    ] {
        std::fs::write(folder.path().join("bad.json"), json).unwrap();
        rejected(&folder, &["check", "a.wav", "--services", "bad.json"], "bad.json", &[says]);
    }
    rejected(&folder, &["check", "a.wav", "--services", "none.json"], "none.json", &["cannot read", "expected"]);
}

#[test]
fn unreadable_inputs_and_bad_plots_are_rejected() {
    let folder = tempdir().unwrap();
    write_wav(&folder, "a.wav", Kind::Int(16), RATE_HZ, &noise(1, 2, 9000));
    write_wav(&folder, "six.wav", Kind::Int(16), RATE_HZ, &noise(1, 6, 100));
    rejected(&folder, &["check", "gone.wav"], "gone.wav", &["cannot open", "expected"]);
    rejected(&folder, &["check", "six.wav", "--json"], "six.wav", &["6 channels; expected 1 or 2"]);
    rejected(&folder, &["check", "gone.wav", "--plot", "p.png"], "gone.wav", &["cannot open"]);
    rejected(&folder, &["check", "a.wav", "--plot", "p.jpg"], "p.jpg", &["expected one ending in .png"]);
    rejected(&folder, &["check", "a.wav", "--plot", "no/p.png"], "no/p.png", &["cannot write there"]);
    rejected(&folder, &["check", "a.wav", "a.wav", "--plot", "p.png"], "p.png", &["2 files", "expected one FILE"]);
    let output = plumb(&folder, &["check", "b.wav", "a.wav", "c.wav"]);
    assert_eq!((output.status.code(), stderr(&output).lines().count()), (Some(2), 2));
    assert!(output.stdout.is_empty());
}

#[test]
fn text_is_one_screen_of_aligned_lines() {
    let folder = tempdir().unwrap();
    write_wav(&folder, "a.wav", Kind::Int(16), RATE_HZ, &music(2.0, 1.0, 0.3));
    let text = quiet(&folder, &["check", "a.wav"]);
    println!("{text}");
    assert!(text.lines().count() <= 48 && text.lines().all(|line| line.chars().count() <= 120), "{text}");
    let rows: Vec<_> = text.lines().filter(|line| line.contains(" max ") || line.contains(" min ")).collect();
    assert!(rows.len() > 12);
    let at = |row: &str| row.find(" max ").or_else(|| row.find(" min "));
    assert!(rows.iter().all(|row| at(row) == at(rows[0])), "{text}");
    assert!(text.starts_with("a.wav: "), "{text}");
    assert_eq!(quiet(&folder, &["check", "a.wav", "a.wav"]), format!("{text}\n{text}"));
}

/// Width, height and pixels of a PNG.
fn plot(folder: &TempDir, name: &str) -> (u32, u32, Vec<u8>) {
    let file = std::io::BufReader::new(std::fs::File::open(folder.path().join(name)).unwrap());
    let mut reader = png::Decoder::new(file).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(info.color_type, png::ColorType::Rgb);
    (info.width, info.height, pixels)
}

#[test]
fn the_plot_has_content_and_replaces_an_existing_file() {
    let folder = tempdir().unwrap();
    let colours = |pixels: &[u8]| pixels.chunks(3).collect::<std::collections::HashSet<_>>().len();
    for (channels, name) in [
        (music(20.0, 1.0, 0.5), "stereo.png"),
        (vec![music(3.0, 2.0, 1.0).remove(0)], "mono.PNG"),
        (vec![vec![]; 2], "empty.png"),
        (vec![vec![0.5]], "one.png"),
        (vec![vec![0.0; 50_000]; 2], "silence.png"),
    ] {
        write_wav(&folder, "a.wav", Kind::Float(32), RATE_HZ, &channels);
        std::fs::write(folder.path().join(name), "existing").unwrap();
        let text = quiet(&folder, &["check", "a.wav", "--plot", name]);
        assert_eq!(text, quiet(&folder, &["check", "a.wav"]));
        let (width, height, pixels) = plot(&folder, name);
        assert_eq!((width, height), (1600, 1400));
        assert!(colours(&pixels) > 30, "{name}: {} colours", colours(&pixels));
        // The blue of the curves, which text does not use.
        let blue = pixels.chunks(3).filter(|pixel| **pixel == [92, 160, 240]).count();
        assert!(blue > 20_000 || channels[0].len() < 100_000, "{name}: {blue}");
    }
    let left = listing(&folder).iter().filter(|(path, _)| path.to_string_lossy().contains(".plumb-")).count();
    assert_eq!(left, 0);
}

#[test]
fn lossy_files_are_checked_too() {
    let folder = tempdir().unwrap();
    write_wav(&folder, "a.wav", Kind::Int(16), RATE_HZ, &music(3.0, 1.0, 0.3));
    if ffmpeg(&folder, "a.wav", "a.mp3", &[]) {
        let report = report(&folder, &["a.mp3"]);
        assert_eq!((&report["word"], &line(&report, "cd_bits")["verdict"]), (&"lossy".into(), &"note".into()));
    }
}
