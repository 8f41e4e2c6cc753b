//! The results, as a table or as lines of JSON.

use crate::rows::Row;
use crate::scan::Bundle;
use crate::session::{Loads, Opening, Played};
use crate::turns::{Figure, Skipped};
use crate::worst::Spread;
use serde_json::json;
use std::io::Write;

/// All results.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) figures: Vec<Figure>,
    /// Our modules and the peers, in the same turns.
    pub(crate) peers: Vec<Figure>,
    pub(crate) spreads: Vec<Spread>,
    pub(crate) session: Option<(Opening, Vec<Played>)>,
    pub(crate) bundles: Vec<Bundle>,
    pub(crate) rows: Vec<Row>,
    pub(crate) skipped: Vec<Skipped>,
}

/// Prints a line.
pub(crate) fn say(line: &str) {
    // A closed pipe is no error.
    let _ = writeln!(std::io::stdout(), "{line}");
}

impl Report {
    /// Adds the figures at one setting. A job that cannot run is listed once.
    pub(crate) fn add(&mut self, (figures, skipped): (Vec<Figure>, Vec<Skipped>)) {
        self.figures.extend(figures);
        self.skip(skipped);
    }

    /// Adds figures of a peers' job.
    pub(crate) fn add_peers(&mut self, (figures, skipped): (Vec<Figure>, Vec<Skipped>)) {
        self.peers.extend(figures);
        self.skip(skipped);
    }

    fn skip(&mut self, skipped: Vec<Skipped>) {
        for new in skipped {
            if self.skipped.iter().all(|old| old.what != new.what) {
                self.skipped.push(new);
            }
        }
    }

    /// Adds targets.
    pub(crate) fn add_rows(&mut self, rows: Vec<Row>) {
        self.rows.extend(rows);
    }

    /// Prints all of it.
    pub(crate) fn print(&self, as_json: bool) {
        let lines = if as_json { self.json() } else { self.text() };
        lines.iter().for_each(|line| say(line));
    }

    fn json(&self) -> Vec<String> {
        let figure = |f: &Figure| {
            json!({
                "job": f.job, "unit": f.unit, "rate_hz": f.rate_hz, "block": f.block,
                "ns_per_frame_min": f.ns_min, "ns_per_frame_median": f.ns_median, "ratio_to_ref": f.ratio_to_ref,
            })
        };
        let spread = |s: &Spread| {
            json!({
                "job": s.job, "unit": "plumb", "rate_hz": 48_000.0, "block": crate::worst::BLOCK,
                "block_us_mean": s.mean_us, "block_us_p999": s.p999_us, "block_us_max": s.max_us,
            })
        };
        let loads =
            |l: &Loads| json!({"mean": l.mean, "p999": l.p999, "max": l.max, "late": l.late, "cycles": l.cycles});
        let played = |p: &Played| json!({"session_cores": p.cores, "least": loads(&p.least), "all": loads(&p.all), "wall": loads(&p.wall)});
        let row = |r: &Row| json!({"row": r.what, "measured": r.measured, "most": r.most, "unit": r.unit, "ratio": r.ratio(), "kept": r.is_kept()});
        let skipped = |s: &Skipped| json!({"skipped": s.what, "why": s.why});
        let sessions = self.session.iter().flat_map(|(_, all)| all).map(played);
        (self.figures.iter().chain(&self.peers).map(figure))
            .chain(self.spreads.iter().map(spread))
            .chain(sessions)
            .chain(self.rows.iter().map(row))
            .chain(self.skipped.iter().map(skipped))
            .map(|value| value.to_string())
            .collect()
    }

    fn text(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (title, figures) in [("ours", &self.figures), ("next to the peers", &self.peers)] {
            if figures.is_empty() {
                continue;
            }
            lines.push(format!("\n{title}: ns per stereo frame, minimum (median), and ratio to eight plain biquads"));
            lines.push(format!("{:24} {:30} {:>8} {:>5} {:>17} {:>7}", "job", "unit", "Hz", "block", "ns", "ratio"));
            lines.extend(figures.iter().map(|f| {
                let ns = format!("{:.2} ({:.2})", f.ns_min, f.ns_median);
                format!("{:24} {:30} {:8} {:5} {ns:>17} {:7.2}", f.job, f.unit, f.rate_hz, f.block, f.ratio_to_ref)
            }));
        }
        if !self.spreads.is_empty() {
            lines.push("\nthe worst block, of 64 frames at 48 kHz, in µs".to_owned());
            lines.push(format!("{:24} {:>8} {:>8} {:>8} {:>12}", "job", "mean", "p99.9", "largest", "p99.9/mean"));
            lines.extend(self.spreads.iter().map(|s| {
                format!("{:24} {:8.2} {:8.2} {:8.2} {:12.2}", s.job, s.mean_us, s.p999_us, s.max_us, s.ratio())
            }));
        }
        for p in self.session.iter().flat_map(|(_, played)| played) {
            lines.push(format!("\n200 strips and a bus, cores: {}, shares of real time", p.cores));
            for (name, l) in p.ways() {
                let [mean, p999, max] = [l.mean, l.p999, l.max].map(|share| 100.0 * share);
                lines.push(format!(
                    "{name:28} mean {mean:5.1} %, p99.9 {p999:5.1} %, largest {max:5.1} %, {} of {} late",
                    l.late, l.cycles
                ));
            }
        }
        if let Some((opening, _)) = &self.session {
            lines.push(format!("opening 200 strips: {:.0} ms", opening.all_ms));
        }
        lines.push("\ntargets".to_owned());
        lines.extend(self.rows.iter().map(|r| {
            let verdict = if r.is_kept() { "met" } else { "NOT MET" };
            format!("{:62} {:8.2} of {:6.1} {:3} {:5.2}  {verdict}", r.what, r.measured, r.most, r.unit, r.ratio())
        }));
        lines.extend(self.skipped.iter().map(|s| format!("skipped {}: {}", s.what, s.why)));
        lines
    }
}
