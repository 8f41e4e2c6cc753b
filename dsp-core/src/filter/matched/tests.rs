//! Exact designs against the analogue filters, and approximate designs against the exact ones.

use super::super::response::Response;
use super::*;
use crate::Choice;

/// Every shape, cuts of both orders.
fn kinds() -> impl Iterator<Item = (Shape, bool)> {
    let first_orders = [Shape::LowCut, Shape::HighCut].map(|shape| (shape, true));
    Shape::ALL.iter().map(|shape| (*shape, false)).chain(first_orders)
}

/// A prototype's digital filters at a rate.
fn filters(asked: Prototype, rate: f64) -> Vec<Coeffs> {
    asked.sections(rate, false).map(|stage| stage.design(rate)).collect()
}

fn response(filters: &[Coeffs], freq_hz: f64, rate: f64) -> Response {
    filters.iter().fold(Response::UNITY, |so_far, c| so_far.then(c.response(freq_hz, rate)))
}

/// Worst error in dB between 20 Hz and the edge, where the prototype is above −48 dB.
fn worst_db(asked: Prototype, rate: f64) -> (f64, f64) {
    let filters = filters(asked, rate);
    let wide = (0..400).map(|n| 20.0 * 1000.0_f64.powf(f64::from(n) / 399.0));
    let near = (0..200).map(|n| asked.freq_hz * 0.7 * 2.04_f64.powf(f64::from(n) / 199.0));
    let mut worst = (0.0, 0.0);
    for freq_hz in wide.chain(near).filter(|f| (20.0..=edge_hz(rate)).contains(f)) {
        let truth = asked.response(freq_hz).gain_db();
        if truth > -48.0 {
            let is = response(&filters, freq_hz, rate).gain_db();
            let error = (is - truth).abs();
            if error.is_nan() || error > worst.0 {
                worst = (error, freq_hz);
            }
        }
    }
    worst
}

/// 20 Hz to 19 kHz.
fn freqs() -> impl Iterator<Item = f64> {
    (0..30).map(|n| 20.0 * 950.0_f64.powf(f64::from(n) / 29.0))
}

/// 0.3 to 10.
fn qs() -> impl Iterator<Item = f64> {
    (0..8).map(|n| 0.3 * (10.0 / 0.3_f64).powf(f64::from(n) / 7.0))
}

fn worst_of(kinds: &[(Shape, bool)], gains_db: &[f64], rate: f64) -> f64 {
    let mut worst = (0.0, None, 0.0);
    for &(shape, first_order) in kinds {
        for freq_hz in freqs() {
            for q in qs().chain([0.5, core::f64::consts::FRAC_1_SQRT_2]) {
                for &gain_db in gains_db {
                    let asked = Prototype { shape, first_order, freq_hz, gain_db, q };
                    let (error, at) = worst_db(asked, rate);
                    if error.is_nan() || error > worst.0 {
                        worst = (error, Some(asked), at);
                    }
                }
            }
        }
    }
    eprintln!("{rate} Hz {kinds:?}: {:.4} dB at {:.0} Hz of {:?}", worst.0, worst.2, worst.1);
    worst.0
}

#[test]
fn the_bell_that_others_are_measured_by() {
    for (rate, limit) in [(44_100.0, 0.105), (48_000.0, 0.055)] {
        let (error, at) = worst_db(Prototype { gain_db: 12.0, ..Prototype::new(Shape::Bell, 16_000.0, 1.414) }, rate);
        eprintln!("bell 16 kHz +12 dB Q 1.414 at {rate}: {error:.4} dB at {at:.0} Hz");
        assert!(error <= limit, "{error}");
    }
}

#[test]
fn every_bell_and_shelf_is_the_analogue_curve() {
    let gains_db = [-18.0, -9.0, -1.0, 0.1, 3.0, 12.0, 18.0];
    for (rate, limit) in [(44_100.0, 0.2), (48_000.0, 0.12), (96_000.0, 0.005)] {
        let bells = worst_of(&[(Shape::Bell, false)], &gains_db, rate);
        let shelves = [Shape::LowShelf, Shape::HighShelf, Shape::Tilt].map(|shape| (shape, false));
        let shelves = worst_of(&shelves, &gains_db, rate);
        assert!(bells <= limit && shelves <= limit, "{rate}: {bells}, {shelves}");
    }
}

#[test]
fn cuts_notches_and_band_passes_are_the_analogue_curve() {
    for (rate, limit) in [(44_100.0, 0.15), (48_000.0, 0.1), (96_000.0, 0.01)] {
        for kind in kinds().filter(|(shape, _)| !shape.has_gain() && shape.changes_levels()) {
            let worst = worst_of(&[kind], &[0.0], rate);
            assert!(worst <= limit, "{rate} {kind:?}: {worst}");
        }
    }
}

