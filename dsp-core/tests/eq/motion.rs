//! Moving bands: nothing clicks, and they stay near their curves.

use super::*;
use dsp_core::Stage;
use dsp_core::eq::band::{self as ranges, Target};
use plumb_signals::{both, level_db, sine, tone_db};

/// Loudest of many frequencies far from the tone at 500 Hz, in dBFS: clicks and zipper noise are wide, a tone that
/// swells is not.
fn splatter_dbfs(block: &[Frame], rate: f64) -> f64 {
    let y = left(block);
    let far = (0..12).map(|n| 4000.0 * 1.14_f64.powi(n) + 13.0);
    far.map(|freq_hz| tone_db(&y, freq_hz, rate)).fold(f64::NEG_INFINITY, f64::max)
}

/// 400 ms of a −12 dBFS sine; from 175 ms on, for 50 ms, settings follow `path` (0 to 1), set every 64 frames.
fn moved(rate: f64, path: impl Fn(f64) -> Four) -> Vec<Frame> {
    let mut eq = at(path(0.0), rate);
    let mut block = both(&sine(500.0, -12.0, 0.4, rate));
    let (start, length) = (0.175 * rate, 0.05 * rate);
    // The start of the sine is a click by itself: let it pass before. 400 ms are whole periods.
    eq.process(&mut both(&sine(500.0, -12.0, 0.4, rate)), None);
    for (n, chunk) in block.chunks_mut(64).enumerate() {
        eq.set(path((((n * 64) as f64 - start) / length).clamp(0.0, 1.0)));
        eq.process(chunk, None);
    }
    block
}

#[test]
fn moving_any_number_end_to_end_does_not_click() {
    let freq = |t| ranges::FREQ_HZ.at_position(t);
    let gain = |t| ranges::GAIN_DB.at_position(t);
    let q = |t| ranges::Q.at_position(t);
    let sweeps: [(&str, &dyn Fn(f64) -> Four); 19] = [
        ("bell frequency", &|t| only(band(Shape::Bell, freq(t), 12.0, 1.0))),
        ("narrow bell frequency", &|t| only(band(Shape::Bell, freq(t), 12.0, 10.0))),
        ("bell gain", &|t| only(band(Shape::Bell, 500.0, gain(t), 1.0))),
        ("bell gain beside the tone", &|t| only(band(Shape::Bell, 900.0, gain(t), 1.0))),
        ("bell Q", &|t| only(band(Shape::Bell, 700.0, 12.0, q(t)))),
        ("low shelf gain", &|t| only(band(Shape::LowShelf, 500.0, gain(t), 0.7))),
        ("low shelf frequency", &|t| only(band(Shape::LowShelf, freq(t), 12.0, 0.7))),
        ("high shelf gain", &|t| only(band(Shape::HighShelf, 500.0, gain(t), 0.7))),
        ("high shelf frequency", &|t| only(band(Shape::HighShelf, freq(t), 12.0, 0.7))),
        ("tilt gain", &|t| only(band(Shape::Tilt, 500.0, gain(t), 0.7))),
        ("low cut frequency", &|t| only(band(Shape::LowCut, freq(t), 0.0, 0.7))),
        ("high cut frequency", &|t| only(band(Shape::HighCut, freq(1.0 - t), 0.0, 0.7))),
        ("steep low cut frequency", &|t| only(low_cut(freq(t), Slope::Db24))),
        ("steepest high cut frequency", &|t| only(high_cut(freq(t), Slope::Db96))),
        ("notch frequency", &|t| only(band(Shape::Notch, freq(t), 0.0, 1.0))),
        ("band pass frequency", &|t| only(band(Shape::BandPass, freq(t), 0.0, 1.0))),
        ("all pass frequency", &|t| only(band(Shape::AllPass, freq(t), 0.0, 1.0))),
        ("scale", &|t| Four { scale_pct: ranges::SCALE_PCT.at_position(t), ..busy() }),
        ("corrected gain", &|t| Four { auto_gain: true, ..only(band(Shape::Bell, 500.0, gain(t), 1.0)) }),
    ];
    let mut worst = f64::NEG_INFINITY;
    for (name, sweep) in sweeps {
        for rate in [44_100.0, 96_000.0] {
            let y = moved(rate, sweep);
            let (splatter, peak) =
                (splatter_dbfs(&y, rate), level_db(left(&y).iter().fold(0.0, |p, y| y.abs().max(p))));
            eprintln!("{name} at {rate}: splatter {splatter:.1} dBFS, peak {peak:.1} dBFS");
            // A narrow bell keeps what it took up from the tone while it travels: that chirp is its sound.
            let limit_db = if name.starts_with("narrow") { -70.0 } else { -90.0 };
            assert!(splatter < limit_db, "{name} at {rate}: {splatter} dBFS");
            assert!(peak < 20.0, "{name} at {rate}: {peak} dBFS");
            if limit_db < -80.0 {
                worst = worst.max(splatter);
            }
        }
    }
    eprintln!("any sweep in 50 ms: {worst:.1} dBFS at most");
}

