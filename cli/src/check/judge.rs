//! The checks and their limits.

use super::analysis::{Findings, TRUE_PEAK_TOLERANCE_DB};
use super::verdict::{Bound, Check, Group, NEVER, Verdict};
use crate::audio_in::Word;
use crate::level::finite;
use dsp_core::meter::bit_depth::{LowestBit, NOISE_TURNS};
use dsp_core::meter::clipping;
use dsp_core::meter::mono_compatibility::{self, Octave};
use dsp_core::units::{gain_to_db, power_to_db};

/// Consecutive samples at full scale that count as clipping rather than chance.
const OVERS_IN_A_ROW: u64 = 3;
/// Consecutive clipped samples heard as distortion rather than a click: 0.2 ms at 44.1 kHz.
const CLIPPED_IN_A_ROW: u64 = 10;
/// Octaves further below the loudest than this, in dB, do not count for mono loss.
const AUDIBLE_OCTAVE_DB: f64 = 40.0;
/// Below this frequency, in Hz, a groove should be mono: the side signal moves the stylus vertically.
const VINYL_LOW_HZ: f64 = 150.0;
/// Above this frequency, in Hz, cutting heads overheat and inner grooves lose level.
const VINYL_TOP_HZ: f64 = 15_000.0;
/// Sample rate of a CD.
const CD_RATE_HZ: u32 = 44_100;
/// Word length of a CD.
const CD_BITS: u32 = 16;

/// All checks of a file.
pub(super) fn checks(f: &Findings) -> Vec<Check> {
    [peaks(f), stereo(f), ends(f), cd(f), vinyl(f)].concat()
}

/// Name of a channel of a stereo file.
fn side(f: &Findings, channel: usize) -> &'static str {
    match (f.channels, channel) {
        (1, _) => "",
        (_, 0) => "left",
        _ => "right",
    }
}

/// Length and channel of the longest run; its time is shown separately.
fn longest(f: &Findings, runs: &clipping::Summary) -> String {
    let text = |run: clipping::Run| format!("longest {} samples {}", run.frames, side(f, run.channel));
    runs.longest.map(text).unwrap_or_default().trim_end().to_owned()
}

fn peaks(f: &Findings) -> Vec<Check> {
    use Bound::Max;
    use Group::Peaks;
    let start = |runs: &clipping::Summary| runs.longest.map(|run| f.seconds(run.at_frame));
    let longest_frames = |runs: &clipping::Summary| runs.longest.map_or(0, |run| run.frames);
    let sample_peak = f.summary.sample_peak_dbfs;
    let true_peak = f.summary.true_peak_dbtp;
    let worst = f.peaks.highest;
    let run =
        |runs: &clipping::Summary, limit| if longest_frames(runs) >= limit { Verdict::Problem } else { Verdict::Ok };
    let headroom = finite(-sample_peak).filter(|db| *db >= 0.0).map(|db| format!("headroom {db:.2} dB"));
    let dc_dbfs = gain_to_db(f.summary.dc_offset);
    let [over_0, over_minus_1] = f.peaks.overs;
    vec![
        Check::new(Peaks, "sample_peak_dbfs", "Sample peak", sample_peak, "dBFS")
            .limit_to(sample_peak, Max, [0.0, 0.0])
            .detail(headroom.unwrap_or_default()),
        Check::count(Peaks, "samples_over", "At or over full scale", f.overs.samples, "samples")
            .limit_to(f.overs.samples as f64, Max, [0.0, NEVER])
            .at_least(run(&f.overs, OVERS_IN_A_ROW))
            .at_least(if sample_peak > 0.0 { Verdict::Problem } else { Verdict::Ok })
            .at(start(&f.overs))
            .detail(longest(f, &f.overs)),
        Check::new(Peaks, "true_peak_dbtp", "True peak", true_peak, "dBTP")
            .limit_to(true_peak - TRUE_PEAK_TOLERANCE_DB, Max, [-1.0, 0.0])
            .at(worst.map(|worst| f.seconds(worst.at_frame)))
            .detail(worst.map_or("", |worst| side(f, worst.channel))),
        Check::count(Peaks, "peaks_over_0_dbtp", "Over 0 dBTP", over_0, "peaks").limit_to(
            over_0 as f64,
            Max,
            [0.0, 0.0],
        ),
        Check::count(Peaks, "peaks_over_minus_1_dbtp", "Over -1 dBTP", over_minus_1, "peaks").limit_to(
            over_minus_1 as f64,
            Max,
            [0.0, NEVER],
        ),
        Check::count(Peaks, "clipped_runs", "Clipped", f.clipped.runs, "runs")
            .limit_to(f.clipped.runs as f64, Max, [0.0, NEVER])
            .at_least(run(&f.clipped, CLIPPED_IN_A_ROW))
            .at(start(&f.clipped))
            .detail(longest(f, &f.clipped)),
        Check::new(Peaks, "dc_offset_dbfs", "DC offset", dc_dbfs, "dBFS").limit_to(dc_dbfs, Max, [-60.0, -40.0]),
    ]
}

