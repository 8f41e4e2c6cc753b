//! The command line, and the manual that `--help` prints.

use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Behind the help of the whole program.
const MANUAL: &str = "\
Files read: WAV (8 to 32 bit, 32- and 64-bit float), FLAC, Ogg Vorbis and MP3, told apart by their content, not by
their name; mono or stereo, 8 to 768 kHz, decoded to 32-bit float as the plugins work in.
  - WAV, FLAC and Ogg Vorbis are refused if any of them is missing or corrupt; the message says from which frame on.
  - An MP3 is decoded as far as it goes: frames that cannot be decoded become silence, and a warning says how many
    are silent or missing.
  - Encoder delay and padding of MP3 and Ogg Vorbis are cut off. Tags and junk behind the end are passed over.
  - Samples that are not finite numbers are read as silence, with a warning.

Messages go to standard error, one line each: `plumb: <file or id>: what is wrong; what was expected`.

Exit status: 0 all well (warnings included), 1 the result could not be written, 2 bad input or usage.

Examples:
  plumb measure mix.wav master.flac
  plumb measure --json album/*.flac > album.json
  plumb check master.wav --plot master.png
  plumb render master-bus mix.wav master.wav --set limiter_drive_db=6 --bits 24
  plumb render master-bus album/*.wav masters/ --preset album.json --set dither_depth=\"16 bit\" --bits 16
  plumb render channel-strip bass.wav ducked.wav --preset duck.json --sidechain kick.wav
  plumb params channel-strip";

/// The chains and meters of Plumb Channel Strip and Plumb Master Bus, on files.
#[derive(Debug, Parser)]
#[command(name = "plumb", version, max_term_width = 120, after_help = MANUAL)]
pub(crate) struct Args {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Measure(MeasureArgs),
    Check(CheckArgs),
    Render(RenderArgs),
    Params(ParamsArgs),
}

/// Behind the help of `measure`.
const MEASURE_MANUAL: &str = "\
Readings, and their names with --json:
  integrated_lufs       gated loudness of the whole file (ITU-R BS.1770-5)
  max_momentary_lufs    largest loudness of any 400 ms
  max_short_term_lufs   largest loudness of any 3 s
  loudness_range_lu     spread of short-term loudness (EBU Tech 3342); 0 until there is any
  true_peak_dbtp        largest value between the samples, of either channel
  sample_peak_dbfs      largest sample, of either channel
  plr_lu                true peak above integrated loudness
  min_psr_lu            smallest distance of any 3 s' true peak from their loudness
  dr_db                 what reviews round to DR: second largest peak above the loudest fifth
  min_correlation       smallest correlation of any 400 ms louder than -70 dBFS; 1 for mono
  dc_offset             magnitude of the mean sample, of the channel where it is larger; full scale is 1
and beside them file, sample_rate_hz, channels, frames.

Loudness and peaks of silence, or of a file too short to have any, are -inf: the text \"-inf\" in JSON, which has no such
number; plr_lu, min_psr_lu and dr_db are null then.

Files are measured on all cores and listed in the order given. If any of them cannot be read, nothing is printed but
one line for each that cannot.";

/// Measure loudness, peaks, correlation and DC offset of files
#[derive(Debug, Parser)]
#[command(after_help = MEASURE_MANUAL)]
pub(crate) struct MeasureArgs {
    /// Print a JSON array of objects instead of a table
    #[arg(long)]
    pub(crate) json: bool,
    /// Do not show how far it is, as a terminal would
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// Files to measure
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

/// Behind the help of `check`.
const CHECK_MANUAL: &str = "\
Each line is ok, a note or a problem, with the number and the limit it was held against. Beyond the first limit a
number is a note, beyond the second a problem:
  Peaks      sample_peak_dbfs max 0; samples_over (at or over full scale) none, problem in runs of 3 or beyond it;
             true_peak_dbtp max -1, 0; places_over_0_dbtp none; places_over_minus_1_dbtp none, never a problem;
             clipped_runs (3 or more equal samples at the file's own maximum, above -3 dBFS) none, problem from 10
             samples on; dc_offset_dbfs max -60, -40
  Stereo     min_correlation (any 400 ms) min 0, -0.5; mean_correlation min 0.1, -0.1; mono_loss_db max 3.5, 6;
             mono_loss_octave_db, of the worst octave within 40 dB of the loudest, max 6, 10
  Ends       silence_start_s max 1; silence_end_s max 5; nothing above -60 dBFS at all is a problem
  CD         cd_rate_hz 44100; cd_bits 16; bits_used all; lowest_bit: share of turning points in quiet passages,
             min 0.12: below it the lowest bit carries no noise, and the file was cut or rounded without dither
  Vinyl      vinyl_low_side_db (side re mid below 150 Hz) max -12, -6; vinyl_top_db (above 15 kHz re all) max -30, -20;
             vinyl_min_correlation min 0, -0.3
  Streaming  the gain each service would apply, and whether the peak allows it: a note where it would not play as
             loud as it aims for, or where the true peak is above what it asks for
True peaks get 0.05 dB, what a reading is worth. Where no passage is quiet enough to judge the lowest bit, it is ok.

The services' targets are data with a date and a source each, not standards. --services reads others: a JSON object
{\"services\": [...]} of objects with name, target_lufs (null: plays all as it is), turns_up (yes, no, limited: up to
peak_limit_dbtp, or unknown), peak_limit_dbtp, peak_limit_loud_dbtp (if louder than the target), note, source, date;
all but name, target_lufs and turns_up may be missing.

With --json: an array of objects, one a file: file, sample_rate_hz, channels, frames, word, verdict (the worst of Peaks,
Stereo and Ends), verdicts (by group), loudness (integrated_lufs, max_momentary_lufs, max_short_term_lufs,
loudness_range_lu, plr_lu), checks, mono_loss_octaves, services.
  checks             id (as above), group, name, verdict, value, unit, bound (max, min, is or null), limit (the one
                     that was broken, else the one that was kept), at_s (time of the worst), detail
  mono_loss_octaves  centre_hz, level_db, loss_db
  services           name, verdict, target_lufs, turns_up, wanted_db, gain_db, true_peak_after_dbtp, peak_limit_dbtp,
                     detail, note, source, date; gain_db is null where it is unknown
Loudness of silence is the text \"-inf\"; whatever else is infinite, or does not exist, is null. Names stay; new ones may
come.

Exit status is 0 when everything could be checked, whatever the verdict, and 2 when anything could not.";

/// Tell whether files are fit to deliver: peaks, clipping, phase, streaming, CD, vinyl
#[derive(Debug, Parser)]
#[command(after_help = CHECK_MANUAL)]
pub(crate) struct CheckArgs {
    /// Print a JSON array of objects instead of text
    #[arg(long)]
    pub(crate) json: bool,
    /// Draw waveform, loudness, true peaks and spectrum of the one FILE; the name ends in .png
    #[arg(long, value_name = "OUT")]
    pub(crate) plot: Option<PathBuf>,
    /// Streaming services to hold the files against, instead of those built in
    #[arg(long, value_name = "JSON")]
    pub(crate) services: Option<PathBuf>,
    /// Do not show how far it is, as a terminal would
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// Files to check
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

/// Behind the help of `render`.
const RENDER_MANUAL: &str = "\
The output is as long as the input and in time with it: the chain's latency is taken out. Settings begin at their
defaults; the preset comes next, then every --set in order. Values are stored as a host stores a plugin's, in 32 bits,
so that command line and plugin give the same sound.

OUT is a WAV or a FLAC file, as its name ends. It is written beside its place and moved there when whole: nothing is
left behind by an error, an existing file is replaced, and OUT may be IN. With several INs, OUT is a folder: each goes
there under its own name, as WAV where that is not a WAV's or a FLAC's, on all cores; one that cannot be rendered does
not keep the others from it. A 16- or 24-bit output is rounded; it is dithered only where `dither_depth` of the master
bus says so. Samples beyond full scale are clipped in these, with a warning; a 32f output keeps them. FLAC holds 16 or
24 bit.

The sidechain needs the rate of IN. A mono sidechain is heard on both sides, a stereo one by a mono chain as the mean
of its channels; behind its end there is silence, and what is longer than IN is not read. It is heard where
`gate_key` or `comp_key` is External, and by dynamic bands whose `dyn_source` is Sidechain.";

/// Render a file through a product's whole chain
#[derive(Debug, Parser)]
#[command(after_help = RENDER_MANUAL)]
pub(crate) struct RenderArgs {
    /// Whose chain
    pub(crate) product: Product,
    /// Files to read
    #[arg(required = true, value_name = "IN")]
    pub(crate) inputs: Vec<PathBuf>,
    /// WAV or FLAC file to write, its name ends in .wav or .flac; for several INs a folder
    #[arg(required = true, value_name = "OUT")]
    pub(crate) output: PathBuf,
    /// Preset of the product to start from (JSON, as the plugins save it)
    #[arg(long, value_name = "FILE")]
    pub(crate) preset: Option<PathBuf>,
    /// Set a control, after the preset; may be repeated, the last one counts. `plumb params` lists them
    #[arg(long, value_name = "ID=VALUE")]
    pub(crate) set: Vec<String>,
    /// File for the sidechain input
    #[arg(long, value_name = "FILE")]
    pub(crate) sidechain: Option<PathBuf>,
    /// Word length of the output [default: 24 for an input of up to 24 bit and for FLAC, else 32f]
    #[arg(long)]
    pub(crate) bits: Option<Bits>,
    /// Do not show how far it is, as a terminal would
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// Behind the help of `params`.
const PARAMS_MANUAL: &str = "\
With --json: an array of objects with id, name, group, min, max, default, unit, automatable, choices. Values are plain
numbers in the unit; a choice or switch is the place of its text in `choices`, which is [] for a number; an infinite
max is null.

With --set, a number may be typed with or without its unit (`1k`, `-3 dB`, `4:1`, `inf`), a choice as its text or its
place, a switch as On, Off, 1, 0, true, false.";

/// List a product's controls: ids, bounds, defaults
#[derive(Debug, Parser)]
#[command(after_help = PARAMS_MANUAL)]
pub(crate) struct ParamsArgs {
    /// Whose controls
    pub(crate) product: Product,
    /// Print a JSON array of objects instead of a table
    #[arg(long)]
    pub(crate) json: bool,
}

/// A product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Product {
    /// Plumb Channel Strip
    ChannelStrip,
    /// Plumb Master Bus
    MasterBus,
}

/// Word length of an output.
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
    /// Bits of the integers; of those that a float holds.
    pub(crate) fn integer_bits(self) -> u32 {
        match self {
            Self::Int16 => 16,
            Self::Int24 | Self::Float32 => 24,
        }
    }
}
