//! `plumb measure`: readings of every meter for whole files.

use crate::args::MeasureArgs;
use crate::audio_in::AudioIn;
use crate::error::{Error, Failure, print, print_json, warn};
use crate::level::Level;
use crate::parallel::in_order;
use crate::progress::Progress;
use crate::table::{Align, lay_out};
use dsp_core::meter::programme::ProgrammeMeter;
use serde::Serialize;
use std::path::Path;

/// The readings of a file, as in JSON.
#[derive(Debug, Serialize)]
struct Reading {
    file: String,
    sample_rate_hz: u32,
    channels: usize,
    frames: u64,
    integrated_lufs: Level,
    max_momentary_lufs: Level,
    max_short_term_lufs: Level,
    loudness_range_lu: f64,
    true_peak_dbtp: Level,
    sample_peak_dbfs: Level,
    plr_lu: Option<f64>,
    min_psr_lu: Option<f64>,
    dr_db: Option<f64>,
    min_correlation: f64,
    dc_offset: f64,
}

/// Readings and warnings.
type Measured = Result<(Reading, Vec<String>), Error>;

/// Measures the files and prints all readings, or all errors.
pub(crate) fn run(args: &MeasureArgs) -> Result<(), Failure> {
    let (mut readings, mut errors) = (Vec::new(), Vec::new());
    let measured = {
        let progress = Progress::new(args.files.len(), args.quiet);
        in_order(&args.files, |file| measure(file, &progress))
    };
    for measured in measured {
        match measured {
            Ok((reading, warnings)) => {
                warnings.iter().for_each(|warning| warn(warning));
                readings.push(reading);
            }
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(Failure(errors));
    }
    let printed = if args.json { print_json(&readings) } else { print(&table(&readings)) };
    printed.map_err(Failure::from)
}

fn measure(path: &Path, progress: &Progress) -> Measured {
    let mut file_progress = progress.file(path);
    let mut input = AudioIn::open(path)?;
    file_progress.length(input.sample_rate_hz(), input.expected_frames());
    let mut programme = ProgrammeMeter::default();
    programme.prepare(input.spec());
    input.read_all(|block| {
        programme.process(block);
        file_progress.advance(block.len());
    })?;
    let summary = programme.summary();
    let reading = Reading {
        file: path.display().to_string(),
        sample_rate_hz: input.sample_rate_hz(),
        channels: input.spec().channels,
        frames: programme.frames(),
        integrated_lufs: Level(summary.integrated_lufs),
        max_momentary_lufs: Level(summary.max_momentary_lufs),
        max_short_term_lufs: Level(summary.max_short_term_lufs),
        loudness_range_lu: summary.range_lu,
        true_peak_dbtp: Level(summary.true_peak_dbtp),
        sample_peak_dbfs: Level(summary.sample_peak_dbfs),
        plr_lu: summary.plr_lu,
        min_psr_lu: summary.min_psr_lu,
        dr_db: summary.dr_db,
        min_correlation: summary.min_correlation,
        dc_offset: summary.dc_offset,
    };
    Ok((reading, input.warnings()))
}

/// Headings and units of the table.
const HEAD: [[&str; 2]; 15] = [
    ["File", ""],
    ["Rate", "Hz"],
    ["Ch", ""],
    ["Length", "s"],
    ["Integrated", "LUFS"],
    ["Momentary", "max LUFS"],
    ["Short-term", "max LUFS"],
    ["Range", "LU"],
    ["True peak", "dBTP"],
    ["Sample peak", "dBFS"],
    ["PLR", "LU"],
    ["PSR", "min LU"],
    ["DR", "dB"],
    ["Correlation", "min"],
    ["DC offset", "FS = 1"],
];

fn table(readings: &[Reading]) -> String {
    let head = [0, 1].map(|line| HEAD.map(|column| column[line].to_owned()).to_vec());
    let rows: Vec<_> = head.into_iter().chain(readings.iter().map(cells)).collect();
    let mut columns = [Align::Right; HEAD.len()];
    columns[0] = Align::Left;
    lay_out(&columns, &rows)
}

fn cells(reading: &Reading) -> Vec<String> {
    let ratio = |ratio: Option<f64>| ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}"));
    vec![
        reading.file.clone(),
        reading.sample_rate_hz.to_string(),
        reading.channels.to_string(),
        format!("{:.3}", reading.frames as f64 / f64::from(reading.sample_rate_hz)),
        reading.integrated_lufs.text(2),
        reading.max_momentary_lufs.text(2),
        reading.max_short_term_lufs.text(2),
        format!("{:.2}", reading.loudness_range_lu),
        reading.true_peak_dbtp.text(2),
        reading.sample_peak_dbfs.text(2),
        ratio(reading.plr_lu),
        ratio(reading.min_psr_lu),
        ratio(reading.dr_db),
        format!("{:.3}", reading.min_correlation),
        format!("{:.6}", reading.dc_offset),
    ]
}
