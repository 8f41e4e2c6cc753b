//! The bank against one filter after the other.

use super::*;
use crate::filter::prototype::{Prototype, Shape};
use crate::filter::svf::{Coeffs, State};
use plumb_signals::Noise;

const RATE: f64 = 48_000.0;

fn asked(n: usize) -> Prototype {
    let shapes = [Shape::LowCut, Shape::Bell, Shape::HighShelf, Shape::Notch, Shape::HighCut];
    Prototype { gain_db: 6.0, ..Prototype::new(shapes[n % 5], 60.0 * 1.7_f64.powi((n % 12) as i32), 0.9) }
}

/// A bank of `sections`, every third of them on the right channel only.
fn bank(sections: usize, isa: Isa) -> Bank {
    let mut bank = Bank::new(sections);
    bank.isa = isa;
    bank.clear(sections);
    for place in 0..sections {
        let section = Section::of(Coeffs::design(asked(place), RATE));
        bank.settle(place, [if place % 3 == 2 { Section::IDLE } else { section }, section]);
    }
    bank
}

#[test]
fn it_is_one_filter_after_the_other() {
    let input = Noise::new(21).stereo(0.0, 3000);
    for sections in 1..=20 {
        let mut expected = input.clone();
        for place in 0..sections {
            let (coeffs, mut state) = (Coeffs::design(asked(place), RATE), State::new());
            for frame in &mut expected {
                let y = state.tick(&coeffs, *frame);
                *frame = if place % 3 == 2 { [frame[0], y[1]] } else { y };
            }
        }
        for isa in [Isa::PORTABLE, Isa::detect()] {
            let (mut bank, mut out) = (bank(sections, isa), input.clone());
            bank.run(0, sections, &mut out, 0);
            let worst = out.iter().flatten().zip(expected.iter().flatten()).map(|(a, b)| (a - b).abs());
            let worst = worst.fold(0.0, f64::max);
            // Rounding: the same sums in another order, and twenty sections that raise each other's by up to 6 dB.
            assert!(worst < 1e-11, "{sections} sections, {isa:?}: {worst}");
        }
    }
}

#[test]
fn blocks_of_any_size_give_the_same_bits_also_while_moving() {
    let input = Noise::new(22).stereo(0.0, CONTROL_FRAMES);
    for isa in [Isa::PORTABLE, Isa::detect()] {
        for sections in [1, 2, 5, 8, 11] {
            let mut whole = bank(sections, isa);
            let [from, to] = [0, 3].map(|n| [Section::of(Coeffs::design(asked(n), RATE)); 2]);
            whole.glide(sections / 2, from, to);
            for max in [1, 2, 3, 7, 13] {
                let (mut a, mut b) = (whole.clone(), whole.clone());
                let (mut one, mut many) = (input.clone(), input.clone());
                a.run(0, sections, &mut one, 0);
                let mut phase = 0;
                for block in many.chunks_mut(max) {
                    b.run(0, sections, block, phase);
                    phase += block.len();
                }
                assert_eq!(one, many, "{sections} sections in blocks of {max}");
                assert!((0..sections).all(|place| a.memory(place) == b.memory(place)));
            }
        }
    }
}

#[test]
fn a_glide_passes_through_every_mixture() {
    let [from, to] = [1, 2].map(|n| Section::of(Coeffs::design(asked(n), RATE)));
    let input = Noise::new(23).stereo(0.0, CONTROL_FRAMES);
    let (mut gliding, mut stepped) = (bank(1, Isa::detect()), bank(1, Isa::detect()));
    let (mut one, mut many) = (input.clone(), input);
    gliding.glide(0, [from; 2], [to; 2]);
    gliding.run(0, 1, &mut one, 0);
    for (n, block) in many.chunks_mut(1).enumerate() {
        stepped.settle(0, [from.lerp(to, (n + 1) as f64 / CONTROL_FRAMES as f64); 2]);
        stepped.run(0, 1, block, 0);
    }
    let worst = one.iter().flatten().zip(many.iter().flatten()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(worst < 1e-14, "{worst}"); // rounding of the mixtures
}

#[test]
fn idle_lanes_pass_every_bit() {
    let input = [[0.1, -0.0], [-0.0, 1e5], [1e-300, -1e-5], [0.0, 3.0], [-0.0, -0.0]];
    for isa in [Isa::PORTABLE, Isa::detect()] {
        let mut bank = bank(0, isa);
        bank.groups = vec![Group::IDLE; 3];
        bank.clear(5);
        let mut out = input;
        bank.run(0, 5, &mut out, 0);
        assert_eq!(out.map(|frame| frame.map(f64::to_bits)), input.map(|frame| frame.map(f64::to_bits)));
    }
}
