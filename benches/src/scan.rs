//! Scan time and size of the bundles.

use anyhow::{Context, Result, ensure};
use plumb_hosts::bundles::{Format, Product};
use plumb_hosts::clap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// Scans per bundle, each in its own process.
const SCANS: usize = 15;

/// The argument that makes this program scan a bundle, print the time and exit.
pub(crate) const SCAN: &str = "--scan-only";

/// Measurements of a bundle.
#[derive(Clone, Debug)]
pub(crate) struct Bundle {
    pub(crate) product: Product,
    /// Time to load the library and list the factory: minimum and median, in ms.
    pub(crate) scan_ms: [f64; 2],
    /// Sizes of the CLAP and the VST3 bundle, in MB of 10⁶ bytes.
    pub(crate) size_mb: [f64; 2],
}

/// Scans a bundle; returns the µs it took.
pub(crate) fn scan_once(bundle: &Path) -> Result<String> {
    let start = Instant::now();
    let ids = clap::scan(bundle)?;
    let took = start.elapsed();
    ensure!(!ids.is_empty(), "nothing in it");
    Ok(took.as_micros().to_string())
}

/// Measures both bundles.
pub(crate) fn bundles() -> Result<Vec<Bundle>> {
    Product::ALL.into_iter().map(bundle).collect()
}

fn bundle(product: Product) -> Result<Bundle> {
    let path = product.built(Format::Clap)?;
    let program = std::env::current_exe().context("finding this program")?;
    let mut times = Vec::new();
    for _ in 0..SCANS {
        let output = Command::new(&program).arg(SCAN).arg(&path).output().context("scanning")?;
        let text = String::from_utf8_lossy(&output.stdout);
        let micros: f64 = text.trim().parse().with_context(|| format!("a scan said '{text}'"))?;
        times.push(micros / 1000.0);
    }
    times.sort_by(f64::total_cmp);
    let sizes = [path, product.built(Format::Vst3)?].map(|path| bytes(&path) as f64 / 1e6);
    Ok(Bundle { product, scan_ms: [times[0], times[SCANS / 2]], size_mb: sizes })
}

/// Size of a file or of everything below a directory, in bytes.
fn bytes(path: &PathBuf) -> u64 {
    match std::fs::read_dir(path) {
        Ok(entries) => entries.flatten().map(|entry| bytes(&entry.path())).sum(),
        Err(_) => std::fs::metadata(path).map_or(0, |meta| meta.len()),
    }
}
