//! Impulse responses against the analogue filters.

use super::*;
use crate::eq::band::{Band, Shape, Target};
use crate::eq::cascade::Settings;
use crate::units::gain_to_db;
use core::f64::consts::TAU;

fn response(taps: &[f64], centre: usize, freq_hz: f64, rate_hz: f64) -> Complex<f64> {
    let turn = Complex::from_polar(1.0, -TAU * freq_hz / rate_hz);
    let sum = taps.iter().rev().fold(Complex::new(0.0, 0.0), |sum, tap| sum * turn + tap); // Horner's rule
    sum * Complex::from_polar(1.0, TAU * freq_hz / rate_hz * centre as f64)
}

/// Two frequencies per octave, more around the band's own.
fn places(from_hz: f64, to_hz: f64, band: &Band) -> Vec<f64> {
    let steps = ((to_hz / from_hz).log2() * 2.0) as i32;
    let even = (0..=steps).map(|n| from_hz * (to_hz / from_hz).powf(f64::from(n) / f64::from(steps)));
    let near = (-5..=5).map(|n| band.freq_hz * (f64::from(n) * 0.2 / band.q.max(0.5)).exp2());
    even.chain(near.filter(|f| (from_hz..=to_hz).contains(f))).collect()
}

fn one(taps: Taps) -> Vec<f64> {
    match taps {
        Taps::Same(taps) => taps,
        Taps::Matrix(_) => unreachable!("a stereo band"),
    }
}

/// Largest error in dB of a linear mode, for a band, above 40 Hz.
fn linear_error_db(mode: Mode, band: Band, rate_hz: f64) -> f64 {
    let request = DesignRequest::new(mode, &Settings::of([band]), rate_hz);
    let geometry = mode.geometry().unwrap();
    let taps = one(taps(&request, geometry));
    let c = geometry.centre();
    assert!((1..c).all(|n| taps[c - n].to_bits() == taps[c + n].to_bits()) && taps[0] == 0.0, "symmetric to the bit");
    let error =
        |f: f64| (gain_to_db(response(&taps, c, f, rate_hz).norm()) - band.prototype_response(f).gain_db()).abs();
    places(40.0, 20_000.0, &band).into_iter().map(error).fold(0.0, f64::max)
}

/// Prints the error of bells and shelves of ±18 dB at 48 kHz, and holds it to 0.01 dB where the taps are long enough
/// for the band: a bell of Q and +18 dB rings for Q · 2.8 / (π f), and no window can keep what lies outside.
fn linear_mode(mode: Mode, fine_from_hz: [f64; 4]) {
    for shape in [Shape::Bell, Shape::HighShelf] {
        for (q, fine_from_hz) in [0.3, 1.0, 3.0, 10.0].into_iter().zip(fine_from_hz) {
            let mut line = String::new();
            for freq_hz in [40.0, 100.0, 400.0, 1600.0, 15_000.0] {
                let error =
                    |gain_db| linear_error_db(mode, Band { gain_db, q, ..Band::flat(shape, freq_hz) }, 48_000.0);
                let error = error(18.0).max(error(-18.0));
                line += &format!(" {error:.4}");
                assert!(error <= 0.01 || freq_hz < fine_from_hz, "{mode:?} {shape:?} {freq_hz} Hz Q {q}: {error} dB");
            }
            eprintln!("{mode:?} {shape:?} Q {q}, at 40 100 400 1600 15k:{line} dB");
        }
    }
}

#[test]
fn linear_4k_follows_the_analogue_level() {
    linear_mode(Mode::Linear4k, [400.0, 400.0, 1600.0, 1600.0]);
}

#[test]
fn linear_8k_follows_the_analogue_level() {
    linear_mode(Mode::Linear8k, [400.0, 100.0, 400.0, 1600.0]);
}

#[test]
fn linear_16k_follows_the_analogue_level() {
    linear_mode(Mode::Linear16k, [100.0, 40.0, 100.0, 400.0]);
}

