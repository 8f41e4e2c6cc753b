//! What runs beside the chains on the audio thread allocates nothing either: a dynamic band, taps, the gate and
//! the de-esser in all their modes, the transient shaper, and multiband dynamics.

use dsp_core::Stage;
use dsp_core::dynamics::{de_esser, gate, key::Key, listen::Listen, transient};
use dsp_core::eq::band::{Band, Shape};
use dsp_core::eq::dynamic::{BandDynamics, Reference, Settings};
use dsp_core::meter::tap::{SignalTap, TapReader};
use dsp_core::multiband::{self, Bands, Mode, Multiband};
use dsp_core::saturation;
use dsp_core::{Choice, Spec};
use plumb_signals::{Noise, assert_no_alloc};

#[test]
fn a_dynamic_band_allocates_nothing_while_everything_moves() {
    let frames = Noise::new(3).stereo(-6.0, 48_000);
    let settings = Settings { on: true, reference: Reference::Relative, ..Settings::STATIC };
    let mut dynamics = BandDynamics::new(settings, Band::flat(Shape::Bell, 500.0).region());
    dynamics.prepare(48_000.0);
    assert_no_alloc(|| {
        for (n, chunk) in frames.chunks(32).enumerate() {
            let (n, shape) = (n as f64, if n % 2 == 0 { Shape::Bell } else { Shape::LowShelf });
            let settings = Settings { range_db: n % 30.0, release_ms: 5.0 + n, ..settings };
            dynamics.set(settings, Band::flat(shape, 20.0 + n).region());
            dynamics.detect(chunk);
            dynamics.step();
        }
        dynamics.reset();
    });
}

#[test]
fn a_tap_allocates_nothing_whether_looked_at_or_not() {
    let block = Noise::new(3).stereo(-6.0, 50_000);
    let tap = SignalTap::new();
    assert_no_alloc(|| tap.push(&block));
    assert_eq!(tap.taken(), 0);
    TapReader::new(tap.clone()).read(&mut Vec::new());
    assert_no_alloc(|| tap.push(&block));
    assert_eq!(tap.taken(), 50_000);
}

#[test]
fn a_transient_shaper_allocates_nothing_while_everything_moves() {
    let mut frames = Noise::new(5).stereo(0.0, 48_000);
    let mut shaper = transient::TransientShaper::new(transient::Settings::default());
    shaper.prepare(Spec { sample_rate_hz: 96_000.0, max_frames: 500, channels: 2 });
    assert_no_alloc(|| {
        for (n, block) in frames.chunks_mut(500).enumerate() {
            let place = (n % 20) as f64 - 10.0;
            shaper.set(transient::Settings {
                on: n % 7 != 0,
                attack_db: 2.0 * place,
                sustain_db: -place,
                clip_safe: n % 3 == 0,
                mix_pct: 50.0 + place,
                delta: n % 11 == 0,
            });
            shaper.process(block, None);
        }
        shaper.reset();
    });
}

#[test]
fn a_gate_and_a_de_esser_allocate_nothing_while_everything_moves() {
    let (mut frames, key) = (Noise::new(3).stereo(-20.0, 48_000), Noise::new(4).stereo(-40.0, 48_000));
    let spec = Spec { sample_rate_hz: 96_000.0, max_frames: 500, channels: 2 };
    let (mut gate, mut de_esser) =
        (gate::Gate::new(gate::Settings::default()), de_esser::DeEsser::new(de_esser::Settings::default()));
    gate.prepare(spec);
    de_esser.prepare(spec);
    assert_no_alloc(|| {
        for (n, (block, key)) in frames.chunks_mut(500).zip(key.chunks(500)).enumerate() {
            let place = (n % 20) as f64 / 20.0;
            gate.set(gate::Settings {
                on: n % 7 != 0,
                mode: gate::Mode::from_index(n % 3),
                range_db: gate::RANGE_DB.at_position(place),
                ratio: gate::RATIO.at_position(place),
                hold_ms: gate::HOLD_MS.at_position(place),
                lookahead: gate::Lookahead::from_index(n % 3),
                key: Key::from_index(n % 2),
                key_low_cut_hz: gate::KEY_LOW_CUT_HZ.at_position(place),
                listen: Listen::from_index(n % 3),
                ..gate::Settings::default()
            });
            gate.process(block, Some(key));
            de_esser.set(de_esser::Settings {
                on: n % 7 != 0,
                freq_hz: de_esser::FREQ_HZ.at_position(place),
                release_ms: de_esser::RELEASE_MS.at_position(place),
                link_pct: 100.0 * place,
                mode: de_esser::Mode::from_index(n % 2),
                listen: Listen::from_index(n % 3),
                ..de_esser::Settings::default()
            });
            de_esser.process(block, None);
            if n % 10 == 0 {
                gate.reset();
                de_esser.reset();
            }
        }
    });
}

#[test]
fn multiband_dynamics_allocate_nothing_while_everything_moves() {
    let mut frames = Noise::new(5).stereo(-6.0, 48_000);
    let key = Noise::new(6).stereo(-6.0, 100);
    let mut settings =
        multiband::Settings { on: true, oversampling: saturation::Factor::X4, ..multiband::Settings::default() };
    let mut multiband = Multiband::new(settings);
    multiband.prepare(Spec { sample_rate_hz: 48_000.0, max_frames: 333, channels: 2 });
    assert_no_alloc(|| {
        for (n, chunk) in frames.chunks_mut(333).enumerate() {
            settings.bands = Bands::from_index(n / 5 % 4);
            settings.on = n % 17 != 0;
            settings.crossovers_hz[n % 4] = 20.0 * n as f64;
            let band = &mut settings.band[n % 5];
            (band.mode, band.threshold_db, band.solo) = (Mode::from_index(n % 4), -(n as f64 % 60.0), n % 3 == 0);
            (band.release_ms, band.key) = (10.0 + n as f64, dsp_core::dynamics::key::Key::from_index(n % 2));
            (band.saturation.on, band.saturation.drive_db) = (n % 4 != 0, n as f64 % 24.0);
            band.saturation.curve = saturation::Curve::from_index(n / 3 % 4);
            multiband.set(settings);
            multiband.process(chunk, Some(&key));
        }
        settings.oversampling = saturation::Factor::X8;
        multiband.set(settings);
        multiband.reset();
    });
    assert!(frames.iter().flatten().all(|x| x.is_finite()));
}
