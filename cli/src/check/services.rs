//! Loudness normalisation of streaming services, from published or measured targets.

use super::analysis::{Findings, TRUE_PEAK_TOLERANCE_DB};
use super::verdict::Verdict;
use crate::error::Error;
use crate::level::finite;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Built-in services.
const BUILT_IN: &str = include_str!("../../data/services.json");
/// Plausible targets, in LUFS.
const TARGET_LUFS: (f64, f64) = (-60.0, 0.0);
/// Gain too small to matter, in dB: inaudible, and within the tolerance of meters.
const NEAR_DB: f64 = 0.1;

/// Whether a service turns up files below its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum TurnsUp {
    /// Always.
    Yes,
    /// Never.
    No,
    /// As far as the true peak stays below the service's limit.
    Limited,
    /// Sources disagree.
    Unknown,
}

/// A service, as in the data file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Service {
    pub(super) name: String,
    /// `None` for no normalisation.
    pub(super) target_lufs: Option<f64>,
    turns_up: TurnsUp,
    peak_limit_dbtp: Option<f64>,
    /// Replaces `peak_limit_dbtp` for files above the target.
    peak_limit_loud_dbtp: Option<f64>,
    #[serde(default)]
    note: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    date: String,
}

/// The data file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Services {
    services: Vec<Service>,
}

/// What a service would do to a file, as in JSON.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Played {
    pub(super) name: String,
    pub(super) verdict: Verdict,
    pub(super) target_lufs: Option<f64>,
    turns_up: TurnsUp,
    /// Gain to the target.
    wanted_db: Option<f64>,
    /// Gain that would be applied; `None` if unknown.
    pub(super) gain_db: Option<f64>,
    true_peak_after_dbtp: Option<f64>,
    peak_limit_dbtp: Option<f64>,
    pub(super) detail: String,
    note: String,
    source: String,
    pub(super) date: String,
}

/// Reads services from a file, or returns the built-in ones.
pub(super) fn read(path: Option<&Path>) -> Result<Vec<Service>, Error> {
    let Some(path) = path else {
        return parse(BUILT_IN).map_err(|problem| Error::input("built-in services", problem));
    };
    let json = std::fs::read_to_string(path)
        .map_err(|error| Error::file(path, format!("cannot read: {error}; expected streaming services in JSON")))?;
    parse(&json).map_err(|problem| Error::file(path, problem))
}

fn parse(json: &str) -> Result<Vec<Service>, String> {
    let Services { services } = serde_json::from_str(json)
        .map_err(|error| format!("{error}; expected streaming services in JSON, as `plumb check --help` says"))?;
    for Service { name, target_lufs, .. } in &services {
        let (min, max) = TARGET_LUFS;
        if let Some(target) = target_lufs.filter(|target| !(min..=max).contains(target)) {
            return Err(format!("target {target} LUFS of {name}; expected {min} to {max} LUFS, or null"));
        }
    }
    Ok(services)
}