#[test]
fn a_cut_is_the_inverse_of_a_boost() {
    for shape in [Shape::Bell, Shape::LowShelf, Shape::HighShelf, Shape::Tilt] {
        for (freq_hz, q) in [(50.0, 0.3), (4000.0, 5.0), (18_000.0, 1.0)] {
            let [up, down] = [9.0, -9.0]
                .map(|gain_db| filters(Prototype { gain_db, ..Prototype::new(shape, freq_hz, q) }, 48_000.0));
            for at in [20.0, 1000.0, freq_hz, 23_000.0] {
                let both = response(&up, at, 48_000.0).then(response(&down, at, 48_000.0));
                assert!((both.re - 1.0).hypot(both.im) < 1e-9, "{shape:?} {freq_hz} at {at}: {both:?}"); // rounding
            }
        }
    }
}

#[test]
fn a_notch_is_silent_at_its_frequency() {
    for freq_hz in [50.0, 1000.0, 2000.0, 3000.0, 15_000.0] {
        let notch = filters(Prototype::new(Shape::Notch, freq_hz, 3.0), 48_000.0);
        let gain_db = response(&notch, freq_hz, 48_000.0).gain_db();
        assert!(gain_db < -120.0, "{freq_hz}: {gain_db}");
    }
}

#[test]
fn an_all_pass_keeps_levels_and_turns_like_the_analogue_one() {
    for (freq_hz, q) in [(100.0, 0.5), (3000.0, 2.0), (9000.0, 0.707)] {
        let asked = Prototype::new(Shape::AllPass, freq_hz, q);
        let filters = filters(asked, 48_000.0);
        for at in [20.0, freq_hz / 2.0, freq_hz, 20_000.0] {
            assert!(response(&filters, at, 48_000.0).gain_db().abs() < 1e-9);
        }
        let quarter = freq_hz * ((0.25 / (q * q) + 1.0).sqrt() - 0.5 / q);
        for at in [freq_hz, quarter] {
            let [is, truth] = [response(&filters, at, 48_000.0), asked.response(at)];
            let difference =
                Response { re: is.re, im: is.im }.then(Response { re: truth.re, im: -truth.im }).phase_rad();
            assert!(difference.abs() < 1e-9, "{freq_hz} at {at}: {difference}");
        }
    }
}

/// Every design over the whole range, and over twice the gain, is a stable filter; within the range of a band it is near
/// the analogue one even when that has its frequency beyond Nyquist.
#[test]
fn the_whole_range_is_stable_and_near() {
    let mut worst = (0.0, None);
    for rate in [1000.0, 8000.0, 44_100.0, 48_000.0, 96_000.0, 768_000.0] {
        for (shape, first_order) in kinds() {
            for n in 0..12 {
                let freq_hz = 10.0 * 3000.0_f64.powf(f64::from(n) / 11.0);
                for q in [0.025, 0.5, 0.707, 3.0, 25.0, 45.0] {
                    for gain_db in [-60.0, -30.0, -0.02, 0.0, 6.0, 30.0, 60.0] {
                        let asked = Prototype { shape, first_order, freq_hz, gain_db, q };
                        let filters = filters(asked, rate);
                        assert!(filters.iter().all(Coeffs::is_stable), "{asked:?} at {rate}: {filters:?}");
                        if gain_db.abs() <= 30.0 && q <= 25.0 && rate >= 44_100.0 {
                            let (error, at) = worst_db(asked, rate);
                            if error.is_nan() || error > worst.0 {
                                worst = (error, Some((asked, rate, at)));
                            }
                            assert!(gain_db != 0.0 || !shape.has_gain() || error < 1e-9, "{asked:?}: {error}");
                        }
                    }
                }
            }
        }
    }
    eprintln!("whole range: {worst:?}");
    // The shelf of Q 25 at 30 kHz, at 48 kHz, +6 dB; nearly all others are within a few tenths.
    assert!(worst.0 < 4.0);
}