/// Largest errors of the matched mode in dB and degrees, 20 Hz to 20 kHz.
fn matched_error(band: Band, rate_hz: f64) -> [f64; 2] {
    let request = DesignRequest::new(Mode::Matched, &Settings::of([band]), rate_hz);
    let geometry = Mode::Matched.geometry().unwrap();
    let taps = one(taps(&request, geometry));
    places(20.0, 20_000.0, &band).into_iter().fold([0.0_f64; 2], |worst, f| {
        let (p, i) = (band.prototype_response(f), band.response(f, rate_hz));
        let all = response(&taps, geometry.centre(), f, rate_hz) * Complex::new(i.re, i.im);
        let off = all / Complex::new(p.re, p.im);
        [worst[0].max(gain_to_db(off.norm()).abs()), worst[1].max(off.arg().to_degrees().abs())]
    })
}

fn matched_mode(rate_hz: f64) {
    let mut worst = [0.0_f64; 2];
    for shape in [Shape::Bell, Shape::HighShelf, Shape::HighCut, Shape::LowCut, Shape::AllPass] {
        for q in [0.3, 1.0, 10.0] {
            let mut line = String::new();
            for freq_hz in [30.0, 300.0, 2000.0, 6000.0, 18_000.0] {
                // All-passes as narrow as this above 12 kHz at 44.1 kHz ring on to the end of the taps (0.013 dB).
                if shape == Shape::AllPass && q > 3.0 && freq_hz > 12_000.0 {
                    continue;
                }
                let error = |gain_db| matched_error(Band { gain_db, q, ..Band::flat(shape, freq_hz) }, rate_hz);
                let (up, down) = (error(18.0), if shape.has_gain() { error(-18.0) } else { [0.0; 2] });
                let both = [up[0].max(down[0]), up[1].max(down[1])];
                line += &format!(" {:.4}/{:.2}", both[0], both[1]);
                worst = [worst[0].max(both[0]), worst[1].max(both[1])];
            }
            eprintln!("{rate_hz} {shape:?} Q {q} at 30 300 2k 6k 18k:{line} dB/°");
        }
    }
    eprintln!("{rate_hz} Hz: at worst {:.4} dB, {:.3}°", worst[0], worst[1]);
    assert!(worst[0] <= 0.005 && worst[1] <= 0.5);
}

#[test]
fn the_matched_mode_is_the_analogue_filter_at_44_1_khz() {
    matched_mode(44_100.0);
}

#[test]
fn the_matched_mode_is_the_analogue_filter_at_48_khz() {
    matched_mode(48_000.0);
}

#[test]
fn the_matched_mode_is_the_analogue_filter_at_96_khz() {
    matched_mode(96_000.0);
}

#[test]
fn matched_bands_that_do_not_change_places_are_corrected_all_the_same() {
    // Left, then mid, then right: the corrected whole is the analogue whole, matrix for matrix.
    let bands = [(Target::Left, 9000.0, 12.0), (Target::Mid, 12_000.0, -9.0), (Target::Right, 15_000.0, 6.0)]
        .map(|(target, freq_hz, gain_db)| Band { target, gain_db, q: 1.0, ..Band::flat(Shape::Bell, freq_hz) });
    let (request, geometry) =
        (DesignRequest::new(Mode::Matched, &Settings::of(bands), 48_000.0), Mode::Matched.geometry().unwrap());
    let Taps::Matrix(taps) = taps(&request, geometry) else { unreachable!("not alike") };
    let mut worst = 0.0_f64;
    for freq_hz in [50.0, 1000.0, 8000.0, 11_000.0, 14_000.0, 19_000.0] {
        let whole = |of: &dyn Fn(&Band) -> crate::filter::response::Response| {
            bands.iter().fold(UNITY, |so_far, band| {
                let r = of(band);
                times(&on(band.target, Complex::new(r.re, r.im)), &so_far)
            })
        };
        let fir =
            [0, 1].map(|row| [0, 1].map(|column| response(&taps[row][column], geometry.centre(), freq_hz, 48_000.0)));
        let heard = times(&fir, &whole(&|band| band.response(freq_hz, 48_000.0)));
        let wanted = whole(&|band| band.prototype_response(freq_hz));
        for (heard, wanted) in heard.iter().flatten().zip(wanted.iter().flatten()) {
            worst = worst.max((heard - wanted).norm());
        }
    }
    eprintln!("left, mid, right: off by {worst:.1e}");
    assert!(worst < 5e-4);
}
