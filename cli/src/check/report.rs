//! The report of a check.

use super::analysis::Findings;
use super::judge;
use super::services::{Played, Service};
use super::verdict::{Check, Group, Verdict};
use crate::audio_in::Word;
use crate::level::{Level, finite};
use serde::Serialize;

/// Verdict of each group.
#[derive(Debug, Serialize)]
struct Verdicts {
    peaks: Verdict,
    stereo: Verdict,
    ends: Verdict,
    cd: Verdict,
    vinyl: Verdict,
    streaming: Verdict,
}

/// Loudness to BS.1770-5 and EBU R 128.
#[derive(Debug, Serialize)]
pub(super) struct Loudness {
    pub(super) integrated_lufs: Level,
    pub(super) max_momentary_lufs: Level,
    pub(super) max_short_term_lufs: Level,
    pub(super) loudness_range_lu: f64,
    pub(super) plr_lu: Option<f64>,
}

/// The mono loss of an octave.
#[derive(Debug, Serialize)]
pub(super) struct OctaveLoss {
    pub(super) centre_hz: f64,
    pub(super) level_db: Option<f64>,
    pub(super) loss_db: Option<f64>,
    /// Loss for the text, infinite if the octave cancels.
    #[serde(skip)]
    pub(super) loss: Option<f64>,
}

/// A report, as in JSON.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) file: String,
    pub(super) sample_rate_hz: u32,
    pub(super) channels: usize,
    pub(super) frames: u64,
    pub(super) word: String,
    pub(super) verdict: Verdict,
    verdicts: Verdicts,
    pub(super) loudness: Loudness,
    pub(super) checks: Vec<Check>,
    pub(super) mono_loss_octaves: Vec<OctaveLoss>,
    pub(super) services: Vec<Played>,
}

impl Report {
    /// Judges the findings.
    pub(super) fn new(findings: &Findings, services: &[Service]) -> Self {
        let checks = judge::checks(findings);
        let services: Vec<_> = services.iter().map(|service| service.play(findings)).collect();
        let worst = |group: Group| {
            checks.iter().filter(|check| check.group == group).map(|check| check.verdict).max().unwrap_or(Verdict::Ok)
        };
        let verdicts = Verdicts {
            peaks: worst(Group::Peaks),
            stereo: worst(Group::Stereo),
            ends: worst(Group::Ends),
            cd: worst(Group::Cd),
            vinyl: worst(Group::Vinyl),
            streaming: services.iter().map(|played| played.verdict).max().unwrap_or(Verdict::Ok),
        };
        let summary = &findings.summary;
        let octave = |octave: dsp_core::meter::mono_compatibility::Octave| OctaveLoss {
            centre_hz: octave.centre_hz,
            level_db: finite(octave.level_db),
            loss_db: octave.loss_db.and_then(finite),
            loss: octave.loss_db,
        };
        Self {
            file: findings.file.clone(),
            sample_rate_hz: findings.sample_rate_hz,
            channels: findings.channels,
            frames: findings.frames,
            word: word(findings.word),
            verdict: verdicts.peaks.max(verdicts.stereo).max(verdicts.ends),
            verdicts,
            loudness: Loudness {
                integrated_lufs: Level(summary.integrated_lufs),
                max_momentary_lufs: Level(summary.max_momentary_lufs),
                max_short_term_lufs: Level(summary.max_short_term_lufs),
                loudness_range_lu: summary.range_lu,
                plr_lu: summary.plr_lu,
            },
            mono_loss_octaves: judge::octaves(findings).into_iter().map(octave).collect(),
            checks,
            services,
        }
    }
}

fn word(word: Word) -> String {
    match word {
        Word::Int(bits) => format!("{bits} bit"),
        Word::Float(bits) => format!("{bits} bit float"),
        Word::Lossy => "lossy".to_owned(),
    }
}
