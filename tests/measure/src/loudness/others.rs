//! Comparison with another implementation, and cost.

use super::{RATE_HZ, RATES, khz, spec};
use crate::page::Page;
use crate::reference::ns_of_eight;
use crate::timing::ns_per_frame;
use anyhow::Result;
use dsp_core::Frame;
use dsp_core::meter::loudness::LoudnessMeter;
use dsp_core::meter::true_peak::TruePeakMeter;
use ebur128::{EbuR128, Mode};
use plumb_signals::{Noise, level_db};

/// Block sizes of hosts.
const BLOCKS: [usize; 2] = [64, 512];

/// A minute of noise below some 2 kHz, both channels alike but not equal, whose level changes every 0.7 s between −60 and
/// −6 dBFS, mostly loud.
fn programme(sample_rate_hz: f64) -> Vec<Frame> {
    let keep = (-std::f64::consts::TAU * 2000.0 / sample_rate_hz).exp();
    let (mut noise, mut levels, mut y, mut gain) = (Noise::new(8), Noise::new(9), [0.0; 2], 0.0);
    (0..(60.0 * sample_rate_hz) as usize)
        .map(|n| {
            if n % (0.7 * sample_rate_hz) as usize == 0 {
                let depth = (0.5 - 0.5 * levels.tick()).powi(3);
                gain = 10_f64.powf((-6.0 - 54.0 * depth) / 20.0) / (1.0 - keep).sqrt() * 0.7;
            }
            let [l, r] = [noise.tick(), noise.tick()];
            for (y, x) in y.iter_mut().zip([0.8 * l + 0.2 * r, 0.2 * l + 0.8 * r]) {
                *y += (1.0 - keep) * (x - *y);
            }
            y.map(|y| gain * y)
        })
        .collect()
}

fn against(page: &mut Page) -> Result<()> {
    page.part("Against another meter");
    page.say(
        "A minute of noise whose level changes every 0.7 s, read by our meters and by the crate `ebur128` (a port of \
         libebur128, which many programs use): ours minus theirs. Range: the crate takes short-term loudness every second, \
         ours every 100 ms as in the newer standard. True peak: the crate reads fourfold oversampling with a shorter filter, \
         and nothing in between.",
    );
    let whats = ["momentary, LU", "short-term, LU", "integrated, LU", "range, LU", "true peak, dB"];
    let mut rows: [[String; 5]; 5] =
        whats.map(|what| core::array::from_fn(|n| if n == 0 { what } else { "" }.to_owned()));
    for (n, rate_hz) in RATES.into_iter().enumerate() {
        let frames = programme(rate_hz);
        let (mut loudness, mut peak) = (LoudnessMeter::default(), TruePeakMeter::default());
        loudness.prepare(spec(rate_hz));
        peak.prepare(spec(rate_hz));
        let mut theirs = EbuR128::new(2, rate_hz as u32, Mode::all())?;
        for block in frames.chunks(4800) {
            loudness.process(block);
            peak.process(block);
            theirs.add_frames_f64(block.as_flattened())?;
        }
        let ours = loudness.readings();
        let their_peak = level_db(theirs.true_peak(0)?.max(theirs.true_peak(1)?));
        let differences = [
            ours.momentary_lufs - theirs.loudness_momentary()?,
            ours.short_term_lufs - theirs.loudness_shortterm()?,
            ours.integrated_lufs - theirs.loudness_global()?,
            ours.range_lu - theirs.loudness_range()?,
            peak.max_dbtp() - their_peak,
        ];
        for (row, difference) in rows.iter_mut().zip(differences) {
            row[n + 1] = format!("{difference:+.4}");
        }
    }
    let heads = RATES.map(khz);
    let [a, b, c, d] = heads.each_ref().map(String::as_str);
    page.table(["ours minus theirs", a, b, c, d], &rows);
    Ok(())
}

/// Least cost of a frame of a programme at each block size.
fn costs(material: &[Frame], mut process: impl FnMut(&[Frame])) -> [f64; 2] {
    BLOCKS.map(|frames| {
        let blocks = material.len() / frames;
        ns_per_frame(frames, |index, block| {
            block.copy_from_slice(&material[index % blocks * frames..][..frames]);
            process(block);
        })
    })
}

fn speed(page: &mut Page) -> Result<()> {
    page.part("Speed");
    page.say(
        "Time for one stereo frame at 48 kHz on the programme above, the least of 300 runs. Nanoseconds depend on the machine \
         and the run; the ratio is what counts, to eight plain cookbook biquads (transposed direct form II, 64 bit, both \
         channels, as compiled) timed in the same run. After a loud peak, a true-peak meter skips what cannot exceed it, so \
         it is also timed with a reset before every block.",
    );
    let material = &programme(RATE_HZ)[..1 << 16];
    let reference = BLOCKS.map(ns_of_eight);
    let mut loudness = LoudnessMeter::default();
    loudness.prepare(spec(RATE_HZ));
    let (mut peak, mut reset) = (TruePeakMeter::default(), TruePeakMeter::default());
    let mut theirs = EbuR128::new(2, 48_000, Mode::I | Mode::LRA | Mode::S | Mode::M | Mode::HISTOGRAM)?;
    let mut their_peak = EbuR128::new(2, 48_000, Mode::TRUE_PEAK)?;
    let rows = [
        ("eight plain biquads, 64 bit", reference),
        ("loudness: M, S, I, range", costs(material, |block| loudness.process(block))),
        (
            "`ebur128`, the same",
            costs(material, |block| {
                let _ = theirs.add_frames_f64(block.as_flattened());
            }),
        ),
        ("true peak", costs(material, |block| peak.process(block))),
        (
            "true peak, reset every block",
            costs(material, |block| {
                reset.reset();
                reset.process(block);
            }),
        ),
        (
            "`ebur128`, true peak",
            costs(material, |block| {
                let _ = their_peak.add_frames_f64(block.as_flattened());
            }),
        ),
    ];
    let cell = |ns: f64, reference: f64| {
        format!("{ns:.1} ns, {:.2} of the biquads', {:.0} instances", ns / reference, 1e9 / RATE_HZ / ns)
    };
    let rows =
        rows.map(|(name, [small, large])| [name.to_owned(), cell(small, reference[0]), cell(large, reference[1])]);
    page.table(["48 kHz", "blocks of 64", "blocks of 512"], &rows);
    Ok(())
}

pub(super) fn part(page: &mut Page) -> Result<()> {
    against(page)?;
    speed(page)
}
