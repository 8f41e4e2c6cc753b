//! The report as one screen of text.

use super::report::{OctaveLoss, Report};
use super::services::Played;
use super::verdict::{Bound, Check, Group, Verdict};
use crate::table::{self, Align};

/// Formats a report.
pub(super) fn lay_out(report: &Report) -> String {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut last = None;
    let mut group = |now: Group| {
        let heading = if last == Some(now) { "" } else { heading(now) };
        last = Some(now);
        heading.to_owned()
    };
    for check in &report.checks {
        rows.push([vec![group(check.group)], cells(check)].concat());
    }
    for played in &report.services {
        rows.push([vec![group(Group::Streaming)], service_cells(played)].concat());
    }
    let align = [Align::Left, Align::Left, Align::Left, Align::Right, Align::Left, Align::Left, Align::Left];
    let table = table::lay_out(&align, &rows);
    let octaves = octave_lines(&report.mono_loss_octaves);
    format!("{}\n{table}{octaves}{}", head(report), dates(&report.services))
}

/// A time as minutes, seconds and milliseconds.
pub(super) fn time(seconds: f64) -> String {
    let ms = (seconds * 1000.0).round() as u64;
    format!("{}:{:02}.{:03}", ms / 60_000, ms / 1000 % 60, ms % 1000)
}

fn head(report: &Report) -> String {
    let count = |verdict| report.checks.iter().filter(|check| check.verdict == verdict).count();
    let channels = if report.channels == 1 { "mono" } else { "stereo" };
    let loudness = &report.loudness;
    format!(
        "{}: {}; {}, {}, {channels}, {}; problems: {}, notes: {}\n\
         Loudness {} LUFS, short-term to {}, momentary to {}; range {:.1} LU; peak to loudness {} LU\n",
        report.file,
        report.verdict.text(),
        format_args!("{} kHz", f64::from(report.sample_rate_hz) / 1000.0),
        report.word,
        time(report.frames as f64 / f64::from(report.sample_rate_hz)),
        count(Verdict::Problem),
        count(Verdict::Note),
        loudness.integrated_lufs.text(1),
        loudness.max_short_term_lufs.text(1),
        loudness.max_momentary_lufs.text(1),
        loudness.loudness_range_lu,
        loudness.plr_lu.map_or_else(|| "-".to_owned(), |plr| format!("{plr:.1}")),
    )
}

fn heading(group: Group) -> &'static str {
    match group {
        Group::Peaks => "Peaks",
        Group::Stereo => "Stereo",
        Group::Ends => "Ends",
        Group::Cd => "CD",
        Group::Vinyl => "Vinyl",
        Group::Streaming => "Streaming",
    }
}

/// Verdict, name, value, unit, limit, detail.
fn cells(check: &Check) -> Vec<String> {
    let decimals = check.decimals;
    let number = |value: f64| format!("{value:.decimals$}");
    let limit = match (check.bound, check.limit) {
        (Some(bound), Some(limit)) => {
            let word = match bound {
                Bound::Max => "max",
                Bound::Min => "min",
                Bound::Is => "is",
            };
            format!("{word} {limit}")
        }
        _ => String::new(),
    };
    let at = check.at_s.map(|at| format!("at {}", time(at))).unwrap_or_default();
    let detail = [check.detail.as_str(), &at].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ");
    vec![
        check.verdict.text().to_owned(),
        check.name.to_owned(),
        check.value.map_or_else(|| check.none.to_owned(), number),
        check.unit.to_owned(),
        limit,
        detail,
    ]
}

fn service_cells(played: &Played) -> Vec<String> {
    vec![
        played.verdict.text().to_owned(),
        played.name.clone(),
        played.gain_db.map_or_else(|| "?".to_owned(), |gain| format!("{gain:+.2}")),
        "dB".to_owned(),
        played.target_lufs.map_or_else(String::new, |target| format!("to {target} LUFS")),
        played.detail.clone(),
    ]
}

/// The age of the services' targets.
fn dates(services: &[Played]) -> String {
    let known = || services.iter().map(|played| played.date.as_str()).filter(|date| !date.is_empty());
    match (known().min(), known().max()) {
        (Some(first), Some(last)) => format!("Service targets dated {first} to {last}; sources with --json\n"),
        _ => String::new(),
    }
}

/// Mono loss by octave.
fn octave_lines(octaves: &[OctaveLoss]) -> String {
    let name = |hz: f64| if hz < 1000.0 { format!("{hz}") } else { format!("{}k", hz / 1000.0) };
    let loss = |octave: &OctaveLoss| octave.loss.map_or_else(|| "-".to_owned(), |loss| format!("{loss:.1}"));
    let first = ["Mono loss", "Hz"].map(String::from).to_vec();
    let second = ["", "dB"].map(String::from).to_vec();
    let rows = [
        first.into_iter().chain(octaves.iter().map(|octave| name(octave.centre_hz))).collect(),
        second.into_iter().chain(octaves.iter().map(loss)).collect(),
    ];
    let align: Vec<_> = (0..octaves.len() + 2).map(|at| if at < 2 { Align::Left } else { Align::Right }).collect();
    table::lay_out(&align, &rows)
}
