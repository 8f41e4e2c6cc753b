//! The proof that a bundle plays: ten seconds of programme through it in an embedded host, measured.

use crate::audio::Audio;
use crate::bundles::Format;
use crate::{clap, programme, vst3};
use anyhow::{Context, Result, ensure};
use dsp_core::Spec;
use dsp_core::meter::programme::ProgrammeMeter;
use std::fmt;
use std::path::Path;
use std::time::Duration;

/// The rate of the proof.
const SAMPLE_RATE_HZ: f64 = 48_000.0;
/// The block of the proof: what most hosts run at.
const BLOCK_FRAMES: usize = 512;
/// The length of the proof.
const SECONDS: f64 = 10.0;

/// What was measured.
#[derive(Clone, Debug)]
pub struct Proof {
    /// The plugin's name.
    pub name: String,
    /// The bundle's format.
    pub format: Format,
    /// Number of parameters.
    pub params: usize,
    /// Reported delay.
    pub latency_frames: usize,
    /// Integrated loudness, in and out.
    pub loudness_lufs: [f64; 2],
    /// Largest true peak, in and out.
    pub true_peak_dbtp: [f64; 2],
    /// Mean time for a block.
    pub block: Duration,
    /// How much faster than it plays.
    pub times_real_time: f64,
}

/// Loads a bundle, runs the programme through it, and checks that music came out.
///
/// # Errors
/// The bundle does not load, refuses to run, or returns silence or no numbers.
pub fn prove(bundle: &Path) -> Result<Proof> {
    let format = Format::of(bundle).with_context(|| format!("{} is neither .clap nor .vst3", bundle.display()))?;
    let music = programme::programme(SECONDS, SAMPLE_RATE_HZ);
    let input = Audio::from_frames(&music, 2);
    let run = match format {
        Format::Clap => through_clap(bundle, &input)?,
        Format::Vst3 => through_vst3(bundle, &input)?,
    };
    ensure!(run.output.is_finite(), "what came out is not finite");
    let ((lufs_in, peak_in), (lufs_out, peak_out)) = (measure(&input)?, measure(&run.output)?);
    let loudest = run.output.0.iter().flatten().fold(0.0_f32, |peak, x| peak.max(x.abs()));
    ensure!(loudest > 0.0, "only silence came out");
    let blocks = music.len().div_ceil(BLOCK_FRAMES);
    Ok(Proof {
        name: run.name,
        format,
        params: run.params,
        latency_frames: run.latency_frames,
        loudness_lufs: [lufs_in, lufs_out],
        true_peak_dbtp: [peak_in, peak_out],
        block: run.took / u32::try_from(blocks)?,
        times_real_time: SECONDS / run.took.as_secs_f64(),
    })
}

struct Run {
    name: String,
    params: usize,
    latency_frames: usize,
    output: Audio,
    took: Duration,
}

fn through_clap(bundle: &Path, input: &Audio) -> Result<Run> {
    let mut plugin = clap::Plugin::load(bundle)?;
    plugin.activate(SAMPLE_RATE_HZ, BLOCK_FRAMES)?;
    let output = plugin.render(input, None, &[], &[BLOCK_FRAMES])?;
    let took = plugin.busy();
    let (params, latency_frames) = (plugin.params()?.len(), plugin.latency()?);
    Ok(Run { name: plugin.name().to_owned(), params, latency_frames, output, took })
}

fn through_vst3(bundle: &Path, input: &Audio) -> Result<Run> {
    let mut plugin = vst3::Plugin::load(bundle)?;
    plugin.activate(SAMPLE_RATE_HZ, BLOCK_FRAMES, 2)?;
    let output = plugin.render(input, None, &[], &[BLOCK_FRAMES])?;
    let took = plugin.busy();
    let (params, latency_frames) = (plugin.params().len(), plugin.latency());
    Ok(Run { name: plugin.name().to_owned(), params, latency_frames, output, took })
}

/// Integrated loudness and true peak, to the last frame.
fn measure(audio: &Audio) -> Result<(f64, f64)> {
    let mut programme = ProgrammeMeter::default();
    programme.prepare(Spec::new(SAMPLE_RATE_HZ, BLOCK_FRAMES, audio.channels().clamp(1, 2))?);
    audio.to_frames().chunks(BLOCK_FRAMES).for_each(|block| programme.process(block));
    let summary = programme.summary();
    Ok((summary.integrated_lufs, summary.true_peak_dbtp))
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [lufs_in, lufs_out] = self.loudness_lufs;
        let [peak_in, peak_out] = self.true_peak_dbtp;
        let latency_ms = 1000.0 * self.latency_frames as f64 / SAMPLE_RATE_HZ;
        writeln!(f, "{} ({})", self.name, self.format.extension().to_uppercase())?;
        writeln!(f, "  parameters  {}", self.params)?;
        writeln!(f, "  latency     {} frames ({latency_ms:.2} ms at 48 kHz)", self.latency_frames)?;
        writeln!(f, "  loudness    {lufs_in:.1} LUFS in, {lufs_out:.1} LUFS out")?;
        writeln!(f, "  true peak   {peak_in:.1} dBTP in, {peak_out:.1} dBTP out")?;
        let micros = self.block.as_secs_f64() * 1e6;
        write!(f, "  speed       {micros:.0} µs per {BLOCK_FRAMES} frames, {:.0} × real time", self.times_real_time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crest_between_the_last_frames_counts() {
        let mut frames = vec![[0.0; 2]; 48_000];
        frames[47_998][0] = 0.5;
        frames[47_999][0] = 0.5;
        let (_, peak) = measure(&Audio::from_frames(&frames, 2)).unwrap();
        // 4/π of each half way between two equal samples.
        assert!((peak + 3.92).abs() < 0.1, "{peak}");
    }
}
