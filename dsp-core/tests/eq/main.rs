//! The equaliser through its public calls: curves, nulls, motion, hostile input, noise.

mod clean;
mod curves;
mod hostile;
mod motion;
mod nulls;
mod order;

use dsp_core::Stage;
use dsp_core::eq::band::{Band, Shape};
use dsp_core::eq::cascade::{self, Eq};
use dsp_core::eq::slope::Slope;
use dsp_core::{Frame, Spec};

const RATES: [f64; 4] = [44_100.0, 48_000.0, 96_000.0, 192_000.0];
/// The lowest and highest rates that must work, besides the usual ones.
const ALL_RATES: [f64; 6] = [8000.0, 44_100.0, 48_000.0, 96_000.0, 192_000.0, 768_000.0];

type Four = cascade::Settings<4>;

/// Running at a rate.
fn at<const N: usize>(settings: cascade::Settings<N>, sample_rate_hz: f64) -> Eq<N> {
    let mut eq = Eq::new(settings);
    eq.prepare(Spec { sample_rate_hz, max_frames: 4096, channels: 2 });
    eq
}

/// A block through settled settings.
fn through<const N: usize>(settings: cascade::Settings<N>, rate: f64, block: &[Frame]) -> Vec<Frame> {
    let mut out = block.to_vec();
    at(settings, rate).process(&mut out, None);
    out
}

fn band(shape: Shape, freq_hz: f64, gain_db: f64, q: f64) -> Band {
    Band { gain_db, q, ..Band::flat(shape, freq_hz) }
}

fn low_cut(freq_hz: f64, slope: Slope) -> Band {
    Band { slope, q: std::f64::consts::FRAC_1_SQRT_2, ..Band::flat(Shape::LowCut, freq_hz) }
}

fn high_cut(freq_hz: f64, slope: Slope) -> Band {
    Band { shape: Shape::HighCut, ..low_cut(freq_hz, slope) }
}

fn flat() -> Four {
    let bell = Band::flat(Shape::Bell, 1000.0);
    Four::of([bell, bell, Band::flat(Shape::LowShelf, 100.0), Band::flat(Shape::HighShelf, 8000.0)])
}

/// One band of four, the others flat.
fn only(band: Band) -> Four {
    let mut settings = flat();
    settings.bands[1] = band;
    settings
}

fn off(settings: Four) -> Four {
    Four { on: false, ..settings }
}

fn busy() -> Four {
    Four::of([
        band(Shape::LowCut, 60.0, 0.0, 0.9),
        band(Shape::LowShelf, 150.0, 6.0, 0.707),
        band(Shape::Bell, 1200.0, -9.0, 3.0),
        band(Shape::HighShelf, 7000.0, 4.0, 0.5),
    ])
}

fn bits(block: &[Frame]) -> Vec<[u64; 2]> {
    block.iter().map(|frame| frame.map(f64::to_bits)).collect()
}

fn left(block: &[Frame]) -> Vec<f64> {
    block.iter().map(|frame| frame[0]).collect()
}

fn worst_difference(a: &[Frame], b: &[Frame]) -> f64 {
    a.iter().flatten().zip(b.iter().flatten()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}
