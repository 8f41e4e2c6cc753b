//! Any input and any settings give finite output that decays.

use super::*;
use dsp_core::Choice;
use dsp_core::Stage;
use dsp_core::eq::band::{self as ranges, Target};
use plumb_signals::{Noise, rms_db};
use proptest::prelude::*;

#[test]
fn everything_at_30_db_is_finite_and_ends() {
    for rate in ALL_RATES {
        let shapes = [Shape::Bell, Shape::LowShelf, Shape::HighShelf, Shape::Tilt];
        let eight: [Band; 8] =
            core::array::from_fn(|n| band(shapes[n % 4], 1000.0, ranges::GAIN_DB.max, ranges::Q.max));
        let mut eq = at(cascade::Settings::of(eight), rate);
        let mut block = Noise::new(9).stereo(0.0, (0.2 * rate) as usize);
        eq.process(&mut block, None);
        assert!(block.iter().flatten().all(|y| y.is_finite()));
        let mut silence = vec![[0.0; 2]; (2.0 * rate) as usize];
        eq.process(&mut silence, None);
        // 45 ms to 1/e for the bells, less for the others; from far above full scale.
        let rest_db = rms_db(&left(&silence[(1.9 * rate) as usize..]));
        assert!(rest_db < -120.0, "{rest_db} dBFS at {rate}");
    }
}

/// All settings change before every frame, and the filters at every control step.
#[test]
fn modulation_as_fast_as_it_gets_is_stable() {
    let mut noise = Noise::new(16);
    let mut any = |range: dsp_core::Range| range.at_position(0.5 + 0.5 * noise.tick());
    let (mut eq, mut peak) = (at(busy(), 48_000.0), 0.0_f64);
    for n in 0..60_000 {
        let mut settings = busy();
        for (index, band) in settings.bands.iter_mut().enumerate() {
            (band.freq_hz, band.q, band.gain_db) = (any(ranges::FREQ_HZ), any(ranges::Q), 0.2 * any(ranges::GAIN_DB));
            band.shape = Shape::from_index((n / 1000 + index) % Shape::ALL.len());
        }
        eq.set(settings);
        let mut frame = [[any(ranges::GAIN_DB) / 30.0, -1.0]];
        eq.process(&mut frame, None);
        peak = frame[0].iter().fold(peak, |peak, y| peak.max(y.abs()));
    }
    eprintln!("modulated at audio rate: peak {peak:.1}");
    assert!(peak < 1e4, "{peak}"); // 80 dB: four resonances of Q 25 pile up, but nothing grows without end
    eq.set(busy());
    let mut silence = vec![[0.0; 2]; 48_000];
    eq.process(&mut silence, None);
    assert!(silence[47_000..].iter().flatten().all(|y| y.abs() < 1e-9));
}

#[test]
fn a_new_rate_is_as_new() {
    let input = Noise::new(17).stereo(-6.0, 3000);
    let mut eq = at(busy(), 192_000.0);
    eq.process(&mut input.clone(), None);
    eq.prepare(Spec { sample_rate_hz: 44_100.0, max_frames: 4096, channels: 2 });
    let mut block = input.clone();
    eq.process(&mut block, None);
    assert_eq!(bits(&block), bits(&through(busy(), 44_100.0, &input)));
}

#[test]
fn it_is_itself_again_a_second_after_bad_input() {
    let rate = 48_000.0;
    let bad_numbers = [f64::NAN, f64::INFINITY, 1e300, f64::NEG_INFINITY, 1e-310];
    for set in [busy(), only(low_cut(80.0, Slope::Db96)), only(high_cut(8000.0, Slope::Db24))] {
        let (mut eq, mut fresh) = (at(set, rate), at(set, rate));
        let mut bad: Vec<Frame> = bad_numbers.into_iter().cycle().take(4800).map(|x| [x, -x]).collect();
        eq.process(&mut bad, None);
        assert!(bad.iter().flatten().all(|y| y.is_finite()));
        let good = Noise::new(10).stereo(-12.0, 96_000);
        let (mut a, mut b) = (good.clone(), good.clone());
        eq.process(&mut a, None);
        fresh.process(&mut b, None);
        let worst = worst_difference(&a[48_000..], &b[48_000..]);
        // +100 dBFS through a filter whose slowest part (80 Hz, Q 5.1) falls by 43 dB in 100 ms: rounding is left.
        assert!(worst < 1e-10, "{set:?}: {worst}");
    }
}

fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -1.0..1.0_f64,
        1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, 5e-324, -1e-310, 0.0, -0.0]),
    ]
}

fn any_band() -> impl Strategy<Value = Band> {
    let choices = (0..Shape::ALL.len(), 0..Slope::ALL.len(), 0..Target::ALL.len());
    (any::<[bool; 3]>(), choices, prop::array::uniform3(0.0..=1.0)).prop_map(
        |([on, listen, other], (shape, slope, target), [freq, gain, q])| Band {
            on,
            listen: listen && other,
            slope: Slope::from_index(slope),
            target: Target::from_index(target),
            gain_db: ranges::GAIN_DB.at_position(gain),
            q: ranges::Q.at_position(q),
            ..Band::flat(Shape::from_index(shape), ranges::FREQ_HZ.at_position(freq))
        },
    )
}

fn any_eq() -> impl Strategy<Value = Four> {
    (any::<[bool; 2]>(), -100.0..=200.0, prop::array::uniform4(any_band()))
        .prop_map(|([on, auto_gain], scale_pct, b)| Four { on, auto_gain, scale_pct, ..Four::of(b) })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_settings_and_any_input_give_finite_output(
        sets in prop::array::uniform3(any_eq()),
        rate in prop::sample::select(ALL_RATES.to_vec()),
        input in prop::collection::vec(prop::array::uniform2(any_number()), 1..40),
        lengths in prop::array::uniform3(1_usize..1500),
    ) {
        let mut eq = at(sets[0], rate);
        let mut source = input.iter().cycle();
        for (set, length) in sets.into_iter().zip(lengths) {
            eq.set(set);
            let mut block: Vec<Frame> = source.by_ref().take(length).copied().collect();
            eq.process(&mut block, None);
            prop_assert!(block.iter().flatten().all(|y| y.is_finite()));
        }
        for freq_hz in [0.0, 20.0, 3000.0, rate / 2.0, rate] {
            prop_assert!(sets[0].gain_db_at(freq_hz, rate).is_finite());
            prop_assert!(sets[0].curve(rate).phase_rad_at(freq_hz).is_finite());
            prop_assert!(sets[0].curve(rate).group_delay_ms_at(freq_hz).is_finite());
        }
    }
}
