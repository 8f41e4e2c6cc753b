//! The engine against the sum that a convolution is.

use super::super::Taps;
use super::*;

const SMALL: Geometry = Geometry::new(64, 4, 0);
const LARGE: Geometry = Geometry::new(512, 8, 100);

fn noise(seed: u64, frames: usize) -> Vec<Frame> {
    plumb_signals::Noise::new(seed).stereo(-12.0, frames)
}

fn response(seed: u64, taps: usize) -> Vec<f64> {
    noise(seed, taps).iter().map(|frame| frame[0]).collect()
}

fn direct(h: &[f64], x: &[Frame], lane: usize, n: usize) -> f64 {
    h.iter().enumerate().filter(|(k, _)| *k <= n).map(|(k, h)| h * x[n - k][lane]).sum()
}

fn engine(geometry: Geometry, taps: &Taps) -> Convolver {
    let mut engine = Convolver::new(&[LARGE, geometry], 48_000.0);
    engine.reset(1);
    assert!(engine.fade_to(Some(Box::new(Kernel::new(geometry, taps)))).is_none());
    engine.reset(1);
    engine
}

#[test]
fn it_is_the_convolution_one_response_or_four() {
    for geometry in [SMALL, LARGE] {
        let h: [Vec<f64>; 4] = core::array::from_fn(|n| response(n as u64 + 1, geometry.taps()));
        let [ll, lr, rl, rr] = h.clone();
        let x = noise(9, 3 * geometry.taps());
        let delay = 2 * geometry.partition;
        for same in [true, false] {
            let matrix = [[ll.clone(), lr.clone()], [rl.clone(), rr.clone()]];
            let taps = if same { Taps::Same(ll.clone()) } else { Taps::Matrix(matrix) };
            let mut out = x.clone();
            engine(geometry, &taps).process(&mut out);
            let mut worst = 0.0_f64;
            for n in (0..x.len() - delay).step_by(37) {
                let expected = if same {
                    [0, 1].map(|lane| direct(&ll, &x, lane, n))
                } else {
                    [direct(&ll, &x, 0, n) + direct(&lr, &x, 1, n), direct(&rl, &x, 0, n) + direct(&rr, &x, 1, n)]
                };
                for lane in 0..2 {
                    worst = worst.max((out[n + delay][lane] - expected[lane]).abs());
                }
            }
            eprintln!("{geometry:?}, same {same}: off by {worst:.1e}");
            assert!(worst < 1e-12);
        }
    }
}

#[test]
fn output_does_not_depend_on_the_blocks_and_a_fade_neither() {
    let play = |blocks: &[usize]| {
        let mut engine = engine(SMALL, &Taps::Same(response(1, 256)));
        let mut out = noise(3, 9000);
        let (mut at, mut turn) = (0, 0);
        while at < out.len() {
            if at == 3000 {
                assert!(engine.fade_to(Some(Box::new(Kernel::new(SMALL, &Taps::Same(response(2, 256)))))).is_none());
            }
            let len = blocks[turn % blocks.len()].min(if at < 3000 { 3000 - at } else { out.len() - at });
            engine.process(&mut out[at..at + len]);
            (at, turn) = (at + len, turn + 1);
        }
        out
    };
    let whole = play(&[9000]);
    for cut in [&[1][..], &[7], &[64], &[1000, 3]] {
        assert!(play(cut) == whole, "blocks of {cut:?}");
    }
}

#[test]
fn without_a_kernel_it_is_a_delay_and_fades_there_and_back() {
    let x = noise(4, 12_000);
    let mut engine = Convolver::new(&[SMALL], 48_000.0);
    let mut out = x.clone();
    engine.process(&mut out[..4000]);
    assert!(engine.fade_to(Some(Box::new(Kernel::new(SMALL, &Taps::Same(vec![0.5]))))).is_none());
    engine.process(&mut out[4000..8000]);
    assert!(engine.is_steady(), "there was no kernel to put aside");
    assert!(engine.fade_to(None).is_none());
    engine.process(&mut out[8000..]);
    let delay = SMALL.latency_frames();
    assert!(out[delay..4000] == x[..4000 - delay]);
    assert!(out[11_000..] == x[11_000 - delay..12_000 - delay]);
    assert!((6000..8000).all(|n| (out[n][0] - 0.5 * x[n - delay][0]).abs() < 1e-15));
    let gain = |n: usize| out[n][1] / x[n - delay][1];
    let gains: Vec<f64> = (4000..6000).map(gain).collect();
    assert!(gains.windows(2).all(|pair| pair[1] <= pair[0] + 1e-9 && pair[0] - pair[1] < 0.002), "an even fade");
    assert!(!engine.is_steady() && engine.take_spent().is_some() && engine.is_steady());
}

#[test]
fn reset_equals_new() {
    let taps = Taps::Same(response(1, 256));
    let mut fresh = noise(5, 2000);
    engine(SMALL, &taps).process(&mut fresh);
    let mut used = engine(SMALL, &taps);
    used.process(&mut noise(6, 1777));
    used.reset(1);
    let mut out = noise(5, 2000);
    used.process(&mut out);
    assert!(out == fresh);
}

#[test]
fn a_kernel_is_kept_or_given_back_but_never_freed() {
    let kernel = || Some(Box::new(Kernel::new(SMALL, &Taps::Same(vec![0.5]))));
    let mut engine = Convolver::new(&[SMALL, LARGE], 48_000.0);
    let (mut given, mut back) = (0, 0);
    for turn in 0..12 {
        given += 1;
        back += usize::from(engine.fade_to(kernel()).is_some());
        if turn % 2 == 0 {
            engine.process(&mut noise(1, 2000));
        } else {
            engine.reset(turn % 4 / 2);
        }
    }
    back += core::iter::from_fn(|| engine.take_spent()).count();
    back += usize::from(engine.current.is_some()) + usize::from(engine.coming.is_some_and(|kernel| kernel.is_some()));
    assert_eq!(back, given);
}

#[test]
fn any_geometry_runs() {
    for (partition, partitions) in [(0, 0), (1, 1), (48, 3), (33, 5), (100, 2)] {
        let geometry = Geometry::new(partition, partitions, 7);
        let h = response(1, geometry.taps());
        let x = noise(2, 2000);
        let mut out = x.clone();
        engine(geometry, &Taps::Same(h.clone())).process(&mut out);
        let (n, delay) = (1500 - geometry.partition, 2 * geometry.partition);
        // Rounding of a few hundred products.
        assert!((out[n + delay][0] - direct(&h, &x, 0, n)).abs() < 1e-12, "{partition} × {partitions}");
    }
}