impl Service {
    /// What the service would do to a file.
    pub(super) fn play(&self, findings: &Findings) -> Played {
        let loudness_lufs = findings.summary.integrated_lufs;
        let peak_dbtp = findings.summary.true_peak_dbtp;
        let wanted_db = self.target_lufs.and_then(|target| finite(target - loudness_lufs));
        let limit_dbtp = match wanted_db {
            Some(wanted) if wanted < 0.0 => self.peak_limit_loud_dbtp.or(self.peak_limit_dbtp),
            _ => self.peak_limit_dbtp,
        };
        let over_limit = |peak: f64| limit_dbtp.filter(|limit| peak > limit + TRUE_PEAK_TOLERANCE_DB);
        let (gain_db, mut verdict, mut detail) = match wanted_db {
            None if self.target_lufs.is_some() => (None, Verdict::Ok, "silence".to_owned()),
            None => (Some(0.0), Verdict::Ok, "plays unchanged".to_owned()),
            Some(wanted) if wanted.abs() <= NEAR_DB => (Some(wanted), Verdict::Ok, "at its target".to_owned()),
            Some(wanted) if wanted < 0.0 => (Some(wanted), Verdict::Ok, "turned down".to_owned()),
            Some(wanted) => self.turn_up(wanted, peak_dbtp, limit_dbtp),
        };
        if let Some(limit) = over_limit(peak_dbtp) {
            verdict = Verdict::Note;
            detail = format!("{detail}; true peak over {limit:.1} dBTP");
        }
        Played {
            name: self.name.clone(),
            verdict,
            target_lufs: self.target_lufs,
            turns_up: self.turns_up,
            wanted_db,
            gain_db,
            true_peak_after_dbtp: gain_db.and_then(|gain| finite(peak_dbtp + gain)),
            peak_limit_dbtp: limit_dbtp,
            detail,
            note: self.note.clone(),
            source: self.source.clone(),
            date: self.date.clone(),
        }
    }

    /// What happens to a file below the target.
    fn turn_up(&self, wanted: f64, peak_dbtp: f64, limit_dbtp: Option<f64>) -> (Option<f64>, Verdict, String) {
        let room = limit_dbtp.map_or(f64::INFINITY, |limit| limit - peak_dbtp);
        match self.turns_up {
            TurnsUp::Limited if wanted > room + NEAR_DB => {
                let gain = room.max(0.0);
                (Some(gain), Verdict::Note, format!("true peak limits the gain to {gain:.1} of {wanted:.1} dB"))
            }
            TurnsUp::Yes if wanted > room + NEAR_DB => {
                let detail = format!("turned up {:.1} dB beyond the true-peak limit", wanted - room);
                (Some(wanted), Verdict::Note, detail)
            }
            TurnsUp::Limited | TurnsUp::Yes => {
                (Some(wanted), Verdict::Ok, "turned up within the true-peak limit".to_owned())
            }
            TurnsUp::No => (Some(0.0), Verdict::Note, format!("not turned up: plays {wanted:.1} dB below its target")),
            TurnsUp::Unknown => {
                let peak = if wanted > room + NEAR_DB { "over limit" } else { "within limit" };
                (None, Verdict::Note, format!("0 or +{wanted:.1} dB (sources differ), peak {peak}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_services_have_dates_and_sources() {
        for service in parse(BUILT_IN).unwrap() {
            assert!(service.date.len() >= 7 && service.date.starts_with("20"), "{service:?}");
            assert!(!service.source.is_empty(), "{service:?}");
        }
    }

    #[test]
    fn errors_name_what_is_wrong() {
        for (json, says) in [
            ("{", "expected"),
            (r#"{"services": [{"name": "a", "target_lufs": 14, "turns_up": "no"}]}"#, "target 14 LUFS of a"),
            (r#"{"services": [{"name": "a", "target_lufs": -14, "turns_up": "maybe"}]}"#, "maybe"),
            (r#"{"services": [{"name": "a", "target_lufs": -14, "turns_up": "no", "gian": 1}]}"#, "gian"),
        ] {
            let error = parse(json).unwrap_err();
            assert!(error.contains(says) && error.contains("expected"), "{error}");
        }
    }

    /// Spotify's own example: −20 LUFS with a true peak of −5 dBTP is turned up to −16 LUFS only.
    #[test]
    fn the_true_peak_limits_the_gain() {
        let spotify = &parse(BUILT_IN).unwrap()[0];
        let (gain, verdict, _) = spotify.turn_up(6.0, -5.0, spotify.peak_limit_dbtp);
        assert_eq!((gain, verdict), (Some(4.0), Verdict::Note));
        assert_eq!(spotify.turn_up(6.0, -0.5, Some(-1.0)).0, Some(0.0));
        assert_eq!(spotify.turn_up(6.0, -12.0, Some(-1.0)).0, Some(6.0));
    }
}