/// The mono loss of each octave.
pub(super) fn octaves(f: &Findings) -> Vec<Octave> {
    mono_compatibility::octaves(&f.spectrum).collect()
}

/// The audible octave with the largest loss.
fn worst_octave(f: &Findings) -> Option<(f64, f64)> {
    let octaves = octaves(f);
    let loudest_db = octaves.iter().fold(f64::NEG_INFINITY, |max, octave| max.max(octave.level_db));
    let heard = octaves.iter().filter(|octave| octave.level_db > loudest_db - AUDIBLE_OCTAVE_DB);
    let losses = heard.filter_map(|octave| Some((octave.loss_db?, octave.centre_hz)));
    losses.reduce(|worst, next| if next.0 > worst.0 { next } else { worst })
}

fn stereo(f: &Findings) -> Vec<Check> {
    use Bound::{Max, Min};
    use Group::Stereo;
    let power = f.spectrum.power();
    let loss = mono_compatibility::loss_db(power).unwrap_or(0.0);
    let (octave_loss, centre_hz) = worst_octave(f).unwrap_or((0.0, 0.0));
    let what = match (f.channels, power[1] > 0.0) {
        (1, _) => "mono",
        (_, false) => "both channels are identical",
        _ => "",
    };
    let at = if octave_loss > 0.0 { format!("at {}", hz(centre_hz)) } else { String::new() };
    let (min, mean) = (f.summary.min_correlation, f.summary.mean_correlation);
    vec![
        Check::new(Stereo, "min_correlation", "Minimum correlation", min, "")
            .limit_to(min, Min, [0.0, -0.5])
            .detail(what),
        Check::new(Stereo, "mean_correlation", "Mean correlation", mean, "").limit_to(mean, Min, [0.1, -0.1]),
        Check::new(Stereo, "mono_loss_db", "Mono loss", loss, "dB").limit_to(loss, Max, [3.5, 6.0]),
        Check::new(Stereo, "mono_loss_octave_db", "Worst octave", octave_loss, "dB")
            .limit_to(octave_loss, Max, [6.0, 10.0])
            .detail(at),
    ]
}

fn ends(f: &Findings) -> Vec<Check> {
    let [start, end] = f.silent.unwrap_or([f.frames; 2]).map(|frames| f.seconds(frames));
    let (verdict, what) = if f.silent.is_none() { (Verdict::Problem, "silence throughout") } else { (Verdict::Ok, "") };
    let line = |id, name, seconds, limit_s| {
        Check::new(Group::Ends, id, name, seconds, "s")
            .limit_to(seconds, Bound::Max, [limit_s, NEVER])
            .at_least(verdict)
            .detail(what)
            .decimals(3)
    };
    vec![line("silence_start_s", "Silence at start", start, 1.0), line("silence_end_s", "Silence at end", end, 5.0)]
}

