//! Command-line arguments, and the help texts of `--help`.

use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Printed after the help of the whole program.
const MANUAL: &str = "\
Input files: WAV (8 to 32 bit integer, 32 and 64 bit float), FLAC, Ogg Vorbis and MP3, detected by content, not by name;
mono or stereo, 8 to 768 kHz, decoded to 32-bit float, the format of the plugins.
  - A WAV, FLAC or Ogg Vorbis file with missing or corrupt frames is rejected; the message names the first bad frame.
  - An MP3 is decoded as far as possible: frames that cannot be decoded become silence, and a warning counts silent and
    missing frames.
  - Encoder delay and padding of MP3 and Ogg Vorbis are removed. Tags and junk after the audio are ignored.
  - NaN and infinite samples are read as silence, with a warning.

Messages go to standard error, one per line: `plumb: <file or id>: what is wrong; what was expected`.

Exit status: 0 success (warnings included), 1 the result could not be written, 2 bad input or usage.

Examples:
  plumb measure mix.wav master.flac
  plumb measure --json album/*.flac > album.json
  plumb check master.wav --plot master.png
  plumb render master-bus mix.wav master.wav --set limiter_drive_db=6 --bits 24
  plumb render master-bus album/*.wav masters/ --preset album.json --set dither_depth=\"16 bit\" --bits 16
  plumb render channel-strip bass.wav ducked.wav --preset duck.json --sidechain kick.wav
  plumb params channel-strip";

/// Plumb Channel Strip and Plumb Master Bus for audio files: measure, check, render
#[derive(Debug, Parser)]
#[command(name = "plumb", version, max_term_width = 120, after_help = MANUAL)]
pub(crate) struct Args {
    /// The command.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Measure(MeasureArgs),
    Check(CheckArgs),
    Render(RenderArgs),
    Params(ParamsArgs),
}

/// Printed after the help of `measure`.
const MEASURE_MANUAL: &str = "\
Readings, named as in --json:
  integrated_lufs       integrated (gated) loudness, ITU-R BS.1770-5
  max_momentary_lufs    maximum momentary loudness (400 ms)
  max_short_term_lufs   maximum short-term loudness (3 s)
  loudness_range_lu     loudness range (LRA), EBU Tech 3342; 0 for files too short to have one
  true_peak_dbtp        maximum true peak of either channel
  sample_peak_dbfs      maximum sample peak of either channel
  plr_lu                peak to loudness ratio: true peak minus integrated loudness
  min_psr_lu            minimum peak to short-term loudness ratio
  dr_db                 DR as in record reviews, unrounded: second highest block peak over RMS of the loudest fifth
  min_correlation       minimum correlation of any 400 ms louder than -70 dBFS; 1 for mono
  dc_offset             absolute mean of the samples of the worse channel; full scale is 1
and file, sample_rate_hz, channels, frames.

Loudness and peaks of silence, and of files too short to have any, are -inf: the text \"-inf\" in JSON, which has no such
number; plr_lu, min_psr_lu and dr_db are null then.

Files are measured on all cores and listed in the given order. If a file cannot be read, no readings are printed, only
one message for each bad file.";

/// Measure loudness, peaks, correlation and DC offset of files
#[derive(Debug, Parser)]
#[command(after_help = MEASURE_MANUAL)]
pub(crate) struct MeasureArgs {
    /// Print a JSON array of objects instead of a table
    #[arg(long)]
    pub(crate) json: bool,
    /// Do not show progress (shown only on a terminal)
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// Files to measure
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

/// Printed after the help of `check`.
const CHECK_MANUAL: &str = "\
Each line is ok, a note or a problem, with the reading and its limit. A reading beyond the first limit is a note, beyond
the second a problem:
  Peaks      sample_peak_dbfs max 0; samples_over (at or over full scale) none, a problem from 3 in a row or above full
             scale; true_peak_dbtp max -1, 0; peaks_over_0_dbtp none; peaks_over_minus_1_dbtp none, never a problem;
             clipped_runs (3 or more equal samples at the file's maximum, above -3 dBFS) none, a problem from 10 samples
             in a row; dc_offset_dbfs max -60, -40
  Stereo     min_correlation (any 400 ms) min 0, -0.5; mean_correlation min 0.1, -0.1; mono_loss_db max 3.5, 6;
             mono_loss_octave_db (worst octave within 40 dB of the loudest) max 6, 10
  Ends       silence_start_s max 1; silence_end_s max 5; a file with nothing above -60 dBFS is a problem
  CD         cd_rate_hz 44100; cd_bits 16; bits_used all; lowest_bit min 0.12: fraction of turning points in quiet
             passages; below it the lowest bit carries no noise: truncated or rounded without dither
  Vinyl      vinyl_low_side_db (side re mid below 150 Hz) max -12, -6; vinyl_top_db (above 15 kHz re total) max -30, -20;
             vinyl_min_correlation min 0, -0.3
  Streaming  the gain each service would apply: a note if it plays below the service's target, or if the true peak is
             above the service's limit
True-peak limits have a tolerance of 0.05 dB. lowest_bit is ok if no passage is quiet enough to judge.

The services' targets are dated data with a source each, not standards. --services reads others: a JSON object
{\"services\": [...]} of objects with name, target_lufs (null: no normalisation), turns_up (yes, no, limited: up to
peak_limit_dbtp, or unknown), peak_limit_dbtp, peak_limit_loud_dbtp (for files above the target), note, source, date;
only name, target_lufs and turns_up are required.

With --json: an array with one object per file: file, sample_rate_hz, channels, frames, word, verdict (the worst of Peaks,
Stereo and Ends), verdicts (by group), loudness (integrated_lufs, max_momentary_lufs, max_short_term_lufs,
loudness_range_lu, plr_lu), checks, mono_loss_octaves, services.
  checks             id (as above), group, name, verdict, value, unit, bound (max, min, is or null), limit (the violated
                     limit, else the first), at_s (time of the worst), detail
  mono_loss_octaves  centre_hz, level_db, loss_db
  services           name, verdict, target_lufs, turns_up, wanted_db, gain_db, true_peak_after_dbtp, peak_limit_dbtp,
                     detail, note, source, date; gain_db is null if unknown
Loudness of silence is the text \"-inf\"; all other infinite or undefined numbers are null. Names are stable; new ones may
be added.

Exit status is 0 if all files could be checked, whatever the verdict, and 2 if any could not.";

/// Check files before delivery: peaks, clipping, phase, streaming, CD, vinyl
#[derive(Debug, Parser)]
#[command(after_help = CHECK_MANUAL)]
pub(crate) struct CheckArgs {
    /// Print a JSON array of objects instead of text
    #[arg(long)]
    pub(crate) json: bool,
    /// Plot waveform, loudness, true peaks and spectrum of a single FILE to a .png file
    #[arg(long, value_name = "OUT")]
    pub(crate) plot: Option<PathBuf>,
    /// Streaming services to use instead of the built-in ones
    #[arg(long, value_name = "JSON")]
    pub(crate) services: Option<PathBuf>,
    /// Do not show progress (shown only on a terminal)
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// Files to check
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

/// Printed after the help of `render`.
const RENDER_MANUAL: &str = "\
The output has the length of the input, with the chain's latency compensated. Settings start at their defaults; then the
preset is applied, then each --set in order. Values are rounded to 32 bits as hosts store them, so that the command line
and the plugins sound the same.

OUT is a WAV or FLAC file, by its ending. It is written to a temporary file and renamed when complete: an error leaves
nothing behind, an existing file is replaced, and OUT may be IN. With several INs, OUT is a folder: each file goes there
under its own name, as WAV unless the name is that of a WAV or FLAC file, on all cores; a file that fails does not stop
the others. 16- and 24-bit output is rounded; it is dithered only if the master bus's `dither_depth` is set. Samples
beyond full scale are clipped, with a warning; 32f output keeps them. FLAC holds 16 or 24 bits.

The sidechain must have the sample rate of IN. A mono sidechain feeds both channels; a mono chain uses the mean of a
stereo one. It is silent after its end, and read no further than IN. It is used where `gate_key`, `comp_key` or a
multiband `key` is External, and by dynamic EQ bands whose `dyn_key` is Sidechain.";

/// Render files through a product's whole chain
#[derive(Debug, Parser)]
#[command(after_help = RENDER_MANUAL)]
pub(crate) struct RenderArgs {
    /// The product
    pub(crate) product: Product,
    /// Input files
    #[arg(required = true, value_name = "IN")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Output file, ending in .wav or .flac; a folder for several INs
    #[arg(required = true, value_name = "OUT")]
    pub(crate) output: PathBuf,
    /// Preset to start from (JSON)
    #[arg(long, value_name = "FILE")]
    pub(crate) preset: Option<PathBuf>,
    /// Set a control, after the preset; repeatable, the last one wins. `plumb params` lists ids
    #[arg(long, value_name = "ID=VALUE")]
    pub(crate) set: Vec<String>,
    /// File for the sidechain input
    #[arg(long, value_name = "FILE")]
    pub(crate) sidechain: Option<PathBuf>,
    /// Word length of the output [default: 24 for input of up to 24 bits and for FLAC, else 32f]
    #[arg(long)]
    pub(crate) bits: Option<Bits>,
    /// Do not show progress (shown only on a terminal)
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// Printed after the help of `params`.
const PARAMS_MANUAL: &str = "\
With --json: an array of objects with id, name, group, min, max, default, unit, automatable, choices. Values are plain
numbers in the unit; a choice or switch is the index of its text in `choices`, which is [] for numbers and orders; an order
is its code; an infinite max is null.

With --set, a number may have its unit (`1k`, `-3 dB`, `4:1`, `inf`); a choice is its text or index; a switch is On, Off,
1, 0, true or false; an order is its text, as listed, or code.";

/// List a product's controls: ids, ranges, defaults
#[derive(Debug, Parser)]
#[command(after_help = PARAMS_MANUAL)]
pub(crate) struct ParamsArgs {
    /// The product
    pub(crate) product: Product,
    /// Print a JSON array of objects instead of a table
    #[arg(long)]
    pub(crate) json: bool,
}

/// The products.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Product {
    /// Plumb Channel Strip
    ChannelStrip,
    /// Plumb Master Bus
    MasterBus,
}

/// Word length of output files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Bits {
    /// 16-bit integer
    #[value(name = "16")]
    Int16,
    /// 24-bit integer
    #[value(name = "24")]
    Int24,
    /// 32-bit float
    #[value(name = "32f")]
    Float32,
}

impl Bits {
    /// Word length of integers; for floats, of the integers they hold exactly.
    pub(crate) fn integer_bits(self) -> u32 {
        match self {
            Self::Int16 => 16,
            Self::Int24 | Self::Float32 => 24,
        }
    }
}