/// A band that moves slowly, as in automation: its filters are interpolated between approximate designs.
#[test]
fn a_moving_band_is_near_its_settled_curve() {
    let moves: [fn(f64) -> Band; 6] = [
        |s| band(Shape::Bell, 1000.0, -6.0 + 0.2 * s, 1.0),
        |s| band(Shape::Bell, 9000.0 * (0.01 * s).exp2(), 12.0, 4.0),
        |s| band(Shape::Bell, 15_000.0 * (0.01 * s).exp2(), 9.0 - 0.2 * s, 1.0),
        |s| band(Shape::HighShelf, 1400.0, 6.0 + 0.2 * s, 6.0),
        |s| band(Shape::HighShelf, 8000.0, 6.0 + 0.2 * s, 0.5),
        |s| band(Shape::HighCut, 12_000.0 * (0.01 * s).exp2(), 0.0, 0.7),
    ];
    for (rate, limit) in [(44_100.0, 0.9), (48_000.0, 0.4), (96_000.0, 0.1)] {
        let mut worst = 0.0_f64;
        for path in moves {
            for share in [0.25, 0.5, 0.74, 1.0, 1.1, 2.0] {
                let tone_hz = (share * path(0.0).freq_hz).min(20_000.0);
                let (mut eq, mut block) = (at(only(path(0.0)), rate), both(&sine(tone_hz, 0.0, 0.4, rate)));
                for (n, chunk) in block.chunks_mut(64).enumerate() {
                    eq.set(only(path((64 * n) as f64 / rate)));
                    eq.process(chunk, None);
                }
                // The second half, and the curve in its middle; ramps are 10 ms late on average.
                let is = tone_db(&left(&block)[block.len() / 2..], tone_hz, rate);
                worst = worst.max((is - path(0.29).gain_db_at(tone_hz, rate)).abs());
            }
        }
        eprintln!("slow moves at {rate}: {worst:.3} dB from the settled curve");
        assert!(worst < limit, "{rate}: {worst} dB");
    }
}

/// Automation of a fader: seconds from one end of a few decibels or of two octaves to the other, set every 64 frames.
#[test]
fn a_hand_on_a_fader_does_not_click() {
    let swing = |t: f64| 4.0 * ((t - 0.25).fract() - 0.5).abs() - 1.0;
    let sweeps: [(&str, &dyn Fn(f64) -> Four); 7] = [
        ("bell gain", &|t| only(band(Shape::Bell, 500.0, 3.0 + 6.0 * swing(t), 1.0))),
        ("bell gain beside the tone", &|t| only(band(Shape::Bell, 900.0, 3.0 + 6.0 * swing(t), 4.0))),
        ("low shelf gain", &|t| only(band(Shape::LowShelf, 500.0, 6.0 * swing(t), 0.7))),
        ("bell frequency", &|t| only(band(Shape::Bell, 700.0 * swing(t).exp2(), 12.0, 1.0))),
        ("bell frequency and gain", &|t| only(band(Shape::Bell, 700.0 * swing(t).exp2(), 9.0 - 3.0 * swing(t), 2.0))),
        ("low cut frequency", &|t| only(band(Shape::LowCut, 300.0 * swing(t).exp2(), 0.0, 0.7))),
        ("high cut frequency", &|t| only(band(Shape::HighCut, 2000.0 * swing(t).exp2(), 0.0, 0.7))),
    ];
    let rate = 48_000.0;
    for (name, sweep) in sweeps {
        let mut eq = at(sweep(0.0), rate);
        let mut block = both(&sine(500.0, -12.0, 0.8, rate));
        for (n, chunk) in block.chunks_mut(64).enumerate() {
            eq.set(sweep((n * 64) as f64 / rate));
            eq.process(chunk, None);
        }
        // Behind the click that the start of the sine is.
        let splatter = splatter_dbfs(&block[(0.2 * rate) as usize..], rate);
        eprintln!("{name} by hand: splatter {splatter:.1} dBFS");
        assert!(splatter < -140.0, "{name}: {splatter} dBFS");
    }
}

#[test]
fn switches_do_not_click() {
    let bell = band(Shape::Bell, 500.0, 12.0, 1.0);
    let shelf = Band { shape: Shape::LowShelf, ..bell };
    let cut = Band { shape: Shape::LowCut, ..bell };
    let steep = only(low_cut(300.0, Slope::Db24));
    for (name, from, to) in [
        ("band on", only(Band { on: false, ..bell }), only(bell)),
        ("band off", only(bell), only(Band { on: false, ..bell })),
        ("band from flat", flat(), only(bell)),
        ("band to flat", only(bell), only(Band { gain_db: 0.0, ..bell })),
        ("cut on", only(Band { on: false, ..cut }), only(cut)),
        ("bell to shelf", only(bell), only(shelf)),
        ("shelf to low cut", only(shelf), only(cut)),
        ("bell to notch", only(bell), only(Band { shape: Shape::Notch, freq_hz: 900.0, ..bell })),
        ("flat bell to low cut", flat(), only(cut)),
        ("stereo to left", only(bell), only(Band { target: Target::Left, ..bell })),
        ("mid to right", only(Band { target: Target::Mid, ..bell }), only(Band { target: Target::Right, ..bell })),
        ("all off", busy(), off(busy())),
        ("all on", off(busy()), busy()),
        ("listening", busy(), only(Band { listen: true, ..bell })),
        ("steep cut off", steep, off(steep)),
        ("slope up", only(low_cut(300.0, Slope::Db6)), only(low_cut(300.0, Slope::Db96))),
        ("slope down", only(high_cut(900.0, Slope::Db96)), only(high_cut(900.0, Slope::Db6))),
        ("slope and corner", only(high_cut(900.0, Slope::Db12)), only(high_cut(9000.0, Slope::Db48))),
    ] {
        for rate in [44_100.0, 96_000.0] {
            let y = moved(rate, |t| if t > 0.5 { to } else { from });
            let splatter = splatter_dbfs(&y, rate);
            eprintln!("{name} at {rate}: splatter {splatter:.1} dBFS");
            assert!(splatter < -105.0, "{name} at {rate}: {splatter} dBFS"); // a hard switch reaches -79 re the tone
        }
    }
}