fn cd(f: &Findings) -> Vec<Check> {
    use Bound::{Is, Min};
    use Group::Cd;
    let rate = f64::from(f.sample_rate_hz);
    let converted = if f.sample_rate_hz == CD_RATE_HZ { "" } else { "needs conversion" };
    let mut lines = vec![
        Check::new(Cd, "cd_rate_hz", "Sample rate", rate, "Hz")
            .limit_to(rate, Is, [f64::from(CD_RATE_HZ); 2])
            .at_most(Verdict::Note)
            .decimals(0)
            .detail(converted),
    ];
    let (bits, what) = match f.word {
        Word::Int(CD_BITS) => (f64::from(CD_BITS), ""),
        Word::Int(bits) => (f64::from(bits), "needs dithered reduction"),
        Word::Float(bits) => (f64::from(bits), "float: needs dithered reduction"),
        Word::Lossy => (f64::NEG_INFINITY, "lossy: use the original"),
    };
    let mut word = Check::new(Cd, "cd_bits", "Word length", bits, "bit")
        .limit_to(bits, Is, [f64::from(CD_BITS); 2])
        .at_most(Verdict::Note)
        .decimals(0)
        .detail(what);
    word.none = "none";
    lines.push(word);
    if let (Word::Int(word_bits), Some(reading)) = (f.word, f.word_use) {
        let (used, all) = (f64::from(reading.bits), f64::from(word_bits));
        let empty = word_bits - reading.bits;
        let what = if empty > 0 { format!("the lowest {empty} are unused") } else { String::new() };
        let limit = if reading.bits == 0 { 0.0 } else { all };
        lines.push(
            Check::new(Cd, "bits_used", "Bits in use", used, "bit")
                .limit_to(used, Min, [limit, f64::NEG_INFINITY])
                .decimals(0)
                .detail(what),
        );
        let what = match reading.lowest {
            LowestBit::Noise => "carries noise: dither or recorded noise",
            LowestBit::Still => "no noise: truncated or rounded without dither",
            LowestBit::Unknown => "no passage quiet enough to tell",
        };
        let turns = reading.turns.unwrap_or(f64::NEG_INFINITY);
        let mut line = Check::new(Cd, "lowest_bit", "Lowest bit in use", turns, "");
        if reading.turns.is_some() {
            line = line.limit_to(turns, Min, [NOISE_TURNS, f64::NEG_INFINITY]);
        }
        line.none = "?";
        lines.push(line.detail(what));
    }
    lines
}

fn vinyl(f: &Findings) -> Vec<Check> {
    use Bound::{Max, Min};
    use Group::Vinyl;
    let [mid, side] = f.spectrum.power_between(0.0, VINYL_LOW_HZ);
    // Without bass there is nothing to narrow.
    let low_side_db = if side > 0.0 { power_to_db(side / mid) } else { f64::NEG_INFINITY };
    let sum = |[mid, side]: [f64; 2]| mid + side;
    let top = sum(f.spectrum.power_between(VINYL_TOP_HZ, f.spectrum.nyquist_hz()));
    let top_db = if top > 0.0 { power_to_db(top / sum(f.spectrum.power())) } else { f64::NEG_INFINITY };
    let min = f.summary.min_correlation;
    vec![
        Check::new(Vinyl, "vinyl_low_side_db", "Side below 150 Hz", low_side_db, "dB")
            .limit_to(low_side_db, Max, [-12.0, -6.0])
            .detail("re mid"),
        Check::new(Vinyl, "vinyl_top_db", "Above 15 kHz", top_db, "dB")
            .limit_to(top_db, Max, [-30.0, -20.0])
            .detail("re total"),
        Check::new(Vinyl, "vinyl_min_correlation", "Minimum correlation", min, "").limit_to(min, Min, [0.0, -0.3]),
    ]
}

/// A frequency in Hz or kHz.
pub(super) fn hz(hz: f64) -> String {
    if hz < 1000.0 { format!("{hz} Hz") } else { format!("{} kHz", hz / 1000.0) }
}
