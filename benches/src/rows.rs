//! Cost targets, and whether they are met.

use crate::scan::Bundle;
use crate::session::{Opening, Played};
use crate::turns::Figure;
use crate::worst::Spread;

/// A target and the measurement.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) measured: f64,
    pub(crate) most: f64,
    pub(crate) unit: &'static str,
}

impl Row {
    fn new(what: impl Into<String>, measured: f64, most: f64, unit: &'static str) -> Self {
        Self { what: what.into(), measured, most, unit }
    }

    /// Whether the target is met.
    pub(crate) fn is_kept(&self) -> bool {
        self.measured <= self.most
    }

    /// Measurement relative to the target.
    pub(crate) fn ratio(&self) -> f64 {
        if self.most > 0.0 { self.measured / self.most } else { self.measured }
    }
}

/// Targets of whole plugins in ns per frame, at blocks of 64 and 512. A strip's meters are idle without an editor, as in
/// the host here; a chain's meters run, so strips are listed both ways.
const WHOLES: [(&str, &str, [f64; 2]); 7] = [
    ("strip-full", "strip-full", [90.0, 80.0]),
    ("chain-strip-full", "strip-full without a host, its meters watched", [90.0, 80.0]),
    ("strip-basic", "strip-basic", [40.0, 34.0]),
    ("chain-strip-basic", "strip-basic without a host, its meters watched", [40.0, 34.0]),
    ("bus-full", "bus-full", [170.0, 150.0]),
    ("strip-off", "strip-off", [3.0, 3.0]),
    ("bus-off", "bus-off", [3.0, 3.0]),
];
/// Cost of automation, relative to none.
const AUTOMATED: f64 = 1.3;
/// 99.9th percentile of a block's cost, relative to the mean.
const UNEVEN: f64 = 2.0;

fn find<'a>(figures: &'a [Figure], job: &str, block: usize) -> Option<&'a Figure> {
    figures.iter().find(|f| f.job == job && f.unit == "plumb" && f.block == block && f.rate_hz == 48_000.0)
}

/// Targets of whole plugins.
pub(crate) fn of_figures(figures: &[Figure]) -> Vec<Row> {
    let mut rows = Vec::new();
    for (job, name, most) in WHOLES {
        for (block, most) in [64, 512].into_iter().zip(most) {
            if let Some(figure) = find(figures, job, block) {
                rows.push(Row::new(format!("{name}, blocks of {block}"), figure.ns_min, most, "ns"));
            }
        }
    }
    for job in ["strip-full", "bus-full"] {
        for block in [64, 512] {
            let moved = find(figures, &format!("{job}-automated"), block);
            if let Some((still, moved)) = find(figures, job, block).zip(moved) {
                let what = format!("{job}, 20 parameters automated, blocks of {block}");
                rows.push(Row::new(what, moved.ns_min / still.ns_min, AUTOMATED, "×"));
            }
        }
    }
    rows
}

/// Targets of the worst block: both chains in every mode. Single modules are in the table only.
pub(crate) fn of_spreads(spreads: &[Spread]) -> Vec<Row> {
    let is_whole = |s: &&Spread| s.job.starts_with("strip") || s.job.starts_with("bus");
    let row = |s: &Spread| Row::new(format!("{}, p99.9 block / mean block", s.job), s.ratio(), UNEVEN, "×");
    spreads.iter().filter(is_whole).map(row).collect()
}

/// Targets of a session.
pub(crate) fn of_session(opening: &Opening, played: &[Played]) -> Vec<Row> {
    let mut rows = Vec::new();
    if let Some(one) = played.iter().find(|played| played.cores == 1) {
        rows.push(Row::new("200 strips and a bus, one core, share of real time", 100.0 * one.least.mean, 55.0, "%"));
        rows.push(Row::new("200 strips and a bus, blocks over their deadline", one.least.late as f64, 0.0, ""));
    }
    rows.push(Row::new("a strip: create, state, first block", opening.strip_ms[0], 5.0, "ms"));
    rows.push(Row::new("a bus: create, state, first block", opening.bus_ms[0], 5.0, "ms"));
    rows.extend(opening.strip_mb.map(|mb| Row::new("memory of a strip", mb, 1.5, "MB")));
    rows.extend(opening.bus_mb.map(|mb| Row::new("memory of a bus", mb, 6.0, "MB")));
    rows
}

/// Targets of the bundles.
pub(crate) fn of_bundles(bundles: &[Bundle]) -> Vec<Row> {
    let rows = |bundle: &Bundle| {
        let name = bundle.product.name();
        let [least, _] = bundle.scan_ms;
        let [clap, vst3] = bundle.size_mb;
        [
            Row::new(format!("{name}, scan"), least, 10.0, "ms"),
            Row::new(format!("{name}, CLAP bundle"), clap, 9.0, "MB"),
            Row::new(format!("{name}, VST3 bundle"), vst3, 9.0, "MB"),
        ]
    };
    bundles.iter().flat_map(rows).collect()
}