/// A knob moved a little moves the curve a little.
#[test]
fn designs_follow_their_settings_smoothly() {
    let mut worst = (0.0, None);
    for (shape, first_order) in kinds() {
        let ways: [([f64; 3], [f64; 3]); 6] = [
            ([30.0, 12.0, 1.0], [30_000.0, 12.0, 1.0]),
            ([30.0, -9.0, 6.0], [30_000.0, -9.0, 6.0]),
            ([9000.0, -18.0, 0.7], [9000.0, 18.0, 0.7]),
            ([15_000.0, -18.0, 2.0], [15_000.0, 18.0, 2.0]),
            ([300.0, 6.0, 0.05], [300.0, 6.0, 20.0]),
            ([12_000.0, 6.0, 0.05], [12_000.0, 6.0, 20.0]),
        ];
        for (from, to) in ways {
            const STEPS: u32 = 1000;
            let mut last: Option<Vec<f64>> = None;
            for step in 0..=STEPS {
                let t = f64::from(step) / f64::from(STEPS);
                let between = |at: usize| from[at] * (to[at] / from[at]).powf(t);
                let gain_db = from[1] + t * (to[1] - from[1]);
                let asked = Prototype { shape, first_order, freq_hz: between(0), gain_db, q: between(2) };
                let filters = filters(asked, 48_000.0);
                let now: Vec<f64> = (0..24)
                    .map(|n| 20.0 * 1000.0_f64.powf(f64::from(n) / 23.0))
                    .map(|at| {
                        let truth = asked.response(at).gain_db().max(-48.0);
                        response(&filters, at, 48_000.0).gain_db().max(-48.0) - truth
                    })
                    .collect();
                if let Some(last) = last {
                    let jump = now.iter().zip(last).fold(0.0_f64, |most, (a, b)| most.max((a - b).abs()));
                    if jump > worst.0 {
                        worst = (jump, Some(asked));
                    }
                }
                last = Some(now);
            }
        }
    }
    eprintln!("largest jump of the error in a thousandth of a way: {worst:?}");
    assert!(worst.0 < 0.15);
}

/// Largest difference between the approximate and the exact design, within 40 dB below 0 dB.
fn approximation_error_db(asked: Prototype, rate: f64) -> f64 {
    let sections: Vec<SectionSpec> = asked.sections(rate, false).collect();
    let exact: Vec<Coeffs> = sections.iter().map(|section| section.design(rate)).collect();
    let mut terms = Terms::new(asked.freq_hz, rate);
    let near: Vec<Coeffs> = sections.iter().map(|section| section.approximate(&mut terms)).collect();
    assert!(near.iter().all(Coeffs::is_stable), "{asked:?} at {rate}: {near:?}");
    let wide = (0..60).map(|n| 20.0 * 1000.0_f64.powf(f64::from(n) / 59.0));
    let around = (0..30).map(|n| asked.freq_hz * 0.7 * 2.04_f64.powf(f64::from(n) / 29.0));
    let error = wide.chain(around).filter(|at| (20.0..=edge_hz(rate)).contains(at)).map(|at| {
        let [a, b] = [&exact, &near].map(|filters| response(filters, at, rate).gain_db());
        if a > -40.0 { (a - b).abs() } else { 0.0 }
    });
    error.fold(0.0, f64::max)
}

/// The bounds that ARCHITECTURE.md and the page of measurements name: up to 16 kHz and ±12 dB, up to 20 kHz and ±18 dB.
#[test]
fn approximate_designs_are_near_the_exact_ones() {
    for (rate, limits) in [(44_100.0, [0.9, 3.9]), (48_000.0, [0.4, 1.7]), (96_000.0, [0.1, 0.1])] {
        for (limit, top_hz, top_db) in [(limits[0], 16_000.0, 12.0), (limits[1], 20_000.0, 18.0)] {
            let mut worst = (0.0, None);
            for (shape, first_order) in kinds().filter(|(shape, _)| shape.changes_levels()) {
                let gains_db = [-1.0, -0.5, -0.08, 0.001, 0.2, 0.7, 1.0].map(|share| share * top_db);
                for n in 0..60 {
                    let freq_hz = 20.0 * (top_hz / 20.0_f64).powf(f64::from(n) / 59.0);
                    for q in qs().chain([0.5, 0.707, 1.4, 10.0]) {
                        for gain_db in if shape.has_gain() { &gains_db[..] } else { &[0.0] } {
                            let asked = Prototype { shape, first_order, freq_hz, gain_db: *gain_db, q };
                            let error = approximation_error_db(asked, rate);
                            if error.is_nan() || error > worst.0 {
                                worst = (error, Some(asked));
                            }
                        }
                    }
                }
            }
            eprintln!("{rate} Hz to {top_hz} Hz, {top_db} dB: approximate within {:.3} dB: {:?}", worst.0, worst.1);
            assert!(worst.0 < limit, "{rate}: {worst:?}");
        }
    }
}

#[test]
fn approximate_designs_are_stable_over_the_whole_range() {
    for rate in [1000.0, 8000.0, 44_100.0, 48_000.0, 96_000.0, 768_000.0] {
        for (shape, first_order) in kinds() {
            for n in 0..12 {
                let freq_hz = 10.0 * 3000.0_f64.powf(f64::from(n) / 11.0);
                for q in [0.025, 0.5, 0.707, 3.0, 25.0, 45.0] {
                    for gain_db in [-60.0, -30.0, -0.02, 0.0, 6.0, 30.0, 60.0] {
                        let asked = Prototype { shape, first_order, freq_hz, gain_db, q };
                        let error = approximation_error_db(asked, rate);
                        assert!(error.is_finite(), "{asked:?} at {rate}: {error}");
                    }
                }
            }
        }
    }
}
