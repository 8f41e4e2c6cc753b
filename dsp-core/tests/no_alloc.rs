//! What runs beside the chains on the audio thread allocates nothing either: a dynamic band's follower, and taps.

use assert_no_alloc::{AllocDisabler, assert_no_alloc};
use dsp_core::eq::band::{Band, Shape};
use dsp_core::eq::dynamic::{Follower, Reference, Settings};
use dsp_core::meter::analyser::{Reader, Tap};
use plumb_signals::Noise;

#[global_allocator]
static ALLOCATOR: AllocDisabler = AllocDisabler;

#[test]
fn a_follower_allocates_nothing_while_everything_moves() {
    let frames = Noise::new(3).stereo(-6.0, 48_000);
    let settings = Settings { on: true, reference: Reference::Relative, ..Settings::STILL };
    let mut follower = Follower::new(settings, Band::flat(Shape::Bell, 500.0).region());
    follower.prepare(48_000.0);
    assert_no_alloc(|| {
        for (n, chunk) in frames.chunks(32).enumerate() {
            let (n, shape) = (n as f64, if n % 2 == 0 { Shape::Bell } else { Shape::LowShelf });
            let settings = Settings { range_db: n % 30.0, release_ms: 5.0 + n, ..settings };
            follower.set(settings, Band::flat(shape, 20.0 + n).region());
            follower.hear(chunk);
            follower.step();
        }
        follower.reset();
    });
}

#[test]
fn a_tap_allocates_nothing_whether_looked_at_or_not() {
    let block = Noise::new(3).stereo(-6.0, 50_000);
    let tap = Tap::new();
    assert_no_alloc(|| tap.push(&block));
    assert_eq!(tap.taken(), 0);
    Reader::new(tap.clone()).read(&mut Vec::new());
    assert_no_alloc(|| tap.push(&block));
    assert_eq!(tap.taken(), 50_000);
}
