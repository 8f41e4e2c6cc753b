//! Flat is bit-exact, and cut undoes boost.

use super::*;
use dsp_core::Choice;
use dsp_core::Stage;
use dsp_core::eq::band::Target;
use plumb_signals::Noise;

#[test]
fn flat_or_off_is_the_input_to_the_last_bit() {
    let input = Noise::new(2).stereo(0.0, 5000);
    let all_off = Four::of(busy().bands.map(|band| Band { on: false, ..band }));
    let on_the_side = Four::of(flat().bands.map(|band| Band { target: Target::Side, ..band }));
    let steep_off = only(Band { on: false, ..low_cut(80.0, Slope::Db96) });
    for set in [flat(), all_off, off(busy()), on_the_side, steep_off] {
        assert_eq!(bits(&through(set, 48_000.0, &input)), bits(&input), "{set:?}");
    }
}

#[test]
fn after_switching_off_or_flat_the_input_passes_to_the_last_bit() {
    let input = Noise::new(3).stereo(0.0, 4800);
    let bell = band(Shape::Bell, 500.0, 12.0, 2.0);
    let side = only(Band { target: Target::Side, ..bell });
    for (from, to) in [
        (busy(), off(busy())),
        (only(bell), flat()),
        (only(bell), Four { scale_pct: 0.0, ..only(bell) }),
        (only(band(Shape::LowCut, 500.0, 12.0, 2.0)), flat()),
        (only(low_cut(80.0, Slope::Db72)), off(only(low_cut(80.0, Slope::Db72)))),
        (only(high_cut(5000.0, Slope::Db6)), off(only(high_cut(900.0, Slope::Db6)))),
        (side, off(side)),
        (only(Band { listen: true, ..bell }), flat()),
        (Four { auto_gain: true, ..only(bell) }, flat()),
    ] {
        let mut eq = at(from, 48_000.0);
        eq.process(&mut input.clone(), None);
        eq.set(to);
        let mut block = input.clone();
        eq.process(&mut block, None);
        assert_ne!(bits(&block[..900]), bits(&input[..900]), "it ramps");
        // 20 ms and up to three control steps.
        assert_eq!(bits(&block[1056..]), bits(&input[1056..]), "{from:?}");
    }
}

#[test]
fn cut_undoes_boost() {
    for shape in [Shape::Bell, Shape::LowShelf, Shape::HighShelf, Shape::Tilt] {
        let [up, down] = [12.0, -12.0].map(|gain_db| only(band(shape, 300.0, gain_db, 0.9)));
        let input = Noise::new(4).stereo(0.0, 48_000);
        let block = through(down, 48_000.0, &through(up, 48_000.0, &input));
        let worst = worst_difference(&block, &input);
        eprintln!("{shape:?} up and down: {worst:.1e}");
        assert!(worst < 1e-12, "{shape:?}: {worst}"); // rounding, boosted by 12 dB
    }
}

#[test]
fn equal_channels_stay_equal_and_a_silent_one_stays_silent() {
    for set in [busy(), only(low_cut(300.0, Slope::Db18)), only(high_cut(3000.0, Slope::Db96))] {
        let noise = Noise::new(5).stereo(0.0, 3000);
        let mono: Vec<Frame> = noise.iter().map(|[l, _]| [*l, *l]).collect();
        let one: Vec<Frame> = noise.iter().map(|[l, _]| [*l, 0.0]).collect();
        assert!(through(set, 48_000.0, &mono).iter().all(|[l, r]| l == r), "{set:?}");
        assert!(through(set, 48_000.0, &one).iter().all(|[_, r]| *r == 0.0), "{set:?}");
    }
}

#[test]
fn a_band_that_was_off_starts_empty() {
    let bell = band(Shape::Bell, 50.0, 20.0, 20.0); // rings for 4 s to 1/e
    let steep = low_cut(10.0, Slope::Db96);
    for (from, to, back) in [
        (bell, Band { on: false, ..bell }, bell),
        (bell, Band { gain_db: 0.0, ..bell }, bell),
        (bell, Band { on: false, ..bell }, Band { shape: Shape::LowShelf, ..bell }),
        (bell, Band { on: false, ..bell }, Band { target: Target::Side, ..bell }),
        (steep, Band { on: false, ..steep }, steep),
    ] {
        let mut eq = at(only(from), 48_000.0);
        eq.process(&mut Noise::new(11).stereo(0.0, 9600), None);
        eq.set(only(to));
        eq.process(&mut [[0.0; 2]; 2000], None); // faded out
        eq.set(only(back));
        let mut block = [[0.0; 2]; 4000];
        eq.process(&mut block, None);
        assert!(block.iter().flatten().all(|y| *y == 0.0), "{to:?}");
    }
}

/// Every shape on every target, and back to none.
#[test]
fn every_shape_and_target_ends_where_it_began() {
    let input = Noise::new(15).stereo(-6.0, 3000);
    for &shape in Shape::ALL {
        for &target in Target::ALL {
            let mut eq = at(flat(), 48_000.0);
            eq.set(only(Band { target, slope: Slope::Db48, ..band(shape, 700.0, -5.0, 1.0) }));
            eq.process(&mut input.clone(), None);
            eq.set(flat());
            eq.process(&mut input.clone(), None);
            let mut block = input.clone();
            eq.process(&mut block, None);
            assert_eq!(bits(&block), bits(&input), "{shape:?} {target:?}");
        }
    }
}
